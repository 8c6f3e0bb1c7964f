using System.Globalization;

namespace Actors.Domain.Instruments;

/// <summary>How a contract's value follows its price.</summary>
public enum ContractKind
{
    /// <summary>Worth a fixed amount of the quote currency, settled in the underlying: value falls as 1/price.</summary>
    Inverse = 1,

    /// <summary>Worth a fixed amount of the underlying, settled in the quote currency: value rises with price.</summary>
    Linear = 2,

    /// <summary>Pays a fixed amount of a third currency per point of price.</summary>
    Quanto = 3,

    /// <summary>An exchange of two currencies, no position and no leverage.</summary>
    Spot = 4,

    /// <summary>A bet on an event: value as of a linear contract, price bounded on both sides (0 to 100), paid in full.</summary>
    Prediction = 5,

    /// <summary>A near leg less a far leg in one price, which may be negative. Its money is unconfirmed: see <see cref="ContractValue"/>.</summary>
    CalendarSpread = 6,
}

/// <summary>What an instrument is marked at.</summary>
public enum MarkMethod
{
    /// <summary>The index plus a fair basis.</summary>
    FairPrice = 0,

    /// <summary>The last traded price: contracts without an index (before a launch, predictions).</summary>
    LastPrice = 1,
}

/// <summary>Whether an instrument may be traded.</summary>
public enum InstrumentState
{
    Unlisted = 0,
    Open = 1,
    Closed = 2,
    Settled = 3,
}

/// <summary>
/// The definition of one instrument: its grid, its lot, its multiplier, its margin rates and fees.
/// Rates are fractions of value (0.01 is one per cent); risk limits are minor units of the settlement currency.
/// </summary>
public sealed record Instrument
{
    public required Symbol Symbol { get; init; }

    public required ContractKind Kind { get; init; }

    /// <summary>The currency that profit, loss, margin and fees are paid in.</summary>
    public required Currency Settlement { get; init; }

    public required string Underlying { get; init; }

    public required string Quote { get; init; }

    public required TickSize Tick { get; init; }

    /// <summary>Order quantities are multiples of this many contracts; positive.</summary>
    public required Quantity LotSize { get; init; }

    /// <summary>
    /// Minor units of settlement per contract: times the price (linear, quanto) or divided by it (inverse). Positive;
    /// the sign that venues use to mark inverse contracts is in <see cref="Kind"/>.
    /// </summary>
    public required long Multiplier { get; init; }

    /// <summary>
    /// What <see cref="Multiplier"/> is divided by: contracts worth less than one minor unit per point of price (spot pairs). Positive;
    /// 1 for every inverse contract.
    /// </summary>
    public long Divisor { get; init; } = 1;

    public required Quantity OrderQuantityMax { get; init; }

    /// <summary>No order may name a higher price, in quote units.</summary>
    public required decimal PriceMax { get; init; }

    /// <summary>No order may name a lower price, in quote units; negative for calendar spreads alone.</summary>
    public decimal PriceMin { get; init; }

    /// <summary>Contracts per unit of the underlying; null where a contract is not a fraction of one.</summary>
    public long? ContractsPerUnderlying { get; init; }

    public required decimal InitialMarginRate { get; init; }

    public required decimal MaintenanceMarginRate { get; init; }

    /// <summary>Fraction of value paid by the resting side; negative is a rebate.</summary>
    public required decimal MakerFeeRate { get; init; }

    public required decimal TakerFeeRate { get; init; }

    /// <summary>Fraction of value paid when a dated contract settles.</summary>
    public decimal SettlementFeeRate { get; init; }

    /// <summary>Position value up to which the base margin rates hold, in minor units.</summary>
    public required long RiskLimit { get; init; }

    /// <summary>Each further step of value adds the base maintenance rate to both rates, in minor units.</summary>
    public required long RiskStep { get; init; }

    /// <summary>When a dated contract settles; null for a perpetual and for spot.</summary>
    public DateTimeOffset? Expiry { get; init; }

    public required InstrumentState State { get; init; }

    public MarkMethod MarkMethod { get; init; }

    /// <summary>Time between funding payments; null where there are none.</summary>
    public TimeSpan? FundingInterval { get; init; }

    /// <summary>When it may be traded while <see cref="State"/> is open: always, unless the underlying market keeps hours.</summary>
    public TradingSchedule Schedule { get; init; } = TradingSchedule.Always;

    /// <summary>Whether it is held without end and pays funding.</summary>
    public bool IsPerpetual => Expiry is null && Kind is (ContractKind.Inverse or ContractKind.Linear or ContractKind.Quanto);

    /// <summary>Whether a rule of this instrument's money could not be confirmed on any published row. Whoever trades it should know.</summary>
    public bool HasUnconfirmedValue => Kind == ContractKind.CalendarSpread;

    /// <summary>Whether orders may match at an instant.</summary>
    public bool IsOpenAt(DateTimeOffset at) => State == InstrumentState.Open && (Expiry is not { } expiry || at < expiry) && Schedule.IsOpen(at);

    /// <summary>A price in words when it cannot be ordered at; null when it can. On an inverse contract zero has no value.</summary>
    public string? RefusePrice(decimal price)
    {
        if (price < PriceMin || (price == 0 && Kind != ContractKind.CalendarSpread)) return $"price {Text(price)} is below the instrument's minimum {Text(PriceMin)}";
        if (price > PriceMax) return $"price {Text(price)} is above the instrument's maximum {Text(PriceMax)}";
        return Tick.TryToPrice(price, out _) ? null : $"price {Text(price)} is not a multiple of the tick {Tick}";

        static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A quantity in words when it cannot be ordered; null when it can.</summary>
    public string? RefuseQuantity(Quantity quantity)
    {
        if (quantity.Contracts <= 0) return $"quantity {quantity} is not positive";
        if (quantity.Contracts % LotSize.Contracts != 0) return $"quantity {quantity} is not a multiple of the lot {LotSize}";
        return quantity > OrderQuantityMax ? $"quantity {quantity} is above the instrument's maximum {OrderQuantityMax}" : null;
    }
}
