using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Strategies;

namespace Actors.Domain.Orders;

/// <summary>
/// What each answer and report means for an order, given all that is known of it: the events to journal, none when there is nothing new.
/// Answers of a request and reports of the stream race each other; every rule here holds in either order.
/// </summary>
public static class OrderDecisions
{
    private static readonly OrderEvent[] Nothing = [];

    /// <summary>An intent that risk let pass: the one event to journal before it is sent, or none when there is nothing left to do.</summary>
    public static IReadOnlyList<OrderEvent> OnPassed(OrderLedger ledger, Intent intent) => intent switch
    {
        PlaceIntent place when ledger.Find(place.Terms.Id) is null => [new OrderSubmitted(place.Terms, new OrderOrigin(place.StrategyId, place.Slot))],
        AmendIntent amend when ledger.Live.GetValueOrDefault(amend.Id) is { State: OrderState.Working, Pending: PendingChange.None } =>
            [new OrderAmendRequested(amend.Id, amend.Price, amend.Quantity, amend.StopPrice, amend.PegOffsetTicks)],
        CancelIntent cancel when ledger.Live.GetValueOrDefault(cancel.Id) is { Pending: not PendingChange.Cancel } => [new OrderCancelRequested(cancel.Id)],
        _ => Nothing,
    };

    /// <summary>Everything is to be cancelled: the orders for which that can be asked now.</summary>
    public static IReadOnlyList<OrderEvent> OnCancelAll(OrderLedger ledger) =>
        [.. ledger.LiveInOrder.Where(order => order is { State: OrderState.Working, Pending: not PendingChange.Cancel }).Select(order => new OrderCancelRequested(order.Id))];

    /// <summary>What was on its way to the venue is not known any more.</summary>
    public static IReadOnlyList<OrderEvent> OnGatewayForgot(OrderLedger ledger) =>
        [.. ledger.LiveInOrder.Where(order => order.State == OrderState.Submitted)
            .Select(order => new OrderOutcomeUnknown(order.Id, "the gateway restarted while it was being sent"))];

    /// <summary>The answer to a placement.</summary>
    public static IReadOnlyList<OrderEvent> OnPlaced(OrderLedger ledger, ClientOrderId id, OrderEntryOutcome outcome)
    {
        if (ledger.Find(id) is not { } order || order.State is not (OrderState.Submitted or OrderState.Unknown)) return Nothing;
        return outcome switch
        {
            OrderEntryOutcome.Accepted { Order: { } report } => Found(order, report),
            OrderEntryOutcome.Refused refused => [new OrderRejected(id, refused.Reason)],
            OrderEntryOutcome.Unknown unknown => [new OrderOutcomeUnknown(id, unknown.Reason)],
            _ => [new OrderOutcomeUnknown(id, "the venue accepted without telling the order's state")],
        };
    }

    /// <summary>The answer to an amendment or a cancellation. An unknown outcome leaves the change pending: the stream or a query will tell.</summary>
    public static IReadOnlyList<OrderEvent> OnChanged(OrderLedger ledger, ClientOrderId id, OrderEntryOutcome outcome, TickSize tick)
    {
        if (ledger.Live.GetValueOrDefault(id) is not { } order) return Nothing;
        return outcome switch
        {
            OrderEntryOutcome.Accepted { Order: { } report } => Settle(order, OnReport(ledger, report, tick), report),
            OrderEntryOutcome.Refused refused when order.Pending != PendingChange.None => [new OrderChangeRefused(id, refused.Reason)],
            _ => Nothing,
        };
    }

