using System.Globalization;
using System.Text.Json.Nodes;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;
using Actors.Domain.Risk;

namespace Actors.Journal.Codec.Kept;

/// <summary>How what is journaled of the risk door is stored when it is kept.</summary>
internal static class RiskKeptFormat
{
    public static RecordFormat Format { get; } = new JsonFormat<RiskKept>("risk-kept", Write, Read, Upgrade);

    private static void Write(FieldWriter to, RiskKept kept)
    {
        to.List("gates", kept.ClosedGates, static (one, closed) => one.Word("gate", closed.Gate, Vocabulary.Gates).Text("reason", closed.Reason).OptionalTime("since", closed.Since))
            .List("latches", kept.Latches, WriteLatch)
            .List("inForce", kept.InForce, static (one, limit) => one.Text("name", limit.Name).Word("action", limit.Action, Vocabulary.RiskActions))
            .List("forgiven", kept.Forgiven, static (one, cleared) => one.Text("name", cleared.Name).Decimal("amount", cleared.Forgiven))
            .List("rebased", kept.Rebased, static (one, rebased) => one.Symbol(rebased.Symbol).Number("amount", rebased.Amount))
            .OptionalText("day", kept.Day?.ToString(RiskFormats.DayFormat, CultureInfo.InvariantCulture))
            .List("starts", kept.Starts, RiskFormats.WriteStart)
            .List("peaks", kept.Peaks, static (one, peak) => one.Text("currency", peak.Currency.Code).Number("peak", peak.Peak))
            .List("strategies", kept.Strategies, WriteHolding)
            .List("reducing", kept.Reducing, static (one, order) => one.Order(order.Id).Text("latch", order.Latch))
            .Number("lastFill", kept.LastFill)
            .Text("session", kept.CounterSession)
            .Number("counter", kept.Counter);
    }

    private static RiskKept Read(FieldReader from) =>
        new(from.List("gates", static one => new ClosedGate(one.Word("gate", Vocabulary.Gates), one.Text("reason"), one.OptionalTime("since"))))
        {
            Latches = from.List("latches", ReadLatch),
            InForce = from.List("inForce", static one => new LimitInForce(one.Text("name"), one.Word("action", Vocabulary.RiskActions))),
            Forgiven = from.List("forgiven", static one => new ClearedLatch(one.Text("name"), one.Decimal("amount"))),
            Rebased = from.List("rebased", static one => new ProfitRebased(one.Symbol(), one.Number("amount"))),
            Day = from.Has("day") ? RiskFormats.ReadDay(from) : null,
            Starts = from.List("starts", RiskFormats.ReadStart),
            Peaks = from.List("peaks", static one => new PeakRaised(new Currency(one.Text("currency")), one.Number("peak"))),
            Strategies = from.List("strategies", ReadHolding),
            Reducing = from.List("reducing", static one => new ReducingOrder(one.Order(), one.Text("latch"))),
            LastFill = from.Number("lastFill"),
            CounterSession = from.Text("session"),
            Counter = from.Number("counter"),
        };

    /// <summary>Version 1 kept the gates alone, because nothing else was journaled.</summary>
    private static JsonObject Upgrade(JsonObject fields)
    {
        foreach (var name in (string[])["latches", "inForce", "forgiven", "rebased", "starts", "peaks", "strategies", "reducing"]) fields[name] = new JsonArray();
        fields["lastFill"] = 0;
        fields["session"] = "";
        fields["counter"] = 0;
        return fields;
    }

    private static void WriteLatch(FieldWriter to, Latch latch)
    {
        RiskFormats.WriteScope(to.Text("name", latch.Name), latch.Scope).Word("action", latch.Action, Vocabulary.RiskActions).Text("words", latch.Words).Time("at", latch.At)
            .Number("attempts", latch.Attempts);
        if (latch.HasEnded) to.Word("ended", Answer.Yes, Vocabulary.Answers);
    }

    private static Latch ReadLatch(FieldReader from) =>
        new(from.Text("name"), RiskFormats.ReadScope(from), from.Word("action", Vocabulary.RiskActions), from.Text("words"), from.Time("at"))
        {
            Attempts = from.SmallNumber("attempts"),
            HasEnded = from.OptionalWord("ended", Vocabulary.Answers) == Answer.Yes,
        };

    private static void WriteHolding(FieldWriter to, StrategyHolding held) => to.Text("strategy", held.StrategyId).Symbol(held.Symbol)
        .Contracts("contracts", held.Position.Quantity).Number("unrealisedCost", held.Position.UnrealisedCost)
        .Number("realisedCost", held.Position.RealisedCost).Number("commission", held.Position.Commission).Number("fees", held.Fees);

    private static StrategyHolding ReadHolding(FieldReader from) => new(
        from.Text("strategy"),
        from.Symbol(),
        new Position(from.Contracts("contracts"), from.Number("unrealisedCost"), from.Number("realisedCost"), from.Number("commission")),
        from.Number("fees"));
}
