using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Engine.Session;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Orders;

// What other parts and people are told of orders, once it is durable.
public sealed partial class OrdersActor
{
    private TickSize TickOf(Symbol symbol) => Session.Instruments.TryGetValue(symbol, out var instrument) ? instrument.Tick : TickSize.Finest;

    private void PublishSteps()
    {
        foreach (var (happened, order, sequence) in _steps) Publish(happened, order, sequence);
        if (_steps.Count > 0) Show();
        _steps.Clear();
    }

    /// <summary>Each event with the order and the ledger's number as they were right after it.</summary>
    private void Publish(OrderEvent happened, Order? order, long sequence)
    {
        if (happened is ExecutionsReconciled) return;
        if (happened is OrderTransitionRefused refused)
        {
            Log.Error("order {Id} is {State} and the venue reported {Report}: recorded, not applied", refused.Id, refused.State, refused.Report);
            Session.Board.Say(Now, $"order {refused.Id} is {refused.State} and the venue reported {refused.Report}");
            return;
        }

        Session.Tally.Count(order!, happened);
        var updated = new OrderMessages.Updated(order!, happened, sequence);
        Session.Directory.Risk.Tell(updated);
        Session.Directory.Account.Tell(updated);
        Session.Directory.Strategy(order!.Origin.StrategyId).Tell(updated);
        if (_cancelAllReason is not null && _ledger.Live.IsEmpty) Session.Directory.Engine.Tell(new OrderMessages.NoneLeft());
    }

    private OrderMessages.StrategyOrders OrdersOf(OrderMessages.Synchronise request) => new(
        [.. _ledger.LiveInOrder.Where(order => order.Origin.StrategyId == request.StrategyId)],
        [.. _ledger.FinishedSince(request.StrategyId, request.SinceSequence)],
        _ledger.Sequence);

    private void Show()
    {
        var ledger = _ledger;
        Session.Board.Orders = () => (Session.Tally.Counts(ledger), [.. ledger.LiveInOrder.Select(View)]);
    }

    private OrderView View(Order order) => new(
        order.Id.Value,
        order.Origin.StrategyId,
        order.Terms.Symbol,
        order.Terms.Side,
        order.Price is { } price ? TickOf(order.Terms.Symbol).ToDecimal(price) : null,
        order.Quantity.Contracts,
        order.Filled.Contracts,
        order.Pending switch { PendingChange.Amend => "amending", PendingChange.Cancel => "cancelling", _ => order.State.ToString().ToLowerInvariant() });
}
