using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Engine.Positions;

namespace Actors.Engine.Orders;

/// <summary>The protocol of the orders and their gateway.</summary>
public static class OrderMessages
{
    /// <summary>Risk lets intents of one decision pass: the only way an order begins, changes or is cancelled. At: when it did; the life of the requests begins then.</summary>
    public sealed record Execute(IReadOnlyList<ApprovedIntent> Approved, DateTimeOffset At);

    public sealed record OrderReported(Cursor Cursor, OrderReport Report);

    public sealed record ExecutionReported(Cursor Cursor, ExecutionReport Report);

    /// <summary>Told to the order's strategy and to risk after every event, durable already. Sequence: of the ledger that held the order so.</summary>
    public sealed record Updated(Order Order, OrderEvent Event, long Sequence);

    /// <summary>An approved intent came to nothing: there was nothing left to change.</summary>
    public sealed record Dropped(Intent Intent, string Reason);

    /// <summary>A strategy asks for its orders; answered with <see cref="StrategyOrders"/>.</summary>
    public sealed record Synchronise(string StrategyId, long SinceSequence);

    /// <summary>Every live order of the strategy, and those that finished after the sequence it named, oldest first.</summary>
    public sealed record StrategyOrders(IReadOnlyList<Order> Live, IReadOnlyList<Order> FinishedSince, long Sequence);

    /// <summary>Told to risk and all strategies when the orders have recovered, and to whoever asks: what they knew may be out of date.</summary>
    public sealed record Recovered(IReadOnlyList<Order> Live, long Sequence);

    /// <summary>Tell me every live order; answered with <see cref="Recovered"/>.</summary>
    public sealed record AskLive;

    /// <summary>Cancel every live order, again and again until none is left; each time none is left the engine is told <see cref="NoneLeft"/>.</summary>
    public sealed record CancelAll(string Reason);

    public sealed record NoneLeft;

    /// <summary>Which of these are orders of this account's journal, of this session or an earlier one; answered with <see cref="Recognised"/>.</summary>
    public sealed record Recognise(IReadOnlyList<ClientOrderId> Ids);

    public sealed record Recognised(int Ours);

    /// <summary>Compare with what the venue said while this connection was live; answered to the engine with <see cref="Compared"/>.</summary>
    public sealed record Compare(VenueSnapshot Venue, int Round, int Connection);

    public sealed record Compared(IReadOnlyList<ReconciliationRow> Rows, int Round);

    /// <summary>Orders and positions have counted every execution until then.</summary>
    public sealed record Reconciled(DateTimeOffset Until);

    /// <summary>
    /// Whoever asks wants to be sure that everything the stream told before has been counted: the orders pass it on to every position behind all that they told them, and each
    /// position answers the asker with <see cref="PositionMessages.Drained"/>.
    /// </summary>
    public sealed record Drain(long Token);

    /// <summary>From when on executions are missing; answered with <see cref="ExecutionsKnown"/>.</summary>
    public sealed record AskExecutionsKnown;

    public sealed record ExecutionsKnown(DateTimeOffset? Until);

    internal abstract record Request
    {
        /// <summary>At: when risk let it pass.</summary>
        internal sealed record Place(OrderTerms Terms, DateTimeOffset At) : Request;

        internal sealed record Amend(ClientOrderId Id, Symbol Symbol, OrderChange Change, DateTimeOffset At) : Request;

        internal sealed record Cancel(ClientOrderId Id) : Request;

        internal sealed record Find(ClientOrderId Id) : Request;

        internal sealed record FindExecutions(DateTimeOffset Since) : Request;
    }

    internal sealed record Placed(ClientOrderId Id, OrderEntryOutcome Outcome);

    internal sealed record Changed(ClientOrderId Id, OrderEntryOutcome Outcome);

    /// <summary>A query's answer; a failure to get one carries its reason and says nothing about the order.</summary>
    internal sealed record Looked(ClientOrderId Id, OrderReport? Report, string? Failure, DateTimeOffset AskedAt);

    /// <summary>All executions since a moment, asked for because orders miss some, or why they could not be had.</summary>
    internal sealed record ExecutionsFound(IReadOnlyList<ExecutionReport> Executions, string? Failure);

    internal sealed record GatewayRestarted;
}

/// <summary>
/// What the venue says of the whole account. Orders that changed after <see cref="AskedAt"/> are not judged by it. <see cref="IsQuiet"/>: no execution came
/// while positions were asked for, so that the executions add up to these positions.
/// </summary>
public sealed record VenueSnapshot(
    DateTimeOffset AskedAt,
    IReadOnlyList<ExecutionReport> Executions,
    IReadOnlyList<OrderReport> OpenOrders,
    IReadOnlyList<PositionReport> Positions,
    bool IsQuiet = true);
