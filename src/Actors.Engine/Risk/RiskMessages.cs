using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;

namespace Actors.Engine.Risk;

/// <summary>The door's protocol.</summary>
public static class RiskMessages
{
    /// <summary>What a strategy wants by one decision; each comes out as an order, or as <see cref="Refused"/> to the strategy.</summary>
    public sealed record Judge(IReadOnlyList<Intent> Intents);

    public sealed record Refused(Intent Intent, string Reason);

    /// <summary>Door: the one that is meant, of <see cref="DoorChanged"/>. Another takes no notice: what was proved for the one before it proves nothing for it.</summary>
    public sealed record CloseGate(Gate Gate, string Reason, int Door);

    /// <inheritdoc cref="CloseGate"/>
    public sealed record OpenGate(Gate Gate, int Door);

    /// <summary>
    /// Told to strategies and the engine: whether anything may be sent, and if not, why. <see cref="Latched"/>: open, and yet only what reduces passes, for the
    /// whole account; null when nothing is latched for all of it.
    /// </summary>
    public sealed record DoorChanged(bool IsOpen, string Reason)
    {
        /// <summary>Which of the session's doors it is, from 1: each beginning of the part is another.</summary>
        public required int Door { get; init; }

        public string? Latched { get; init; }
    }

    /// <summary>A strategy asks how the door stands, behind everything that it sent through the door; the answer to its orders follows the same way.</summary>
    public sealed record Synchronise(string StrategyId, long SinceSequence);

    /// <summary>A person's command; answered with <see cref="Shown"/> when it is durable.</summary>
    public sealed record Operate(OperatorVerb Verb, string Reason, IReadOnlyList<string> Latches);

    /// <summary>Answered with <see cref="Shown"/>.</summary>
    public sealed record Show;

    public sealed record Shown(RiskPicture Picture);

    /// <summary>What would the door say to this order? Price in quote units, null for a market order; answered with <see cref="Examined"/>.</summary>
    public sealed record Examine(Symbol Symbol, Side Side, Quantity Quantity, decimal? Price, string StrategyId);

    public sealed record Examined(string? Refusal, IReadOnlyList<LimitFinding> Findings);
}
