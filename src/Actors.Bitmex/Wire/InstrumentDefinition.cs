using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>Turns an instrument row into a domain definition, or says which field stands in the way.</summary>
internal static class InstrumentDefinition
{
    /// <summary>What a contract that pays all or nothing cannot exceed, in points.</summary>
    private const decimal PredictionPriceMax = 100;

    /// <summary>
    /// Type codes of what can be held. They say what it is, not how value follows price: perpetuals (crypto, FX, equities and commodities) and
    /// dated futures of one code may be inverse, linear or quanto.
    /// </summary>
    private static readonly Dictionary<string, ContractKind?> Traded = new()
    {
        ["FFWCSX"] = null,
        ["FFWCSF"] = null,
        ["FFSCSX"] = null,
        ["FFCCSX"] = null,
        ["FXXXS"] = null,
        ["FXXXN"] = null,
        ["IFXXXP"] = ContractKind.Spot,
        ["FFICSX"] = ContractKind.Prediction,
        ["FFMCSX"] = ContractKind.CalendarSpread,
    };

    private static readonly Dictionary<string, string> Untraded = new()
    {
        ["OCECCS"] = "an option",
        ["OPECCS"] = "an option",
        ["SRMCSX"] = "a yield swap",
        ["RCSXXX"] = "a reference basket",
        ["FMXXS"] = "a spread of before 2018",
    };

    /// <summary>The minor unit in which a quote currency is paid and its decimals: spot rows may name neither.</summary>
    private static readonly Dictionary<string, (string Code, int Scale)> MinorUnits = new()
    {
        ["XBT"] = ("XBt", 8),
        ["ETH"] = ("Gwei", 9),
        ["USDT"] = ("USDt", 6),
    };

    private static readonly DateTimeOffset IntervalOrigin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool TryFrom(InstrumentRow row, [NotNullWhen(true)] out Instrument? definition, [NotNullWhen(false)] out string? reason)
    {
        (definition, reason) = (null, null);
        try
        {
            definition = Sane(From(row));
            return true;
        }
        catch (WireFormatException unreadable)
        {
            reason = unreadable.Message;
            return false;
        }
    }

    private static Instrument From(InstrumentRow row)
    {
        var symbol = row.Symbol ?? throw new WireFormatException("instrument: expected symbol");
        var kind = Kind(row);
        var settlement = Settlement(row, kind);
        var (multiplier, divisor) = kind == ContractKind.Spot ? SpotMultiplier(row) : (Multiplier(row), 1);
        return new Instrument
        {
            Symbol = symbol,
            Kind = kind,
            Settlement = settlement,
            Underlying = row.Underlying ?? string.Empty,
            Quote = row.Quote ?? string.Empty,
            Tick = Tick(row),
            LotSize = new Quantity(Positive(row, row.Lot, "lotSize")),
            Multiplier = multiplier,
            Divisor = divisor,
            OrderQuantityMax = new Quantity(Positive(row, row.OrderQuantityMax, "maxOrderQty")),
            PriceMax = PriceMax(row, kind),
            PriceMin = kind == ContractKind.CalendarSpread ? row.PriceMin ?? throw Missing(row, "minPrice") : 0,
            ContractsPerUnderlying = row.ContractsPerUnderlying is null ? null : Positive(row, row.ContractsPerUnderlying, "underlyingToPositionMultiplier"),
            InitialMarginRate = row.InitialMargin ?? PaidInFull(kind)?.Initial ?? throw Missing(row, "initMargin"),
            MaintenanceMarginRate = row.MaintenanceMargin ?? PaidInFull(kind)?.Maintenance ?? throw Missing(row, "maintMargin"),
            MakerFeeRate = row.MakerFee ?? throw Missing(row, "makerFee"),
            TakerFeeRate = row.TakerFee ?? throw Missing(row, "takerFee"),
            SettlementFeeRate = row.SettlementFee ?? 0,
            // Without tiers the base rates hold for any value.
            RiskLimit = row.RiskLimit is > 0 and { } limit ? limit : long.MaxValue,
            RiskStep = row.RiskStep is > 0 and { } step ? step : long.MaxValue,
            Expiry = row.Expiry ?? row.Settle,
            State = row.State switch
            {
                "Open" => InstrumentState.Open,
                "Closed" => InstrumentState.Closed,
                "Settled" => InstrumentState.Settled,
                _ => InstrumentState.Unlisted,
            },
            MarkMethod = row.MarkMethod?.StartsWith("LastPrice", StringComparison.Ordinal) == true ? MarkMethod.LastPrice : MarkMethod.FairPrice,
            FundingInterval = row.FundingInterval > IntervalOrigin ? row.FundingInterval - IntervalOrigin : null,
            Schedule = Schedule(row),
        };
    }

