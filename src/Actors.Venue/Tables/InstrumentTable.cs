using Actors.Bitmex;
using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>Instruments on the wire: the definition, and what moves.</summary>
internal static class InstrumentTable
{
    // An interval is written as the time of day it makes, on the first day of 2000.
    private static readonly DateTimeOffset IntervalBase = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly Table<ListedInstrument> Instrument = new("instrument", ["symbol"], ["timestamp"], [.. Definition(), .. Prices()]);

    private static readonly Dictionary<string, int> Columns = Instrument.Fields.Select((field, index) => (field.Name, index)).ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The row of an instrument's index: what an index has of the same columns. Nothing trades in it; its price is the instrument's index
    /// price.
    /// </summary>
    public static FieldValue[] IndexRow(ListedInstrument instrument)
    {
        var listing = instrument.Listing;
        var row = new FieldValue[Instrument.Fields.Count];
        Set("symbol", FieldValue.Of(listing.IndexSymbol));
        Set("rootSymbol", FieldValue.Of(listing.RootSymbol));
        Set("state", FieldValue.Of("Unlisted"));
        Set("typ", FieldValue.Of("MRCXXX"));
        Set("underlying", FieldValue.Of(listing.Underlying));
        Set("quoteCurrency", FieldValue.Of(listing.QuoteCurrency));
        Set("reference", FieldValue.Of("BMI"));
        Set("referenceSymbol", FieldValue.Of(listing.IndexSymbol));
        Set("tickSize", FieldValue.Of(new decimal(1, 0, 0, false, (byte)listing.IndexDecimals)));
        Set("isInverse", FieldValue.Of(false));
        Set("isQuanto", FieldValue.Of(false));
        Set("lastPrice", FieldValue.Of(instrument.IndexPrice));
        Set("markMethod", FieldValue.Of("LastPrice"));
        Set("markPrice", FieldValue.Of(instrument.IndexPrice));
        Set("indicativeSettlePrice", FieldValue.Of(instrument.IndexPrice));
        Set("timestamp", FieldValue.Of(instrument.Timestamp));
        return row;

        void Set(string name, FieldValue value) => row[Columns[name]] = value;
    }

    private static TableField<ListedInstrument>[] Definition() =>
    [
        new("symbol", "symbol", row => FieldValue.Of(row.Symbol)),
        new("rootSymbol", "symbol", row => FieldValue.Of(row.Listing.RootSymbol)),
        new("state", "symbol", row => FieldValue.Of(row.State.ToString())),
        new("typ", "symbol", row => FieldValue.Of(row.Listing.TypeCode)),
        new("listing", "timestamp", row => FieldValue.Of(row.Listing.Listed)),
        new("front", "timestamp", row => FieldValue.Of(row.Listing.Listed)),
        new("expiry", "timestamp", row => FieldValue.Of(row.Definition.Expiry)),
        new("settle", "timestamp", row => FieldValue.Of(row.Definition.Expiry)),
        new("relistInterval", "timespan", row => FieldValue.Of(row.Listing.RelistIntervalHours is { } hours ? WireNames.Timestamp(IntervalBase.AddHours(hours)) : null)),
        new("positionCurrency", "symbol", row => FieldValue.Of(PositionCurrency(row.Definition))),
        new("underlying", "symbol", row => FieldValue.Of(row.Definition.Underlying)),
        new("quoteCurrency", "symbol", row => FieldValue.Of(row.Definition.Quote)),
        new("underlyingSymbol", "symbol", row => FieldValue.Of(row.Definition.Underlying + "=")),
        new("reference", "symbol", _ => FieldValue.Of("BMEX")),
        new("referenceSymbol", "symbol", row => FieldValue.Of(row.Listing.IndexSymbol)),
        new("maxOrderQty", "long", row => FieldValue.Of(row.Definition.OrderQuantityMax.Contracts)),
        new("maxPrice", "float", row => FieldValue.Of(row.Definition.PriceMax)),
        new("lotSize", "long", row => FieldValue.Of(row.Definition.LotSize.Contracts)),
        new("tickSize", "float", row => FieldValue.Of(row.Definition.Tick.Value)),
        new("multiplier", "long", row => FieldValue.Of(IsInverse(row) ? -row.Definition.Multiplier : row.Definition.Multiplier)),
        new("settlCurrency", "symbol", row => FieldValue.Of(row.Definition.Settlement.Code)),
        new("underlyingToPositionMultiplier", "long", row => FieldValue.Of(row.Definition.ContractsPerUnderlying)),
        new("underlyingToSettleMultiplier", "long", row => FieldValue.Of(IsInverse(row) ? -row.Definition.Multiplier : (long?)null)),
        new("quoteToSettleMultiplier", "long", row => FieldValue.Of(QuoteToSettle(row))),
        new("isQuanto", "boolean", row => FieldValue.Of(row.Definition.Kind == ContractKind.Quanto)),
        new("isInverse", "boolean", row => FieldValue.Of(IsInverse(row))),
        new("initMargin", "float", row => FieldValue.Of(row.Definition.InitialMarginRate)),
        new("maintMargin", "float", row => FieldValue.Of(row.Definition.MaintenanceMarginRate)),
        new("riskLimit", "long", row => FieldValue.Of(row.Definition.RiskLimit)),
        new("riskStep", "long", row => FieldValue.Of(row.Definition.RiskStep)),
        new("taxed", "boolean", _ => FieldValue.Of(true)),
        new("deleverage", "boolean", _ => FieldValue.Of(true)),
        new("makerFee", "float", row => FieldValue.Of(row.Definition.MakerFeeRate)),
        new("takerFee", "float", row => FieldValue.Of(row.Definition.TakerFeeRate)),
        new("settlementFee", "float", row => FieldValue.Of(row.Definition.SettlementFeeRate)),
    ];

