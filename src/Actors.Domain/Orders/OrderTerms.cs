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
}

/// <summary>Identifies an order to its venue, made before it is sent: session, strategy and counter. At most 36 characters, never used twice.</summary>
public readonly record struct ClientOrderId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>What an order asks for: everything that is fixed when it is sent. Prices lie on the instrument's grid.</summary>
public sealed record OrderTerms(
    ClientOrderId Id,
    Symbol Symbol,
    Side Side,
    Quantity Quantity,
    OrderType Type,
    Price? Price,
    Price? StopPrice = null,
    TimeInForce TimeInForce = TimeInForce.GoodTillCancel,
    OrderFlags Flags = OrderFlags.None);
