using System.Text;
using Actors.Domain.Funding;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>
/// A rule for each topic: from a vector to its checked fields, every figure computed by the product's own code. To add a topic, add a function
/// and name it here.
/// </summary>
internal static partial class VectorRules
{
    /// <summary>Bars sum trades at prices the vector does not have; the vectors' note gives this relative tolerance.</summary>
    private const decimal BarTolerance = 1e-7m;

    public static readonly Dictionary<string, Func<Vector, IEnumerable<Check>>> ByTopic = new()
    {
        ["grossValue"] = Trade,
        ["openValue"] = OpenValue,
        ["tradeBin"] = Bar,
        ["notional"] = NotionalOfTrade,
        ["execution"] = Execution,
        ["fairPrice"] = Fair,
        ["funding"] = Funding,
        ["position"] = PositionRow,
        ["avgEntryPrice"] = AverageEntry,
        ["value"] = PublishedValue,
        ["pnl"] = PublishedPnl,
        ["signature"] = Signature,
        ["margin"] = AccountMargin,
        ["initMargin"] = OrderMargin,
        ["grossOpenCost"] = GrossOpenCost,
        ["riskLimit"] = RiskLimit,
        ["adl"] = AutoDeleveraging,
    };

    private static IEnumerable<Check> Trade(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        var (size, price) = (vector.Inputs.NeedWhole("size"), vector.Inputs.Need("price"));
        long Value() => VectorInstrument.Value(vector, instrument, size, price);
        return [.. vector.Check("grossValue", () => Value()), .. Notionals(vector, instrument, size, Value, price, 1)];
    }

    private static IEnumerable<Check> OpenValue(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        return vector.Check("openValue", () => VectorInstrument.Value(vector, instrument, vector.Inputs.NeedWhole("openInterest"), vector.Inputs.Need("markPrice")));
    }

    private static IEnumerable<Check> Bar(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        var (volume, price) = (vector.Inputs.NeedWhole("volume"), vector.Inputs.Need("vwap"));
        // Over many trades the rounding of inverse lots evens out; at one average price it would not.
        decimal Turnover() => instrument.Kind == ContractKind.Inverse ? instrument.Multiplier * (volume / price) : ContractValue.Value(instrument, new Quantity(volume), price);
        Notional Notionals() => Notional.Of(instrument, new Quantity(volume), (long)Turnover(), price, VectorInstrument.Scale(instrument), QuoteRate(vector));
        return
        [
            .. vector.Check("turnover", Turnover, vector.Expected.Number("turnover") * BarTolerance ?? 0),
            .. vector.CheckReal("homeNotional", () => Notionals().Home, vector.Expected.Number("homeNotional") * BarTolerance ?? 0),
            .. vector.CheckReal("foreignNotional", () => Notionals().Foreign, vector.Expected.Number("foreignNotional") * BarTolerance ?? 0),
        ];
    }

    /// <summary>
    /// Rows that name neither kind nor multiplier, only whether there is a rate of settlement: with one by that rate (as quantos are, and every
    /// linear contract comes out alike), else inverse if on bitcoin itself, else linear in the underlying.
    /// </summary>
    private static IEnumerable<Check> NotionalOfTrade(Vector vector)
    {
        var (size, price, value) = (vector.Inputs.NeedWhole("size"), vector.Inputs.Need("price"), vector.Inputs.NeedWhole("grossValue"));
        if (vector.Instrument.Has("multiplier")) return Notionals(vector, VectorInstrument.Build(vector), size, () => value, price, 1);
        var isInverse = vector.Instrument.Flag("isInverse") ?? vector.Instrument.Text("symbol") is ['X', 'B', 'T', ..] and not [.., 'U', 'S', 'D', 'T'];
        var kind = isInverse ? ContractKind.Inverse : QuoteRate(vector) is not null ? ContractKind.Quanto : ContractKind.Linear;
        var instrument = new Instrument
        {
            Symbol = new Symbol(vector.Instrument.Text("symbol") ?? vector.Id),
            Kind = kind,
            Settlement = new Currency("XBt"),
            Underlying = string.Empty,
            Quote = string.Empty,
            Tick = TickSize.Finest,
            LotSize = new Quantity(1),
            Multiplier = 1,
            OrderQuantityMax = new Quantity(long.MaxValue),
            PriceMax = decimal.MaxValue,
            ContractsPerUnderlying = vector.Instrument.Whole("underlyingToPositionMultiplier"),
            InitialMarginRate = 1,
            MaintenanceMarginRate = 1,
            MakerFeeRate = 0,
            TakerFeeRate = 0,
            RiskLimit = long.MaxValue,
            RiskStep = long.MaxValue,
            State = InstrumentState.Open,
        };
        return Notionals(vector, instrument, size, () => value, price, 1);
    }

    private static IEnumerable<Check> Execution(Vector vector)
    {
        var instrument = VectorInstrument.Build(vector);
        var (quantity, price) = (vector.Inputs.NeedWhole("lastQty"), vector.Inputs.Need("lastPx"));
        var side = vector.Inputs.Text("side") switch
        {
            "Buy" => Side.Buy,
            "Sell" => Side.Sell,
            var other => throw new NotUnderstoodException($"inputs.side: {other ?? "nothing"} is neither Buy nor Sell"),
        };
        long Value() => VectorInstrument.Value(vector, instrument, quantity, price);
        long Cost() => Math.Sign(ContractValue.Cost(instrument, Quantity.Signed(side, new Quantity(quantity)), price)) * Value();
        return
        [
            .. vector.Check("execCost", () => Cost()),
            .. vector.Check("execComm", () => ContractValue.Commission(Cost(), vector.Inputs.Need("commission"))),
            .. Notionals(vector, instrument, quantity, Value, price, side.Sign(), isSigned: true),
        ];
    }

