using Actors.Domain.Instruments;
using Actors.Domain.Positions;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// What an account has in one instrument: its position and what its open orders reserve. Costs of open orders are unsigned values at
/// their own prices, in minor units.
/// </summary>
internal sealed class Holding(Account account, ListedInstrument instrument)
{
    public Account Account { get; } = account;

    public ListedInstrument Instrument { get; } = instrument;

    public Position Position { get; set; } = Position.Flat;

    public long OpenBuyQuantity { get; private set; }

    public long OpenBuyCost { get; private set; }

    public long OpenSellQuantity { get; private set; }

    public long OpenSellCost { get; private set; }

    /// <summary>The open orders, those that wait included.</summary>
    public HoldingOrders Orders { get; } = new();

    /// <summary>Whether the account ever had an order or a position here: only then it has a row.</summary>
    public bool IsUsed { get; set; }

    public DateTimeOffset Timestamp { get; set; }

    /// <summary>Value of the position at mark with the sign of its cost.</summary>
    public long MarkValue =>
        Position.Quantity.IsZero ? 0 : ContractValue.Cost(Instrument.Definition, Position.Quantity, Instrument.MarkPrice);

    public long UnrealisedPnl => MarkValue - Position.UnrealisedCost;

    /// <summary>Brings the reservation of an order up to its present price and leaves. An order that waits reserves nothing.</summary>
    public void Reserve(VenueOrder order)
    {
        var (quantity, cost) = order is { IsWorking: true, PriceTicks: { } ticks }
            ? (order.Leaves, ContractValue.Value(Instrument.Definition, new Quantity(order.Leaves), new Price(ticks)))
            : (0L, 0L);
        if (order.Side == Side.Buy)
        {
            OpenBuyQuantity += quantity - order.ReservedQuantity;
            OpenBuyCost += cost - order.ReservedCost;
        }
        else
        {
            OpenSellQuantity += quantity - order.ReservedQuantity;
            OpenSellCost += cost - order.ReservedCost;
        }

        (order.ReservedQuantity, order.ReservedCost) = (quantity, cost);
        IsUsed = true;
    }
}
