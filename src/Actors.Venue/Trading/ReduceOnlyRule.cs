using Actors.Domain.Instruments;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>
/// Reduce-only orders of a holding are together never larger than the position that they reduce: the least aggressive give way first. A
/// sweep in which other orders of the same account fill before them is the one case that may still go through zero.
/// </summary>
internal static class ReduceOnlyRule
{
    /// <summary>
    /// Contracts that one more reduce-only order on <paramref name="side"/> may have, leaving <paramref name="except"/> out of account.
    /// </summary>
    public static long Room(Holding holding, Side side, VenueOrder? except)
    {
        var taken = Open(holding).Where(order => order.Side == side && order != except).Sum(order => order.Leaves);
        return Math.Max(0, Reducible(holding, side) - taken);
    }

    /// <summary>The orders that are too large now, with what each may keep.</summary>
    public static IReadOnlyList<(VenueOrder Order, long Leaves)> Excess(Holding holding)
    {
        if (holding.ReduceOnlyOrders.Count == 0) return [];
        var excess = new List<(VenueOrder, long)>();
        foreach (var group in Open(holding).GroupBy(order => order.Side))
        {
            var room = Reducible(holding, group.Key);
            foreach (var order in group.OrderBy(order => -order.Side.Sign() * order.PriceTicks).ToList())
            {
                var kept = Math.Min(order.Leaves, room);
                room -= kept;
                if (kept < order.Leaves) excess.Add((order, kept));
            }
        }

        return excess;
    }

    private static long Reducible(Holding holding, Side side) => Math.Max(0, -side.Sign() * holding.Position.Quantity.Contracts);

    private static IEnumerable<VenueOrder> Open(Holding holding) => holding.ReduceOnlyOrders.Where(order => order.Handle >= 0);
}
