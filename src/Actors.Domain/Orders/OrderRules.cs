using System.Globalization;
using Actors.Domain.Instruments;

namespace Actors.Domain.Orders;

/// <summary>
/// What an order must be like before it may leave, whatever it is for: what a venue would refuse is refused here, with the reason in words. Limits of risk are not
/// here. A refusal is null when there is none.
/// </summary>
public static class OrderRules
{
    /// <summary>What fits in a client order identifier and in that of a link, in the first dialect since ever.</summary>
    public const int IdentifierMax = 36;

    private const OrderFlags Reducing = OrderFlags.ReduceOnly | OrderFlags.Close;

    /// <summary><paramref name="position"/> is the account's now, in contracts, signed.</summary>
    public static string? Refuse(OrderTerms terms, Instrument instrument, Quantity position) =>
        RefuseIdentifier(terms.Id.Value)
        ?? RefuseQuantity(terms, instrument)
        ?? RefusePrices(terms, instrument)
        ?? RefuseFlags(terms, instrument)
        ?? RefuseReduction(terms, position)
        ?? RefuseDisplay(terms, instrument)
        ?? RefusePeg(terms)
        ?? (terms.Link is { } link ? RefuseIdentifier(link.Id) : null);

    /// <summary>An amendment of a working order. What it leaves of the order must still be more than nothing.</summary>
    public static string? RefuseAmend(Order order, OrderChange change, Instrument instrument)
    {
        if (change.IsEmpty) return "an amendment that changes nothing";
        if (change.Quantity is { } quantity)
        {
            if (instrument.RefuseQuantity(quantity) is { } refusal) return refusal;
            if (quantity <= order.Filled) return $"quantity {quantity} is not above the {order.Filled} filled already";
        }

        if (change.Price is not null && !HasPrice(order.Terms.Type)) return $"a {order.Terms.Type} order has no price to amend";
        if (change.StopPrice is not null && !IsTriggered(order.Terms.Type)) return $"a {order.Terms.Type} order has no stop price to amend";
        if (change.PegOffsetTicks is not null && order.Terms.Peg is null) return "only a pegged order has an offset to amend";
        return (change.Price is { } price ? RefusePrice("price", price, instrument) : null)
            ?? (change.StopPrice is { } stop ? RefusePrice("stop price", stop, instrument) : null);
    }

    /// <summary>Whether the order waits for a trigger before it can trade.</summary>
    public static bool IsTriggered(OrderType type) => type is OrderType.Stop or OrderType.StopLimit or OrderType.MarketIfTouched or OrderType.LimitIfTouched;

    private static bool HasPrice(OrderType type) => type is OrderType.Limit or OrderType.StopLimit or OrderType.LimitIfTouched;

    private static string? RefuseIdentifier(string? id) =>
        id is { Length: > 0 and <= IdentifierMax } ? null : $"identifier '{id}' must have 1 to {IdentifierMax} characters";

    private static string? RefuseQuantity(OrderTerms terms, Instrument instrument) =>
        terms.Quantity.IsZero && terms.Flags.HasFlag(OrderFlags.Close) ? null : instrument.RefuseQuantity(terms.Quantity);

    private static string? RefusePrices(OrderTerms terms, Instrument instrument)
    {
        var trails = terms.Peg is { Kind: PegKind.TrailingStop };
        if (HasPrice(terms.Type) != terms.Price is not null) return $"a {terms.Type} order {(terms.Price is null ? "needs a price" : "takes no price")}";
        if (IsTriggered(terms.Type) && terms.StopPrice is null && !trails) return $"a {terms.Type} order needs a stop price";
        if (terms.StopPrice is not null && !IsTriggered(terms.Type) && !trails) return $"a {terms.Type} order takes no stop price";
        if (terms.Trigger != TriggerKind.VenueDefault && !IsTriggered(terms.Type) && !trails) return $"a {terms.Type} order is not triggered by a price";
        return (terms.Price is { } price ? RefusePrice("price", price, instrument) : null)
            ?? (terms.StopPrice is { } stop ? RefusePrice("stop price", stop, instrument) : null);
    }

    private static string? RefusePrice(string what, Price price, Instrument instrument)
    {
        var decimals = instrument.Tick.ToDecimal(price);
        return decimals > 0 && decimals <= instrument.PriceMax
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{what} {decimals} is outside 0 to {instrument.PriceMax}");
    }

    private static string? RefuseFlags(OrderTerms terms, Instrument instrument)
    {
        if (terms.Flags.HasFlag(OrderFlags.PostOnly))
        {
            if (!HasPrice(terms.Type) && terms.Type != OrderType.Pegged) return $"a {terms.Type} order cannot be post-only: it always takes";
            if (terms.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill) return $"post-only contradicts {terms.TimeInForce}";
        }

        if (instrument.Kind != ContractKind.Spot) return null;
        if ((terms.Flags & Reducing) != 0) return "a spot pair has no position to reduce";
        return terms.Trigger is TriggerKind.Index or TriggerKind.LastNearMark ? $"a spot pair has no {terms.Trigger} trigger" : null;
    }

    /// <summary>An order that may only reduce and can trade at once must have something to reduce. One that waits for a trigger may come before its position.</summary>
    private static string? RefuseReduction(OrderTerms terms, Quantity position) =>
        (terms.Flags & Reducing) == 0 || IsTriggered(terms.Type) || terms.Peg is { Kind: PegKind.TrailingStop }
        || Math.Sign(position.Contracts) == -terms.Side.Sign()
            ? null
            : $"a {terms.Side} that only reduces has nothing to reduce: the position is {position}";

    private static string? RefuseDisplay(OrderTerms terms, Instrument instrument)
    {
        if (terms.DisplayQuantity is not { } shown) return null;
        if (shown.Contracts < 0 || shown > terms.Quantity) return $"display quantity {shown} is outside 0 to {terms.Quantity}";
        return shown.Contracts % instrument.LotSize.Contracts == 0 ? null : $"display quantity {shown} is not a multiple of the lot {instrument.LotSize}";
    }

    private static string? RefusePeg(OrderTerms terms)
    {
        if (terms.Peg is not { } peg) return terms.Type == OrderType.Pegged ? "a pegged order needs what it is pegged to" : null;
        if (peg.Kind != PegKind.TrailingStop) return terms.Type == OrderType.Pegged ? null : $"a {terms.Type} order cannot be pegged to the {peg.Kind} price";
        if (terms.Type is not (OrderType.Pegged or OrderType.Stop or OrderType.StopLimit)) return $"a {terms.Type} order cannot trail";
        // A sell stop trails below the market, a buy stop above it.
        return Math.Sign(peg.OffsetTicks) == terms.Side.Sign() ? null : $"a trailing {terms.Side} stop cannot be {peg.OffsetTicks} ticks from the market";
    }
}
