using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;

namespace Actors.Domain.Sessions;

/// <summary>
/// Something that an actor took from its mailbox and that can change what it decides. Journaled before what it led to, so that an auditor can feed
/// the same inputs in the same order; where the content stands elsewhere in the journal, by reference.
/// </summary>
public abstract record Input;

/// <summary>An input with the moment it was taken and the last frame that its actor had consumed then.</summary>
public sealed record TakenInput(DateTimeOffset At, Cursor Cursor, Input Input);

/// <summary>What an actor took since its last record, oldest first. The events that follow in the stream are what the last one of these led to.</summary>
public sealed record Consumed(IReadOnlyList<TakenInput> Inputs);

/// <summary>A part of the tree began, or began anew: what it knew and had not journaled is forgotten. First record of every incarnation.</summary>
public sealed record PartBegan(string SessionId, string Part);

/// <summary>
/// What a session's decisions are made by, beside their inputs: part of the manifest. <see cref="LostAfter"/> is the age from which a query that does not
/// find an order proves its loss, <see cref="RefusedPause"/> the wait of a strategy's slot that was refused.
/// </summary>
public sealed record SessionPlan(
    IReadOnlyList<StrategyParameters> Strategies,
    RiskLimits Limits,
    IReadOnlyList<Instrument> Instruments,
    TimeSpan LostAfter,
    TimeSpan RefusedPause);

/// <summary>The newest durable record of a stream: its number and its hash in lower-case hexadecimal.</summary>
public sealed record StreamHead(string Stream, long Sequence, string Hash);

/// <summary>
/// Ties the streams together: where each stood at one moment, the chronicle's own included. <see cref="Signature"/> (Base64) is the operator's over all of it,
/// made with the key that <see cref="KeyId"/> names; both null where no key was given.
/// </summary>
public sealed record Checkpoint(string SessionId, IReadOnlyList<StreamHead> Heads, string? KeyId, string? Signature) : SessionEvent;

/// <summary>
/// The beginning of a stream was removed by its retention: records 1 to <see cref="Sequence"/>, the last of which had this hash (lower-case hexadecimal). What is left is
/// verified from here on. <see cref="SessionId"/>: the session that wrote the last of them.
/// </summary>
public abstract record StreamPruned(string SessionId, string Stream, long Sequence, string Hash) : SessionEvent;

/// <summary>Of a session's frames.</summary>
/// <param name="Frames">How many went this time.</param>
/// <param name="From">When the first of them was received.</param>
/// <param name="To">When the last of their records was written.</param>
public sealed record FramesPruned(string SessionId, string Stream, long Sequence, string Hash, long Frames, DateTimeOffset From, DateTimeOffset To)
    : StreamPruned(SessionId, Stream, Sequence, Hash);

/// <summary>Of a stream of decisions. The first record left is a state that says all that the removed ones added up to; the sessions that they were of cannot be decided again.</summary>
/// <param name="From">When the first of them was written.</param>
/// <param name="To">When the state that follows them was written.</param>
public sealed record DecisionsPruned(string SessionId, string Stream, long Sequence, string Hash, DateTimeOffset From, DateTimeOffset To)
    : StreamPruned(SessionId, Stream, Sequence, Hash);
