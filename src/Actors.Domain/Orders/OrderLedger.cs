using System.Collections.Immutable;

namespace Actors.Domain.Orders;

/// <summary>
/// Every order of one account that is not finished, the last finished ones, and the executions already counted. Immutable;
/// <see cref="Apply"/> is the only way to change it, so that recovery is the same code as life.
/// </summary>
public sealed record OrderLedger
{
    /// <summary>Finished orders kept to recognise late answers and to tell a restarted strategy what it missed; beyond it the oldest are forgotten: what the venue
    /// still tells of those means nothing to the ledger, their executions move the position alone, and one that is open nevertheless is foreign to a comparison.</summary>
    public const int FinishedMax = 2_000;

    /// <summary>Execution identifiers kept to count no fill twice; beyond it the oldest are forgotten.</summary>
    public const int ExecutionsMax = 20_000;

    public static readonly OrderLedger Empty = new();

    public ImmutableDictionary<ClientOrderId, Order> Live { get; private init; } = ImmutableDictionary<ClientOrderId, Order>.Empty;

    /// <summary>The live orders by identifier: the dictionary's own order differs from process to process, and what is decided from it may not.</summary>
    public IEnumerable<Order> LiveInOrder => Live.Values.OrderBy(order => order.Id.Value, StringComparer.Ordinal);

    /// <summary>A strategy's orders that finished after a sequence number, oldest first.</summary>
    public IEnumerable<Order> FinishedSince(string strategyId, long sequence) => Finished.Values
        .Where(order => order.Origin.StrategyId == strategyId && order.FinishedSequence > sequence)
        .OrderBy(order => order.FinishedSequence);

    public ImmutableDictionary<ClientOrderId, Order> Finished { get; private init; } = ImmutableDictionary<ClientOrderId, Order>.Empty;

    /// <summary>Events applied since the account's first: numbers the moments at which orders finished.</summary>
    public long Sequence { get; private init; }

    /// <summary>The venue's time of the newest fill.</summary>
    public DateTimeOffset? LastFillAt { get; private init; }

    /// <summary>Every execution up to here is counted; later ones may be missing. Null before the first comparison with the venue.</summary>
    public DateTimeOffset? ExecutionsReconciledUntil { get; private init; }

    private ImmutableQueue<(ClientOrderId Id, long Sequence)> FinishedOrder { get; init; } = [];

    private ImmutableHashSet<string> Executions { get; init; } = [];

    private ImmutableQueue<string> ExecutionOrder { get; init; } = [];

    public Order? Find(ClientOrderId id) => Live.GetValueOrDefault(id) ?? Finished.GetValueOrDefault(id);

    public bool HasCounted(string executionId) => Executions.Contains(executionId);

    /// <summary>All of it, so that <see cref="Restore"/> makes a ledger that does the same for ever after.</summary>
    public OrdersKept Keep() => new(
        Sequence, LastFillAt, ExecutionsReconciledUntil, [.. LiveInOrder], [.. Finished.Values.OrderBy(order => order.FinishedSequence)], [.. ExecutionOrder]);

    public static OrderLedger Restore(OrdersKept kept) => new()
    {
        Sequence = kept.Sequence,
        LastFillAt = kept.LastFillAt,
        ExecutionsReconciledUntil = kept.ExecutionsReconciledUntil,
        Live = kept.Live.ToImmutableDictionary(order => order.Id),
        Finished = kept.Finished.ToImmutableDictionary(order => order.Id),
        FinishedOrder = [.. kept.Finished.Select(order => (order.Id, order.FinishedSequence))],
        Executions = [.. kept.Executions],
        ExecutionOrder = [.. kept.Executions],
    };

    /// <summary>The ledger after an event. Throws <see cref="InvalidOperationException"/> for an event of an order it never had: a journal that is not whole.</summary>
    public OrderLedger Apply(OrderEvent happened, DateTimeOffset at)
    {
        var next = this with { Sequence = Sequence + 1 };
        if (happened is OrderTransitionRefused) return next;
        if (happened is ExecutionsReconciled reconciled) return next with { ExecutionsReconciledUntil = reconciled.Until };
        if (happened is OrderSubmitted submitted) return next with { Live = Live.SetItem(submitted.Id, Begin(submitted, at)) };
        var order = Find(happened.Id) ?? throw new InvalidOperationException($"the journal has {happened.GetType().Name} of order {happened.Id} without its submission");
        if (happened is OrderFilled filled) next = next.Count(filled);
        return next.Place(order.IsFinished, Step(order, happened) with { UpdatedAt = at });
    }

