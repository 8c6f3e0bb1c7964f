namespace Actors.Guard;

/// <summary>What a limit is about: the whole account, one currency of it, or one instrument.</summary>
internal enum Scope { Account, Currency, Symbol }

/// <summary>How a bound is written and shown. Money is in the currency's minor units (satoshi for XBt).</summary>
internal enum Unit { Count, Contracts, MinorUnits, Fraction, Seconds }

/// <summary>The ladder. Alert also logs; cancel, stop and flatten also alert, are latched, and hold all orders cancelled.</summary>
internal enum Step { None, Log, Alert, Cancel, Stop, Flatten }

/// <summary>One thing that can be watched, and how it is measured on the venue's own rows; null: the rows do not tell it. A floor is breached
/// from above, everything else from below.</summary>
internal sealed record Watch(string Name, Scope Scope, Unit Unit, string Meaning, Func<Limit, Picture, Circumstances, decimal?> Measure, bool IsFloor = false)
{
    /// <summary>For an instrument's limit: every instrument that has no limit of its own.</summary>
    public const string EveryOther = "*";

    // The two that tell when no account is seen.
    public static readonly Watch Blind = new("blind", Scope.Account, Unit.Seconds, "the account could not be seen for so long", (_, _, now) => (decimal)now.BlindFor.TotalSeconds);
    public static readonly Watch OwnFailures = new("ownFailures", Scope.Account, Unit.Count, "failures of the guard itself in a row", (_, _, now) => now.OwnFailures);
    public static readonly Watch EngineGone = new("engineGone", Scope.Account, Unit.Seconds, "open orders while the engine's process is gone for so long", (_, _, now) => (decimal)now.EngineGoneFor.TotalSeconds);
    public static readonly Watch LossToday = new("lossToday", Scope.Currency, Unit.MinorUnits, "loss since midnight UTC, deposits and withdrawals left out", (limit, seen, now) => Judge.Loss(limit.Of, seen, now, loss => loss.Midnight));
    public static readonly Watch LossFromPeak = new("lossFromPeak", Scope.Currency, Unit.MinorUnits, "loss since the best moment ever seen, deposits and withdrawals left out", (limit, seen, now) => Judge.Loss(limit.Of, seen, now, loss => loss.Peak));

    public static readonly IReadOnlyList<Watch> All =
    [
        new("openOrders", Scope.Account, Unit.Count, "open orders of the account", (_, seen, _) => seen.OpenOrders.Count),
        new("openOrdersIn", Scope.Symbol, Unit.Count, "open orders in the instrument", (limit, seen, _) => seen.OpenOrders.Where(order => limit.Covers(order.Symbol)).GroupBy(order => order.Symbol).Select(group => group.Count()).DefaultIfEmpty(0).Max()),
        new("orderRate", Scope.Account, Unit.Count, "orders placed or amended within any 10 seconds", (_, seen, _) => seen.OrdersLately),
        new("stillOrders", Scope.Account, Unit.Seconds, "open orders, and none changed for so long", (_, seen, now) => seen.OpenOrders.Count == 0 ? 0 : (decimal)(now.Now - seen.OrdersChangedAt).TotalSeconds),
        // A venue that does not tell what is left grants as much as it likes.
        new("requestsLeft", Scope.Account, Unit.Count, "requests the venue still grants the account, which engine and guard share", (_, _, now) => now.RequestsLeft ?? Judge.Boundless, IsFloor: true),
        new("positionSize", Scope.Symbol, Unit.Contracts, "contracts held, either way", (limit, seen, _) => Judge.Largest(limit, seen, Math.Abs)),
        new("longPosition", Scope.Symbol, Unit.Contracts, "contracts held long", (limit, seen, _) => Judge.Largest(limit, seen, quantity => quantity)),
        new("shortPosition", Scope.Symbol, Unit.Contracts, "contracts held short", (limit, seen, _) => Judge.Largest(limit, seen, quantity => -quantity)),
        new("liquidationDistance", Scope.Symbol, Unit.Fraction, "how far the mark may move before liquidation, as a fraction of it", (limit, seen, _) => Judge.Nearest(limit, seen), IsFloor: true),
        new("marginUsed", Scope.Currency, Unit.Fraction, "share of the margin balance that is not available", (limit, seen, _) => seen.Margin(limit.Of) is { } margin ? Judge.Ratio(Math.Max(0, margin.Balance - margin.Available), margin.Balance) : null),
        new("availableMargin", Scope.Currency, Unit.MinorUnits, "margin still available", (limit, seen, _) => seen.Margin(limit.Of)?.Available, IsFloor: true),
        new("grossValue", Scope.Currency, Unit.MinorUnits, "value of all positions at the mark, both ways added", (limit, seen, _) => Judge.Gross(seen, limit.Of)),
        new("leverage", Scope.Currency, Unit.Fraction, "gross value by margin balance", (limit, seen, _) => Judge.Gross(seen, limit.Of) is { } gross && seen.Margin(limit.Of) is { } margin ? Judge.Ratio(gross, margin.Balance) : null),
        LossToday, LossFromPeak, EngineGone, Blind, OwnFailures,
    ];

    public bool NeedsAccount => this != Blind && this != OwnFailures;
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