    /// <summary>An order's state as the stream or a query tells it. Fills are not counted from here: executions carry them.</summary>
    public static IReadOnlyList<OrderEvent> OnReport(OrderLedger ledger, OrderReport report, TickSize tick)
    {
        if (ledger.Find(report.ClientId) is not { } order) return Nothing;
        if (report.Status == VenueOrderStatus.Pending) return Nothing;
        // A lost order is one that the venue denied: whatever it says of it now is news. A report that overtook others may revive what has ended since; the next
        // comparison finds that out.
        if (order.State is OrderState.Submitted or OrderState.Unknown or OrderState.Lost) return Found(order, report);
        if (order.IsFinished) return OrderTransitions.Contradiction(order, report) is { } words ? [new OrderTransitionRefused(order.Id, order.State, words)] : Nothing;
        if (Ended(order.Id, report) is { } ended) return [ended];
        if (Moved(order, report, tick) is { } amended) return [amended];
        // A change that was under way when the last contract was filled has come to nothing.
        return report.Status == VenueOrderStatus.Filled && order.Pending != PendingChange.None && order.Filled >= report.Quantity
            ? [new OrderChangeRefused(order.Id, "filled before it was changed")]
            : Nothing;
    }

    /// <summary>Whether the venue has counted fills of this order that we have not: its executions have to be asked for if they do not come by themselves.</summary>
    public static bool MissesFills(OrderLedger ledger, OrderReport report) =>
        ledger.Find(report.ClientId) is { State: not OrderState.Rejected } order && report.Filled > order.Filled;

    /// <summary>
    /// The venue, asked long after we called it finished, still lists an order as open: our record is wrong, whatever it came from. It is taken back, so that it counts
    /// again and can be cancelled, and what we believed is recorded.
    /// </summary>
    public static IReadOnlyList<OrderEvent> OnStillOpen(OrderLedger ledger, OrderReport report) => ledger.Find(report.ClientId) is { IsFinished: true } order
        ? [new OrderTransitionRefused(order.Id, order.State, "listed as open by the venue"), new OrderAcknowledged(order.Id, report.VenueOrderId, report.Timestamp)]
        : Nothing;

    /// <summary>One execution. A known identifier gives nothing; a fill of an order that was refused is recorded and refused.</summary>
    public static IReadOnlyList<OrderEvent> OnExecution(OrderLedger ledger, ExecutionReport execution)
    {
        if (ledger.Find(execution.ClientId) is not { } order) return Nothing;
        if (execution.Kind == ExecutionKind.Trade) return OnFill(ledger, order, execution);
        if (order.IsFinished) return Nothing;
        return execution.Kind switch
        {
            ExecutionKind.Canceled when execution.OrderStatus == VenueOrderStatus.Canceled => [new OrderCancelled(order.Id, execution.Text)],
            ExecutionKind.Rejected => [new OrderRejected(order.Id, execution.Text)],
            ExecutionKind.CancelRejected or ExecutionKind.AmendRejected when order.Pending != PendingChange.None =>
                [new OrderChangeRefused(order.Id, execution.Text)],
            _ => Nothing,
        };
    }

    /// <summary>Several executions one after the other: their events, and the ledger after them.</summary>
    public static (List<OrderEvent> Events, OrderLedger After) OnExecutions(OrderLedger ledger, IEnumerable<ExecutionReport> executions, DateTimeOffset now)
    {
        var events = new List<OrderEvent>();
        foreach (var execution in executions)
        {
            foreach (var happened in OnExecution(ledger, execution))
            {
                events.Add(happened);
                ledger = ledger.Apply(happened, now);
            }
        }

        return (events, ledger);
    }

    /// <summary>Orders and positions have been compared with the venue, and every execution until then is counted.</summary>
    public static IReadOnlyList<OrderEvent> OnSettled(DateTimeOffset until) => [new ExecutionsReconciled(until)];

    /// <summary>What a query for one order found; null: the venue never had it, which only an order whose outcome is open may be told.</summary>
    public static IReadOnlyList<OrderEvent> OnLookup(OrderLedger ledger, ClientOrderId id, OrderReport? report, TickSize tick)
    {
        if (report is not null)
        {
            var events = OnReport(ledger, report, tick);
            return events.Count == 0 && ledger.Live.GetValueOrDefault(id) is { Pending: not PendingChange.None } && IsOpen(report.Status)
                ? [new OrderChangeRefused(id, "the venue was asked and has not changed it")]
                : events;
        }

        return ledger.Live.GetValueOrDefault(id) is { State: OrderState.Submitted or OrderState.Unknown } ? [new OrderLost(id)] : Nothing;
    }

