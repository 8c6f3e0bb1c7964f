using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>Rules of positions and of the published examples of profit and loss.</summary>
internal static partial class VectorRules
{
    private const decimal Satoshi = 100_000_000m;

    private static IEnumerable<Check> PositionRow(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        var inputs = vector.Inputs;
        var quantity = inputs.NeedWhole("currentQty");
        var unrealisedCost = inputs.NeedWhole("unrealisedCost");
        Position Held() => new(new Quantity(quantity), unrealisedCost, inputs.NeedWhole("currentCost") - unrealisedCost, inputs.NeedWhole("currentComm"));
        var open = new Position(new Quantity(quantity), unrealisedCost, 0, 0);
        long ValueAt(string price) =>
            Math.Sign(ContractValue.Cost(instrument, open.Quantity, inputs.Need(price))) * VectorInstrument.Value(vector, instrument, quantity, inputs.Need(price));
        decimal InitialRate() => inputs.Number("initMarginReq") ?? 1 / inputs.Need("lev");
        return
        [
            .. vector.Check("markValue", () => ValueAt("markPrice")),
            .. vector.Check("lastValue", () => ValueAt("lastPrice")),
            .. vector.Check("unrealisedPnl", () => ValueAt("markPrice") - open.UnrealisedCost),
            .. vector.Check("realisedCost", () => Held().RealisedCost),
            .. vector.Check("realisedPnl", () => Held().RealisedPnl),
            .. vector.CheckReal("unrealisedPnlPcnt", () => open.UnrealisedPnlFraction(instrument, inputs.Need("markPrice"))),
            .. vector.CheckReal("unrealisedRoePcnt", () => open.UnrealisedReturn(instrument, inputs.Need("markPrice"), InitialRate())),
            .. vector.CheckReal("avgEntryPrice", () => Shown(vector, ShownPrices.AverageEntry(instrument, open))),
            .. vector.CheckReal("breakEvenPrice", () => Shown(vector, ShownPrices.BreakEven(instrument, Held(), inputs.Whole("rebalancedPnl") ?? 0))),
            .. vector.CheckReal("homeNotional", () => NotionalAtMark().Home),
            .. vector.CheckReal("foreignNotional", () => NotionalAtMark().Foreign),
            .. PositionMargin(vector),
        ];

        Notional NotionalAtMark() => Notional.Of(
            instrument, open.Quantity, Math.Abs(ValueAt("markPrice")), inputs.Need("markPrice"), VectorInstrument.Scale(instrument), QuoteRate(vector)).Signed(Math.Sign(quantity));
    }

    /// <summary>What is shown depends on the tick, and on the lot of an inverse contract.</summary>
    private static decimal Shown(Vector vector, decimal? price)
    {
        VectorInstrument.NeedTick(vector);
        if (vector.Instrument.Flag("isInverse") == true) vector.Instrument.Need("lotSize");
        return price ?? throw new NotUnderstoodException("a flat position has no price");
    }

    private static IEnumerable<Check> AverageEntry(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        var fills = vector.Inputs.NeedRows("fills").Select(fill => (new Quantity((long)fill[0]), fill[1])).ToList();
        return vector.CheckShown("avgEntryPrice", () => ShownPrices.AverageOfFills(instrument.Kind, fills));
    }

    /// <summary>Pages print values in whole coins: compared to the decimals they show. A page may use another multiplier than the rows.</summary>
    private static IEnumerable<Check> PublishedValue(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        if (vector.Inputs.Number("multiplierXBT") is { } printed) instrument = instrument with { Multiplier = (long)(printed * Satoshi) };
        var quantity = vector.Inputs.Whole("qty") ?? vector.Inputs.Whole("contracts") ?? vector.Inputs.NeedWhole("size");
        return
        [
            .. vector.CheckShown("valueXBT", () => ContractValue.Value(instrument, new Quantity(Math.Abs(quantity)), vector.Inputs.Need("price")) / Satoshi),
            .. vector.Check("value", () => VectorInstrument.Value(vector, instrument, quantity, vector.Inputs.Need("price"))),
            .. MarginOfPublishedValue(vector),
        ];
    }

    private static IEnumerable<Check> PublishedPnl(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        var inputs = vector.Inputs;
        var (entry, exit) = (inputs.Need("entry"), inputs.Need("exit"));
        var isShort = inputs.Text("side")?.StartsWith("s", StringComparison.OrdinalIgnoreCase) == true;
        var quantity = new Quantity((inputs.Whole("qty") ?? Contracts()) * (isShort ? -1 : 1));
        var exitValue = ContractValue.Value(instrument, quantity.Absolute, exit);
        // Both examples were paid the maker's rebate of their year.
        var rebate = -FeeHistory.At(new DateTimeOffset(2017, 1, 1, 0, 0, 0, TimeSpan.Zero)).For(0).Maker;
        long RoundTrip() => Close(Open()).RealisedPnl;
        decimal WithRebates() => (RoundTrip() + (2 * rebate * ContractValue.Value(instrument, quantity.Absolute, entry))) / Satoshi;
        // These pages divide without rounding; the venue counts whole units a lot, at entry and at exit.
        var perLot = instrument.Kind == ContractKind.Inverse ? quantity.Absolute.Contracts / instrument.LotSize.Contracts / Satoshi : 0;
        decimal Return(decimal profit) => 100 * profit * Satoshi * inputs.Need("leverage") / ContractValue.Value(instrument, quantity.Absolute, entry);
        long Rebate() => -ContractValue.Commission(exitValue, -rebate);
        return
        [
            .. vector.CheckShown("pnlXBT", () => RoundTrip() / Satoshi),
            .. vector.Check("pnl", () => RoundTrip()),
            .. vector.Check("contracts", () => Contracts()),
            .. vector.Check("comm", () => Rebate()),
            .. vector.Check("reportedSessionPnl", () => RoundTrip() + Rebate() + vector.Expected.NeedNumbers("fundingSats").Sum()),
            .. vector.CheckShown("priceChangePct", () => 100 * (exit - entry) / entry),
            .. vector.CheckShown("profitXBT_incl_two_maker_rebates", WithRebates, perLot),
            .. vector.CheckShown("roePct", () => Return(WithRebates()), inputs.Has("leverage") ? Return(perLot) : 0),
            .. vector.Aside("the funding that was paid is not among the inputs", "pnlNetOfFundingXBT"),
            .. vector.Aside("the formula without rounding that the vector sets against the venue's", "naivePnlSats"),
            .. vector.Aside("the mark at the payment is not among the inputs; used as given in reportedSessionPnl", "fundingRates", "fundingSats"),
            .. vector.Aside("a third party's simplified formula, not the venue's", "liquidationPrice"),
            .. MarginOfPublishedValue(vector),
        ];

        Position Open() => Position.Flat.Fill(quantity, ContractValue.Cost(instrument, quantity, entry), 0);

        Position Close(Position position) => position.Fill(-quantity, ContractValue.Cost(instrument, -quantity, exit), 0);

        long Contracts() => (long)(inputs.Need("notionalXBT") * Satoshi / ContractValue.Value(instrument, new Quantity(1), entry));
    }
}
