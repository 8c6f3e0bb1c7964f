using Actors.Domain.Instruments;
using Actors.Domain.Orders;
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

    /// <summary>Kept for journals of older builds: an operator's halt is a latch now.</summary>
    Operator = 7,
}

/// <summary>Something that risk decided; journaled.</summary>
public abstract record RiskEvent;

public sealed record GateClosed(Gate Gate, string Reason) : RiskEvent;

public sealed record GateOpened(Gate Gate) : RiskEvent;

/// <summary>
/// What was measured against which limit. <see cref="Value"/> is null when it could not be known, and <see cref="Inputs"/> then say why; else they are what it was
/// computed from.
/// </summary>
public sealed record LimitFinding(LimitKind Kind, LimitScope Scope, decimal? Value, decimal Bound, string Inputs);

/// <summary>An intent that was refused, in words; with the limit it would have passed, unless it was no limit that refused it.</summary>
public sealed record IntentRefused(Intent Intent, string Reason) : RiskEvent
{
    public LimitFinding? Finding { get; init; }
}

/// <summary>An intent that passed the door; what of it became an order stands in the orders' stream.</summary>
public sealed record IntentApproved(Intent Intent) : RiskEvent;

/// <summary>A limit's level was passed, and this is what is done. Latched from <see cref="RiskAction.ReduceOnly"/> on.</summary>
public sealed record LimitPassed(RiskAction Action, LimitFinding Finding) : RiskEvent
{
    public string Name => LimitNames.Of(Finding.Kind, Finding.Scope);
}

/// <summary>The value is well within a level again; what is still in force, null for nothing. What is latched never returns by itself.</summary>
public sealed record LimitReturned(LimitKind Kind, LimitScope Scope, RiskAction? Still) : RiskEvent;

/// <summary>Profit at the beginning of a day, in minor units: of an instrument's position, or of a strategy's.</summary>
public sealed record ProfitStart(Symbol? Symbol, string? StrategyId, long Profit);

/// <summary>A day of UTC began: losses and fees of a day count from here.</summary>
public sealed record RiskDayBegan(DateOnly Day, IReadOnlyList<ProfitStart> Starts) : RiskEvent;

/// <summary>Profit in a currency is at a new height. Small steps are not journaled: see <see cref="RiskWatch.PeakSteps"/>.</summary>
public sealed record PeakRaised(Currency Currency, long Peak) : RiskEvent;

/// <summary>A position was taken over from the venue: this much, in minor units, is taken off its profit so that nothing is won or lost by that.</summary>
public sealed record ProfitRebased(Symbol Symbol, long Amount) : RiskEvent;

/// <summary>
/// A fill, once each, and whose it is: the order's strategy, or the one that an order of the door itself closes a position for. Change signed, money in minor
/// units; the sequence is the orders' of that moment.
/// </summary>
public sealed record FillCounted(ClientOrderId Id, string StrategyId, Symbol Symbol, Quantity Change, long Cost, long Commission, long Sequence) : RiskEvent;

/// <summary>An operator halted the account: latched.</summary>
public sealed record OperatorHalted(string Reason) : RiskEvent;

/// <summary>A latch that an operator cleared. What had been lost by then, in the limit's unit, does not count against it any more.</summary>
public sealed record ClearedLatch(string Name, decimal Forgiven);

public sealed record LatchesCleared(string Reason, IReadOnlyList<ClearedLatch> Latches) : RiskEvent;

/// <summary>Orders to place and cancel because of a latch, to be judged by the door like any other. The counter numbers this session's identifiers.</summary>
public sealed record ReductionDecided(string Latch, IReadOnlyList<Intent> Intents, string SessionId, long Counter, int Attempt) : RiskEvent;

/// <summary>What a latch asked to flatten is flat, or has been tried often enough: a person has to look.</summary>
public sealed record FlattenEnded(string Latch, bool IsFlat, string Words) : RiskEvent;
