using Actors.Domain.Instruments;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>
/// The working orders of a holding that may only reduce are together never larger than what they reduce: the least aggressive give way
/// first, and of equal ones the younger. Held between any two fills, so that no sweep goes through zero.
/// </summary>
internal static class ReduceOnlyRule
{
    /// <summary>Contracts of the position that an order on <paramref name="side"/> could take away.</summary>
    public static long Reducible(Holding holding, Side side) => Math.Max(0, -side.Sign() * holding.Position.Quantity.Contracts);

    /// <summary>The orders that are too large now, with what each may keep. Empty, and without a cost, when there is none.</summary>
    public static IReadOnlyList<(VenueOrder Order, long Leaves)> Excess(Holding holding)
    {
        if (holding.Orders.Reducing == 0) return [];
        List<(VenueOrder, long)>? excess = null;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            var room = Reducible(holding, side);
            if (Total(holding, side) <= room) continue;
            var working = holding.Orders.Open.Where(order => IsWorking(order, side));
            foreach (var order in working.OrderByDescending(order => Aggression(order)).ThenBy(order => order.Sequence).ToList())
            {
                var kept = Math.Min(order.Leaves, room);
                room -= kept;
                if (kept < order.Leaves) (excess ??= []).Add((order, kept));
            }
        }

        return excess ?? [];
    }

    /// <summary>
    /// What resting reduce-only orders may be counted on for at least, when everything else on <paramref name="side"/> of the same
    /// account fills before them; subtracted from what the book shows, this tells how much of it may vanish during one match.
    /// </summary>
    public static long MayVanish(Holding holding, Side side)
    {
        if (holding.Orders.Reducing == 0) return 0;
        var reducing = Total(holding, side);
        var others = holding.Orders.Working(side, null) - reducing;
        return Math.Max(0, reducing - Math.Max(0, Reducible(holding, side) - others));
    }

    private static long Total(Holding holding, Side side)
    {
        var sum = 0L;
        foreach (var order in holding.Orders.Open)
        {
            if (IsWorking(order, side)) sum += order.Leaves;
        }

        return sum;
    }

    private static bool IsWorking(VenueOrder order, Side side) => order is { IsWorking: true, Reduces: true } && order.Side == side;

    private static long Aggression(VenueOrder order) => order.PriceTicks is { } ticks ? order.Side.Sign() * ticks : long.MaxValue;
}
