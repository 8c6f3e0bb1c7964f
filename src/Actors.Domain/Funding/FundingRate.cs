using Actors.Domain.Instruments;

namespace Actors.Domain.Funding;

/// <summary>The funding rate and its payment, as the venue publishes them. Rates are fractions of value per interval.</summary>
public static class FundingRate
{
    /// <summary>How far interest may pull the rate away from the premium, either way.</summary>
    public const decimal InterestBand = 0.0005m;

    /// <summary>Interest per interval from the two currencies' daily rates: <c>(quote - base) / intervals a day</c>.</summary>
    public static decimal Interest(decimal quoteRatePerDay, decimal baseRatePerDay, int intervalsPerDay)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(intervalsPerDay);
        return (quoteRatePerDay - baseRatePerDay) / intervalsPerDay;
    }

    /// <summary>
    /// The premium index: how far the impact prices stand off the mark, over the index, plus the fair basis already in the mark
    /// (<see cref="FairPrice.FractionOfPerpetual"/>). The index is above zero.
    /// </summary>
    public static decimal PremiumIndex(decimal impactBid, decimal impactAsk, decimal mark, decimal index, decimal basisFraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        return ((Math.Max(0, impactBid - mark) - Math.Max(0, mark - impactAsk)) / index) + basisFraction;
    }

    /// <summary>The rate from the averages of an interval: <c>P + clamp(I - P, ±0.05 %)</c>.</summary>
    public static decimal Of(decimal premium, decimal interest) => premium + Math.Clamp(interest - premium, -InterestBand, InterestBand);

    /// <summary>
    /// Caps as remembered by traders, <b>unverified</b> on any row: at most 75 % of (initial - maintenance rate) either way, and a change of at
    /// most 75 % of the maintenance rate from one interval to the next. Not part of <see cref="Of"/>: a caller decides to believe them.
    /// </summary>
    public static decimal UnverifiedCap(decimal rate, decimal previous, decimal initialMarginRate, decimal maintenanceMarginRate)
    {
        var bound = 0.75m * (initialMarginRate - maintenanceMarginRate);
        var change = 0.75m * maintenanceMarginRate;
        return Math.Clamp(Math.Clamp(rate, previous - change, previous + change), -bound, bound);
    }

    /// <summary>
    /// What a position pays at a funding instant, in minor units (negative: receives): value at mark times rate; a positive rate is paid by
    /// longs. How the venue rounds it is unknown: truncated toward zero here, as commissions are, so that payers and receivers may differ by
    /// less than one unit a position, which is the fund's.
    /// </summary>
    public static long Payment(Instrument instrument, Quantity position, decimal mark, decimal rate) => position.IsZero
        ? 0
        : Math.Sign(position.Contracts) * ContractValue.Commission(ContractValue.Value(instrument, position.Absolute, mark), rate);
}
