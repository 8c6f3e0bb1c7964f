using Actors.Domain.Sessions;

namespace Actors.Domain.Risk;

/// <summary>A gate that was closed, and why.</summary>
public sealed record ClosedGate(Gate Gate, string Reason);

/// <summary>What of a <see cref="RiskState"/> is journaled, at one moment: positions, orders and marks are taken anew from those who own them.</summary>
public sealed record RiskKept(IReadOnlyList<ClosedGate> ClosedGates) : StateKept;