    /// <summary>The grid a perpetual's basis is rounded to is unresolved: half a tick is allowed there, and nothing on a future's.</summary>
    private static IEnumerable<Check> Fair(Vector vector)
    {
        var inputs = vector.Inputs;
        var index = inputs.Need("indicativeSettlePrice");
        var decimals = (int)(inputs.Whole("decimals") ?? index.Scale);
        var at = inputs.NeedTime("timestamp");
        var isPerpetual = inputs.Has("fundingTimestamp");
        var interval = TimeSpan.FromSeconds(inputs.Whole("fundingIntervalSeconds") ?? 28_800);
        decimal Basis() => isPerpetual
            ? FairPrice.BasisOfPerpetual(index, inputs.Need("fundingRate"), at, inputs.NeedTime("fundingTimestamp"), interval, decimals)
            : FairPrice.BasisOfFuture(index, inputs.Need("fairBasisRate"), at, inputs.NeedTime("settle"), decimals);
        var tolerance = isPerpetual ? (vector.Instrument.Number("tickSize") ?? 0) / 2 : 0;
        return
        [
            .. vector.CheckReal("fairBasis", Basis, tolerance),
            .. vector.CheckReal("fairPrice", () => index + Basis(), tolerance),
            .. vector.CheckReal("markPrice", () => index + Basis(), tolerance),
            .. isPerpetual
                ? vector.CheckReal("fairBasisRate", () => FairPrice.YearlyRate(inputs.Need("fundingRate"), interval))
                : vector.Aside("an input here: the venue refreshes a future's rate by rules that could not be found", "fairBasisRate"),
        ];
    }

    private static IEnumerable<Check> Funding(Vector vector)
    {
        var inputs = vector.Inputs;
        if (inputs.Has("quoteRatePerDay"))
        {
            return vector.CheckReal("interestRate", () => FundingRate.Interest(inputs.Need("quoteRatePerDay"), inputs.Need("baseRatePerDay"), (int)inputs.NeedWhole("intervalsPerDay")));
        }

        // A mark value without its price: an instrument of one minor unit a contract has just that value.
        var unit = NotionalUnit();
        long Payment(long markValue) => FundingRate.Payment(unit, new Quantity(markValue), 1, inputs.Need("fundingRate"));
        long MarkValue() => inputs.Has("markValueXBT") ? (long)(inputs.Need("markValueXBT") * 100_000_000) : inputs.NeedWhole("markValue");
        return
        [
            .. vector.CheckShown("fundingAmountXBT", () => Math.Abs(Payment(Math.Abs(MarkValue()))) / 100_000_000m),
            .. vector.Check("fundingAmount", () => Payment(MarkValue())),
            .. vector.CheckText("payer", () => Payment(Math.Abs(MarkValue())) > 0 ? "long" : "short"),
        ];

        static Instrument NotionalUnit() => new()
        {
            Symbol = new Symbol("UNIT"),
            Kind = ContractKind.Linear,
            Settlement = new Currency("XBt"),
            Underlying = string.Empty,
            Quote = string.Empty,
            Tick = TickSize.From(1),
            LotSize = new Quantity(1),
            Multiplier = 1,
            OrderQuantityMax = new Quantity(long.MaxValue),
            PriceMax = decimal.MaxValue,
            InitialMarginRate = 1,
            MaintenanceMarginRate = 1,
            MakerFeeRate = 0,
            TakerFeeRate = 0,
            RiskLimit = long.MaxValue,
            RiskStep = long.MaxValue,
            State = InstrumentState.Open,
        };
    }

    private static IEnumerable<Check> Signature(Vector vector)
    {
        string Need(string name) => vector.Inputs.Text(name) ?? throw new NotUnderstoodException($"inputs.{name} is missing");
        return vector.CheckText("signature", () => Signer.Sign(
            Encoding.UTF8.GetBytes(Need("apiSecret")), Need("verb"), Need("path"), vector.Inputs.NeedWhole("expires"), Encoding.UTF8.GetBytes(vector.Inputs.Text("data") ?? string.Empty)));
    }

    private static IEnumerable<Check> Notionals(
        Vector vector, Instrument instrument, long quantity, Func<long> value, decimal price, int sign, bool isSigned = false)
    {
        Notional Of()
        {
            var unsigned = Notional.Of(instrument, new Quantity(quantity), value(), price, VectorInstrument.Scale(instrument), QuoteRate(vector));
            return isSigned ? unsigned.Signed(sign) : unsigned;
        }

        return [.. vector.CheckReal("homeNotional", () => NeedRate(() => Of().Home)), .. vector.CheckReal("foreignNotional", () => NeedRate(() => Of().Foreign))];

        decimal NeedRate(Func<decimal> compute) => instrument.Kind == ContractKind.Quanto && QuoteRate(vector) is null
            ? throw new NotUnderstoodException("instrument.quoteToSettleMultiplier is missing")
            : compute();
    }

    private static long? QuoteRate(Vector vector) => vector.Instrument.Whole("quoteToSettleMultiplier") ?? vector.Inputs.Whole("quoteToSettleMultiplier");
}
