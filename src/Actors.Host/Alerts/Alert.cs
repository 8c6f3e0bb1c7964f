namespace Actors.Host.Alerts;

/// <summary>What an operator is told of without asking. Each kind has a rate limit of its own, so that a storm of one hides no other.</summary>
internal enum AlertKind
{
    /// <summary>Trading stopped by itself; the session goes on and tries to prove that it may trade again.</summary>
    Halted = 1,

    Resumed = 2,

    /// <summary>The dead man's switch was not renewed in time and will fire.</summary>
    SwitchLate = 3,

    /// <summary>The venue may have cancelled every order of the account.</summary>
    SwitchFired = 4,

    PartRestarted = 5,

    /// <summary>Engine and venue did not agree on orders, positions or money.</summary>
    ReconciliationDifferences = 6,

    KeyRefused = 7,

    /// <summary>A limit's level was passed, an operator halted, or a position is beyond its bound.</summary>
    RiskBreach = 8,

    /// <summary>The session stopped and orders are, or may be, left at the venue.</summary>
    OrdersLeft = 9,

    /// <summary>The session stopped with a problem, and without orders left.</summary>
    StoppedWithProblem = 10,

    /// <summary>The run before this one did not end by itself.</summary>
    CrashRecovery = 11,
}

/// <summary>One alert: when, what, and in one line why.</summary>
internal sealed record Alert(DateTimeOffset At, AlertKind Kind, string Session, string Text)
{
    /// <summary>Whether somebody should look now; the others are told for completeness.</summary>
    public bool IsUrgent => Kind != AlertKind.Resumed;
}
