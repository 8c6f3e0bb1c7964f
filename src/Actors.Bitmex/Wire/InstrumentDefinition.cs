using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>Turns an instrument row into a domain definition, or says which field stands in the way.</summary>
internal static class InstrumentDefinition
{
    private const string SpotType = "IFXXXP";

    private static readonly Dictionary<string, string> Untraded = new()
    {
        // A spread's value and profit follow no rule that could be confirmed; its multiplier of 1 is not a linear contract's.
        ["FFMCSX"] = "a calendar spread",
        ["OCECCS"] = "an option",
        ["OPECCS"] = "an option",
        ["SRMCSX"] = "a yield swap",
        ["RCSXXX"] = "a reference basket",
    };

    public static bool TryFrom(InstrumentRow row, [NotNullWhen(true)] out Instrument? definition, [NotNullWhen(false)] out string? reason)
    {
        (definition, reason) = (null, null);
        try
        {
            definition = From(row);
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
        if (row.IsIndex) throw new WireFormatException($"instrument {symbol}: an index, not a contract");
        if (row.Type is { } type && Untraded.TryGetValue(type, out var kind))
            throw new WireFormatException($"instrument {symbol}: {kind}, not supported");
        var isSpot = row.Type == SpotType;
        return new Instrument
        {
            Symbol = symbol,
            Kind = isSpot ? ContractKind.Spot : Kind(row),
            Settlement = Settlement(row, isSpot),
            Underlying = row.Underlying ?? string.Empty,
            Quote = row.Quote ?? string.Empty,
            Tick = Tick(row),
            LotSize = new Quantity(Positive(row, row.Lot, "lotSize")),
            Multiplier = Multiplier(row),
            OrderQuantityMax = new Quantity(Positive(row, row.OrderQuantityMax, "maxOrderQty")),
            PriceMax = row.PriceMax ?? throw Missing(row, "maxPrice"),
            ContractsPerUnderlying = row.ContractsPerUnderlying,
            // Spot is paid in full.
            InitialMarginRate = row.InitialMargin ?? (isSpot ? 1 : throw Missing(row, "initMargin")),
            MaintenanceMarginRate = row.MaintenanceMargin ?? (isSpot ? 1 : throw Missing(row, "maintMargin")),
            MakerFeeRate = row.MakerFee ?? throw Missing(row, "makerFee"),
            TakerFeeRate = row.TakerFee ?? throw Missing(row, "takerFee"),
            // Without tiers the base rates hold for any value.
            RiskLimit = row.RiskLimit is > 0 and { } limit ? limit : long.MaxValue,
            RiskStep = row.RiskStep is > 0 and { } step ? step : long.MaxValue,
            Expiry = row.Expiry,
            State = row.State switch
            {
                "Open" => InstrumentState.Open,
                "Closed" => InstrumentState.Closed,
                "Settled" => InstrumentState.Settled,
                _ => InstrumentState.Unlisted,
            },
        };
    }

    /// <summary>Rows of spot pairs may name no settlement: what is paid is the quote currency.</summary>
    private static Currency Settlement(InstrumentRow row, bool isSpot) =>
        row.Settlement is { Length: > 0 } code ? new Currency(code)
        : isSpot && row.Quote is { Length: > 0 } quote ? new Currency(quote)
        : throw Missing(row, "settlCurrency");

    // The type code says perpetual or future, never how value follows price.
    private static ContractKind Kind(InstrumentRow row) => (row.IsInverse, row.IsQuanto) switch
    {
        (true, _) => ContractKind.Inverse,
        (_, true) => ContractKind.Quanto,
        (false, _) => ContractKind.Linear,
        _ => throw Missing(row, "isInverse"),
    };

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

    private static long Positive(InstrumentRow row, long? value, string field) => value is > 0 and { } positive ? positive : throw Missing(row, field);

    private static WireFormatException Missing(InstrumentRow row, string field) => new($"instrument {row.Symbol}: expected {field}");
}
