using System.Collections.Immutable;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>
/// What the door knows: what it remembers over restarts, and for each instrument the position, the prices, the book and every order that may still trade. An
/// approved order counts from the moment of approval, so that two strategies cannot both get the same headroom. Not thread-safe; owned by one actor.
/// </summary>
public sealed class RiskState
{
    private readonly Dictionary<Symbol, InstrumentRisk> _instruments = [];
    private readonly Dictionary<Currency, long> _wallets = [];
    private readonly Dictionary<Currency, long> _peaks = [];
    private readonly Dictionary<string, int> _rejects = new(StringComparer.Ordinal);
    private readonly Queue<Approval> _recent = [];
    private readonly Dictionary<(Symbol Symbol, string? StrategyId), Limit[]> _covering = [];
    private readonly Dictionary<string, Limit[]> _ofStrategies;
    private bool _isNew;

    public RiskState(RiskLimits limits, IEnumerable<Instrument> instruments, RiskMemory? memory = null)
    {
        Limits = limits;
        Memory = memory ?? new RiskMemory();
        var traded = limits.Symbols.ToHashSet();
        foreach (var instrument in instruments.Where(instrument => traded.Contains(instrument.Symbol)))
            _instruments[instrument.Symbol] = new InstrumentRisk(instrument);
        Instruments = [.. _instruments.Values.OrderBy(risk => risk.Instrument.Symbol)];
        _ofStrategies = limits.All.Where(limit => limit.Scope.StrategyId is not null).GroupBy(limit => limit.Scope.StrategyId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        CountsDays = limits.All.Any(limit => limit.Kind is LimitKind.DailyLoss or LimitKind.FeesPerDay);
    }

    public RiskLimits Limits { get; }

    public RiskMemory Memory { get; }

    public IReadOnlyDictionary<Gate, ClosedGate> ClosedGates => Memory.ClosedGates;

    /// <summary>By symbol.</summary>
    public ImmutableArray<InstrumentRisk> Instruments { get; }

    public InstrumentRisk? Find(Symbol symbol) => _instruments.GetValueOrDefault(symbol);

    /// <summary>Minor units; null until the account told it.</summary>
    public long? WalletOf(Currency currency) => _wallets.TryGetValue(currency, out var balance) ? balance : null;

    /// <summary>The highest profit in a currency that was seen or is remembered; null before the first.</summary>
    public long? PeakOf(Currency currency)
    {
        var remembered = Memory.PeakOf(currency);
        return _peaks.TryGetValue(currency, out var seen) && (remembered is null || seen > remembered) ? seen : remembered;
    }

    /// <summary>Orders of a strategy, or of all, that the venue refused since it last took one.</summary>
    public int RejectsOf(string? strategyId) => _rejects.GetValueOrDefault(strategyId ?? "");

    public void Apply(RiskEvent happened, DateTimeOffset at = default)
    {
        Memory.Apply(happened, at);
        if (happened is LatchesCleared) _rejects.Clear();
    }

    /// <summary>Whether a limit counts by the day.</summary>
    internal bool CountsDays { get; }

    /// <summary>The limits that bind an instrument, those of strategies left out, or with the one that trades it; in the order in which they are looked at.</summary>
    internal IReadOnlyList<Limit> LimitsOf(InstrumentRisk risk, string? strategyId = null)
    {
        if (_covering.TryGetValue((risk.Instrument.Symbol, strategyId), out var known)) return known;
        return _covering[(risk.Instrument.Symbol, strategyId)] = Covering(risk.Instrument, strategyId);
    }

    private Limit[] Covering(Instrument instrument, string? strategyId) =>
        [.. Limits.All.Where(limit => limit.Scope.CoversInstrument(instrument) || (strategyId is not null && limit.Scope.StrategyId == strategyId))];

    internal IReadOnlyList<Limit> LimitsOf(string strategyId) => _ofStrategies.GetValueOrDefault(strategyId, []);

    /// <summary>The strategies that a limit binds and that hold or ask for something in an instrument, by name; the one named is one of them in any case.</summary>
    internal IReadOnlyCollection<string> StrategiesIn(InstrumentRisk risk, string? named)
    {
        if (_ofStrategies.Count == 0) return [];
        var strategies = new SortedSet<string>(StringComparer.Ordinal);
        if (named is not null && _ofStrategies.ContainsKey(named)) strategies.Add(named);
        foreach (var open in risk.Open.Values)
        {
            if (open.StrategyId is { } owner && _ofStrategies.ContainsKey(owner)) strategies.Add(owner);
        }

        foreach (var id in _ofStrategies.Keys)
        {
            if (!ProfitMeasures.HeldBy(this, id, risk.Instrument.Symbol).Quantity.IsZero) strategies.Add(id);
        }

        return strategies;
    }

    /// <summary>What is journaled of it.</summary>
    public RiskKept Keep() => Memory.Keep();

    public void Restore(RiskKept kept) => Memory.Restore(kept);

    /// <summary>The session that the door's own orders are named after.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>The door begins, or begins anew; the start gate holds it until the engine has reconciled.</summary>
    public void Begin(DateTimeOffset at = default, string sessionId = "")
    {
        (SessionId, _isNew) = (sessionId, Memory.IsEmpty);
        Memory.BeginAnew(at);
    }

    /// <summary>Whether the door had no record when it began and has not been told of orders since; true once.</summary>
    internal bool IsFirstComparison()
    {
        var isNew = _isNew;
        _isNew = false;
        return isNew;
    }

    /// <summary>Takes note of what the door is told.</summary>
    public void Take(Input input)
    {
        switch (input)
        {
            case OrderSeen { Order: { } order } seen:
                Track(order);
                CountRejects(order, seen.News);
                break;
            case OrdersSeen orders:
                Resynchronise(orders.Live);
                break;
            case PositionSeen position when Find(position.Symbol) is { } risk:
                risk.Position = position.Quantity;
                break;
            case HoldingSeen holding when Find(holding.Symbol) is { } risk:
                risk.Hold(holding);
                break;
            case MarkSeen mark when Find(mark.Symbol) is { } risk:
                risk.Mark = mark.Mark;
                break;
            case FundingSeen funding when Find(funding.Symbol) is { } risk:
                risk.Funding = funding;
                break;
            case BestSeen best when Find(best.Symbol) is { } risk:
                risk.Top = best.Top;
                break;
            case WalletSeen wallet:
                _wallets[wallet.Currency] = wallet.Balance;
                break;
        }
    }

    /// <summary>Takes note of when a book stopped being fit to trade on, or became it again.</summary>
    public void Take(BookStatusSeen status, DateTimeOffset at)
    {
        if (Find(status.Symbol) is not { } risk) return;
        if (status.Status != BookStatus.Live) risk.Top = default;
        if (status.Status == BookStatus.Live) risk.BookLostAt = null;
        else if (risk.Book == BookStatus.Live || risk.BookLostAt is null) risk.BookLostAt = at;
        risk.Book = status.Status;
    }

    /// <summary>Takes an order's present state: it counts while it may trade and stops counting when it is finished.</summary>
    public void Track(Order order)
    {
        if (Find(order.Terms.Symbol) is not { } risk) return;
        if (order.IsFinished)
        {
            risk.Open.Remove(order.Id);
            return;
        }

        var before = risk.Open.GetValueOrDefault(order.Id);
        if (order.Pending == PendingChange.Amend)
        {
            // What an amendment that is under way was granted counts until the venue has answered.
            risk.Open[order.Id] = OpenExposure.Of(order, Max(before.Leaves, order.Leaves)) with { IsUncertain = before.IsUncertain };
        }
        else
        {
            // One that is on its way to the orders counts too: what is told of the order meanwhile is older.
            var leaves = before.Granted is { } size ? Max(size - order.Filled, order.Leaves) : order.Leaves;
            risk.Open[order.Id] = OpenExposure.Of(order, leaves) with { Granted = before.Granted, IsUnproved = before is { Granted: not null, IsUnproved: true } };
        }
    }

    /// <summary>Whether something approved counts of which the orders have not told, though they told of all they have: they are to be asked once more.</summary>
    public bool HasUnproved => Instruments.Any(risk => risk.Open.Values.Any(open => open.IsUnproved));

    /// <summary>
    /// Forgets all orders and takes these: after a restart of the door or of the orders. What was approved lately may reach the orders only after they told: it goes on counting until
    /// they tell the next time, and then it reached them or was lost.
    /// </summary>
    public void Resynchronise(IEnumerable<Order> live)
    {
        var approved = new Dictionary<ClientOrderId, (InstrumentRisk Risk, OpenExposure Open)>();
        foreach (var risk in Instruments)
        {
            foreach (var (id, open) in risk.Open.Where(one => one.Value is { IsUnproved: false, IsUntold: true })) approved[id] = (risk, open with { IsUnproved = true });
            risk.Open.Clear();
        }

        foreach (var order in live)
        {
            Track(order);
            if (Find(order.Terms.Symbol) is not { } risk || !risk.Open.TryGetValue(order.Id, out var told)) continue;
            // What an amendment on its way asked for was forgotten with the rest.
            if (order.Pending == PendingChange.Amend) risk.Open[order.Id] = told with { IsUncertain = true };
            else if (approved.Remove(order.Id, out var granted) && granted.Open.Order is not null && granted.Open.Leaves > told.Leaves)
                risk.Open[order.Id] = told with { Leaves = granted.Open.Leaves, Granted = granted.Open.Granted, IsUnproved = true };
        }

        foreach (var (id, (risk, open)) in approved)
        {
            if (open.Order is null) risk.Open[id] = open;
        }
    }

    /// <summary>Counts an approval against the headroom and the rate.</summary>
    internal void Reserve(Intent intent, DateTimeOffset now)
    {
        _recent.Enqueue(new Approval(now, intent.StrategyId, intent is AmendIntent));
        if (Find(intent.Symbol) is not { } risk) return;
        if (intent is PlaceIntent place)
        {
            risk.Open[place.Terms.Id] = OpenExposure.Of(place);
        }
        else if (intent is AmendIntent { Quantity: { } quantity } amend && risk.Open.TryGetValue(amend.Id, out var open))
        {
            var leaves = quantity - (open.Order?.Filled ?? Quantity.Zero);
            risk.Open[amend.Id] = leaves > open.Leaves ? open with { Leaves = leaves, Granted = quantity } : open;
        }
    }

    /// <summary>New orders and amendments, or amendments alone, approved in the last second, of one strategy or of all.</summary>
    internal int ApprovedLastSecond(DateTimeOffset now, string? strategyId, bool onlyAmendments)
    {
        while (_recent.TryPeek(out var oldest) && now - oldest.At >= TimeSpan.FromSeconds(1)) _recent.Dequeue();
        if (strategyId is null && !onlyAmendments) return _recent.Count;
        var count = 0;
        foreach (var one in _recent)
        {
            if ((strategyId is null || one.StrategyId == strategyId) && (!onlyAmendments || one.IsAmendment)) count++;
        }

        return count;
    }

    internal void GiveUpAwaiting(DateTimeOffset now)
    {
        foreach (var risk in Instruments) risk.GiveUpAwaiting(now);
    }

    internal void SeePeak(Currency currency, long profit)
    {
        if (!_peaks.TryGetValue(currency, out var seen) || profit > seen) _peaks[currency] = profit;
    }

    private static Quantity Max(Quantity one, Quantity other) => one > other ? one : other;

    private void CountRejects(Order order, OrderNews news)
    {
        foreach (var key in (ReadOnlySpan<string>)["", order.Origin.StrategyId])
        {
            if (news == OrderNews.Rejected) _rejects[key] = _rejects.GetValueOrDefault(key) + 1;
            else if (news == OrderNews.Filled || order.State == OrderState.Working) _rejects[key] = 0;
        }
    }

    private readonly record struct Approval(DateTimeOffset At, string StrategyId, bool IsAmendment);
}
