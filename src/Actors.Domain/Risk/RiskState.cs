using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>
/// What the door knows: what it remembers over restarts, and for each instrument the position, the prices, the book and every order that may still trade. An
/// approved order counts from the moment of approval, so that two strategies cannot both get the same headroom. Not thread-safe; owned by one actor.
/// </summary>
public sealed class RiskState
{
    private readonly SortedDictionary<Symbol, InstrumentRisk> _instruments = [];
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
        _ofStrategies = limits.All.Where(limit => limit.Scope.StrategyId is not null).GroupBy(limit => limit.Scope.StrategyId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        CountsDays = limits.All.Any(limit => limit.Kind is LimitKind.DailyLoss or LimitKind.FeesPerDay);
    }

    public RiskLimits Limits { get; }

    public RiskMemory Memory { get; }

    public IReadOnlyDictionary<Gate, ClosedGate> ClosedGates => Memory.ClosedGates;

    /// <summary>By symbol.</summary>
    public IReadOnlyCollection<InstrumentRisk> Instruments => _instruments.Values;

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
        var limits = Limits.All.Where(limit => limit.Scope.CoversInstrument(risk.Instrument) || (strategyId is not null && limit.Scope.StrategyId == strategyId)).ToArray();
        return _covering[(risk.Instrument.Symbol, strategyId)] = limits;
    }

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

        // What an amendment that is under way was granted counts until the venue has answered.
        var granted = order.Pending == PendingChange.Amend && risk.Open.TryGetValue(order.Id, out var before) && before.Leaves > order.Leaves ? before.Leaves : order.Leaves;
        var isUncertain = order.Pending == PendingChange.Amend && risk.Open.TryGetValue(order.Id, out var known) && known.IsUncertain;
        risk.Open[order.Id] = OpenExposure.Of(order, granted) with { IsUncertain = isUncertain };
    }

    /// <summary>Whether something approved counts of which the orders have not told, though they told of all they have: they are to be asked once more.</summary>
    public bool HasUnproved => _instruments.Values.Any(risk => risk.Open.Values.Any(open => open.IsUnproved));

    /// <summary>
    /// Forgets all orders and takes these: after a restart of the door or of the orders. What was approved lately may reach the orders only after they told: it goes on counting until
    /// they tell the next time, and then it reached them or was lost.
    /// </summary>
    public void Resynchronise(IEnumerable<Order> live)
    {
        var approved = new Dictionary<ClientOrderId, (InstrumentRisk Risk, OpenExposure Open)>();
        foreach (var risk in _instruments.Values)
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
                risk.Open[order.Id] = told with { Leaves = granted.Open.Leaves, IsUnproved = true };
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
            risk.Open[amend.Id] = open with { Leaves = leaves > open.Leaves ? leaves : open.Leaves };
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
        foreach (var risk in _instruments.Values) risk.GiveUpAwaiting(now);
    }

    internal void SeePeak(Currency currency, long profit)
    {
        if (!_peaks.TryGetValue(currency, out var seen) || profit > seen) _peaks[currency] = profit;
    }

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

/// <summary>An order that may still trade: its side, the contracts left, and itself as last told; null while it is only approved.</summary>
public readonly record struct OpenExposure(Side Side, Quantity Leaves, Order? Order = null)
{
    public string? StrategyId { get; init; }

    /// <summary>Whether the venue lets it make a position smaller and nothing else.</summary>
    public bool OnlyReduces { get; init; }

    /// <summary>Whether it is being amended to a size that is not known, since before the door or the orders began: nothing may count on its leaves.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Whether it was approved before the orders told of all they have, and they did not tell of it.</summary>
    public bool IsUnproved { get; init; }

    /// <summary>Whether the orders have not told what was approved last: the order itself, or more of it.</summary>
    internal bool IsUntold => Order is null || Leaves > Order.Leaves;

    public static OpenExposure Of(Order order, Quantity leaves) => new(order.Terms.Side, leaves, order)
    {
        StrategyId = order.Origin.StrategyId,
        OnlyReduces = Reduces(order.Terms),
    };

    internal static OpenExposure Of(PlaceIntent place) => new(place.Terms.Side, place.Terms.Quantity)
    {
        StrategyId = place.StrategyId,
        OnlyReduces = Reduces(place.Terms),
    };

    internal static bool Reduces(OrderTerms terms) => (terms.Flags & (OrderFlags.ReduceOnly | OrderFlags.Close)) != 0;
}