    private static Order Begin(OrderSubmitted submitted, DateTimeOffset at) => new(
        submitted.Terms,
        submitted.Origin,
        OrderState.Submitted,
        PendingChange.None,
        submitted.Terms.Quantity,
        submitted.Terms.Price,
        default,
        null,
        null,
        at,
        DateTimeOffset.MinValue,
        0)
    {
        SubmittedAt = at,
    };

    private static Order Step(Order order, OrderEvent happened) => happened switch
    {
        OrderAcknowledged acknowledged => order with { State = OrderState.Working, VenueOrderId = acknowledged.VenueOrderId, VenueTime = acknowledged.VenueTime, Reason = null },
        OrderFilled filled => Fill(order, filled),
        OrderAmendRequested => order with { Pending = PendingChange.Amend },
        OrderAmended amended => Amend(order, amended),
        OrderCancelRequested => order with { Pending = PendingChange.Cancel },
        OrderChangeRefused refused => Refuse(order, refused),
        OrderCancelled cancelled => Finish(order, OrderState.Cancelled, cancelled.Reason),
        OrderExpired expired => Finish(order, OrderState.Expired, expired.Reason),
        OrderRejected rejected => Finish(order, OrderState.Rejected, rejected.Reason),
        OrderLost => Finish(order, OrderState.Lost, "the venue never had it"),
        OrderOutcomeUnknown unknown => order with { State = OrderState.Unknown, Reason = unknown.Reason },
        _ => throw new InvalidOperationException($"no rule applies {happened.GetType().Name}"),
    };

    /// <summary>A fill counts even after the order ended (reports may overtake each other), but never brings it back to life.</summary>
    private static Order Fill(Order order, OrderFilled filled)
    {
        var total = order.Filled + filled.Quantity;
        var next = order with { Filled = total };
        if (order.IsFinished) return next;
        // The quantity of an order that closes a position is not known before the venue tells it; nor is that of one which may have been amended by now.
        return order.Quantity.Contracts > 0 && total >= order.Quantity && order.Pending != PendingChange.Amend ? Finish(next, OrderState.Filled, null) : next with { State = OrderState.Working };
    }

    private static Order Amend(Order order, OrderAmended amended)
    {
        var next = order with
        {
            Pending = order.Pending == PendingChange.Amend ? PendingChange.None : order.Pending,
            Price = amended.Price,
            Quantity = amended.Quantity,
            VenueTime = amended.VenueTime,
        };
        return !next.IsFinished && next.Filled >= next.Quantity ? Finish(next, OrderState.Filled, null) : next;
    }

    private static Order Refuse(Order order, OrderChangeRefused refused)
    {
        var next = order with { Pending = PendingChange.None, Reason = refused.Reason };
        return !next.IsFinished && next.Quantity.Contracts > 0 && next.Filled >= next.Quantity ? Finish(next, OrderState.Filled, null) : next;
    }

    private static Order Finish(Order order, OrderState state, string? reason) =>
        order with { State = state, Pending = PendingChange.None, Reason = reason };

    private OrderLedger Count(OrderFilled filled)
    {
        var executions = Executions.Add(filled.ExecutionId);
        var order = ExecutionOrder.Enqueue(filled.ExecutionId);
        if (executions.Count > ExecutionsMax)
        {
            order = order.Dequeue(out var oldest);
            executions = executions.Remove(oldest);
        }

        return this with { Executions = executions, ExecutionOrder = order, LastFillAt = LastFillAt > filled.VenueTime ? LastFillAt : filled.VenueTime };
    }

    private OrderLedger Place(bool wasFinished, Order order)
    {
        if (!order.IsFinished) return this with { Live = Live.SetItem(order.Id, order), Finished = wasFinished ? Finished.Remove(order.Id) : Finished };
        if (wasFinished) return this with { Finished = Finished.SetItem(order.Id, order) };
        var finished = Finished.SetItem(order.Id, order with { FinishedSequence = Sequence });
        var queue = FinishedOrder.Enqueue((order.Id, Sequence));
        while (finished.Count > FinishedMax)
        {
            queue = queue.Dequeue(out var oldest);
            // One that was taken back since, and perhaps ended again, stands further behind.
            if (finished.GetValueOrDefault(oldest.Id)?.FinishedSequence == oldest.Sequence) finished = finished.Remove(oldest.Id);
        }

        return this with { Live = Live.Remove(order.Id), Finished = finished, FinishedOrder = queue };
    }
}