    private static TableField<ListedInstrument>[] Prices() =>
    [
        new("fundingTimestamp", "timestamp", row => FieldValue.Of(row.FundingTime)),
        new("fundingInterval", "timespan", row => FieldValue.Of(row.Definition.FundingInterval is { } interval ? WireNames.Timestamp(IntervalBase + interval) : null)),
        new("fundingRate", "float", row => FieldValue.Of(Rate(row))),
        new("indicativeFundingRate", "float", row => FieldValue.Of(Rate(row))),
        new("totalVolume", "long", row => FieldValue.Of(row.Volume)),
        new("volume", "long", row => FieldValue.Of(row.Volume)),
        new("volume24h", "long", row => FieldValue.Of(row.Volume)),
        new("totalTurnover", "long", row => FieldValue.Of(row.Turnover)),
        new("turnover", "long", row => FieldValue.Of(row.Turnover)),
        new("turnover24h", "long", row => FieldValue.Of(row.Turnover)),
        new("highPrice", "float", row => FieldValue.Of(row.HighPrice)),
        new("lowPrice", "float", row => FieldValue.Of(row.LowPrice)),
        new("lastPrice", "float", row => FieldValue.Of(row.LastPrice)),
        new("lastTickDirection", "symbol", row => FieldValue.Of(row.LastTickDirection)),
        new("bidPrice", "float", row => FieldValue.Of(row.BestPrice(Side.Buy))),
        new("midPrice", "float", row => FieldValue.Of((row.BestPrice(Side.Buy) + row.BestPrice(Side.Sell)) / 2)),
        new("askPrice", "float", row => FieldValue.Of(row.BestPrice(Side.Sell))),
        new("hasLiquidity", "boolean", row => FieldValue.Of(row.Book is { BidLevels: > 0, AskLevels: > 0 })),
        new("openInterest", "long", row => FieldValue.Of(row.OpenInterest)),
        new("openValue", "long", row => FieldValue.Of(OpenValue(row))),
        new("fairMethod", "symbol", row => FieldValue.Of(FairMethod(row))),
        new("fairBasisRate", "float", row => FieldValue.Of(BasisRate(row))),
        new("fairBasis", "float", row => FieldValue.Of(row.FairBasis)),
        new("fairPrice", "float", row => FieldValue.Of(row.MarkPrice)),
        new("markMethod", "symbol", row => FieldValue.Of(row.Definition.MarkMethod.ToString())),
        new("markPrice", "float", row => FieldValue.Of(row.MarkPrice)),
        new("indicativeSettlePrice", "float", row => FieldValue.Of(row.IndexPrice)),
        new("timestamp", "timestamp", row => FieldValue.Of(row.Timestamp)),
    ];

    /// <summary>All open contracts at the mark, in minor units of settlement.</summary>
    public static long OpenValue(ListedInstrument row) => ContractValue.Value(row.Definition, new Quantity(row.OpenInterest), row.MarkPrice);

    private static bool IsInverse(ListedInstrument row) => row.Definition.Kind == ContractKind.Inverse;

    // What a quanto's position is in has no name on published rows.
    private static string? PositionCurrency(Instrument definition) => definition.Kind switch
    {
        ContractKind.Inverse => definition.Quote,
        ContractKind.Quanto => null,
        _ => definition.Underlying,
    };

    private static long? QuoteToSettle(ListedInstrument row) => row.Definition switch
    {
        { Kind: ContractKind.Linear or ContractKind.Spot, ContractsPerUnderlying: { } perUnderlying } definition => definition.Multiplier * perUnderlying / definition.Divisor,
        { Kind: ContractKind.Quanto } => row.SettlementPerQuote,
        _ => null,
    };

    private static decimal? Rate(ListedInstrument row) => row.Funding?.Rate ?? row.Listing.FundingRate;

    private static decimal? BasisRate(ListedInstrument row) =>
        row.Definition.FundingInterval is { } interval && Rate(row) is { } rate ? FairPrice.YearlyRate(rate, interval) : row.Listing.BasisRate;

    private static string? FairMethod(ListedInstrument row) =>
        row.Definition.FundingInterval is not null ? "FundingRate" : row.Listing.BasisRate is not null ? "ImpactMidPrice" : null;
}
