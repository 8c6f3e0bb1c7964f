using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>
/// A breach that holds until an operator clears it. <see cref="Attempts"/> counts the orders placed to flatten; <see cref="HasEnded"/>: all is flat, or was given up.
/// </summary>
public sealed record Latch(string Name, LimitScope Scope, RiskAction Action, string Words, DateTimeOffset At)
{
    public int Attempts { get; init; }

    public bool HasEnded { get; init; }
}

/// <summary>
/// What the door remembers over restarts: everything here is what its journal adds up to, and nothing else. Not thread-safe; owned by one actor.
/// </summary>
public sealed class RiskMemory
{
    private readonly SortedDictionary<string, Latch> _latches = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Gate, ClosedGate> _gates = [];
    private readonly Dictionary<string, RiskAction> _passed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _forgiven = new(StringComparer.Ordinal);
    private readonly Dictionary<Symbol, long> _rebased = [];
    private readonly Dictionary<(Symbol? Symbol, string? StrategyId), long> _starts = [];
    private readonly Dictionary<Currency, long> _peaks = [];
    private readonly SortedDictionary<string, StrategyBook> _strategies = new(StringComparer.Ordinal);
    private readonly Dictionary<ClientOrderId, string> _reducing = [];

    /// <summary>Latches by name.</summary>
    public IReadOnlyDictionary<string, Latch> Latches => _latches;

    public IReadOnlyDictionary<Gate, ClosedGate> ClosedGates => _gates;

    /// <summary>The day that losses and fees are counted in; null before the first.</summary>
    public DateOnly? Day { get; private set; }

    /// <summary>The orders' sequence number of the newest fill that was counted.</summary>
    public long LastFill { get; private set; }

    /// <summary>The session and counter of the newest identifier that the door itself gave an order.</summary>
    public (string SessionId, long Counter) Counter { get; private set; } = ("", 0);

    /// <summary>Whether anything was ever journaled.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Strategies whose fills have been counted, by identifier.</summary>
    public IReadOnlyDictionary<string, StrategyBook> Strategies => _strategies;

    public void Apply(RiskEvent happened, DateTimeOffset at)
    {
        IsEmpty = false;
        switch (happened)
        {
            case GateClosed closed:
                _gates[closed.Gate] = new ClosedGate(closed.Gate, closed.Reason, _gates.TryGetValue(closed.Gate, out var before) ? before.Since : at);
                break;
            case GateOpened opened:
                _gates.Remove(opened.Gate);
                break;
            case LimitPassed passed:
                Pass(passed, at);
                break;
            case LimitReturned returned:
                Return(returned);
                break;
            case RiskDayBegan began:
                Begin(began);
                break;
            case PeakRaised raised:
                _peaks[raised.Currency] = raised.Peak;
                _forgiven.Remove(LimitNames.Of(LimitKind.Drawdown, LimitScope.Of(raised.Currency)));
                break;
            case ProfitRebased rebased:
                _rebased[rebased.Symbol] = RebasedOf(rebased.Symbol) + rebased.Amount;
                break;
            case FillCounted fill:
                LastFill = fill.Sequence;
                BookOf(fill.StrategyId).Fill(fill);
                if (_reducing.TryGetValue(fill.Id, out var reducing) && _latches.TryGetValue(reducing, out var filled)) _latches[reducing] = filled with { Attempts = 0 };
                break;
            case OperatorHalted halted:
                var name = LimitNames.Of(LimitKind.Operator);
                _latches[name] = new Latch(name, LimitScope.Account, RiskAction.ReduceOnly, halted.Reason, at);
                break;
            case LatchesCleared cleared:
                foreach (var one in cleared.Latches) Clear(one);
                break;
            case ReductionDecided decided:
                Reduce(decided);
                break;
            case FlattenEnded ended when _latches.TryGetValue(ended.Latch, out var latch):
                _latches[ended.Latch] = latch with { HasEnded = true };
                break;
        }
    }

