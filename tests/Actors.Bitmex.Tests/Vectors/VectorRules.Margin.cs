using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;
using AccountMarginOf = Actors.Domain.Margin.AccountMargin;
using OrderMarginOf = Actors.Domain.Margin.OrderMargin;
using PositionMarginOf = Actors.Domain.Margin.PositionMargin;
using Ranking = Actors.Domain.Margin.AutoDeleveraging;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>Rules of margin, liquidation and auto-deleveraging.</summary>
internal static partial class VectorRules
{
    /// <summary>The venue prints ratios as binary fractions: good for 14 decimals.</summary>
    private const decimal RatioTolerance = 1e-14m;

    private static IEnumerable<Check> PositionMargin(Vector vector)
    {
        var inputs = vector.Inputs;
        return
        [
            .. vector.Check("posInit", () => Margin().Initial),
            .. vector.Check("posComm", () => Margin().Commission),
            .. vector.Check("posMaint", () => Margin().Maintenance),
            .. vector.Check("posMargin", () => Margin().Margin),
            .. vector.Check("maintMargin", () => Margin().Equity),
            .. vector.CheckReal("bankruptPrice", () => Price().Bankruptcy),
            .. vector.CheckReal("liquidationPrice", () => Price().Shown),
            .. vector.CheckReal("marginCallPrice", () => Price().Shown),
        ];

        PositionMarginOf Margin() => PositionMarginOf.Of(new PositionMarginInputs(
            inputs.NeedWhole("posCost"),
            inputs.Whole("posCost2") ?? inputs.NeedWhole("posCost"),
            Fraction.From(inputs.Need("initMarginReq")),
            Fraction.From(inputs.Need("maintMarginReq")),
            Fraction.From(inputs.Need("commission")),
            Fraction.From(inputs.Number("fundingPaid") ?? 0),
            inputs.Whole("posCross") ?? 0,
            inputs.Whole("posLoss") ?? 0,
            Holding().UnrealisedPnl));

        LiquidationPrice Price()
        {
            VectorInstrument.NeedTick(vector);
            var holding = Holding();
            var available = holding.IsIsolated ? 0 : inputs.Whole("availableMargin") ?? throw new NotUnderstoodException("inputs.availableMargin is missing: a cross position draws on it");
            return LiquidationPrice.Of(holding, available);
        }

        MarginHolding Holding()
        {
            var quantity = new Quantity(inputs.NeedWhole("currentQty"));
            var isolated = inputs.Flag("isolated") == true;
            var maintenance = inputs.Need("maintMarginReq");
            // An isolated position's rate is one over its leverage, exactly: the row prints a rounded third.
            var tiers = new RiskTiers(long.MaxValue, 0, isolated && inputs.Has("lev") ? maintenance : inputs.Need("initMarginReq"), maintenance);
            var terms = MarginTerms.From(VectorInstrument.Build(vector)) with { Tiers = tiers, TakerFee = Fraction.From(inputs.Need("commission")) };
            return new MarginHolding(terms)
                .WithLeverage(isolated ? inputs.Number("lev") ?? 1 / inputs.Need("initMarginReq") : 0)
                .WithFundingRate(Math.Sign(quantity.Contracts) * (inputs.Number("fundingPaid") ?? 0))
                .WithMark(inputs.Need("markPrice"))
                .WithPosition(new Position(quantity, inputs.NeedWhole("unrealisedCost"), 0, 0));
        }
    }

    /// <summary>Initial margin of a published example, in whole coins to the decimals that the page shows.</summary>
    private static IEnumerable<Check> MarginOfPublishedValue(Vector vector)
    {
        var inputs = vector.Inputs;
        return vector.CheckShown("initialMarginXBT", () => Rate().Ceiling(Value()) / Satoshi);

        Fraction Rate() => inputs.Number("imr") is { } rate ? Fraction.From(rate) : Fraction.Inverse(inputs.Need("leverage"));

        long Value()
        {
            if (inputs.Number("notionalXBT") is { } notional) return (long)(notional * Satoshi);
            var instrument = VectorInstrument.Build(vector);
            if (inputs.Number("multiplierXBT") is { } printed) instrument = instrument with { Multiplier = (long)(printed * Satoshi) };
            var quantity = inputs.Whole("qty") ?? inputs.NeedWhole("contracts");
            return ContractValue.Value(instrument, new Quantity(Math.Abs(quantity)), inputs.Number("price") ?? inputs.Need("entry"));
        }
    }

