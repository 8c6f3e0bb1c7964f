using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Matching;

namespace Actors.Venue.Trading;

/// <summary>
/// Brings active orders to the book: matches them one fill at a time, and after each fill holds the rules that a fill may touch, before
/// the next one. What a fill sets off in other orders waits until the match has ended.
/// </summary>
internal sealed class Matcher(Exchange exchange, OrderLife life, WaitingOrders waiting)
{
    public const string PostOnlyReason = "Order had execInst of ParticipateDoNotInitiate";

    private readonly List<VenueOrder> _touched = [];

    /// <summary>Why an order that is well formed still may not trade as it asks; null when it may.</summary>
    public string? EndsAtOnce(VenueOrder order)
    {
        if (order.Quantity == 0 || (order.Reduces && ReduceOnlyRule.Reducible(order.Holding, order.Side) == 0)) return ReducesNothing(order);
        var book = order.Instrument.Book;
        if (order.Has(ExecutionInstructions.ParticipateDoNotInitiate) && book.Crosses(order.Side, order.LimitTicks)) return PostOnlyReason;
        return order.TimeInForce == TimeInForce.FillOrKill && !CanFill(order) ? "Order had timeInForce of FillOrKill" : null;
    }

    /// <summary>Makes an accepted order work: reserves for it, lets others make room, matches it, and rests or ends what is left.</summary>
    public void Begin(VenueOrder order, ExecutionKind? told)
    {
        if (order.Reduces) order.Resize(Math.Min(order.Leaves, ReduceOnlyRule.Reducible(order.Holding, order.Side)));
        if (order.Has(ExecutionInstructions.Close)) MakeRoom(order);
        order.IsWorking = true;
        order.Holding.Reserve(order);
        if (told is { } kind) life.Record(kind, order);
        life.Publish([order]);
        Trade(order);
    }

    /// <summary>Matches what is left of a working order, rests or cancels the remainder, and publishes.</summary>
    public void Trade(VenueOrder order)
    {
        _touched.Clear();
        _touched.Add(order);
        EnforceReduceOnly(order.Holding);
        var book = order.Instrument.Book;
        while (order.IsOpen && book.TryMatch(order.Side, order.LimitTicks, order.Leaves, out var fill)) Settle(order, fill);
        if (order.IsOpen) RestOrEnd(order);
        life.Publish(_touched);
    }

    /// <summary>
    /// A position changed: no reduce-only order of the holding may stay larger than what it would reduce. For whoever changes a position
    /// other than by a match.
    /// </summary>
    public void PositionChanged(Holding holding)
    {
        _touched.Clear();
        EnforceReduceOnly(holding);
        life.Publish(_touched);
    }

    private static string ReducesNothing(VenueOrder order) =>
        $"Order had execInst of {(order.Has(ExecutionInstructions.Close) ? "Close" : "ReduceOnly")} and side of {order.Side} " +
        $"but current position is {order.Holding.Position.Quantity}";

    /// <summary>
    /// Whether all of an order would fill at once. What others' rules may take out of the book during the match is not counted on: such
    /// an order may end where it could have been filled, but never in part.
    /// </summary>
    private bool CanFill(VenueOrder order)
    {
        var side = order.Side.Opposite();
        var uncertain = 0L;
        foreach (var account in exchange.Accounts)
        {
            var holding = account.Holdings[order.Instrument.Index];
            uncertain += ReduceOnlyRule.MayVanish(holding, side) + Contingencies.MayVanish(holding, side);
        }

        var wanted = order.Leaves + uncertain;
        return order.Instrument.Book.Available(order.Side, order.LimitTicks, wanted) >= wanted;
    }

    /// <summary>
    /// A closing order cancels the account's other working orders on its side when together they are more than the position.
    /// </summary>
    private void MakeRoom(VenueOrder order)
    {
        var others = order.Holding.Orders.Working(order.Side, order);
        if (others == 0 || others + order.Leaves <= ReduceOnlyRule.Reducible(order.Holding, order.Side)) return;
        var canceled = order.Holding.Orders.Open.Where(other => other.IsWorking && other.Side == order.Side && other != order).ToList();
        // Our words: the venue's reason on these rows was never published.
        foreach (var other in canceled) life.Cancel(other, "Order with execInst of Close");
        life.Publish(canceled);
    }

    private void Settle(VenueOrder taker, in Fill<VenueOrder> fill)
    {
        var (paid, received, value) = exchange.Clearing.Settle(taker, fill);
        life.Record(ExecutionKind.Trade, taker, paid);
        life.Record(ExecutionKind.Trade, fill.Maker, received);
        _touched.Add(fill.Maker);
        exchange.Observer.Traded(taker.Instrument.Print(paid.TradeId, taker.Side, fill.Quantity, fill.PriceTicks, value, exchange.Now));
        waiting.PriceChanged(taker.Instrument);
        CancelOthers(taker);
        CancelOthers(fill.Maker);
        UpdateOthers(taker, fill.Quantity);
        UpdateOthers(fill.Maker, fill.Quantity);
        waiting.Filled(taker);
        waiting.Filled(fill.Maker);
        EnforceReduceOnly(fill.Maker.Holding);
        EnforceReduceOnly(taker.Holding);
    }

    private void CancelOthers(VenueOrder order)
    {
        if (order.Contingency != ContingencyType.OneCancelsTheOther) return;
        foreach (var other in Contingencies.Others(order))
        {
            life.Cancel(other, Contingencies.OtherExecuted);
            _touched.Add(other);
        }
    }

    private void UpdateOthers(VenueOrder order, long filled)
    {
        foreach (var (other, leaves) in Contingencies.Updated(order, filled))
        {
            _touched.Add(other);
            if (leaves == 0) life.Cancel(other, Contingencies.UpdatedAway);
            else if (leaves < other.Leaves) life.Shrink(other, leaves);
        }
    }

    private void EnforceReduceOnly(Holding holding)
    {
        foreach (var (order, leaves) in ReduceOnlyRule.Excess(holding))
        {
            _touched.Add(order);
            if (leaves == 0) life.Cancel(order, ReducesNothing(order));
            else life.Shrink(order, leaves);
        }
    }

    private void RestOrEnd(VenueOrder order)
    {
        if (order.PriceTicks is { } ticks && order.TimeInForce is TimeInForce.GoodTillCancel or TimeInForce.Day)
        {
            order.Handle = order.Instrument.Book.Rest(order, order.Side, ticks, order.Leaves, order.Peak);
            return;
        }

        // Our words for a market order: the venue's were never captured.
        life.Cancel(order, order.PriceTicks is null ? "No liquidity for the rest of a market order" : $"Order had timeInForce of {order.TimeInForce}");
    }
}
