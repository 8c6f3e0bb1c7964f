using System.Text.Json.Nodes;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Codec;

/// <summary>How what an audit needs beside the decisions is stored: manifest, beginnings of parts, checkpoints, prunings.</summary>
internal static class EvidenceFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<SessionStarted>("session-started", WriteStarted, ReadStarted, Unchanged, UpgradeLimits),
        new JsonFormat<PartBegan>(
            "part-began",
            (to, happened) => to.Text("session", happened.SessionId).Text("part", happened.Part),
            from => new PartBegan(from.Text("session"), from.Text("part"))),
        new JsonFormat<Checkpoint>(
            "checkpoint",
            (to, happened) => to.Text("session", happened.SessionId)
                .List("heads", happened.Heads, (head, one) => head.Text("stream", one.Stream).Number("sequence", one.Sequence).Text("hash", one.Hash))
                .OptionalText("key", happened.KeyId).OptionalText("signature", happened.Signature),
            from => new Checkpoint(
                from.Text("session"),
                from.List("heads", head => new StreamHead(head.Text("stream"), head.Number("sequence"), head.Text("hash"))),
                from.OptionalText("key"),
                from.OptionalText("signature"))),
        new JsonFormat<FramesPruned>(
            "frames-pruned",
            (to, happened) => to.Text("session", happened.SessionId).Text("stream", happened.Stream).Number("sequence", happened.Sequence)
                .Text("hash", happened.Hash).Number("frames", happened.Frames).Time("from", happened.From).Time("to", happened.To),
            from => new FramesPruned(
                from.Text("session"), from.Text("stream"), from.Number("sequence"), from.Text("hash"), from.Number("frames"), from.Time("from"), from.Time("to"))),
        new JsonFormat<DecisionsPruned>(
            "decisions-pruned",
            (to, happened) => to.Text("session", happened.SessionId).Text("stream", happened.Stream).Number("sequence", happened.Sequence)
                .Text("hash", happened.Hash).Time("from", happened.From).Time("to", happened.To),
            from => new DecisionsPruned(
                from.Text("session"), from.Text("stream"), from.Number("sequence"), from.Text("hash"), from.Time("from"), from.Time("to"))),
    ];

    /// <summary>Version 1 of the manifest had no plan, which is what an absent one means in version 2.</summary>
    private static JsonObject Unchanged(JsonObject fields) => fields;

    private static void WriteStarted(FieldWriter to, SessionStarted happened)
    {
        to.Text("session", happened.SessionId)
            .Text("account", happened.Account)
            .Text("dialect", happened.Dialect)
            .Text("codeVersion", happened.CodeVersion)
            .Text("settings", happened.Settings);
        if (happened.Plan is { } plan) to.Object("plan", plan, WritePlan);
    }

    private static SessionStarted ReadStarted(FieldReader from) => new(
        from.Text("session"), from.Text("account"), from.Text("dialect"), from.Text("codeVersion"), from.Text("settings"))
    {
        Plan = from.Has("plan") ? ReadPlan(from.Object("plan")) : null,
    };

    private static void WritePlan(FieldWriter to, SessionPlan plan) => to
        .List("strategies", plan.Strategies, WriteStrategy)
        .Object("limits", plan.Limits, WriteLimits)
        .List("instruments", plan.Instruments, WriteInstrument)
        .Number("lostAfterTicks", plan.LostAfter.Ticks)
        .Number("refusedPauseTicks", plan.RefusedPause.Ticks);

    private static SessionPlan ReadPlan(FieldReader from) => new(
        from.List("strategies", ReadStrategy),
        ReadLimits(from.Object("limits")),
        from.List("instruments", ReadInstrument),
        TimeSpan.FromTicks(from.Number("lostAfterTicks")),
        TimeSpan.FromTicks(from.Number("refusedPauseTicks")));

    private static void WriteStrategy(FieldWriter to, StrategyParameters strategy)
    {
        switch (strategy)
        {
            case GridParameters grid:
                to.Text("kind", "grid").Text("id", grid.Id).Symbol(grid.Symbol).Number("levels", grid.Levels).Number("stepTicks", grid.StepTicks)
                    .Contracts("quantity", grid.Quantity).Contracts("positionMax", grid.PositionMax);
                break;
            case QuotingParameters quoting:
                to.Text("kind", "quoting").Text("id", quoting.Id).Symbol(quoting.Symbol).Contracts("quantity", quoting.Quantity)
                    .Number("halfSpreadTicks", quoting.HalfSpreadTicks).Number("requoteTicks", quoting.RequoteTicks).Number("skewTicks", quoting.SkewTicks)
                    .Contracts("positionMax", quoting.PositionMax);
                break;
            default:
                throw new JournalFormatException($"no format is known for parameters of type {strategy.GetType().Name}");
        }
    }

    private static StrategyParameters ReadStrategy(FieldReader from) => from.Text("kind") switch
    {
        "grid" => new GridParameters(
            from.Text("id"), from.Symbol(), from.SmallNumber("levels"), from.Number("stepTicks"), from.Contracts("quantity"), from.Contracts("positionMax")),
        "quoting" => new QuotingParameters(
            from.Text("id"), from.Symbol(), from.Contracts("quantity"), from.Number("halfSpreadTicks"), from.Number("requoteTicks"), from.Number("skewTicks"), from.Contracts("positionMax")),
        _ => throw from.Bad("kind", "one of grid, quoting"),
    };

    private static void WriteLimits(FieldWriter to, RiskLimits limits) => to.List("all", limits.All, RiskFormats.WriteLimit);

    private static RiskLimits ReadLimits(FieldReader from) => new(from.List("all", RiskFormats.ReadLimit));

    /// <summary>Versions before 3 had five limits under names of their own.</summary>
    private static JsonObject UpgradeLimits(JsonObject fields)
    {
        if (fields["plan"] is JsonObject plan && plan["limits"] is JsonObject limits) plan["limits"] = RiskFormats.UpgradeLimits(limits);
        return fields;
    }

    /// <summary>Everything but the hours of trading, by which nothing is decided here: a closed instrument says so in its state.</summary>
    private static void WriteInstrument(FieldWriter to, Instrument instrument)
    {
        to.Symbol(instrument.Symbol)
            .Word("kind", instrument.Kind, Vocabulary.ContractKinds)
            .Text("settlement", instrument.Settlement.Code).Text("underlying", instrument.Underlying).Text("quote", instrument.Quote)
            .Decimal("tick", instrument.Tick.Value).Contracts("lot", instrument.LotSize).Number("multiplier", instrument.Multiplier)
            .Contracts("orderQuantityMax", instrument.OrderQuantityMax).Decimal("priceMax", instrument.PriceMax)
            .OptionalNumber("contractsPerUnderlying", instrument.ContractsPerUnderlying)
            .Decimal("initialMarginRate", instrument.InitialMarginRate).Decimal("maintenanceMarginRate", instrument.MaintenanceMarginRate)
            .Decimal("makerFeeRate", instrument.MakerFeeRate).Decimal("takerFeeRate", instrument.TakerFeeRate)
            .Number("riskLimit", instrument.RiskLimit).Number("riskStep", instrument.RiskStep)
            .Word("state", instrument.State, Vocabulary.InstrumentStates);
        if (instrument.Expiry is { } expiry) to.Time("expiry", expiry);
        to.OptionalNumber("divisor", instrument.Divisor == 1 ? null : instrument.Divisor)
            .OptionalDecimal("priceMin", instrument.PriceMin == 0 ? null : instrument.PriceMin)
            .OptionalDecimal("settlementFeeRate", instrument.SettlementFeeRate == 0 ? null : instrument.SettlementFeeRate)
            .OptionalWord("markMethod", instrument.MarkMethod == MarkMethod.FairPrice ? null : instrument.MarkMethod, Vocabulary.MarkMethods)
            .OptionalNumber("fundingIntervalTicks", instrument.FundingInterval?.Ticks);
    }

    private static Instrument ReadInstrument(FieldReader from) => new()
    {
        Symbol = from.Symbol(),
        Kind = from.Word("kind", Vocabulary.ContractKinds),
        Settlement = new Currency(from.Text("settlement")),
        Underlying = from.Text("underlying"),
        Quote = from.Text("quote"),
        Tick = from.Tick("tick"),
        LotSize = from.Contracts("lot"),
        Multiplier = from.Number("multiplier"),
        OrderQuantityMax = from.Contracts("orderQuantityMax"),
        PriceMax = from.Decimal("priceMax"),
        ContractsPerUnderlying = from.OptionalNumber("contractsPerUnderlying"),
        InitialMarginRate = from.Decimal("initialMarginRate"),
        MaintenanceMarginRate = from.Decimal("maintenanceMarginRate"),
        MakerFeeRate = from.Decimal("makerFeeRate"),
        TakerFeeRate = from.Decimal("takerFeeRate"),
        RiskLimit = from.Number("riskLimit"),
        RiskStep = from.Number("riskStep"),
        State = from.Word("state", Vocabulary.InstrumentStates),
        Expiry = from.Has("expiry") ? from.Time("expiry") : null,
        Divisor = from.OptionalNumber("divisor") ?? 1,
        PriceMin = from.OptionalDecimal("priceMin") ?? 0,
        SettlementFeeRate = from.OptionalDecimal("settlementFeeRate") ?? 0,
        MarkMethod = from.OptionalWord("markMethod", Vocabulary.MarkMethods) ?? MarkMethod.FairPrice,
        FundingInterval = from.OptionalNumber("fundingIntervalTicks") is { } ticks ? TimeSpan.FromTicks(ticks) : null,
    };
}
