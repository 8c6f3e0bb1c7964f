using Actors.Domain.Instruments;

namespace Actors.Domain.Risk;

/// <summary>What is bounded. The unit of value and bound is said with each; money is in minor units of the settlement currency.</summary>
public enum LimitKind
{
    /// <summary>Contracts of one order.</summary>
    OrderQuantity = 1,

    /// <summary>Money: one order at its own price, or at the mark where it has none.</summary>
    OrderNotional = 2,

    /// <summary>Contracts held either way, with every open order of a side as if filled.</summary>
    Position = 3,

    /// <summary>Money: positions at mark, added without their signs, open orders as if filled.</summary>
    GrossExposure = 4,

    /// <summary>Money: positions at mark, added with their signs, open orders of either side as if filled.</summary>
    NetExposure = 5,

    /// <summary>Gross exposure over wallet and unrealised profit.</summary>
    Leverage = 6,

    /// <summary>Fraction of the mark that an order's price lies away from it.</summary>
    PriceDistance = 7,

    /// <summary>Fraction of the best bid (below it) or the best ask (above it); between them nothing.</summary>
    BestDistance = 8,

    /// <summary>Fraction of the mark that is left to the price of liquidation: the one bound from below.</summary>
    LiquidationDistance = 9,

    /// <summary>Orders working or under way.</summary>
    OpenOrders = 10,

    /// <summary>New orders and amendments in the last second.</summary>
    OrdersPerSecond = 11,

    /// <summary>Amendments in the last second.</summary>
    AmendsPerSecond = 12,

    /// <summary>Money lost since midnight UTC, fees, funding and unrealised losses included.</summary>
    DailyLoss = 13,

    /// <summary>Money: how far profit has fallen from its highest.</summary>
    Drawdown = 14,

    /// <summary>Money that a strategy has lost since it began, or since an operator cleared this limit.</summary>
    Loss = 15,

    /// <summary>Money paid for trading since midnight UTC, rebates taken off; funding is not a fee.</summary>
    FeesPerDay = 16,

    /// <summary>Orders refused by the venue one after the other.</summary>
    ConsecutiveRejects = 17,

    /// <summary>Seconds that a book has not been fit to trade on while there is a position or an order in it.</summary>
    StaleBook = 18,

    /// <summary>Seconds that the dead man's switch has not been armed.</summary>
    LateBeat = 19,

    /// <summary>Money to be paid at the next funding, once that is near.</summary>
    FundingDue = 20,

    /// <summary>No bound: the operator's own halt.</summary>
    Operator = 21,

    /// <summary>No bound: the door cannot prove that it was open.</summary>
    Unproved = 22,
}

/// <summary>
/// What is done when a limit's level is passed; each does what those before it do, but that the last leaves positions alone. From <see cref="ReduceOnly"/> on it
/// is latched.
/// </summary>
public enum RiskAction
{
    Log = 1,
    Alert = 2,

    /// <summary>What would increase is refused while the limit is passed.</summary>
    Refuse = 3,

    /// <summary>What would increase is refused until an operator clears it.</summary>
    ReduceOnly = 4,

    /// <summary>Open orders within the limit's scope that could increase are cancelled as well.</summary>
    CancelOrders = 5,

    /// <summary>Every open order within the limit's scope is cancelled and its positions are closed.</summary>
    Flatten = 6,

    /// <summary>The session stops in the safe order; positions stay.</summary>
    Stop = 7,
}

/// <summary>Whom a limit binds: the account (nothing is set), all that settles in one currency, one instrument, or one strategy.</summary>
public readonly record struct LimitScope(Currency? Currency, Symbol? Symbol, string? StrategyId)
{
    public static readonly LimitScope Account;

    public bool IsAccount => this == Account;

    public static LimitScope Of(Currency currency) => new(currency, null, null);

    public static LimitScope Of(Symbol symbol) => new(null, symbol, null);

    public static LimitScope Of(string strategyId) => new(null, null, strategyId);

    public bool Covers(Instrument instrument, string strategyId) =>
        StrategyId is { } strategy ? strategy == strategyId : CoversInstrument(instrument);

    /// <summary>Whether the instrument is within the scope, whoever trades it; never for a strategy's scope.</summary>
    public bool CoversInstrument(Instrument instrument) =>
        StrategyId is null && (Symbol is { } symbol ? symbol == instrument.Symbol : Currency is not { } currency || currency == instrument.Settlement);

    public override string ToString() => StrategyId ?? Symbol?.Value ?? Currency?.Code ?? "account";
}

/// <summary>One level of a ladder: the part of the bound (1 is all of it) beyond which the action is taken; above zero.</summary>
public readonly record struct LimitRung(decimal At, RiskAction Action);

