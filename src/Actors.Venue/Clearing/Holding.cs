using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;
using Actors.Venue.Snapshots;
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

    /// <summary>Position, open orders, mark and terms, as margin sees them.</summary>
    public ref MarginHolding Margin => ref Account.Margins[Instrument.Index];

    public Position Position => Margin.Position;

    public long OpenBuyQuantity => Margin.Orders.BuyQuantity;

    public long OpenBuyCost => Margin.Orders.BuyCost;

    public long OpenSellQuantity => Margin.Orders.SellQuantity;

    public long OpenSellCost => Margin.Orders.SellCost;

    /// <summary>The open orders, those that wait included.</summary>
    public HoldingOrders Orders { get; } = new();

    /// <summary>Whether the account ever had an order or a position here: only then it has a row.</summary>
    public bool IsUsed { get; set; }

    public DateTimeOffset Timestamp { get; set; }

    /// <summary>The wallet that profit, loss, margin and fees belong to.</summary>
    public Wallet Wallet => Account.Wallet(Instrument.Definition.Settlement);

    /// <summary>Value of the position at mark with the sign of its cost.</summary>
    public long MarkValue => Margin.MarkValue;

    public long UnrealisedPnl => Margin.UnrealisedPnl;

    public void Pass(StateStream state)
    {
        Margin = state.Pass(Margin);
        Orders.Pass(state);
        IsUsed = state.Pass(IsUsed);
        Timestamp = state.Pass(Timestamp);
    }

    /// <summary>
    /// Brings the reservation of an order up to its present price and leaves. An order that waits reserves nothing. Orders through the
    /// mark pay no premium: the venue had one in its rows, but zero in every row that was published.
    /// </summary>
    public void Reserve(VenueOrder order)
    {
        var (quantity, cost) = order is { IsWorking: true, PriceTicks: { } ticks }
            ? (order.Leaves, ContractValue.Value(Instrument.Definition, new Quantity(order.Leaves), new Price(ticks)))
            : (0L, 0L);
        IsUsed = true;
        if (quantity == order.ReservedQuantity && cost == order.ReservedCost) return;
        ref var margin = ref Margin;
        margin = margin.WithOrders(margin.Orders.Plus(order.Side, new Quantity(quantity - order.ReservedQuantity), cost - order.ReservedCost, 0));
        (order.ReservedQuantity, order.ReservedCost) = (quantity, cost);
    }
}
