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

    /// <summary>Minor units per contract and point are <see cref="Multiplier"/> over this; 1 but for spot pairs.</summary>
    public long Divisor { get; init; } = 1;

    /// <summary>No order may name a lower price.</summary>
    public decimal MinPrice { get; init; }

    /// <summary>Fraction of value paid when a dated contract settles.</summary>
    public decimal SettlementFee { get; init; }

    /// <summary>Absent for the venue's first start.</summary>
    public DateTimeOffset Listed { get; init; }

    /// <summary>Absent for a perpetual and for spot. A file may say <see cref="ExpiryQuarter"/> or <see cref="ExpiresAfterHours"/> instead.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>1 for the next quarter's end that is at least a week away at the venue's first start, 2 for the one after it.</summary>
    public int? ExpiryQuarter { get; init; }

    /// <summary>Hours from the full hour at or after the venue's first start.</summary>
    public int? ExpiresAfterHours { get; init; }

    /// <summary>Hours from one expiry to the next of a dated contract that is listed again when it has settled; absent when its end is the end.</summary>
    public int? RelistIntervalHours { get; init; }

    /// <summary>Opening and closing minutes from Monday 00:00 UTC, of what trades in sessions; absent when it never closes.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Sessions { get; init; }

    public MarkMethod MarkMethod { get; init; }

    public required string IndexSymbol { get; init; }

    /// <summary>Instruments with the same index symbol must start it at the same price: it is one index.</summary>
    public required decimal IndexStart { get; init; }

    /// <summary>Decimals of index and mark price.</summary>
    public required int IndexDecimals { get; init; }

    /// <summary>Of a quanto: the index that prices the asset it settles in, in the same quote currency.</summary>
    public string? SettlementIndexSymbol { get; init; }

    /// <summary>Fraction of value per funding interval; of a perpetual.</summary>
    public decimal? FundingRate { get; init; }

    /// <summary>Eight hours when absent.</summary>
    public int? FundingIntervalHours { get; init; }

    /// <summary>Yearly rate of the fair basis; of a dated future.</summary>
    public decimal? BasisRate { get; init; }

    /// <summary>Size of the background traders' orders, in lots.</summary>
    public required int TraderOrderLots { get; init; }

    /// <summary>How often the background traders act, as a part of what the market's pace says: 0 for never.</summary>
    public decimal Activity { get; init; } = 1;

    /// <summary>The definition of a row that was read, checked and dated (<see cref="ListingFile.Read"/>).</summary>
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
        Divisor = Divisor,
        OrderQuantityMax = new Quantity(MaxOrderQuantity),
        PriceMax = MaxPrice,
        PriceMin = MinPrice,
        ContractsPerUnderlying = ContractsPerUnderlying,
        InitialMarginRate = InitialMargin,
        MaintenanceMarginRate = MaintenanceMargin,
        MakerFeeRate = MakerFee,
        TakerFeeRate = TakerFee,
        SettlementFeeRate = SettlementFee,
        RiskLimit = RiskLimit,
        RiskStep = RiskStep,
        Expiry = Expiry,
        State = InstrumentState.Open,
        MarkMethod = MarkMethod,
        FundingInterval = FundingRate is null ? null : TimeSpan.FromHours(FundingIntervalHours ?? 8),
        Schedule = Sessions is null ? TradingSchedule.Always : new TradingSchedule([.. Sessions.Select(session => new WeeklySession(session[0], session[1]))], []),
    };
}