/// <summary>One bound with its ladder. A value on a level has not passed it.</summary>
public sealed record Limit(LimitKind Kind, LimitScope Scope, decimal Bound, IReadOnlyList<LimitRung> Ladder)
{
    /// <summary>How long before a funding it counts, if nothing is said.</summary>
    public static readonly TimeSpan DefaultWithin = TimeSpan.FromMinutes(30);

    /// <summary>For <see cref="LimitKind.FundingDue"/> alone: how long before the payment it counts.</summary>
    public TimeSpan Within { get; init; } = DefaultWithin;

    /// <summary>Its name for a person, unique among the limits: what is bounded, and whom it binds.</summary>
    public string Name { get; } = LimitNames.Of(Kind, Scope);

    /// <summary>Whether it bounds orders one by one, so that passing it is what a refused intent says already.</summary>
    public static bool IsOfOrders(LimitKind kind) => RiskMeasures.IsOfOrders(kind);

    /// <summary>Whether falling below the bound is the breach.</summary>
    public bool IsFloor => Kind == LimitKind.LiquidationDistance;

    /// <summary>The part of the bound from which increases are refused; null when the ladder never refuses.</summary>
    public decimal? RefusesFrom { get; } = Ladder.Where(rung => rung.Action >= RiskAction.Refuse).Select(rung => (decimal?)rung.At).Min();

    /// <summary>A limit with the ladder that its kind has when nothing is said.</summary>
    public static Limit Of(LimitKind kind, LimitScope scope, decimal bound) => new(kind, scope, bound, DefaultLadder(kind));

    /// <summary>What is done when nothing is said: losses latch, what only says that something is out of order alerts, all else refuses.</summary>
    public static IReadOnlyList<LimitRung> DefaultLadder(LimitKind kind) => kind switch
    {
        LimitKind.DailyLoss or LimitKind.Drawdown or LimitKind.Loss => [new(0.8m, RiskAction.Alert), new(1, RiskAction.ReduceOnly)],
        LimitKind.ConsecutiveRejects => [new(1, RiskAction.ReduceOnly)],
        LimitKind.StaleBook or LimitKind.LateBeat => [new(1, RiskAction.Alert)],
        _ => [new(1, RiskAction.Refuse)],
    };

    /// <summary>Whether a value lies beyond a part of the bound.</summary>
    public bool IsBeyond(decimal value, decimal part) => IsFloor ? value * part < Bound : value > Bound * part;

    /// <summary>How much of the bound a value uses up, for a person: 1 is all of it.</summary>
    public decimal Level(decimal value) => IsFloor
        ? value <= 0 ? decimal.MaxValue : Bound / value
        : Bound == 0 ? (value > 0 ? decimal.MaxValue : 0) : value / Bound;

    public bool Equals(Limit? other) =>
        other is not null && Kind == other.Kind && Scope == other.Scope && Bound == other.Bound && Within == other.Within && Ladder.SequenceEqual(other.Ladder);

    public override int GetHashCode() => HashCode.Combine(Kind, Scope, Bound);
}

/// <summary>Every limit of an account. An instrument that none of them names may not be traded.</summary>
public sealed record RiskLimits(IReadOnlyList<Limit> All)
{
    /// <summary>The limit of a kind and a scope; null when there is none.</summary>
    public Limit? Find(LimitKind kind, LimitScope scope) => All.FirstOrDefault(limit => limit.Kind == kind && limit.Scope == scope);

    /// <summary>The four without which no instrument may be traded. Quantities in contracts, distance as a fraction of the mark.</summary>
    public static IEnumerable<Limit> Basic(Symbol symbol, long orderQuantity, long position, int openOrders, decimal priceDistance) =>
    [
        Limit.Of(LimitKind.OrderQuantity, LimitScope.Of(symbol), orderQuantity),
        Limit.Of(LimitKind.Position, LimitScope.Of(symbol), position),
        Limit.Of(LimitKind.OpenOrders, LimitScope.Of(symbol), openOrders),
        Limit.Of(LimitKind.PriceDistance, LimitScope.Of(symbol), priceDistance),
    ];

    /// <summary>The instruments that may be traded.</summary>
    public IEnumerable<Symbol> Symbols => All.Select(limit => limit.Scope.Symbol).OfType<Symbol>().Distinct();
}

/// <summary>What limits are called.</summary>
public static class LimitNames
{
    /// <summary>The kind in the words of verdicts and of the operator.</summary>
    public static string Of(LimitKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static string Of(LimitKind kind, LimitScope scope) => scope.IsAccount ? Of(kind) : $"{Of(kind)}:{scope}";
}
