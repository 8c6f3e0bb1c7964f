using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>A reason why nothing new may be sent. Each is closed and opened on its own; the door is open when all are.</summary>
public enum Gate
{
    /// <summary>Closed on every start until the session has reconciled: a restarted door cannot prove that it was open.</summary>
    Start = 1,
    Connection = 2,
    Switch = 3,
    Reconciliation = 4,
    Journal = 5,
    Stopping = 6,
    Operator = 7,
}

/// <summary>Something that risk decided; journaled.</summary>
public abstract record RiskEvent;

public sealed record GateClosed(Gate Gate, string Reason) : RiskEvent;

public sealed record GateOpened(Gate Gate) : RiskEvent;

/// <summary>An intent that was refused: the limit, the value and the bound, in words.</summary>
public sealed record IntentRefused(Intent Intent, string Reason) : RiskEvent;

/// <summary>An intent that passed the door; what of it became an order stands in the orders' stream.</summary>
public sealed record IntentApproved(Intent Intent) : RiskEvent;
