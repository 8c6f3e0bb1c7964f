using Actors.Domain.Sessions;

namespace Actors.Domain.Strategies;

/// <summary>What of a <see cref="StrategyMind"/> is journaled, at one moment: its memory, and the highest counter used for an identifier in that session.</summary>
public sealed record StrategyKept(StrategyMemory Memory, string SessionId, long Counter) : StateKept;
