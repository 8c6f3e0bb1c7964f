using Actors.Domain.Sessions;

namespace Actors.Domain.Positions;

/// <summary>A <see cref="PositionLedger"/> at one moment; executions oldest first, at most <see cref="PositionLedger.ExecutionsMax"/>.</summary>
public sealed record PositionKept(Position Position, long Fills, DateTimeOffset? LastExecutionAt, IReadOnlyList<string> Executions) : StateKept;
