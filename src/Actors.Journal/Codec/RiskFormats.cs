using System.Globalization;
using System.Text.Json.Nodes;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;

namespace Actors.Journal.Codec;

/// <summary>How the events of risk are stored, and the shapes they share with others: limits, scopes, findings.</summary>
internal static class RiskFormats
{
    public const string DayFormat = "yyyy-MM-dd";

    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<GateClosed>(
            "gate-closed",
            (to, happened) => to.Word("gate", happened.Gate, Vocabulary.Gates).Text("reason", happened.Reason),
            from => new GateClosed(from.Word("gate", Vocabulary.Gates), from.Text("reason"))),
        new JsonFormat<GateOpened>(
            "gate-opened",
            (to, happened) => to.Word("gate", happened.Gate, Vocabulary.Gates),
            from => new GateOpened(from.Word("gate", Vocabulary.Gates))),
        new JsonFormat<IntentRefused>("intent-refused", WriteRefused, ReadRefused, Unchanged).Compact(),
        new JsonFormat<IntentApproved>(
            "intent-approved",
            (to, happened) => to.Object("intent", happened.Intent, StrategyFormats.WriteIntent),
            from => new IntentApproved(StrategyFormats.ReadIntent(from.Object("intent")))).Compact(),
        new JsonFormat<LimitPassed>(
            "limit-passed",
            (to, happened) => to.Word("action", happened.Action, Vocabulary.RiskActions).Object("finding", happened.Finding, WriteFinding),
            from => new LimitPassed(from.Word("action", Vocabulary.RiskActions), ReadFinding(from.Object("finding")))).Compact(),
        new JsonFormat<LimitReturned>(
            "limit-returned",
            (to, happened) => WriteScope(to.Word("limit", happened.Kind, Vocabulary.LimitKinds), happened.Scope).OptionalWord("still", happened.Still, Vocabulary.RiskActions),
            from => new LimitReturned(from.Word("limit", Vocabulary.LimitKinds), ReadScope(from), from.OptionalWord("still", Vocabulary.RiskActions))).Compact(),
        new JsonFormat<RiskDayBegan>(
            "risk-day-began",
            (to, happened) => to.Text("day", happened.Day.ToString(DayFormat, CultureInfo.InvariantCulture)).List("starts", happened.Starts, WriteStart),
            from => new RiskDayBegan(ReadDay(from), from.List("starts", ReadStart))),
        new JsonFormat<PeakRaised>(
            "peak-raised",
            (to, happened) => to.Text("currency", happened.Currency.Code).Number("peak", happened.Peak),
            from => new PeakRaised(new Currency(from.Text("currency")), from.Number("peak"))),
        new JsonFormat<ProfitRebased>(
            "profit-rebased", (to, happened) => to.Symbol(happened.Symbol).Number("amount", happened.Amount), from => new ProfitRebased(from.Symbol(), from.Number("amount"))),
        new JsonFormat<FillCounted>(
            "fill-counted",
            (to, happened) => to.Order(happened.Id).Text("strategy", happened.StrategyId).Symbol(happened.Symbol).Contracts("contracts", happened.Change)
                .Number("cost", happened.Cost).Number("commission", happened.Commission).Number("sequence", happened.Sequence),
            from => new FillCounted(
                from.Order(), from.Text("strategy"), from.Symbol(), from.Contracts("contracts"), from.Number("cost"), from.Number("commission"), from.Number("sequence"))).Compact(),
        new JsonFormat<OperatorHalted>("operator-halted", (to, happened) => to.Text("reason", happened.Reason), from => new OperatorHalted(from.Text("reason"))),
        new JsonFormat<LatchesCleared>(
            "latches-cleared",
            (to, happened) => to.Text("reason", happened.Reason)
                .List("latches", happened.Latches, (one, cleared) => one.Text("name", cleared.Name).Decimal("forgiven", cleared.Forgiven)),
            from => new LatchesCleared(from.Text("reason"), from.List("latches", one => new ClearedLatch(one.Text("name"), one.Decimal("forgiven"))))),
        new JsonFormat<ReductionDecided>(
            "reduction-decided",
            (to, happened) => to.Text("latch", happened.Latch).List("intents", happened.Intents, StrategyFormats.WriteIntent)
                .Text("session", happened.SessionId).Number("counter", happened.Counter).Number("attempt", happened.Attempt),
            from => new ReductionDecided(
                from.Text("latch"), from.List("intents", StrategyFormats.ReadIntent), from.Text("session"), from.Number("counter"), from.SmallNumber("attempt"))),
        new JsonFormat<FlattenEnded>(
            "flatten-ended",
            (to, happened) => to.Text("latch", happened.Latch).Word("flat", happened.IsFlat ? Answer.Yes : Answer.No, Vocabulary.Answers).Text("words", happened.Words),
            from => new FlattenEnded(from.Text("latch"), from.Word("flat", Vocabulary.Answers) == Answer.Yes, from.Text("words"))),
    ];

    public static void WriteLimit(FieldWriter to, Limit limit) => WriteScope(to.Word("limit", limit.Kind, Vocabulary.LimitKinds), limit.Scope)
        .Decimal("bound", limit.Bound)
        .List("ladder", limit.Ladder, (one, rung) => one.Decimal("at", rung.At).Word("action", rung.Action, Vocabulary.RiskActions))
        .OptionalNumber("withinTicks", limit.Kind == LimitKind.FundingDue ? limit.Within.Ticks : null);

    public static Limit ReadLimit(FieldReader from)
    {
        var limit = new Limit(
            from.Word("limit", Vocabulary.LimitKinds),
            ReadScope(from),
            from.Decimal("bound"),
            from.List("ladder", one => new LimitRung(one.Decimal("at"), one.Word("action", Vocabulary.RiskActions))));
        return from.OptionalNumber("withinTicks") is { } ticks ? limit with { Within = TimeSpan.FromTicks(ticks) } : limit;
    }

    /// <summary>The five limits of a manifest of version 2, as the limits they were.</summary>
    public static JsonObject UpgradeLimits(JsonObject old)
    {
        var all = new JsonArray(Limit("orders-per-second", null, old["ordersPerSecondMax"]));
        foreach (var instrument in old["instruments"]?.AsArray() ?? [])
        {
            foreach (var (kind, key) in ((string, string)[])
                [("order-quantity", "orderQuantityMax"), ("position", "positionMax"), ("open-orders", "openOrdersMax"), ("price-distance", "priceDistanceMax")])
                all.Add(Limit(kind, instrument?["symbol"], instrument?[key]));
        }

        return new JsonObject { ["all"] = all };

        static JsonNode Limit(string kind, JsonNode? symbol, JsonNode? bound)
        {
            var limit = new JsonObject { ["limit"] = kind };
            if (symbol is not null) limit["symbol"] = symbol.DeepClone();
            limit["bound"] = bound?.DeepClone();
            limit["ladder"] = new JsonArray(new JsonObject { ["at"] = 1, ["action"] = "refuse" });
            return limit;
        }
    }

    /// <summary>Version 1 of a refusal had words alone, which is what an absent finding means in version 2.</summary>
    private static JsonObject Unchanged(JsonObject fields) => fields;

    private static void WriteRefused(FieldWriter to, IntentRefused happened)
    {
        to.Object("intent", happened.Intent, StrategyFormats.WriteIntent).Text("reason", happened.Reason);
        if (happened.Finding is { } finding) to.Object("finding", finding, WriteFinding);
    }

    private static IntentRefused ReadRefused(FieldReader from) => new(StrategyFormats.ReadIntent(from.Object("intent")), from.Text("reason"))
    {
        Finding = from.Has("finding") ? ReadFinding(from.Object("finding")) : null,
    };

    private static void WriteFinding(FieldWriter to, LimitFinding finding) => WriteScope(to.Word("limit", finding.Kind, Vocabulary.LimitKinds), finding.Scope)
        .OptionalDecimal("value", finding.Value).Decimal("bound", finding.Bound).Text("inputs", finding.Inputs);

    private static LimitFinding ReadFinding(FieldReader from) =>
        new(from.Word("limit", Vocabulary.LimitKinds), ReadScope(from), from.OptionalDecimal("value"), from.Decimal("bound"), from.Text("inputs"));

    public static void WriteStart(FieldWriter to, ProfitStart start) =>
        to.OptionalText("symbol", start.Symbol?.Value).OptionalText("strategy", start.StrategyId).Number("profit", start.Profit);

    public static ProfitStart ReadStart(FieldReader from) => new(ReadSymbol(from), from.OptionalText("strategy"), from.Number("profit"));

    public static FieldWriter WriteScope(FieldWriter to, LimitScope scope) =>
        to.OptionalText("currency", scope.Currency?.Code).OptionalText("symbol", scope.Symbol?.Value).OptionalText("strategy", scope.StrategyId);

    public static LimitScope ReadScope(FieldReader from) =>
        new(from.OptionalText("currency") is { } currency ? new Currency(currency) : null, ReadSymbol(from), from.OptionalText("strategy"));

    private static Symbol? ReadSymbol(FieldReader from) => from.OptionalText("symbol") is { } symbol ? new Symbol(symbol) : null;

    public static DateOnly ReadDay(FieldReader from) =>
        DateOnly.TryParseExact(from.Text("day"), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw from.Bad("day", "a day like 2026-11-01");
}
