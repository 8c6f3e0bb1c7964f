using Actors.Domain.Instruments;

namespace Actors.Venue.Trading;

/// <summary>What an order would cost, for the margin that it needs.</summary>
internal static class OrderCost
{
    /// <summary>
    /// Value of <paramref name="quantity"/> of an order at <paramref name="priceTicks"/>: its crossing part at the prices in the book,
    /// hidden orders included, the rest at its own. Minor units. Without a price, what the book cannot fill costs nothing: it is never
    /// bought.
    /// </summary>
    public static long Of(VenueOrder order, long quantity, long? priceTicks)
    {
        var definition = order.Instrument.Definition;
        var book = order.Instrument.Book;
        var opposite = order.Side.Opposite();
        var limit = priceTicks ?? (order.Side == Side.Buy ? long.MaxValue : long.MinValue);
        var cost = 0L;
        for (var depth = 0; depth < book.Depth(opposite) && quantity > 0; depth++)
        {
            var (ticks, size) = book.Whole(opposite, depth);
            if (order.Side == Side.Buy ? ticks > limit : ticks < limit) break;
            var part = Math.Min(quantity, size);
            cost += ContractValue.Value(definition, new Quantity(part), new Price(ticks));
            quantity -= part;
        }

        return quantity > 0 && priceTicks is { } own ? cost + ContractValue.Value(definition, new Quantity(quantity), new Price(own)) : cost;
    }
}