    private static IEnumerable<Check> AccountMargin(Vector vector)
    {
        var inputs = vector.Inputs;
        return
        [
            .. vector.Check("walletBalance", () => Margin().WalletBalance),
            .. vector.Check("marginBalance", () => Margin().MarginBalance),
            .. vector.Check("availableMargin", () => Margin().Available),
            .. vector.Check("excessMargin", () => Margin().Available),
            .. vector.Check("withdrawableMargin", () => Margin().Withdrawable),
            .. vector.CheckReal("marginLeverage", () => Margin().Leverage ?? throw new NotUnderstoodException("no balance, no leverage"), RatioTolerance),
            .. vector.CheckReal("marginUsedPcnt", () => Margin().Used ?? throw new NotUnderstoodException("no balance, nothing used")),
        ];

        AccountMarginOf Margin() => new()
        {
            WalletBalance = inputs.NeedWhole("amount") + inputs.NeedWhole("realisedPnl"),
            UnrealisedPnl = inputs.NeedWhole("unrealisedPnl"),
            OrderMargin = inputs.NeedWhole("initMargin"),
            PositionMargin = inputs.NeedWhole("maintMargin"),
            RiskValue = inputs.Whole("riskValue") ?? 0,
        };
    }

    private static IEnumerable<Check> OrderMargin(Vector vector) =>
    [
        .. vector.Check("initMargin", () => OrderMarginOf.Of(
            vector.Inputs.NeedWhole("grossOpenCost"), Fraction.From(vector.Inputs.Need("initMarginReq")), Fraction.From(vector.Inputs.Need("takerFee")))),
        .. MarginOfPublishedValue(vector),
    ];

    /// <summary>No rounding fits every row: one unit is allowed, as the vectors say.</summary>
    private static IEnumerable<Check> GrossOpenCost(Vector vector)
    {
        var inputs = vector.Inputs;
        return vector.Check(
            "grossOpenCost",
            () => OrderMarginOf.GrossOpenCost(
                inputs.Whole("currentQty") ?? 0,
                new OpenOrders(Amount("openOrderBuyQty"), Amount("openOrderBuyCost"), Amount("openOrderSellQty"), Amount("openOrderSellCost"))),
            1);

        long Amount(string name) => Math.Abs(inputs.Whole(name) ?? 0);
    }

    private static IEnumerable<Check> RiskLimit(Vector vector)
    {
        var fields = vector.Instrument;
        if (!fields.Has("baseRiskLimitXBT") && vector.Inputs.Number("maint") is { } rate)
            return vector.CheckShown("maintMarginXBT", () => Fraction.From(rate).Ceiling(Position()) / Satoshi);
        return
        [
            .. vector.Check("initMargin", () => Decimal(Tier().InitialRate)),
            .. vector.Check("maintMargin", () => Decimal(Tier().MaintenanceRate)),
            .. vector.CheckShown("initMarginXBT", () => Tier().InitialRate.Ceiling(Position()) / Satoshi),
            .. vector.CheckShown("maintMarginXBT", () => Tier().MaintenanceRate.Ceiling(Position()) / Satoshi),
        ];

        long Position() => (long)(vector.Inputs.Need("positionXBT") * Satoshi);

        RiskTier Tier() => new RiskTiers(
            (long)(fields.Need("baseRiskLimitXBT") * Satoshi), (long)(fields.Need("riskStepXBT") * Satoshi), fields.Need("baseInit"), fields.Need("baseMaint"))
            .At(Position());

        static decimal Decimal(Fraction rate) => (decimal)rate.Numerator / rate.Denominator;
    }

    private static IEnumerable<Check> AutoDeleveraging(Vector vector)
    {
        var ranked = (vector.Inputs.Has("longs") ? vector.Inputs.NeedRows("longs") : vector.Inputs.NeedRows("shorts"))
            .Select(row => new DeleveragingCandidate((long)row[0], (long)row[1], row[2])).ToArray();
        Ranking.Rank(ranked);
        return
        [
            .. vector.CheckText("order", () => $"[{string.Join(", ", ranked.Select(one => one.Account))}]"),
            .. vector.CheckText("percentiles", () => Object(Percentiles())),
            .. vector.CheckText("closed", () => Object(Closed())),
        ];

        IEnumerable<(long, long)> Percentiles()
        {
            var percentiles = new int[ranked.Length];
            Ranking.Percentiles(ranked, percentiles);
            return ranked.Select((one, place) => (one.Account, (long)percentiles[place]));
        }

        IEnumerable<(long, long)> Closed()
        {
            var closed = new long[ranked.Length];
            Ranking.Close(ranked, vector.Inputs.Whole("liquidatedShortQty") ?? vector.Inputs.NeedWhole("liquidatedLongQty"), closed);
            return ranked.Select((one, place) => (one.Account, closed[place])).Where(one => one.Item2 > 0);
        }

        static string Object(IEnumerable<(long Account, long Value)> pairs) => $"{{{string.Join(", ", pairs.Select(pair => $"\"{pair.Account}\": {pair.Value}"))}}}";
    }
}
