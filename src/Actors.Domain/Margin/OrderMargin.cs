using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>
/// What an account has open in one instrument, by side: contracts, unsigned value at the orders' own prices, and premium, in minor units.
/// </summary>
public readonly record struct OpenOrders(
    long BuyQuantity, long BuyCost, long SellQuantity, long SellCost, long BuyPremium = 0, long SellPremium = 0)
{
    public bool IsEmpty => BuyQuantity == 0 && SellQuantity == 0;

    /// <summary>These orders and one more; negative amounts take one away.</summary>
    public OpenOrders Plus(Side side, Quantity quantity, long cost, long premium) => side == Side.Buy
        ? this with { BuyQuantity = BuyQuantity + quantity.Contracts, BuyCost = BuyCost + cost, BuyPremium = BuyPremium + premium }
        : this with { SellQuantity = SellQuantity + quantity.Contracts, SellCost = SellCost + cost, SellPremium = SellPremium + premium };
}

/// <summary>
/// What open orders lock up. Recomputed on the published rows of 2018 to 2020: the margin exactly, the gross open cost to one minor unit.
/// </summary>
public static class OrderMargin
{
    /// <summary>
    /// The cost that open orders are charged for, in minor units, beside a signed position: the part of a side that only reduces the position is
    /// free; what buys and sells have in common is charged once, at the dearer average; the rest at its own. No single rounding fits all published
    /// rows (the others are one unit off): each part is rounded up, which never charges too little.
    /// </summary>
    public static long GrossOpenCost(long position, in OpenOrders orders)
    {
        if (orders.IsEmpty) return 0;
        var buys = Excess(orders.BuyQuantity, Math.Max(0, -position));
        var sells = Excess(orders.SellQuantity, Math.Max(0, position));
        var buyCost = Share(orders.BuyCost, buys, orders.BuyQuantity);
        var sellCost = Share(orders.SellCost, sells, orders.SellQuantity);
        var common = Math.Min(buys, sells);
        var dearer = Math.Max(Share(buyCost, common, buys), Share(sellCost, common, sells));
        return dearer + Share(buyCost, buys - common, buys) + Share(sellCost, sells - common, sells);
    }

    /// <summary>
    /// Margin of orders with a gross open cost, in minor units: the initial margin, and the fees of opening at that cost, of closing at it, and on
    /// the initial margin (closing at bankruptcy).
    /// </summary>
    public static long Of(long grossOpenCost, Fraction initialRate, Fraction takerFee)
    {
        if (grossOpenCost == 0) return 0;
        var initial = initialRate.Ceiling(grossOpenCost);
        return initial + takerFee.Ceiling((2 * grossOpenCost) + initial);
    }

    /// <summary>
    /// What the part of the orders that opens a position would lose at once, in minor units. Uncertain: the venue has such premiums in its messages,
    /// all zero in every published row; that each order's premium counts in proportion to what opens is our reading.
    /// </summary>
    public static long Premium(long position, in OpenOrders orders)
    {
        if (orders.BuyPremium == 0 && orders.SellPremium == 0) return 0;
        var buys = Excess(orders.BuyQuantity, Math.Max(0, -position));
        var sells = Excess(orders.SellQuantity, Math.Max(0, position));
        return Share(orders.BuyPremium, buys, orders.BuyQuantity) + Share(orders.SellPremium, sells, orders.SellQuantity);
    }

    /// <summary>
    /// Premium of one order, in minor units: what it would lose against <paramref name="mark"/> if it were filled at its own price, zero for an order
    /// on the safe side of the mark. Uncertain in the same way; the venue's guide also prices a sell at the best bid where that is higher.
    /// </summary>
    public static long PremiumOf(Instrument instrument, Side side, Quantity quantity, Price price, decimal mark)
    {
        var change = Quantity.Signed(side, quantity);
        return Math.Max(0, ContractValue.Cost(instrument, change, price) - ContractValue.Cost(instrument, change, mark));
    }

    private static long Excess(long quantity, long reducing) => Math.Max(0, quantity - reducing);

    private static long Share(long cost, long part, long whole)
    {
        if (part == 0) return 0;
        return part == whole ? cost : Exact.CeilingOfProduct(cost, part, whole);
    }
}
