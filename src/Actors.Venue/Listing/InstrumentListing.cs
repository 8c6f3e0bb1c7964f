using Actors.Domain.Instruments;

namespace Actors.Venue.Listing;

/// <summary>
/// One listed instrument as its row in the file says. Rates are fractions of value, prices quote units, risk limits minor units of
/// settlement; multiplier as in <see cref="Instrument.Multiplier"/>.
/// </summary>
internal sealed record InstrumentListing
{
    public required string Symbol { get; init; }

    public required string RootSymbol { get; init; }

    /// <summary>The venue's type code: perpetual, dated future and so on.</summary>
    public required string TypeCode { get; init; }

    public required ContractKind Kind { get; init; }

    public required string Underlying { get; init; }

    public required string QuoteCurrency { get; init; }

    public required string SettlementCurrency { get; init; }

    public required decimal TickSize { get; init; }

    public required long LotSize { get; init; }

    public required long Multiplier { get; init; }

    public long? ContractsPerUnderlying { get; init; }

    public required long MaxOrderQuantity { get; init; }

    public required decimal MaxPrice { get; init; }

    public required decimal InitialMargin { get; init; }

    public required decimal MaintenanceMargin { get; init; }

    public required decimal MakerFee { get; init; }

    public required decimal TakerFee { get; init; }

    public required long RiskLimit { get; init; }

    public required long RiskStep { get; init; }

    public required DateTimeOffset Listed { get; init; }

    /// <summary>Absent for a perpetual.</summary>
    public DateTimeOffset? Expiry { get; init; }

    public required string IndexSymbol { get; init; }

    /// <summary>Instruments with the same index symbol must start it at the same price: it is one index.</summary>
    public required decimal IndexStart { get; init; }

    /// <summary>Decimals of index and mark price.</summary>
    public required int IndexDecimals { get; init; }

    /// <summary>Fraction of value per eight hours; of a perpetual.</summary>
    public decimal? FundingRate { get; init; }

    /// <summary>Yearly rate of the fair basis; of a dated future.</summary>
    public decimal? BasisRate { get; init; }

    /// <summary>Size of the background traders' orders, in lots.</summary>
    public required int TraderOrderLots { get; init; }

    public Instrument ToInstrument() => new()
    {
        Symbol = new Symbol(Symbol),
        Kind = Kind,
        Settlement = new Currency(SettlementCurrency),
        Underlying = Underlying,
        Quote = QuoteCurrency,
        Tick = Domain.Instruments.TickSize.From(TickSize),
        LotSize = new Quantity(LotSize),
        Multiplier = Multiplier,
        OrderQuantityMax = new Quantity(MaxOrderQuantity),
        PriceMax = MaxPrice,
        ContractsPerUnderlying = ContractsPerUnderlying,
        InitialMarginRate = InitialMargin,
        MaintenanceMarginRate = MaintenanceMargin,
        MakerFeeRate = MakerFee,
        TakerFeeRate = TakerFee,
        RiskLimit = RiskLimit,
        RiskStep = RiskStep,
        Expiry = Expiry,
        State = InstrumentState.Open,
    };

    /// <summary>The first thing wrong with this row in words, naming the key and what was expected; null when it can be listed.</summary>
    public string? Fault(IReadOnlySet<string> currencies)
    {
        if (Symbol.Length == 0) return "symbol: expected a name";
        if (!currencies.Contains(SettlementCurrency)) return $"settlementCurrency: expected one of {string.Join(", ", currencies)}";
        if (Kind is not (ContractKind.Inverse or ContractKind.Linear)) return "kind: expected Inverse or Linear; others are not traded yet";
        if (TickSize is <= 0 or > 1_000_000) return "tickSize: expected a positive number of at most 1000000";
        if (LotSize <= 0) return "lotSize: expected a positive whole number";
        if (Multiplier <= 0) return "multiplier: expected a positive whole number; kind says whether a contract is inverse";
        if (Kind == ContractKind.Linear && ContractsPerUnderlying is not > 0)
            return "contractsPerUnderlying: expected a positive whole number for a linear contract";
        if (MaxOrderQuantity < LotSize || MaxOrderQuantity % LotSize != 0)
            return "maxOrderQuantity: expected a positive multiple of lotSize";
        if (IndexStart <= 0 || IndexStart >= MaxPrice) return "indexStart: expected a price between zero and maxPrice";
        if (IndexDecimals is < 0 or > 8) return "indexDecimals: expected 0 to 8";
        if (InitialMargin is <= 0 or > 1) return "initialMargin: expected a fraction above 0 and at most 1";
        if (MaintenanceMargin <= 0 || MaintenanceMargin > InitialMargin)
            return "maintenanceMargin: expected a positive fraction of at most initialMargin";
        if (Math.Abs(MakerFee) > 0.1m || Math.Abs(TakerFee) > 0.1m) return "makerFee, takerFee: expected fractions between -0.1 and 0.1";
        if (Expiry is null == BasisRate is not null) return "basisRate: expected for a dated future, and only there";
        if (Expiry is null != FundingRate is not null) return "fundingRate: expected for a perpetual, and only there";
        return TraderOrderLots <= 0 ? "traderOrderLots: expected a positive whole number" : null;
    }
}
