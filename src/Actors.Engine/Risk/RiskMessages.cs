using Actors.Domain.Risk;
using Actors.Domain.Strategies;

namespace Actors.Engine.Risk;

/// <summary>The door's protocol.</summary>
public static class RiskMessages
{
    /// <summary>A strategy's intent; comes out as an order, or as <see cref="Refused"/> to the strategy.</summary>
    public sealed record Judge(Intent Intent);

    public sealed record Refused(Intent Intent, string Reason);

    public sealed record CloseGate(Gate Gate, string Reason);

    public sealed record OpenGate(Gate Gate);

    /// <summary>Told to strategies and the engine: whether anything new may be sent, and if not, why.</summary>
    public sealed record DoorChanged(bool IsOpen, string Reason);

    /// <summary>A strategy asks how the door stands, behind everything that it sent through the door; the answer to its orders follows the same way.</summary>
    public sealed record Synchronise(string StrategyId, long SinceSequence);
}
