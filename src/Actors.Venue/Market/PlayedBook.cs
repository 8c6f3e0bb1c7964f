using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// The recorded book of one instrument: each level is one resting order of a background account, each trade an order that takes at its price. A
/// level that somebody else has filled meanwhile comes back with its next change. Bids and offers are two accounts, as they were of many.
/// </summary>
internal sealed class PlayedBook(Exchange exchange, Holding bids, Holding offers, Holding taker)
{
    private const string Reason = "Recorded.";

    private readonly Dictionary<(Side Side, long Ticks), VenueOrder> _orders = [];
    private readonly SortedSet<long> _bids = [];
    private readonly SortedSet<long> _offers = [];

    /// <summary>Levels and trades that the venue refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Between the best recorded levels, in quote units; null while a side is empty.</summary>
    public decimal? Middle => _bids.Count == 0 || _offers.Count == 0
        ? null
        : (bids.Instrument.Decimal(_bids.Max) + bids.Instrument.Decimal(_offers.Min)) / 2;

    public void Apply(in FlowEvent what)
    {
        switch (what.Kind)
        {
            case FlowKind.Begin: Begin(); break;
            case FlowKind.Level: Level(what.Side, what.PriceTicks, what.Size); break;
            case FlowKind.Taken: Place(taker, what.Side, what.PriceTicks, what.Size, TimeInForce.ImmediateOrCancel); break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what.Kind, "it is no part of a flow");
        }
    }

    public void Pass(StateStream state)
    {
        Refused = state.Pass(Refused);
        PassLevels(state, _bids);
        PassLevels(state, _offers);
        // What ended is as good as gone: its level comes back with its next change either way.
        var orders = _orders.Where(entry => entry.Value.IsOpen).Select(entry => entry.Value).OrderBy(order => order.Sequence).ToList();
        state.List(orders, state.Pass);
        if (!state.IsReading) return;
        foreach (var order in orders) _orders.Add((order.Side, order.PriceTicks!.Value), order);
    }

    private static void PassLevels(StateStream state, SortedSet<long> levels)
    {
        var list = levels.ToList();
        state.List(list, ticks => state.Pass(ticks));
        levels.UnionWith(list);
    }

    private void Begin()
    {
        exchange.Orders.CancelEach([.. _orders.Values.Where(order => order.IsOpen)], Reason);
        _orders.Clear();
        _bids.Clear();
        _offers.Clear();
    }

    private void Level(Side side, long ticks, long size)
    {
        var levels = side == Side.Buy ? _bids : _offers;
        if (size > 0) levels.Add(ticks);
        else levels.Remove(ticks);
        if (_orders.TryGetValue((side, ticks), out var order) && order.IsOpen)
        {
            if (order.Leaves == size) return;
            if (size > 0 && size < order.Leaves)
            {
                if (exchange.Orders.Amend(order, new OrderAmendment(Leaves: size)).Refusal is not null) Refused++;
                return;
            }

            exchange.Orders.CancelEach([order], Reason);
        }

        _orders.Remove((side, ticks));
        if (size > 0 && Place(side == Side.Buy ? bids : offers, side, ticks, size, TimeInForce.GoodTillCancel) is { } placed) _orders.Add((side, ticks), placed);
    }

    private VenueOrder? Place(Holding holding, Side side, long ticks, long size, TimeInForce timeInForce)
    {
        var request = new NewOrder(
            holding.Instrument.Symbol, side, size, holding.Instrument.Decimal(ticks), VenueOrderType.Limit, timeInForce, ExecutionInstructions.None, "", "");
        var outcome = exchange.Orders.Place(holding.Account, request);
        if (outcome.Refusal is not null) Refused++;
        return outcome.Order;
    }
}
