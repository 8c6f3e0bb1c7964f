using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Akka.Actor;

namespace Actors.Engine.Positions;

/// <summary>A position's protocol.</summary>
public static class PositionMessages
{
    /// <summary>An execution, from the orders, which have made it durable for themselves. May repeat.</summary>
    public sealed record Executed(Cursor Cursor, ExecutionReport Report)
    {
        /// <summary>
        /// When the venue was asked, where it is one of all that were executed for a while, told in their order: for a position that began before, none is missing between them.
        /// Any other may come before older ones that were lost.
        /// </summary>
        public DateTimeOffset? ComparedAt { get; init; }
    }

    /// <summary>The venue's own row of this position.</summary>
    public sealed record VenueSays(Cursor Cursor, PositionReport Report);

    /// <summary>
    /// Compare with the venue's row (null: the venue has none, so flat) after the executions it sent along; answered to the engine with <see cref="Compared"/>.
    /// <see cref="Quiet"/>: no execution came between the question for executions and that for positions, so that a difference is real unless we have counted an
    /// execution newer than <see cref="NewestExecutionAt"/> meanwhile.
    /// </summary>
    public sealed record Compare(PositionReport? Venue, bool Quiet, DateTimeOffset? NewestExecutionAt)
    {
        /// <summary>When the venue was asked: by a position that began anew since, it is not answered, because executions that came before it may have been lost with a message.</summary>
        public DateTimeOffset AskedAt { get; init; }
    }

    /// <summary>The answer to a <see cref="Compare"/> with this <see cref="Compare.AskedAt"/>: one to an earlier comparison, which was given up, says nothing about a later.</summary>
    public sealed record Compared(ReconciliationRow Row, DateTimeOffset AskedAt);

    /// <summary>
    /// Told to risk and to the strategies of the instrument after every change, durable already. Leverage: the owner's, zero for cross margin. IsAdopted: the
    /// venue's position was taken over.
    /// </summary>
    public sealed record Changed(Symbol Symbol, Position Position, decimal Leverage, bool IsAdopted)
    {
        /// <summary>The execution that this change is; null for any other change, and where it was asked for.</summary>
        public string? ExecutionId { get; init; }

        public Quantity Quantity => Position.Quantity;
    }

    /// <summary>Told to the account after every change, durable already, and when it asks. LastExecutionAt: the venue's time of the newest execution counted.</summary>
    public sealed record Counted(Symbol Symbol, Position Position, DateTimeOffset? LastExecutionAt);

    /// <summary>The account asks for <see cref="Counted"/>.</summary>
    public sealed record AskCounted;

    /// <summary>Passed on by the orders; answered to the asker. NewestReportAt: the venue's time of the newest report of an order of this instrument that they had heard.</summary>
    public sealed record Drain(long Token, DateTimeOffset NewestReportAt, IActorRef Asker);

    /// <summary>Everything that the stream had told of this instrument when it was asked for is counted; nothing that is counted is newer than <see cref="NewestAt"/>, by the venue's time.</summary>
    public sealed record Drained(Symbol Symbol, long Token, DateTimeOffset NewestAt);

    /// <summary>Tell me the position again; answered with <see cref="Changed"/>.</summary>
    public sealed record Ask;
}