/// <summary>A fill that the position has not counted yet: what its order still counts for.</summary>
internal readonly record struct AwaitedFill(OpenExposure Exposure, DateTimeOffset At);

/// <summary>What the door knows of one instrument.</summary>
public sealed class InstrumentRisk(Instrument instrument)
{
    private readonly MarginTerms _terms = MarginTerms.From(instrument);
    /// <summary>Longer than any part takes that still proves itself alive.</summary>
    private static readonly TimeSpan AwaitMax = TimeSpan.FromSeconds(30);

    private readonly List<(Position Before, Position After)> _adopted = [];
    private readonly SortedDictionary<string, AwaitedFill> _awaited = new(StringComparer.Ordinal);

    public Instrument Instrument { get; } = instrument;

    /// <summary>The position with its costs.</summary>
    public Position Holding { get; private set; }

    public Quantity Position
    {
        get => Holding.Quantity;
        set => Holding = Holding with { Quantity = value };
    }

    /// <summary>Whether the position was told since the door began.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>The owner's leverage; zero is cross margin.</summary>
    public decimal Leverage { get; private set; }

    /// <summary>Mark price in quote units; null until the venue told one.</summary>
    public decimal? Mark { get; set; }

    /// <summary>Best bid and ask as last told; none while the book is not live.</summary>
    public BookTop Top { get; set; }

    public FundingSeen? Funding { get; set; }

    public BookStatus Book { get; set; } = BookStatus.AwaitingSnapshot;

    /// <summary>Since when the book is not fit to trade on; null while it is.</summary>
    public DateTimeOffset? BookLostAt { get; set; }

    public Dictionary<ClientOrderId, OpenExposure> Open { get; } = [];

    /// <summary>Fills that orders have told and the position has not, by execution.</summary>
    internal IReadOnlyDictionary<string, AwaitedFill> Awaited => _awaited;

    /// <summary>Positions before and after the venue's was taken over, whose difference in profit has not been taken off yet.</summary>
    internal IReadOnlyList<(Position Before, Position After)> Adopted => _adopted;

    /// <summary>Whether nothing is held and nothing asked for, so that no price matters.</summary>
    internal bool IsIdle => Position.IsZero && Open.Count == 0 && _awaited.Count == 0;

    /// <summary>A mark that money can be computed from; null when there is none, or rubbish.</summary>
    public decimal? UsableMark => Mark is { } mark && (mark > 0 || Instrument.Kind == ContractKind.CalendarSpread) ? mark : null;

    /// <summary>Realised and unrealised profit, fees and funding taken off, in minor units; null without a mark that it needs.</summary>
    public long? Profit => ProfitOf(Holding);

    internal long? ProfitOf(Position position) => position.Quantity.IsZero
        ? position.RealisedPnl - position.UnrealisedCost
        : UsableMark is { } mark ? position.RealisedPnl + position.UnrealisedPnl(Instrument, mark) : null;

    /// <summary>The holding as margin sees it, without open orders; the mark must be usable.</summary>
    internal MarginHolding MarginOf(Position position) =>
        new MarginHolding(_terms).WithLeverage(Leverage).WithMark(UsableMark!.Value).WithPosition(position);

    /// <summary>Position if every open order on one side, but the one named, were filled; see <see cref="Extent"/>.</summary>
    public Quantity PositionIfFilled(Side side, ClientOrderId except) =>
        new(side == Side.Buy ? Extent.Of(this, Position, null, except).High : Extent.Of(this, Position, null, except).Low);

    /// <summary>
    /// Waits for the position to count what an order has filled. One that is known to it from elsewhere is never told again, so that the wait ends by itself.
    /// </summary>
    internal void Await(OrderFilled fill, Order order, DateTimeOffset now) =>
        _awaited[fill.ExecutionId] = new AwaitedFill(OpenExposure.Of(order, fill.Quantity), now);

    internal void GiveUpAwaiting(DateTimeOffset now)
    {
        if (_awaited.Count == 0) return;
        foreach (var id in _awaited.Where(one => now - one.Value.At >= AwaitMax).Select(one => one.Key).ToList()) _awaited.Remove(id);
    }

    internal void Hold(HoldingSeen seen)
    {
        if (seen.ExecutionId is { } id) _awaited.Remove(id);
        if (seen.IsAdopted) _adopted.Add((Holding, seen.Position));
        (Holding, Leverage, IsHeld) = (seen.Position, seen.Leverage, true);
    }

    internal void Rebase() => _adopted.Clear();
}
