using Actors.Domain.Reconciliation;

namespace Actors.Domain.Sessions;

/// <summary>Something that happened to a session as a whole: the chronicle that an auditor reads first. Journaled.</summary>
public abstract record SessionEvent;

/// <summary>The manifest: what ran, with what configuration, on which account. First link of the session's chain.</summary>
public sealed record SessionStarted(string SessionId, string Account, string Dialect, string CodeVersion, string Settings) : SessionEvent
{
    /// <summary>Strategies, limits, instruments and timings; null in manifests that were written before they were journaled.</summary>
    public SessionPlan? Plan { get; init; }
}

public sealed record PhaseChanged(string SessionId, string Phase, string? Reason) : SessionEvent;

/// <summary>The dead man's switch changed its state.</summary>
public sealed record SwitchMoved(string State, string Reason) : SessionEvent;

/// <summary>The journal itself proved alive for this beat: a beat goes out only after this record is durable.</summary>
public sealed record BeatProved(long Beat) : SessionEvent;

public sealed record Reconciled(ReconciliationReport Report) : SessionEvent;

/// <summary>A part of the tree failed and was restarted, and what its peers were told.</summary>
public sealed record PartRestarted(string Part, string Failure, string Told) : SessionEvent;

/// <summary>Engine and venue do not agree on an amount, and nothing was on its way that could explain it: both numbers, in words.</summary>
public sealed record DifferenceFound(string Subject, string Ours, string Theirs) : SessionEvent;

public sealed record SessionEnded(string SessionId, string Outcome, int OrdersLeft) : SessionEvent;
