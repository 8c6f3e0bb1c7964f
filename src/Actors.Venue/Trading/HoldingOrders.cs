using Actors.Domain.Instruments;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>
/// Owns which orders of an account are open in one instrument, oldest first, and counts those that rules ask about. An order enters when
/// it is accepted and leaves when it ends.
/// </summary>
internal sealed class HoldingOrders
{
    private readonly List<VenueOrder> _open = [];

    /// <summary>Every open order, waiting or working, in order of acceptance.</summary>
    public IReadOnlyList<VenueOrder> Open => _open;

    /// <summary>Open orders of the types that wait for a trigger, until they end.</summary>
    public int Stops { get; private set; }

    /// <summary>Open orders that may only reduce the position.</summary>
    public int Reducing { get; private set; }

    /// <summary>Open orders that belong to a group.</summary>
    public int Linked { get; private set; }

    public void Add(VenueOrder order)
    {
        _open.Add(order);
        Count(order, 1);
    }

    /// <summary>Does nothing when the order is not here: one that ends at once never was.</summary>
    public void Remove(VenueOrder order)
    {
        if (_open.Remove(order)) Count(order, -1);
    }

    /// <summary>Contracts of the working orders on a side, leaving <paramref name="except"/> out of account.</summary>
    public long Working(Side side, VenueOrder? except)
    {
        var sum = 0L;
        foreach (var order in _open)
        {
            if (order.IsWorking && order.Side == side && order != except) sum += order.Leaves;
        }

        return sum;
    }

    public void Pass(StateStream state)
    {
        state.List(_open, order => state.Pass(order));
        if (!state.IsReading) return;
        foreach (var order in _open) Count(order, 1);
    }

    private void Count(VenueOrder order, int change)
    {
        if (order.Type.Waits()) Stops += change;
        if (order.Reduces) Reducing += change;
        if (order.LinkId.Length > 0) Linked += change;
    }
}
