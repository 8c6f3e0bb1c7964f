using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Venue.Trading;

/// <summary>
/// The orders that are accepted and not active: they wait for a price, or for another order to be filled. Whatever makes them active puts
/// them in a queue, which is worked off when nothing else is going on, so that no match runs inside another.
/// </summary>
internal sealed class WaitingOrders(Exchange exchange, OrderLife life)
{
    /// <summary>A trailing trigger follows when the reference price moved by more than this part of itself.</summary>
    public const decimal TrailStep = 0.001m;

    private readonly Queue<(VenueOrder Order, OrderTrigger Why)> _active = new();
    private readonly List<VenueOrder> _fired = [];

    /// <summary>Lets an order wait for its price; one that is through already becomes active at once.</summary>
    public void Arm(VenueOrder order)
    {
        order.IsArmed = true;
        order.Instrument.Triggers.Add(order);
        PriceChanged(order.Instrument);
    }

    /// <summary>One of the prices that trigger changed. Only an open market triggers.</summary>
    public void PriceChanged(ListedInstrument instrument)
    {
        if (instrument.Definition.State != InstrumentState.Open) return;
        instrument.Triggers.Collect(instrument, _fired);
        foreach (var order in _fired)
        {
            OrderLife.Withdraw(order);
            _active.Enqueue((order, OrderTrigger.StopOrderTriggered));
        }

        _fired.Clear();
    }

    /// <summary>An order traded: when it is filled, those that waited for it become active.</summary>
    public void Filled(VenueOrder order)
    {
        if (order.Contingency != ContingencyType.OneTriggersTheOther || order.Status != VenueOrderStatus.Filled) return;
        foreach (var child in Contingencies.Children(order))
        {
            child.Parent = null;
            _active.Enqueue((child, OrderTrigger.OtoOrderTriggered));
        }
    }

    /// <summary>The next order that became active and is still open; false when there is none.</summary>
    public bool TryTake(out VenueOrder order, out OrderTrigger why)
    {
        while (_active.TryDequeue(out var next))
        {
            (order, why) = next;
            if (order.IsOpen) return true;
        }

        (order, why) = (null!, OrderTrigger.None);
        return false;
    }

    /// <summary>
    /// Moves the triggers that trail the market, away from where they would fire and never back. Called once a second: the venue's own
    /// pace.
    /// </summary>
    public void Trail()
    {
        foreach (var instrument in exchange.Instruments)
        {
            if (instrument.Definition.State != InstrumentState.Open) continue;
            var moved = instrument.Triggers.Trailing.Where(Follow).ToList();
            if (moved.Count > 0) life.Publish(moved);
        }
    }

    private bool Follow(VenueOrder order)
    {
        var instrument = order.Instrument;
        var reference = instrument.ReferencePrice(order.Instructions.TriggerPrice());
        if (Math.Abs(reference - order.TrailedFrom) <= order.TrailedFrom * TrailStep) return false;
        var stop = instrument.Definition.Tick.Nearest(reference + order.PegOffset!.Value).Ticks;
        var isAway = order.Type.TriggersAbove(order.Side) ? stop < order.StopTicks : stop > order.StopTicks;
        if (!isAway || stop <= 0) return false;
        instrument.Triggers.Remove(order);
        order.StopTicks = stop;
        order.TrailedFrom = reference;
        order.Timestamp = exchange.Now;
        instrument.Triggers.Add(order);
        return true;
    }
}
