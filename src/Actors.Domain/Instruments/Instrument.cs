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

    public required Quantity OrderQuantityMax { get; init; }

    /// <summary>No order may name a higher price, in quote units.</summary>
    public required decimal PriceMax { get; init; }

    /// <summary>Contracts per unit of the underlying; null where a contract is not a fraction of one.</summary>
    public long? ContractsPerUnderlying { get; init; }

    public required decimal InitialMarginRate { get; init; }

    public required decimal MaintenanceMarginRate { get; init; }

    /// <summary>Fraction of value paid by the resting side; negative is a rebate.</summary>
    public required decimal MakerFeeRate { get; init; }

    public required decimal TakerFeeRate { get; init; }

    /// <summary>Position value up to which the base margin rates hold, in minor units.</summary>
    public required long RiskLimit { get; init; }

    /// <summary>Each further step of value adds the base maintenance rate to both rates, in minor units.</summary>
    public required long RiskStep { get; init; }

    /// <summary>When a dated contract settles; null for a perpetual and for spot.</summary>
    public DateTimeOffset? Expiry { get; init; }

    public required InstrumentState State { get; init; }

    /// <summary>A quantity in words when it cannot be ordered; null when it can.</summary>
    public string? RefuseQuantity(Quantity quantity)
    {
        if (quantity.Contracts <= 0) return $"quantity {quantity} is not positive";
        if (quantity.Contracts % LotSize.Contracts != 0) return $"quantity {quantity} is not a multiple of the lot {LotSize}";
        return quantity > OrderQuantityMax ? $"quantity {quantity} is above the instrument's maximum {OrderQuantityMax}" : null;
    }
}
