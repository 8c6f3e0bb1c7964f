using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>
/// The price at which a position has lost a given amount, in closed form: once as the venue shows such prices, rounded against the owner, and once
/// exactly, as the first tick at which the integer arithmetic of <see cref="ContractValue"/> says so. Profit is monotone in price (long: never
/// falls as the price rises), which is why there is one such tick.
/// </summary>
internal static class ProfitPrice
{
    /// <summary>Shown for a price that cannot be reached upwards, in quote units.</summary>
    public const decimal Cap = 100_000_000m;

    /// <summary>
    /// The price where profit is <c>-(budget + part of the cost)</c>, as the venue shows it: rounded to the tick up for longs and down for shorts;
    /// for inverse contracts by way of the cost per lot, rounded down for longs and up for shorts. On lots above one contract the per-lot rounding
    /// is our choice, after the value's own; all published rows have lots of one.
    /// </summary>
    public static decimal Shown(MarginTerms terms, long quantity, long cost, long budget, Fraction part)
    {
        var size = (Int128)Math.Abs(quantity);
        var isLong = quantity > 0;
        Int128 divisor = part.Denominator;
        var loss = (budget * divisor) + ((Int128)Math.Abs(cost) * part.Numerator);
        var tick = terms.Instrument.Tick;
        if (terms.Instrument.Kind == ContractKind.Inverse)
        {
            Int128 lot = terms.Instrument.LotSize.Contracts;
            var value = ((Int128)Math.Abs(cost) * divisor) + (isLong ? loss : -loss);
            var perLot = isLong ? Exact.Floor(value * lot, size * divisor) : Exact.Ceiling(value * lot, size * divisor);
            if (perLot <= 0) return Cap;
            var units = terms.Instrument.Multiplier * lot * PowersOfTen.Integer(tick.Scale);
            return Clamp(terms, isLong ? Exact.Ceiling(units, perLot * tick.Mantissa) : Exact.Floor(units, perLot * tick.Mantissa));
        }

        var target = (isLong ? (cost * divisor) - loss : -(cost * divisor) + loss) * PowersOfTen.Integer(tick.Scale);
        var perTick = terms.Instrument.Multiplier * size * tick.Mantissa * divisor;
        return Clamp(terms, isLong ? Exact.Ceiling(target, perTick) : Exact.Floor(target, perTick));
    }

    /// <summary>
    /// The first price on the grid, coming from profit, at which <c>profit + budget &lt; requirement</c>: for a long the highest such tick, for a short
    /// the lowest. Null when there is none between one tick and the cap; the near end of that range when every price is one.
    /// </summary>
    public static Price? Breach(MarginTerms terms, long quantity, long cost, Int128 budget, Int128 requirement)
    {
        var isLong = quantity > 0;
        var ticks = terms.Instrument.Kind == ContractKind.Inverse
            ? BreachInverse(terms.Instrument, Math.Abs(quantity), isLong, Math.Abs(cost), budget - requirement)
            : BreachLinear(terms.Instrument, Math.Abs(quantity), isLong, cost, budget - requirement);
        var (lowest, highest) = Range(terms);
        if (ticks is not { } at || (isLong ? at < lowest : at > highest)) return null;
        return new Price((long)Int128.Clamp(at, lowest, highest));
    }

    private static Int128 BreachLinear(Instrument instrument, Int128 size, bool isLong, long cost, Int128 slack)
    {
        // Counted in halves of a minor unit: the value is rounded there, away from zero.
        var scale = PowersOfTen.Integer(instrument.Tick.Scale);
        var perTick = 2 * instrument.Multiplier * size * instrument.Tick.Mantissa;
        if (isLong)
        {
            var below = cost - slack; // breached where value < below
            var edge = ((2 * below) - 1) * scale;
            return below > 0 ? Exact.Ceiling(edge, perTick) - 1 : Exact.Floor(edge, perTick);
        }

        var above = slack - cost; // breached where value > above
        var half = ((2 * above) + 1) * scale;
        return above >= 0 ? Exact.Ceiling(half, perTick) : Exact.Floor(half, perTick) + 1;
    }

    private static Int128? BreachInverse(Instrument instrument, Int128 size, bool isLong, Int128 cost, Int128 slack)
    {
        Int128 lot = instrument.LotSize.Contracts;
        var units = 2 * instrument.Multiplier * lot * PowersOfTen.Integer(instrument.Tick.Scale);
        var mantissa = instrument.Tick.Mantissa;
        if (isLong)
        {
            // Breached where value > cost + slack, that is from this value of a lot on.
            var lotValue = Exact.Ceiling(((2 * (cost + slack)) + 1) * lot, 2 * size);
            return lotValue <= 0 ? Int128.MaxValue : Exact.Floor(units, ((2 * lotValue) - 1) * mantissa);
        }

        // Breached where value < cost - slack, that is up to this value of a lot.
        var lotMost = Exact.Ceiling(((2 * (cost - slack)) - 1) * lot, 2 * size) - 1;
        return lotMost < 0 ? null : Exact.Floor(units, ((2 * lotMost) + 1) * mantissa) + 1;
    }

    private static decimal Clamp(MarginTerms terms, Int128 ticks)
    {
        var (lowest, highest) = Range(terms);
        return ticks >= highest ? Cap : terms.Instrument.Tick.ToDecimal(new Price((long)Int128.Max(lowest, ticks)));
    }

    private static (long Lowest, long Highest) Range(MarginTerms terms)
    {
        var highest = terms.Instrument.Tick.Floor(Cap).Ticks;
        return (terms.PricesMayBeNegative ? -highest : 1, highest);
    }
}
