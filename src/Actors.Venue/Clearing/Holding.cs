using Actors.Domain.Instruments;
using Actors.Domain.Orders;
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

    public int OpenOrders { get; private set; }

    /// <summary>The resting orders that may only reduce the position, oldest first.</summary>
    public List<VenueOrder> ReduceOnlyOrders { get; } = [];

    /// <summary>Whether the account ever had an order or a position here: only then it has a row.</summary>
    public bool IsUsed { get; set; }

    public DateTimeOffset Timestamp { get; set; }

    /// <summary>Value of the position at mark with the sign of its cost.</summary>
    public long MarkValue =>
        Position.Quantity.IsZero ? 0 : ContractValue.Cost(Instrument.Definition, Position.Quantity, Instrument.MarkPrice);

    public long UnrealisedPnl => MarkValue - Position.UnrealisedCost;

    /// <summary>Brings the reservation of an order up to its present price and leaves.</summary>
    public void Reserve(VenueOrder order)
    {
        var (quantity, cost) = order is { IsOpen: true, PriceTicks: { } ticks }
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

        if (order.Has(OrderFlags.ReduceOnly) && quantity > 0 != order.ReservedQuantity > 0)
        {
            if (quantity > 0) ReduceOnlyOrders.Add(order);
            else ReduceOnlyOrders.Remove(order);
        }

        OpenOrders += Math.Sign(quantity) - Math.Sign(order.ReservedQuantity);
        (order.ReservedQuantity, order.ReservedCost) = (quantity, cost);
        IsUsed = true;
    }
}