    /// <summary>The highest action of a limit that is in force now, latched or not; null when its value is within every level.</summary>
    public RiskAction? PassedOf(string name) => _passed.TryGetValue(name, out var action) ? action : null;

    public decimal ForgivenOf(string name) => _forgiven.GetValueOrDefault(name);

    public long RebasedOf(Symbol symbol) => _rebased.GetValueOrDefault(symbol);

    /// <summary>Profit at the beginning of the day; zero for what was not there yet.</summary>
    public long StartOf(Symbol symbol) => _starts.GetValueOrDefault((symbol, null));

    public long StartOf(string strategyId) => _starts.GetValueOrDefault((null, strategyId));

    public long? PeakOf(Currency currency) => _peaks.TryGetValue(currency, out var peak) ? peak : null;

    /// <summary>The strategy that an order of the door itself works for; null where it works for the account.</summary>
    public string? ReducesFor(ClientOrderId id) => _reducing.TryGetValue(id, out var latch) ? _latches.GetValueOrDefault(latch)?.Scope.StrategyId : null;

    /// <summary>The door begins, or begins anew: gates of an earlier run say nothing about this one, but for an old operator's.</summary>
    internal void BeginAnew(DateTimeOffset at)
    {
        foreach (var gate in _gates.Keys.Where(gate => gate != Gate.Operator).ToList()) _gates.Remove(gate);
        _gates[Gate.Start] = new ClosedGate(Gate.Start, "not reconciled since the door started", at);
    }

