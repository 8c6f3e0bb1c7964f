namespace Actors.Guard;

/// <summary>What a limit is about: the whole account, one currency of it, or one instrument.</summary>
internal enum Scope { Account, Currency, Symbol }

/// <summary>How a bound is written and shown. Money is in the currency's minor units (satoshi for XBt).</summary>
internal enum Unit { Count, Contracts, MinorUnits, Fraction, Seconds }

/// <summary>The ladder. Alert also logs; cancel, stop and flatten also alert, are latched, and hold all orders cancelled.</summary>
internal enum Step { None, Log, Alert, Cancel, Stop, Flatten }

/// <summary>One thing that can be watched. A floor is breached from above, everything else from below.</summary>
internal sealed record Watch(string Name, Scope Scope, Unit Unit, bool IsFloor, string Meaning)
{
    /// <summary>For an instrument's limit: every instrument that has no limit of its own.</summary>
    public const string EveryOther = "*";
    public static readonly Watch OpenOrders = new("openOrders", Scope.Account, Unit.Count, false, "open orders of the account");
    public static readonly Watch OpenOrdersIn = new("openOrdersIn", Scope.Symbol, Unit.Count, false, "open orders in the instrument");
    public static readonly Watch OrderRate = new("orderRate", Scope.Account, Unit.Count, false, "orders placed or amended within any 10 seconds");
    public static readonly Watch StillOrders = new("stillOrders", Scope.Account, Unit.Seconds, false, "open orders, and none changed for so long");
    public static readonly Watch RequestsLeft = new("requestsLeft", Scope.Account, Unit.Count, true, "requests the venue still grants the account, which engine and guard share");
    public static readonly Watch PositionSize = new("positionSize", Scope.Symbol, Unit.Contracts, false, "contracts held, either way");
    public static readonly Watch LongPosition = new("longPosition", Scope.Symbol, Unit.Contracts, false, "contracts held long");
    public static readonly Watch ShortPosition = new("shortPosition", Scope.Symbol, Unit.Contracts, false, "contracts held short");
    public static readonly Watch LiquidationDistance = new("liquidationDistance", Scope.Symbol, Unit.Fraction, true, "how far the mark may move before liquidation, as a fraction of it");
    public static readonly Watch MarginUsed = new("marginUsed", Scope.Currency, Unit.Fraction, false, "share of the margin balance that is not available");
    public static readonly Watch AvailableMargin = new("availableMargin", Scope.Currency, Unit.MinorUnits, true, "margin still available");
    public static readonly Watch GrossValue = new("grossValue", Scope.Currency, Unit.MinorUnits, false, "value of all positions at the mark, both ways added");
    public static readonly Watch Leverage = new("leverage", Scope.Currency, Unit.Fraction, false, "gross value by margin balance");
    public static readonly Watch LossToday = new("lossToday", Scope.Currency, Unit.MinorUnits, false, "loss since midnight UTC, deposits and withdrawals left out");
    public static readonly Watch LossFromPeak = new("lossFromPeak", Scope.Currency, Unit.MinorUnits, false, "loss since the best moment ever seen, deposits and withdrawals left out");
    public static readonly Watch EngineGone = new("engineGone", Scope.Account, Unit.Seconds, false, "open orders while the engine's process is gone for so long");
    public static readonly Watch Blind = new("blind", Scope.Account, Unit.Seconds, false, "the account could not be seen for so long");
    public static readonly Watch OwnFailures = new("ownFailures", Scope.Account, Unit.Count, false, "failures of the guard itself in a row");

    public static readonly IReadOnlyList<Watch> All =
    [
        OpenOrders, OpenOrdersIn, OrderRate, StillOrders, RequestsLeft, PositionSize, LongPosition, ShortPosition, LiquidationDistance,
        MarginUsed, AvailableMargin, GrossValue, Leverage, LossToday, LossFromPeak, EngineGone, Blind, OwnFailures,
    ];

    public bool IsLoss => this == LossToday || this == LossFromPeak;
}

/// <summary>A watch with its bounds, one a step. <paramref name="Of"/> is the currency, the symbol or "*"; empty for the account.</summary>
internal sealed record Limit(Watch Watch, string Of, IReadOnlyDictionary<Step, decimal> Bounds)
{
    public string Name => Of.Length == 0 ? Watch.Name : $"{Watch.Name} {Of}";

    /// <summary>For "*": the instruments that have a limit of their own on the same watch.</summary>
    public IReadOnlySet<string> Except { get; init; } = new HashSet<string>();
    public bool Covers(string symbol) => Of == symbol || (Of == Watch.EveryOther && !Except.Contains(symbol));

    /// <summary>Every step whose bound the value has passed; a value at its bound is within.</summary>
    public IEnumerable<Step> Reached(decimal value) =>
        Bounds.Where(bound => Watch.IsFloor ? value < bound.Value : value > bound.Value).Select(bound => bound.Key);

    public override string ToString()
    {
        var steps = Bounds.OrderBy(bound => bound.Key).Select(bound => $"{Steps.Name(bound.Key)} {(Watch.IsFloor ? "below" : "above")} {Steps.Text(Watch.Unit, bound.Value)}");
        return $"{Name}: {string.Join(", ", steps)} ({Watch.Meaning})";
    }
}

/// <summary>How steps and values are written.</summary>
internal static class Steps
{
    /// <summary>From the mildest to the strongest.</summary>
    public static readonly IReadOnlyList<Step> All = [Step.Log, Step.Alert, Step.Cancel, Step.Stop, Step.Flatten];
    public static bool IsLatched(Step step) => step >= Step.Cancel;
    public static string Name(Step step) => step.ToString().ToLowerInvariant();
    public static string Text(Unit unit, decimal value) => FormattableString.Invariant(unit == Unit.Seconds ? $"{value:0.#}s" : (FormattableString)$"{value:0.######}");
}
