namespace Actors.Domain.Funding;

/// <summary>
/// The mark price from its parts: index plus fair basis, in quote units. Index plus basis equals the mark on every published row (2021); the
/// basis of dated futures is exact on all of them.
/// </summary>
public static class FairPrice
{
    private const int YearDays = 365;

    /// <summary>
    /// The basis of a perpetual: what of the coming payment is still ahead, <c>index * rate * time left / interval</c>, with the time left
    /// counted from <paramref name="at"/> floored to the minute (rows fit only so). Nothing once the payment is due.
    /// <paramref name="decimals"/> are those of the index, 0 to 28.
    /// </summary>
    public static decimal BasisOfPerpetual(decimal index, decimal fundingRate, DateTimeOffset at, DateTimeOffset fundingAt, TimeSpan interval, int decimals) =>
        RoundBasis(OfPerpetual(index * fundingRate, at, fundingAt, interval), decimals);

    /// <summary>The same as an unrounded fraction of the index: the "fair basis used in mark price" of the premium index.</summary>
    public static decimal FractionOfPerpetual(decimal fundingRate, DateTimeOffset at, DateTimeOffset fundingAt, TimeSpan interval) =>
        OfPerpetual(fundingRate, at, fundingAt, interval);

    /// <summary>
    /// The basis of a dated future: <c>index * yearly rate * days / 365</c>, the days counted to the second from the minute. The rate is the
    /// venue's own and an input: it is refreshed on a schedule that could not be found (deriving it from the impact price fails on 5 of 11 rows
    /// of one day). Nothing once settled.
    /// </summary>
    public static decimal BasisOfFuture(decimal index, decimal yearlyRate, DateTimeOffset at, DateTimeOffset settlesAt, int decimals)
    {
        var left = settlesAt - FloorToMinute(at);
        return left <= TimeSpan.Zero ? 0 : RoundBasis(index * yearlyRate * left.Ticks / (YearDays * TimeSpan.TicksPerDay), decimals);
    }

    /// <summary>The fair basis rate a perpetual shows: its funding rate over a year.</summary>
    public static decimal YearlyRate(decimal fundingRate, TimeSpan interval) => fundingRate * (YearDays * TimeSpan.TicksPerDay) / interval.Ticks;

    /// <summary>
    /// The mark of a contract that is marked at its last price: that, and the previous mark before the first trade.
    /// </summary>
    public static decimal LastPriceMark(decimal? lastPrice, decimal previousMark) => lastPrice ?? previousMark;

    // Multiplied before it is divided: the other way round a half could be lost in the quotient's last digit.
    private static decimal OfPerpetual(decimal whole, DateTimeOffset at, DateTimeOffset fundingAt, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interval.Ticks, nameof(interval));
        var left = fundingAt - FloorToMinute(at);
        return left <= TimeSpan.Zero ? 0 : whole * left.Ticks / interval.Ticks;
    }

    /// <summary>
    /// The grid a basis is rounded to, <b>unresolved</b>: the index's decimals fit 55 of 58 rows; the three misses (XRPUSD twice, LTCUSD)
    /// are the raw value rounded to half a tick, which in turn contradicts XBTUSD (2.17 with a tick of 0.5).
    /// </summary>
    private static decimal RoundBasis(decimal basis, int decimals) => decimal.Round(basis, decimals, MidpointRounding.AwayFromZero);

    private static DateTimeOffset FloorToMinute(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