    /// <summary>All of it, so that <see cref="Restore"/> makes a memory that does the same for ever after.</summary>
    public RiskKept Keep() => new([.. _gates.Values])
    {
        Latches = [.. _latches.Values],
        InForce = [.. _passed.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new LimitInForce(one.Key, one.Value))],
        Forgiven = [.. _forgiven.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new ClearedLatch(one.Key, one.Value))],
        Rebased = [.. _rebased.OrderBy(one => one.Key).Select(one => new ProfitRebased(one.Key, one.Value))],
        Day = Day,
        Starts = [.. _starts.OrderBy(one => one.Key.Symbol?.Value, StringComparer.Ordinal).ThenBy(one => one.Key.StrategyId, StringComparer.Ordinal)
            .Select(one => new ProfitStart(one.Key.Symbol, one.Key.StrategyId, one.Value))],
        Peaks = [.. _peaks.OrderBy(one => one.Key.Code, StringComparer.Ordinal).Select(one => new PeakRaised(one.Key, one.Value))],
        Strategies = [.. _strategies.SelectMany(one => one.Value.Positions.Select(held => new StrategyHolding(one.Key, held.Key, held.Value, one.Value.FeesOf(held.Key))))],
        Reducing = [.. _reducing.OrderBy(one => one.Key.Value, StringComparer.Ordinal).Select(one => new ReducingOrder(one.Key, one.Value))],
        LastFill = LastFill,
        CounterSession = Counter.SessionId,
        Counter = Counter.Counter,
    };

    /// <summary>Takes over what was kept; whatever was remembered before is forgotten.</summary>
    public void Restore(RiskKept kept)
    {
        _gates.Clear();
        foreach (var gate in kept.ClosedGates) _gates[gate.Gate] = gate;
        _latches.Clear();
        foreach (var latch in kept.Latches) _latches[latch.Name] = latch;
        Fill(_passed, kept.InForce, one => one.Name, one => one.Action);
        Fill(_forgiven, kept.Forgiven, one => one.Name, one => one.Forgiven);
        Fill(_rebased, kept.Rebased, one => one.Symbol, one => one.Amount);
        Fill(_starts, kept.Starts, one => (one.Symbol, one.StrategyId), one => one.Profit);
        Fill(_peaks, kept.Peaks, one => one.Currency, one => one.Peak);
        Fill(_reducing, kept.Reducing, one => one.Id, one => one.Latch);
        _strategies.Clear();
        foreach (var held in kept.Strategies) BookOf(held.StrategyId).Restore(held);
        (Day, LastFill, Counter, IsEmpty) = (kept.Day, kept.LastFill, (kept.CounterSession, kept.Counter), false);

        static void Fill<TKey, TValue, TKept>(Dictionary<TKey, TValue> table, IReadOnlyList<TKept> kept, Func<TKept, TKey> key, Func<TKept, TValue> value)
            where TKey : notnull
        {
            table.Clear();
            foreach (var one in kept) table[key(one)] = value(one);
        }
    }

    private void Pass(LimitPassed passed, DateTimeOffset at)
    {
        var name = passed.Name;
        if (!_passed.TryGetValue(name, out var before) || before < passed.Action) _passed[name] = passed.Action;
        if (passed.Action < RiskAction.ReduceOnly) return;
        if (_latches.TryGetValue(name, out var latch) && latch.Action >= passed.Action) return;
        _latches[name] = new Latch(name, passed.Finding.Scope, passed.Action, LimitWords.Of(passed.Finding), at);
    }

    private void Return(LimitReturned returned)
    {
        var name = LimitNames.Of(returned.Kind, returned.Scope);
        if (returned.Still is { } still) _passed[name] = still;
        else _passed.Remove(name);
    }

    private void Begin(RiskDayBegan began)
    {
        Day = began.Day;
        _starts.Clear();
        foreach (var start in began.Starts) _starts[(start.Symbol, start.StrategyId)] = start.Profit;
        foreach (var book in _strategies.Values) book.BeginDay();
        foreach (var name in _forgiven.Keys.Where(IsDaily).ToList()) _forgiven.Remove(name);
    }

    private static bool IsDaily(string name) =>
        name.StartsWith(LimitNames.Of(LimitKind.DailyLoss), StringComparison.Ordinal) || name.StartsWith(LimitNames.Of(LimitKind.FeesPerDay), StringComparison.Ordinal);

    private void Clear(ClearedLatch cleared)
    {
        _latches.Remove(cleared.Name);
        foreach (var id in _reducing.Where(one => one.Value == cleared.Name).Select(one => one.Key).ToList()) _reducing.Remove(id);
        _passed.Remove(cleared.Name);
        if (cleared.Forgiven != 0) _forgiven[cleared.Name] = ForgivenOf(cleared.Name) + cleared.Forgiven;
    }

    private void Reduce(ReductionDecided decided)
    {
        Counter = (decided.SessionId, decided.Counter);
        if (!_latches.TryGetValue(decided.Latch, out var latch)) return;
        _latches[decided.Latch] = latch with { Attempts = decided.Attempt };
        foreach (var place in decided.Intents.OfType<PlaceIntent>()) _reducing[place.Terms.Id] = decided.Latch;
    }

    private StrategyBook BookOf(string strategyId)
    {
        if (!_strategies.TryGetValue(strategyId, out var book)) _strategies[strategyId] = book = new StrategyBook();
        return book;
    }
}

/// <summary>What a strategy's own fills add up to, whatever else the account holds. Money in minor units of each instrument's settlement currency.</summary>
public sealed class StrategyBook
{
    private readonly SortedDictionary<Symbol, Position> _positions = [];
    private readonly Dictionary<Symbol, long> _fees = [];

    public IReadOnlyDictionary<Symbol, Position> Positions => _positions;

    public Position PositionIn(Symbol symbol) => _positions.GetValueOrDefault(symbol);

    /// <summary>Commission of the day, rebates taken off.</summary>
    public long FeesOf(Symbol symbol) => _fees.GetValueOrDefault(symbol);

    internal void Fill(FillCounted fill)
    {
        _positions[fill.Symbol] = PositionIn(fill.Symbol).Fill(fill.Change, fill.Cost, fill.Commission);
        _fees[fill.Symbol] = FeesOf(fill.Symbol) + fill.Commission;
    }

    internal void Restore(StrategyHolding held) => (_positions[held.Symbol], _fees[held.Symbol]) = (held.Position, held.Fees);

    internal void BeginDay() => _fees.Clear();
}
