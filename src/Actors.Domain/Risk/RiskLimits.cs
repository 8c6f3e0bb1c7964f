using Actors.Domain.Instruments;

namespace Actors.Domain.Risk;

/// <summary>Bounds on one instrument. An order that would pass any of them is refused before it is sent.</summary>
public sealed record InstrumentLimits
{
    public required Symbol Symbol { get; init; }

    /// <summary>Largest single order, in contracts.</summary>
    public required Quantity OrderQuantityMax { get; init; }

    /// <summary>Largest position either way, in contracts, with every open order on that side counted as if filled.</summary>
    public required Quantity PositionMax { get; init; }

    /// <summary>Most orders working or under way at once.</summary>
    public required int OpenOrdersMax { get; init; }

    /// <summary>Farthest an order price may lie from the mark, as a fraction of the mark.</summary>
    public required decimal PriceDistanceMax { get; init; }
}

/// <summary>Bounds on an account and on each of its instruments; an instrument without limits may not be traded.</summary>
public sealed record RiskLimits
{
    /// <summary>Most new orders and amendments a second, over all strategies.</summary>
    public required int OrdersPerSecondMax { get; init; }

    public required IReadOnlyList<InstrumentLimits> Instruments { get; init; }
}
