using Actors.Domain.Instruments;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>
/// Which orders belong together: those of one account in one instrument with the same clOrdLinkID. That a group does not reach over
/// several instruments is our choice.
/// </summary>
internal static class Contingencies
{
    // Our words: those of the venue on contingent orders were never captured.
    public const string OtherExecuted = "Order had contingencyType of OneCancelsTheOther";
    public const string UpdatedAway = "Order had contingencyType of OneUpdatesTheOther";
    public const string ParentEnded = "Order had contingencyType of OneTriggersTheOther";

    /// <summary>The open order that must be filled before <paramref name="order"/> becomes active; null when there is none.</summary>
    public static VenueOrder? Parent(VenueOrder order) => order.LinkId.Length == 0
        ? null
        : order.Holding.Orders.Open.LastOrDefault(other => other.Contingency == ContingencyType.OneTriggersTheOther && other.LinkId == order.LinkId);

    /// <summary>The orders that <paramref name="order"/> cancels when it trades or triggers.</summary>
    public static List<VenueOrder> Others(VenueOrder order) =>
        [.. order.Holding.Orders.Open.Where(other => other != order && other.Contingency == ContingencyType.OneCancelsTheOther && other.LinkId == order.LinkId)];

    /// <summary>
    /// The orders that <paramref name="order"/>, which just filled <paramref name="filled"/> contracts, makes smaller, with what each keeps: whole
    /// lots, rounded down, zero for none. A closing order that has no quantity yet stays as it is.
    /// </summary>
    public static List<(VenueOrder Order, long Leaves)> Updated(VenueOrder order, long filled)
    {
        if (!order.Contingency.Updates()) return [];
        var lot = order.Instrument.Definition.LotSize.Contracts;
        return [.. order.Holding.Orders.Open
            .Where(other => other != order && other.Contingency.Updates() && other.LinkId == order.LinkId && other.Leaves > 0)
            .Select(other => (other, Kept(other.Leaves) / lot * lot))];

        long Kept(long leaves) => order.Contingency == ContingencyType.OneUpdatesTheOtherAbsolute
            ? Math.Max(0, leaves - filled)
            : (long)((Int128)leaves * order.Leaves / (order.Leaves + filled));
    }

    /// <summary>The orders that wait for <paramref name="order"/>.</summary>
    public static List<VenueOrder> Children(VenueOrder order) => [.. order.Holding.Orders.Open.Where(other => other.Parent == order)];

    /// <summary>Contracts on a side that a fill of a linked order may take out of the book.</summary>
    public static long MayVanish(Holding holding, Side side) => holding.Orders.Linked == 0
        ? 0
        : holding.Orders.Open
            .Where(order => order.IsWorking && order.Side == side && (order.Contingency == ContingencyType.OneCancelsTheOther || order.Contingency.Updates()))
            .Sum(order => order.Leaves);
}
