using System.Numerics;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>Builds an instrument from the few fields a vector names; what a calculation needs and nobody named is asked for by the calculation.</summary>
internal static class VectorInstrument
{
    /// <summary>Decimals of the minor units met in vectors.</summary>
    private static readonly Dictionary<string, int> Scales = new() { ["XBt"] = 8, ["Gwei"] = 9, ["USDt"] = 6 };

    public static Instrument Build(Vector vector)
    {
        var fields = vector.Instrument;
        var kind = Kind(fields);
        var (multiplier, divisor) = kind == ContractKind.Spot ? Spot(fields) : (Math.Abs(fields.NeedWhole("multiplier")), 1);
        return new Instrument
        {
            Symbol = new Symbol(fields.Text("symbol") ?? vector.Id),
            Kind = kind,
            Settlement = new Currency(SettlementCode(fields, kind)),
            Underlying = string.Empty,
            Quote = string.Empty,
            Tick = fields.Number("tickSize") is { } tick ? TickSize.From(tick) : TickSize.Finest,
            LotSize = new Quantity(fields.Whole("lotSize") ?? 1),
            Multiplier = multiplier,
            Divisor = divisor,
            OrderQuantityMax = new Quantity(long.MaxValue),
            PriceMax = decimal.MaxValue,
            ContractsPerUnderlying = fields.Whole("underlyingToPositionMultiplier") ?? fields.Whole("positionUnitsPerXBT"),
            InitialMarginRate = fields.Number("initMargin") ?? 1,
            MaintenanceMarginRate = fields.Number("maintMargin") ?? 1,
            MakerFeeRate = fields.Number("makerFee") ?? 0,
            TakerFeeRate = fields.Number("takerFee") ?? 0,
            RiskLimit = fields.Whole("riskLimit") ?? long.MaxValue,
            RiskStep = fields.Whole("riskStep") ?? long.MaxValue,
            State = InstrumentState.Open,
        };
    }

    /// <summary>Decimals of the settlement currency.</summary>
    public static int Scale(Instrument instrument) => Scales.TryGetValue(instrument.Settlement.Code, out var scale)
        ? scale
        : throw new NotUnderstoodException($"instrument.settlCurrency: the decimals of {instrument.Settlement} are not known");

    /// <summary>
    /// Unsigned value. Where an inverse contract's lot is neither named nor agreed on, and the two lots of the venue's history give two values,
    /// the vector cannot be checked.
    /// </summary>
    public static long Value(Vector vector, Instrument instrument, long quantity, decimal price)
    {
        var value = ContractValue.Value(instrument, new Quantity(Math.Abs(quantity)), price);
        if (instrument.Kind != ContractKind.Inverse || vector.Instrument.Has("lotSize")) return value;
        return value == ContractValue.Value(instrument with { LotSize = new Quantity(100) }, new Quantity(Math.Abs(quantity)), price)
            ? value
            : throw new NotUnderstoodException("instrument.lotSize is missing, and the rounding of an inverse value depends on it");
    }

    public static void NeedTick(Vector vector) => vector.Instrument.Need("tickSize");

    private static ContractKind Kind(Fields fields) => fields.Text("typ") switch
    {
        "IFXXXP" => ContractKind.Spot,
        "FFICSX" => ContractKind.Prediction,
        "FFMCSX" => ContractKind.CalendarSpread,
        _ when fields.Flag("isInverse") == true || fields.Whole("multiplier") < 0 => ContractKind.Inverse,
        _ when fields.Flag("isQuanto") == true => ContractKind.Quanto,
        _ when fields.Has("positionUnitsPerXBT") => ContractKind.Spot,
        _ => ContractKind.Linear,
    };

    // Rows that leave it out are of the years when all but the contracts on USDT (and none of their quantos) were settled in satoshi.
    private static string SettlementCode(Fields fields, ContractKind kind) => fields.Text("settlCurrency") is { Length: > 0 } code ? code
        : kind is ContractKind.Linear or ContractKind.Spot && fields.Text("symbol")?.EndsWith("USDT", StringComparison.Ordinal) == true ? "USDt"
        : "XBt";

    private static (long Multiplier, long Divisor) Spot(Fields fields)
    {
        var contracts = fields.Whole("underlyingToPositionMultiplier") ?? fields.NeedWhole("positionUnitsPerXBT");
        var minor = fields.Whole("quoteToSettleMultiplier") ?? (long)BigInteger.Pow(10, Scales[SettlementCode(fields, ContractKind.Spot)]);
        var common = (long)BigInteger.GreatestCommonDivisor(minor, contracts);
        return (minor / common, contracts / common);
    }
}
