using Actors.Domain.Instruments;

namespace Actors.Domain.Orders;

public enum OrderType
{
    Limit = 1,
    Market = 2,
    Stop = 3,
    StopLimit = 4,
    MarketIfTouched = 5,
    LimitIfTouched = 6,

    /// <summary>Its price is set by the venue, at a distance from the market: see <see cref="OrderPeg"/>.</summary>
    Pegged = 7,
}

public enum TimeInForce
{
    GoodTillCancel = 1,
    ImmediateOrCancel = 2,
    FillOrKill = 3,
    Day = 4,
}

/// <summary>Conditions on how an order may trade.</summary>
[Flags]
public enum OrderFlags
{
    None = 0,

    /// <summary>Refuse to take liquidity: the order ends rather than trade at once.</summary>
    PostOnly = 1,

    /// <summary>Only ever make the position smaller.</summary>
    ReduceOnly = 2,

    /// <summary>Close the position: reduces only, and the venue cancels what stands in its way. A quantity of zero means all of it.</summary>
    Close = 4,
}

/// <summary>Which price triggers a stop or if-touched order.</summary>
public enum TriggerKind
{
    /// <summary>Whatever the venue triggers on when nothing is said.</summary>
    VenueDefault = 0,
    Mark = 1,
    Last = 2,
    Index = 3,

    /// <summary>The last price, but only while it is near the mark.</summary>
    LastNearMark = 4,
}

public enum PegKind
{
    /// <summary>To the best price of the order's own side.</summary>
    Primary = 1,

    /// <summary>To the best price of the other side.</summary>
    Market = 2,

    /// <summary>A stop price that follows the market as long as it moves away.</summary>
    TrailingStop = 3,
}

/// <summary>What a price hangs on and how far from it, in ticks; below the reference is negative.</summary>
public readonly record struct OrderPeg(PegKind Kind, long OffsetTicks);

/// <summary>What becomes of the other orders of a link when this one trades.</summary>
public enum Contingency
{
    None = 0,
    OneCancelsTheOther = 1,
    OneTriggersTheOther = 2,
}

/// <summary>Ties orders together: all with the same identifier, of at most 36 characters, belong to one link.</summary>
public readonly record struct OrderLink(string Id, Contingency Contingency);

/// <summary>
/// A change to a working order; null leaves as it is. Quantity is the total, filled part included: a venue's "leaves" is the same less what is filled, and is not
/// used, because the first dialect's can bring a filled order back.
/// </summary>
public readonly record struct OrderChange(Price? Price, Quantity? Quantity, Price? StopPrice = null, long? PegOffsetTicks = null)
{
    public bool IsEmpty => this == default;
}

/// <summary>Identifies an order to its venue, made before it is sent: session, strategy and counter. At most 36 characters, never used twice.</summary>
public readonly record struct ClientOrderId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// What an order asks for: everything that is fixed when it is sent. Prices lie on the instrument's grid. A display quantity of zero hides the order, null shows
/// all of it.
/// </summary>
public sealed record OrderTerms(
    ClientOrderId Id,
    Symbol Symbol,
    Side Side,
    Quantity Quantity,
    OrderType Type,
    Price? Price,
    Price? StopPrice = null,
    TimeInForce TimeInForce = TimeInForce.GoodTillCancel,
    OrderFlags Flags = OrderFlags.None,
    Quantity? DisplayQuantity = null,
    TriggerKind Trigger = TriggerKind.VenueDefault,
    OrderPeg? Peg = null,
    OrderLink? Link = null);
