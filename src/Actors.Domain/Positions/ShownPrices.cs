using Actors.Domain.Instruments;

namespace Actors.Domain.Positions;

/// <summary>
/// Prices of a position as the venue shows them, in quote units: derived from integer costs and rounded against the holder. Money is never
/// computed from them. The inverse rules reproduce every published row with a lot of one contract (2018 to 2020); with larger lots, where cost
/// is counted per lot, and for linear and quanto kinds off the grid they are <b>unverified</b>.
/// </summary>
public static class ShownPrices
{
    /// <summary>Shown where no price answers: nothing can be lost, or nothing won back.</summary>
    public const decimal None = 100_000_000m;

    private const int Decimals = 4;

    /// <summary>
    /// Average entry price; null when flat. Inverse: where a lot's cost is whole, the tick nearest to it; otherwise the cost is taken down to
    /// the unit for a long and up for a short, and the price given with 4 decimals.
    /// </summary>
    public static decimal? AverageEntry(Instrument instrument, Position position)
    {
        if (position.AverageEntryPrice(instrument) is not { } exact) return null;
        if (instrument.Kind != ContractKind.Inverse)
            return instrument.Tick.TryToPrice(exact, out _) ? exact : decimal.Round(exact, Math.Max(Decimals, instrument.Tick.Scale), MidpointRounding.AwayFromZero);
        var lots = Int128.Abs(position.UnrealisedCost) * instrument.LotSize.Contracts;
        var (perLot, rest) = Int128.DivRem(lots, Math.Abs(position.Quantity.Contracts));
        if (rest == 0) return instrument.Tick.ToDecimal(instrument.Tick.Nearest(InversePrice(instrument, perLot)));
        var shown = position.Quantity.Contracts > 0 ? perLot : perLot + 1;
        return shown == 0 ? None : decimal.Round(InversePrice(instrument, shown), Decimals, MidpointRounding.AwayFromZero);
    }

    /// <summary>
    /// The price at which closing would leave nothing of the session's profit or loss, on the grid, up for a long and down for a short; null
    /// when flat, <see cref="None"/> when there is none. <paramref name="rebalancedPnl"/>: profit realised at mark while the position stayed,
    /// in minor units.
    /// </summary>
    public static decimal? BreakEven(Instrument instrument, Position position, long rebalancedPnl = 0)
    {
        if (position.Quantity.IsZero) return null;
        var made = (Int128)position.RealisedPnl + rebalancedPnl;
        var isLong = position.Quantity.Contracts > 0;
        var size = Math.Abs(position.Quantity.Contracts);
        // Profit is (value at mark, signed as cost) - cost + made: the value at which that is nothing.
        var value = (position.UnrealisedCost - made) * (isLong == (instrument.Kind != ContractKind.Inverse) ? 1 : -1);
        if (value <= 0 && instrument.Kind != ContractKind.CalendarSpread) return None;
        decimal price;
        if (instrument.Kind == ContractKind.Inverse)
        {
            var (perLot, rest) = Int128.DivRem(value * instrument.LotSize.Contracts, size);
            if (!isLong && rest != 0) perLot++;
            if (perLot == 0) return None;
            price = InversePrice(instrument, perLot);
        }
        else
        {
            price = (decimal)value * instrument.Divisor / ((decimal)instrument.Multiplier * size);
        }

        return instrument.Tick.ToDecimal(isLong ? instrument.Tick.Ceiling(price) : instrument.Tick.Floor(price));
    }

    /// <summary>
    /// The published formula of an average entry price, before any rounding: the sum of quantities over the sum of quantity/price (inverse), or
    /// the weighted mean. Throws <see cref="ArgumentException"/> when the quantities do not add up to more than zero.
    /// </summary>
    public static decimal AverageOfFills(ContractKind kind, IReadOnlyList<(Quantity Quantity, decimal Price)> fills)
    {
        ArgumentNullException.ThrowIfNull(fills);
        var quantity = fills.Sum(fill => (decimal)fill.Quantity.Contracts);
        if (quantity <= 0) throw new ArgumentException("the fills add up to no position", nameof(fills));
        return kind == ContractKind.Inverse
            ? quantity / fills.Sum(fill => fill.Quantity.Contracts / fill.Price)
            : fills.Sum(fill => fill.Quantity.Contracts * fill.Price) / quantity;
    }

    private static decimal InversePrice(Instrument instrument, Int128 costPerLot) =>
        (decimal)instrument.Multiplier * instrument.LotSize.Contracts / (decimal)costPerLot;
}
