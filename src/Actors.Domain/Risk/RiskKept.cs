using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Sessions;

namespace Actors.Domain.Risk;

/// <summary>A gate that is closed, why, and since when; older builds did not keep when.</summary>
public sealed record ClosedGate(Gate Gate, string Reason, DateTimeOffset? Since);

/// <summary>The action of a limit that is in force.</summary>
public sealed record LimitInForce(string Name, RiskAction Action);

/// <summary>A strategy's own position in one instrument, and its commission of the day.</summary>
public sealed record StrategyHolding(string StrategyId, Symbol Symbol, Position Position, long Fees);

/// <summary>An order of the door itself, and the latch that it works for.</summary>
public sealed record ReducingOrder(ClientOrderId Id, string Latch);

/// <summary>
/// A <see cref="RiskMemory"/> at one moment, every list in the order of its names: positions of the account, orders and marks are taken anew from those who own
/// them.
/// </summary>
public sealed record RiskKept(IReadOnlyList<ClosedGate> ClosedGates) : StateKept
{
    public IReadOnlyList<Latch> Latches { get; init; } = [];

    public IReadOnlyList<LimitInForce> InForce { get; init; } = [];

    public IReadOnlyList<ClearedLatch> Forgiven { get; init; } = [];

    public IReadOnlyList<ProfitRebased> Rebased { get; init; } = [];

    public DateOnly? Day { get; init; }

    public IReadOnlyList<ProfitStart> Starts { get; init; } = [];

    public IReadOnlyList<PeakRaised> Peaks { get; init; } = [];

    public IReadOnlyList<StrategyHolding> Strategies { get; init; } = [];

    public IReadOnlyList<ReducingOrder> Reducing { get; init; } = [];

    public long LastFill { get; init; }

    public string CounterSession { get; init; } = "";

    public long Counter { get; init; }
}
