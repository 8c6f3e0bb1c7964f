using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;

namespace Actors.Engine.Positions;

/// <summary>A position's protocol.</summary>
public static class PositionMessages
{
    /// <summary>An execution, from the orders, which have made it durable for themselves. May repeat.</summary>
    public sealed record Executed(Cursor Cursor, ExecutionReport Report);

    /// <summary>The venue's own row of this position.</summary>
    public sealed record VenueSays(Cursor Cursor, PositionReport Report);

    /// <summary>
    /// Compare with the venue's row (null: the venue has none, so flat) after the executions it sent along; answered to the engine with <see cref="Compared"/>.
    /// <see cref="Quiet"/>: no execution came between the question for executions and that for positions, so that a difference is real unless we have counted an
    /// execution newer than <see cref="NewestExecutionAt"/> meanwhile.
    /// </summary>
    public sealed record Compare(PositionReport? Venue, bool Quiet, DateTimeOffset? NewestExecutionAt);

    public sealed record Compared(ReconciliationRow Row);

    /// <summary>
    /// Told to risk and to the strategies of the instrument after every change, durable already. Leverage: the owner's, zero for cross margin. IsAdopted: the
    /// venue's position was taken over.
    /// </summary>
    public sealed record Changed(Symbol Symbol, Position Position, decimal Leverage, bool IsAdopted)
    {
        public Quantity Quantity => Position.Quantity;
    }

    /// <summary>Tell me the position again; answered with <see cref="Changed"/>.</summary>
    public sealed record Ask;
}
