using System.Collections.Immutable;
using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Domain.Positions;

/// <summary>A position with the executions already counted into it. Immutable.</summary>
public sealed record PositionLedger
{
    /// <summary>Execution identifiers kept; beyond it the oldest are forgotten. A restart asks the venue for far fewer.</summary>
    public const int ExecutionsMax = 20_000;

    public static readonly PositionLedger Empty = new();

    public Position Position { get; private init; } = Position.Flat;

    public long Fills { get; private init; }

    /// <summary>The venue's time of the newest execution counted; null before the first.</summary>
    public DateTimeOffset? LastExecutionAt { get; private init; }

    /// <summary>Whether the venue's own position has ever been taken over or built on.</summary>
    public bool IsEmpty => LastExecutionAt is null && Position == Position.Flat;

    private ImmutableHashSet<string> Executions { get; init; } = [];

    private ImmutableQueue<string> ExecutionOrder { get; init; } = [];

    /// <summary>All of it, so that <see cref="Restore"/> makes a ledger that does the same for ever after.</summary>
    public PositionKept Keep() => new(Position, Fills, LastExecutionAt, [.. ExecutionOrder]);

    public static PositionLedger Restore(PositionKept kept) => new()
    {
        Position = kept.Position,
        Fills = kept.Fills,
        LastExecutionAt = kept.LastExecutionAt,
        Executions = [.. kept.Executions],
        ExecutionOrder = [.. kept.Executions],
    };

    /// <summary>What an execution means: one event, or none when it is known or moves no position.</summary>
    public PositionEvent? Decide(ExecutionReport execution)
    {
        if (Executions.Contains(execution.ExecutionId)) return null;
        return execution switch
        {
            { Kind: ExecutionKind.Trade or ExecutionKind.Liquidation or ExecutionKind.Bankruptcy or ExecutionKind.Settlement, Side: { } side, LastPrice: { } price, LastQuantity.Contracts: > 0 } =>
                new PositionFilled(execution.ExecutionId, Quantity.Signed(side, execution.LastQuantity), price, execution.Cost, execution.Commission, execution.Timestamp),
            { Kind: ExecutionKind.Funding } => new PositionCharged(execution.ExecutionId, nameof(ExecutionKind.Funding), execution.Commission, execution.Timestamp),
            _ => null,
        };
    }

    /// <summary>Whether the venue has just what we have, to the minor unit of its cost.</summary>
    public bool Agrees(PositionCompared venue) => venue.Quantity == Position.Quantity && venue.UnrealisedCost == Position.UnrealisedCost;

    /// <summary>
    /// What the venue's own position means: it is taken over where it differs, and none where that may only be because the two are not of the same instant: while
    /// trades go on, taking over an older one would undo a fill that has been counted.
    /// </summary>
    public PositionAdopted? Decide(PositionCompared venue) =>
        Agrees(venue) || !venue.Quiet || LastExecutionAt > (venue.NewestExecutionAt ?? DateTimeOffset.MinValue)
            ? null
            : new PositionAdopted(
                venue.Quantity,
                venue.UnrealisedCost,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ours {Position.Quantity} at cost {Position.UnrealisedCost}, the venue has {venue.Quantity} at cost {venue.UnrealisedCost}"));

    public PositionLedger Apply(PositionEvent happened) => happened switch
    {
        PositionFilled filled => Count(filled.ExecutionId, filled.VenueTime) with
        {
            Position = Position.Fill(filled.Change, filled.Cost, filled.Commission),
            Fills = Fills + 1,
        },
        PositionCharged charged => Count(charged.ExecutionId, charged.VenueTime) with { Position = Position.Pay(charged.Amount) },
        PositionAdopted adopted => this with { Position = Position with { Quantity = adopted.Quantity, UnrealisedCost = adopted.UnrealisedCost } },
        _ => throw new InvalidOperationException($"no rule applies {happened.GetType().Name}"),
    };

    private PositionLedger Count(string executionId, DateTimeOffset at)
    {
        var executions = Executions.Add(executionId);
        var order = ExecutionOrder.Enqueue(executionId);
        if (executions.Count > ExecutionsMax)
        {
            order = order.Dequeue(out var oldest);
            executions = executions.Remove(oldest);
        }

        return this with { Executions = executions, ExecutionOrder = order, LastExecutionAt = LastExecutionAt > at ? LastExecutionAt : at };
    }
}
