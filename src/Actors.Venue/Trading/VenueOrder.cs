using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>One order as the venue keeps it, from acceptance to its end. Quantities in contracts, prices in ticks.</summary>
internal sealed class VenueOrder
{
    public required Guid Id { get; init; }

    public required Holding Holding { get; init; }

    /// <summary>Empty when the client gave none. An amend may change it.</summary>
    public required string ClientId { get; set; }

    public required Side Side { get; init; }

    public required OrderType Type { get; init; }

    public required TimeInForce TimeInForce { get; init; }

    public required OrderFlags Flags { get; init; }

    public required long Quantity { get; set; }

    /// <summary>Null for a market order.</summary>
    public required long? PriceTicks { get; set; }

    public required string Text { get; set; }

    public required DateTimeOffset Timestamp { get; set; }

    public long Leaves { get; set; }

    public long Filled { get; private set; }

    public VenueOrderStatus Status { get; set; } = VenueOrderStatus.New;

    /// <summary>Whether the order rests in the book or is matching now.</summary>
    public bool IsWorking { get; set; }

    /// <summary>The book's handle while the order rests; negative otherwise.</summary>
    public int Handle { get; set; } = -1;

    /// <summary>What the holding counts for this order now.</summary>
    public long ReservedQuantity { get; set; }

    public long ReservedCost { get; set; }

    /// <summary>Mean price of the fills in quote units: of contracts for linear kinds, of value for inverse kinds.</summary>
    public decimal? AveragePrice { get; private set; }

    public Account Account => Holding.Account;

    public ListedInstrument Instrument => Holding.Instrument;

    public bool IsOpen => Status is VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled;

    public bool Has(OrderFlags flag) => (Flags & flag) == flag;

    /// <summary>Takes a fill; more than what is left throws, for it would break the venue's first promise.</summary>
    public void Fill(long quantity, decimal price, DateTimeOffset time)
    {
        if (quantity <= 0 || quantity > Leaves)
            throw new InvalidOperationException($"a fill of {quantity} does not fit an order with {Leaves} left");
        AveragePrice = Average(quantity, price);
        Filled += quantity;
        Leaves -= quantity;
        Timestamp = time;
        Status = Leaves == 0 ? VenueOrderStatus.Filled : VenueOrderStatus.PartiallyFilled;
        if (Leaves == 0) End();
    }

    /// <summary>Ends the order without filling it; the reason is put before the client's own text.</summary>
    public void Cancel(string reason, DateTimeOffset time)
    {
        Status = VenueOrderStatus.Canceled;
        Leaves = 0;
        Text = Text.Length == 0 ? $"Canceled: {reason}" : $"Canceled: {reason}\n{Text}";
        Timestamp = time;
        End();
    }

    private void End()
    {
        IsWorking = false;
        Handle = -1;
    }

    private decimal Average(long quantity, decimal price)
    {
        if (AveragePrice is not { } before || before == price) return price;
        var total = Filled + quantity;
        return Instrument.Definition.Kind == ContractKind.Inverse
            ? decimal.Round(total / ((Filled / before) + (quantity / price)), 4)
            : decimal.Round(((before * Filled) + (price * quantity)) / total, 4);
    }
}
