using Actors.Domain.Instruments;

namespace Actors.Domain.Positions;

/// <summary>
/// One account's position in one instrument, by average cost. Quantity is signed, long positive; costs and commission are minor units of the
/// settlement currency. Costs carry the sign of <see cref="ContractValue.Cost(Instrument, Quantity, Price)"/>, so that for every kind of contract
/// <c>unrealised profit = cost of the position at mark - UnrealisedCost</c> and <c>realised profit = -RealisedCost - Commission</c>:
/// the identities that hold on every published position row of the first dialect.
/// </summary>
public readonly record struct Position(Quantity Quantity, long UnrealisedCost, long RealisedCost, long Commission)
{
    public static readonly Position Flat;

    /// <summary>Profit already made, less all commission and funding paid, in minor units.</summary>
    public long RealisedPnl => -RealisedCost - Commission;

    /// <summary>Profit that closing at <paramref name="mark"/> (or at the last price) would realise, before fees, in minor units.</summary>
    public long UnrealisedPnl(Instrument instrument, decimal mark) => ContractValue.Cost(instrument, Quantity, mark) - UnrealisedCost;

    /// <summary>
    /// Unrealised profit as a fraction of what the position cost, as the venue shows it: 4 decimals. Zero when flat.
    /// </summary>
    public decimal UnrealisedPnlFraction(Instrument instrument, decimal mark) => Fraction(instrument, mark, 1);

    /// <summary>
    /// Unrealised profit as a fraction of the initial margin that <paramref name="initialMarginRate"/> (1/leverage, above 0) puts on its cost;
    /// 4 decimals.
    /// </summary>
    public decimal UnrealisedReturn(Instrument instrument, decimal mark, decimal initialMarginRate) => Fraction(instrument, mark, initialMarginRate);

    /// <summary>
    /// Average price paid for what is held now, in quote units, unrounded; null when flat. For display: never compute money from it.
    /// What the venue shows is <see cref="ShownPrices.AverageEntry"/>.
    /// </summary>
    public decimal? AverageEntryPrice(Instrument instrument)
    {
        if (Quantity.IsZero || UnrealisedCost == 0) return null;
        var size = (decimal)instrument.Multiplier * Math.Abs(Quantity.Contracts) / instrument.Divisor;
        return instrument.Kind == ContractKind.Inverse ? size / Math.Abs(UnrealisedCost) : UnrealisedCost / size * Math.Sign(Quantity.Contracts);
    }

    /// <summary>The position after a payment without a trade (funding): positive was paid, negative received, in minor units.</summary>
    public Position Pay(long amount) => this with { Commission = Commission + amount };

    /// <summary>
    /// The position after it was closed at the settlement price of a dated contract, in quote units: a trade of the whole at that price,
    /// with the instrument's settlement fee.
    /// </summary>
    public Position Settle(Instrument instrument, decimal price)
    {
        var cost = ContractValue.Cost(instrument, -Quantity, price);
        return Quantity.IsZero ? this : Fill(-Quantity, cost, ContractValue.Commission(cost, instrument.SettlementFeeRate));
    }

    /// <summary>
    /// The position after a fill, through zero if need be. <paramref name="change"/> is signed (a sell is negative); <paramref name="cost"/> is the
    /// fill's whole signed cost and <paramref name="commission"/> what was paid (negative: received), both in minor units.
    /// </summary>
    public Position Fill(Quantity change, long cost, long commission)
    {
        if (change.IsZero) return Pay(commission);
        var closing = Math.Sign(change.Contracts) == -Math.Sign(Quantity.Contracts)
            ? Quantity.Min(change.Absolute, Quantity.Absolute).Contracts
            : 0;
        var costOfClosing = Share(cost, closing, Math.Abs(change.Contracts));
        var released = Share(UnrealisedCost, closing, Math.Abs(Quantity.Contracts));
        return new Position(
            Quantity + change,
            UnrealisedCost - released + cost - costOfClosing,
            RealisedCost + released + costOfClosing,
            Commission + commission);
    }

    /// <summary>
    /// The part of a cost that belongs to some of its contracts, truncated toward zero. How the venue rounds this split was never captured:
    /// truncation is our choice; whatever it leaves stays with the rest, so that a closed position has no cost left.
    /// </summary>
    private static long Share(long cost, long part, long whole) => part == 0 ? 0 : (long)((Int128)cost * part / whole);

    private decimal Fraction(Instrument instrument, decimal mark, decimal rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        return UnrealisedCost == 0 ? 0 : decimal.Round(UnrealisedPnl(instrument, mark) / (Math.Abs((decimal)UnrealisedCost) * rate), 4, MidpointRounding.AwayFromZero);
    }
}
