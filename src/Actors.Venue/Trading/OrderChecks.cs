using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>What an amendment makes of an order, after all checks. Leaves in contracts.</summary>
internal readonly record struct AmendTarget(string ClientId, long? PriceTicks, long Leaves, string Text);

/// <summary>The rules that a request must pass before it touches the book, with the venue's words for breaking them.</summary>
internal static class OrderChecks
{
    public const int ClientIdMax = 36;
    public const string PostOnlyReason = "Order had execInst of ParticipateDoNotInitiate";

    public static Refusal? Refuse(Holding holding, NewOrder request, out long? ticks)
    {
        ticks = null;
        var definition = holding.Instrument.Definition;
        if (holding.Instrument.State != InstrumentState.Open) return Closed(holding.Instrument.State);
        if (request.ClientId.Length > ClientIdMax) return Refusal.Invalid($"Invalid clOrdID: expected at most {ClientIdMax} characters");
        if (request.Type is not (OrderType.Limit or OrderType.Market))
            return Refusal.Invalid($"Invalid ordType: {request.Type} is not available");
        if (request.TimeInForce == TimeInForce.Day) return Refusal.Invalid("Invalid timeInForce: Day is not available");
        if (RefuseQuantity(definition, request.Quantity) is { } quantity) return quantity;
        if (holding.OpenOrders >= OrderEntry.OpenOrdersMax && holding.Account.KeepsHistory)
        {
            return Refusal.Invalid($"Too many open orders: {OrderEntry.OpenOrdersMax} per symbol");
        }

        if (request.Type == OrderType.Market)
        {
            if (request.Price is not null) return Refusal.Invalid("Invalid price: a Market order has none");
            return request.Flags.HasFlag(OrderFlags.PostOnly) ? Refusal.Invalid("Invalid execInst: a Market order cannot be ParticipateDoNotInitiate") : null;
        }

        return RefusePrice(definition, request.Price, out ticks);
    }

    public static Refusal? Refuse(VenueOrder order, OrderAmendment request, out AmendTarget target)
    {
        target = default;
        var definition = order.Instrument.Definition;
        if (!order.IsOpen) return Refusal.Invalid($"Invalid ordStatus: {order.Status}");
        if (order.Instrument.State != InstrumentState.Open) return Closed(order.Instrument.State);
        if (request.NewClientId is { Length: > ClientIdMax })
            return Refusal.Invalid($"Invalid clOrdID: expected at most {ClientIdMax} characters");
        if (request is { Quantity: not null, Leaves: not null })
            return Refusal.Invalid("Invalid leavesQty: expected only one of orderQty and leavesQty");
        var total = request.Quantity ?? (request.Leaves is { } leaves ? order.Filled + leaves : order.Quantity);
        if (request.Quantity is not null || request.Leaves is not null)
        {
            var refusal = request.Leaves is <= 0 or > long.MaxValue / 4 ? Refusal.Invalid("Invalid leavesQty") : RefuseQuantity(definition, total);
            if (refusal is not null) return refusal;
            if (total <= order.Filled) return Refusal.Invalid("Invalid orderQty: not above what is filled already");
        }

        var ticks = order.PriceTicks;
        if (request.Price is not null && RefusePrice(definition, request.Price, out ticks) is { } price) return price;
        if (order.Has(OrderFlags.ReduceOnly)) total = Math.Min(total, order.Filled + ReduceOnlyRule.Room(order.Holding, order.Side, order));
        target = new AmendTarget(request.NewClientId ?? order.ClientId, ticks, total - order.Filled, request.Text ?? order.Text);
        return target.PriceTicks == order.PriceTicks && target.Leaves == order.Leaves && target.ClientId == order.ClientId && target.Text == order.Text
            ? Refusal.Invalid("Invalid amend: orderQty, leavesQty, price, stopPx unchanged")
            : null;
    }

    /// <summary>The worst price in ticks that an order may trade at.</summary>
    public static long Limit(VenueOrder order) => order.PriceTicks ?? (order.Side == Side.Buy ? long.MaxValue : long.MinValue);

    /// <summary>
    /// What <paramref name="quantity"/> of an order would cost: its crossing part at the prices in the book, the rest at its own. Minor
    /// units.
    /// </summary>
    public static long Cost(VenueOrder order, long quantity) => Cost(order, quantity, order.PriceTicks);

    public static long Cost(VenueOrder order, long quantity, long? priceTicks)
    {
        var definition = order.Instrument.Definition;
        var book = order.Instrument.Book;
        var opposite = order.Side.Opposite();
        var levels = order.Side == Side.Buy ? book.AskLevels : book.BidLevels;
        var limit = priceTicks ?? (order.Side == Side.Buy ? long.MaxValue : long.MinValue);
        var cost = 0L;
        for (var depth = 0; depth < levels && quantity > 0; depth++)
        {
            var level = book.Level(opposite, depth);
            if (order.Side == Side.Buy ? level.PriceTicks > limit : level.PriceTicks < limit) break;
            var part = Math.Min(quantity, level.Size);
            cost += ContractValue.Value(definition, new Quantity(part), new Price(level.PriceTicks));
            quantity -= part;
        }

        return quantity > 0 && priceTicks is { } ticks ? cost + ContractValue.Value(definition, new Quantity(quantity), new Price(ticks)) : cost;
    }

    private static Refusal? RefuseQuantity(Instrument definition, long? quantity)
    {
        if (quantity is not > 0 || quantity > definition.OrderQuantityMax.Contracts) return Refusal.Invalid("Invalid orderQty");
        return quantity % definition.LotSize.Contracts == 0
            ? null
            : Refusal.Invalid($"Order quantity must be a multiple of lot size: {definition.LotSize}");
    }

    private static Refusal? RefusePrice(Instrument definition, decimal? price, out long? ticks)
    {
        ticks = null;
        if (price is not > 0 || price > definition.PriceMax) return Refusal.Invalid("Invalid price");
        if (!definition.Tick.TryToPrice(price.Value, out var onGrid)) return Refusal.Invalid("Invalid price tickSize");
        ticks = onGrid.Ticks;
        return null;
    }

    private static Refusal Closed(InstrumentState state) => Refusal.Invalid(state switch
    {
        InstrumentState.Unlisted => "Instrument not listed for trading yet",
        InstrumentState.Settled => "Instrument expired",
        // The venue's words for an instrument that is closed for a while are not known.
        _ => $"Instrument is not open for trading: {state}",
    });
}