    /// <summary>An amendment that changed nothing must still end the wait for its answer.</summary>
    private static IReadOnlyList<OrderEvent> Settle(Order order, IReadOnlyList<OrderEvent> events, OrderReport report) =>
        events.Count == 0 && order.Pending == PendingChange.Amend && IsOpen(report.Status)
            ? [new OrderAmended(order.Id, order.Price, order.Quantity, order.VenueTime)]
            : events;

    private static OrderEvent[] OnFill(OrderLedger ledger, Order order, ExecutionReport execution)
    {
        if (ledger.HasCounted(execution.ExecutionId)) return Nothing;
        if (execution.LastPrice is not { } price || execution.LastQuantity.Contracts <= 0)
            return [new OrderTransitionRefused(order.Id, order.State, $"execution {execution.ExecutionId} without price or quantity")];
        if (order.State == OrderState.Rejected)
            return [new OrderTransitionRefused(order.Id, order.State, $"execution {execution.ExecutionId} of {execution.LastQuantity} at {price}")];
        var fill = new OrderFilled(
            order.Id, execution.ExecutionId, execution.LastQuantity, price, execution.Cost, execution.Commission, execution.Timestamp);
        if (order.State is OrderState.Submitted or OrderState.Unknown or OrderState.Lost)
            return [new OrderAcknowledged(order.Id, execution.VenueOrderId, execution.Timestamp), fill];
        return Grown(order, execution) is { } amended ? [amended, fill] : [fill];
    }

    /// <summary>A fill that leaves more open than we think there is: the order has been made larger, and we have not been told.</summary>
    private static OrderAmended? Grown(Order order, ExecutionReport execution) =>
        !order.IsFinished && execution.Leaves.Contracts > 0 && execution.Timestamp >= order.VenueTime && order.Filled + execution.LastQuantity >= order.Quantity
            ? new OrderAmended(order.Id, order.Price, execution.Filled + execution.Leaves, execution.Timestamp)
            : null;

    private static OrderEvent[] Found(Order order, OrderReport report)
    {
        if (report.Status == VenueOrderStatus.Pending) return Nothing;
        if (report.Status == VenueOrderStatus.Rejected) return [new OrderRejected(order.Id, report.Text)];
        var acknowledged = new OrderAcknowledged(order.Id, report.VenueOrderId, report.Timestamp);
        if (Ended(order.Id, report) is { } ended) return [acknowledged, ended];
        // The venue may take an order smaller than it was asked for: one that may only reduce is cut to the position.
        return report.Quantity.Contracts > 0 && report.Quantity != order.Quantity
            ? [acknowledged, new OrderAmended(order.Id, order.Price, report.Quantity, report.Timestamp)]
            : [acknowledged];
    }

    private static OrderEvent? Ended(ClientOrderId id, OrderReport report) => report.Status switch
    {
        VenueOrderStatus.Canceled => new OrderCancelled(id, report.Text),
        VenueOrderStatus.Expired => new OrderExpired(id, report.Text),
        VenueOrderStatus.Rejected => new OrderRejected(id, report.Text),
        _ => null,
    };

    /// <summary>A newer report with another price or quantity is an amendment, whoever asked for it; so is one that confirms what was asked.</summary>
    private static OrderAmended? Moved(Order order, OrderReport report, TickSize tick)
    {
        if (report.Timestamp < order.VenueTime || !(IsOpen(report.Status) || report.Status == VenueOrderStatus.Filled)) return null;
        var price = report.Price is { } decimals && tick.TryToPrice(decimals, out var ticks) ? ticks : order.Price;
        return price != order.Price || report.Quantity != order.Quantity
            ? new OrderAmended(order.Id, price, report.Quantity, report.Timestamp)
            : null;
    }

    private static bool IsOpen(VenueOrderStatus status) => status is VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled;
}
