using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>A new order's terms after all checks, in contracts and ticks.</summary>
internal readonly record struct CheckedOrder(
    Side Side, long Quantity, long? PriceTicks, long? StopTicks, decimal TrailedFrom, TimeInForce TimeInForce);

/// <summary>The rules that a new order must pass before it touches the book.</summary>
internal static class NewOrderChecks
{
    /// <summary>Open orders of an account in one instrument.</summary>
    public const int OpenOrdersMax = 200;

    /// <summary>Open orders with a trigger of an account in one instrument.</summary>
    public const int StopOrdersMax = 10;

    /// <summary>Null, and the order's terms, when nothing is wrong with it.</summary>
    public static Refusal? Refuse(Holding holding, NewOrder request, out CheckedOrder terms)
    {
        terms = default;
        var instrument = holding.Instrument;
        var early = TermChecks.RefuseState(instrument)
            ?? TermChecks.RefuseClientId(holding.Account, request.ClientId, null)
            ?? InstructionChecks.Refuse(instrument, request)
            ?? RefuseCount(holding, request);
        if (early is not null) return early;
        if (RefuseSize(holding, request, out var side, out var quantity) is { } wrongSize) return wrongSize;
        var shape = RefuseDisplay(instrument.Definition, request, quantity)
            ?? TermChecks.RefuseOffset(instrument.Definition, request.Peg, request.PegOffset, request.Type.TriggersAbove(side));
        if (shape is not null) return shape;
        if (RefusePrice(instrument, request, side, out var price) is { } wrongPrice) return wrongPrice;
        var reference = instrument.ReferencePrice(request.Instructions.TriggerPrice());
        if (RefuseStop(instrument, request, reference, out var stop) is { } wrongStop) return wrongStop;
        terms = new CheckedOrder(side, quantity, price, stop, reference, Force(request));
        return null;
    }

    private static Refusal? RefuseCount(Holding holding, NewOrder request)
    {
        // The background traders are the venue's own.
        if (!holding.Account.KeepsHistory) return null;
        // The bounds are the venue's, the words are ours.
        if (holding.Orders.Open.Count >= OpenOrdersMax) return Refusal.Invalid($"Too many open orders: {OpenOrdersMax} per symbol");
        return request.Type.Waits() && holding.Orders.Stops >= StopOrdersMax
            ? Refusal.Invalid($"Too many open stop orders: {StopOrdersMax} per symbol")
            : null;
    }

    /// <summary>
    /// A closing order may leave out its quantity: it is then the position's, at once, or for one that waits when it triggers; zero
    /// stands for that. One that waits must name its side, which says on which side of the market it triggers.
    /// </summary>
    private static Refusal? RefuseSize(Holding holding, NewOrder request, out Side side, out long quantity)
    {
        var position = holding.Position.Quantity.Contracts;
        var closes = request.Instructions.HasFlag(ExecutionInstructions.Close) && request.Quantity is null;
        side = request.Side ?? (closes && position > 0 ? Side.Sell : Side.Buy);
        quantity = request.Quantity ?? 0;
        if (!closes) return TermChecks.RefuseQuantity(holding.Instrument.Definition, quantity);
        if (request.Type.Waits()) return request.Side is null ? Refusal.Invalid("Invalid side") : null;
        quantity = ReduceOnlyRule.Reducible(holding, side);
        return null;
    }

    private static Refusal? RefuseDisplay(Instrument definition, NewOrder request, long quantity)
    {
        if (request.DisplayQuantity is not { } shown) return null;
        var fits = shown >= 0 && shown % definition.LotSize.Contracts == 0 && (shown <= quantity || quantity == 0);
        return fits && (request.Type.HasPrice() || request.Type == VenueOrderType.Pegged) ? null : Refusal.Invalid("Invalid displayQty");
    }

    private static Refusal? RefusePrice(ListedInstrument instrument, NewOrder request, Side side, out long? ticks)
    {
        if (request.Type == VenueOrderType.Pegged)
            return TermChecks.RefusePegged(instrument, side, request.Peg, request.PegOffset, out ticks);
        if (request.Type.HasPrice()) return TermChecks.RefusePrice(instrument, request.Price, out ticks);
        ticks = null;
        // The words after the colon are ours.
        return request.Price is null ? null : Refusal.Invalid($"Invalid price: a {request.Type} order has none");
    }

    /// <summary>A trailing trigger that is not named is set from the reference price.</summary>
    private static Refusal? RefuseStop(ListedInstrument instrument, NewOrder request, decimal reference, out long? ticks)
    {
        ticks = null;
        if (!request.Type.Waits()) return request.StopPrice is null ? null : Refusal.Invalid("Invalid stopPx for ordType");
        if (request.Peg != PegPriceType.TrailingStopPeg || request.StopPrice is not null)
            return TermChecks.RefuseStop(instrument.Definition, request.StopPrice, out ticks);
        var price = instrument.Definition.Tick.Nearest(reference + request.PegOffset!.Value);
        return TermChecks.RefuseStop(instrument.Definition, instrument.Decimal(price.Ticks), out ticks);
    }

    /// <summary>An order without a price never rests: its rows say ImmediateOrCancel.</summary>
    private static TimeInForce Force(NewOrder request)
    {
        if (request.Type.HasPrice() || request.Type == VenueOrderType.Pegged) return request.TimeInForce ?? TimeInForce.GoodTillCancel;
        if (request.TimeInForce == TimeInForce.FillOrKill) return TimeInForce.FillOrKill;
        return request.Type.Waits() ? request.TimeInForce ?? TimeInForce.ImmediateOrCancel : TimeInForce.ImmediateOrCancel;
    }
}