    private static ContractKind Kind(InstrumentRow row)
    {
        if (row.IsIndex) throw new WireFormatException($"instrument {row.Symbol}: an index, not a contract");
        var type = row.Type ?? throw Missing(row, "typ");
        if (Untraded.TryGetValue(type, out var what)) throw new WireFormatException($"instrument {row.Symbol}: {what}, not supported");
        if (!Traded.TryGetValue(type, out var kind)) throw new WireFormatException($"instrument {row.Symbol}: typ {type} is not known");
        return kind ?? (row.IsInverse, row.IsQuanto) switch
        {
            (true, true) => throw new WireFormatException($"instrument {row.Symbol}: both isInverse and isQuanto"),
            (true, _) => ContractKind.Inverse,
            (_, true) => ContractKind.Quanto,
            (false, _) => ContractKind.Linear,
            _ => throw Missing(row, "isInverse"),
        };
    }

    /// <summary>
    /// Rates of what is paid in full, whose rows may name none: a spot pair, a prediction (which cannot fall below nothing). Nothing is known of
    /// the margin of a spread: the whole value.
    /// </summary>
    private static (decimal Initial, decimal Maintenance)? PaidInFull(ContractKind kind) => kind switch
    {
        ContractKind.Spot or ContractKind.CalendarSpread => (1, 1),
        ContractKind.Prediction => (1, 0),
        _ => null,
    };

    /// <summary>Rows of spot pairs may name no settlement: what is paid is the quote currency.</summary>
    private static Currency Settlement(InstrumentRow row, ContractKind kind) =>
        row.Settlement is { Length: > 0 } code ? new Currency(code)
        : kind == ContractKind.Spot && row.Quote is { Length: > 0 } quote ? new Currency(MinorUnits.TryGetValue(quote, out var unit) ? unit.Code : quote)
        : throw Missing(row, "settlCurrency");

    private static TickSize Tick(InstrumentRow row)
    {
        var tick = row.Tick ?? throw Missing(row, "tickSize");
        try
        {
            return TickSize.From(tick);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new WireFormatException(string.Create(CultureInfo.InvariantCulture, $"instrument {row.Symbol}: tickSize {tick} is not a grid"));
        }
    }

    private static long Multiplier(InstrumentRow row)
    {
        var multiplier = row.Multiplier ?? throw Missing(row, "multiplier");
        // The venue marks inverse contracts by a negative multiplier; a sign that says otherwise would turn profit into loss.
        if (multiplier == 0 || multiplier < 0 != (row.IsInverse == true))
            throw new WireFormatException($"instrument {row.Symbol}: multiplier {multiplier} does not fit isInverse {row.IsInverse}");
        return Math.Abs(multiplier);
    }

    /// <summary>
    /// A spot contract is a fraction of the underlying, and the quote's minor units per contract and point are a fraction of one: 1/100 for
    /// XBT_USDT (170000 contracts of 1e-8 XBT turned over 39345600 USDt, 2023).
    /// </summary>
    private static (long Multiplier, long Divisor) SpotMultiplier(InstrumentRow row)
    {
        var contracts = Positive(row, row.ContractsPerUnderlying, "underlyingToPositionMultiplier");
        var minor = row.SettlementPerQuote is > 0 and { } given ? given
            : row.Quote is { } quote && MinorUnits.TryGetValue(quote, out var unit) ? (long)BigInteger.Pow(10, unit.Scale)
            : throw Missing(row, "quoteToSettleMultiplier");
        var common = (long)BigInteger.GreatestCommonDivisor(minor, contracts);
        return (minor / common, contracts / common);
    }

    private static decimal PriceMax(InstrumentRow row, ContractKind kind) => kind == ContractKind.Prediction
        ? Math.Min(row.PriceMax ?? PredictionPriceMax, PredictionPriceMax)
        : row.PriceMax ?? throw Missing(row, "maxPrice");

    /// <summary>Contracts on markets that keep hours say when they open next while they are closed; for crypto a session is an hour of accounts.</summary>
    private static TradingSchedule Schedule(InstrumentRow row) => row is { State: "Closed", Opening: { } opening } && opening > row.Timestamp
        ? TradingSchedule.ClosedUntil(opening)
        : TradingSchedule.Always;

    /// <summary>An instrument whose largest order has no value that can be counted, or whose bounds contradict each other, is no instrument.</summary>
    private static Instrument Sane(Instrument instrument)
    {
        if (instrument.PriceMax <= instrument.PriceMin) throw Refused("maxPrice is not above minPrice");
        if (instrument.InitialMarginRate < 0 || instrument.MaintenanceMarginRate < 0) throw Refused("a margin rate is negative");
        if (Math.Abs(instrument.MakerFeeRate) > 1 || Math.Abs(instrument.TakerFeeRate) > 1) throw Refused("a fee is more than the whole value");
        try
        {
            ContractValue.Value(instrument, instrument.OrderQuantityMax, instrument.PriceMax);
            ContractValue.Value(instrument, instrument.OrderQuantityMax, instrument.Tick.Value);
            return instrument;
        }
        catch (OverflowException)
        {
            throw Refused($"an order of {instrument.OrderQuantityMax} contracts at multiplier {instrument.Multiplier} has no value that can be counted");
        }

        WireFormatException Refused(string reason) => new($"instrument {instrument.Symbol}: {reason}");
    }

    private static long Positive(InstrumentRow row, long? value, string field) => value is > 0 and { } positive ? positive : throw Missing(row, field);

    private static WireFormatException Missing(InstrumentRow row, string field) => new($"instrument {row.Symbol}: expected {field}");
}
