using Actors.Domain.Port;

namespace Actors.Domain.Orders;

/// <summary>
/// The life of an order as a table: which event may follow in which state. What is not in it is an illegal transition, which is recorded and changes nothing.
/// </summary>
public static class OrderTransitions
{
    private static readonly Type[] Answers =
        [typeof(OrderAcknowledged), typeof(OrderFilled), typeof(OrderCancelled), typeof(OrderRejected), typeof(OrderExpired)];

    private static readonly Type[] Changes =
        [typeof(OrderAmendRequested), typeof(OrderAmended), typeof(OrderCancelRequested), typeof(OrderChangeRefused)];

    private static readonly Dictionary<OrderState, HashSet<Type>> Table = new()
    {
        [OrderState.Submitted] = [.. Answers, typeof(OrderAmended), typeof(OrderCancelRequested), typeof(OrderChangeRefused), typeof(OrderOutcomeUnknown), typeof(OrderLost)],
        [OrderState.Unknown] = [.. Answers, typeof(OrderAmended), typeof(OrderCancelRequested), typeof(OrderChangeRefused), typeof(OrderOutcomeUnknown), typeof(OrderLost)],
        // A stop may be rejected by the venue when it triggers.
        [OrderState.Working] = [typeof(OrderFilled), typeof(OrderCancelled), typeof(OrderRejected), typeof(OrderExpired), .. Changes],
        // A fill may be told after the end, because reports overtake each other: it counts and revives nothing. Only a comparison with the venue brings an order
        // back, by an acknowledgement.
        [OrderState.Filled] = [typeof(OrderFilled), typeof(OrderAcknowledged)],
        [OrderState.Cancelled] = [typeof(OrderFilled), typeof(OrderAcknowledged)],
        [OrderState.Expired] = [typeof(OrderFilled), typeof(OrderAcknowledged)],
        [OrderState.Rejected] = [typeof(OrderAcknowledged)],
        [OrderState.Lost] = [.. Answers, typeof(OrderAmended)],
    };

    /// <summary>Whether the event may happen to an order in this state.</summary>
    public static bool Allows(OrderState state, OrderEvent happened) => happened is OrderTransitionRefused || Table[state].Contains(happened.GetType());

    /// <summary>
    /// The events one after the other, each judged by the state that the ones before it leave: what is illegal is replaced by the record of it.
    /// </summary>
    public static IReadOnlyList<OrderEvent> Enforce(OrderLedger ledger, IReadOnlyList<OrderEvent> events, DateTimeOffset at) => Enforce(ref ledger, events, at);

    /// <summary>The same; <paramref name="ledger"/> is then the one that they lead to.</summary>
    public static IReadOnlyList<OrderEvent> Enforce(ref OrderLedger ledger, IReadOnlyList<OrderEvent> events, DateTimeOffset at)
    {
        var legal = new List<OrderEvent>(events.Count);
        foreach (var happened in events)
        {
            var order = happened is OrderSubmitted or ExecutionsReconciled ? null : ledger.Find(happened.Id);
            var one = order is null || Allows(order.State, happened) ? happened : new OrderTransitionRefused(order.Id, order.State, happened.ToString());
            ledger = ledger.Apply(one, at);
            legal.Add(one);
        }

        return legal;
    }

    /// <summary>
    /// What a report says against a finished order, in words; null when it only comes late. One that calls the order open is late: it was, once.
    /// </summary>
    public static string? Contradiction(Order order, OrderReport report)
    {
        OrderState? theirs = report.Status switch
        {
            VenueOrderStatus.Filled => OrderState.Filled,
            VenueOrderStatus.Canceled => OrderState.Cancelled,
            VenueOrderStatus.Rejected => OrderState.Rejected,
            VenueOrderStatus.Expired => OrderState.Expired,
            _ => null,
        };
        return theirs is null || theirs == order.State ? null : $"reported {report.Status}";
    }
}
