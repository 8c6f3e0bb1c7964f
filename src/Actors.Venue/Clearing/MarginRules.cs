using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// What positions and open orders lock up, in minor units: cross margin at the instrument's base rates. The structure follows
/// the published rows of 2018 to 2022; risk tiers, isolated margin and premium come with liquidation.
/// </summary>
internal static class MarginRules
{
    /// <summary>Locked by a position: initial margin on its cost and the fee of closing it at entry and at bankruptcy.</summary>
    public static long Position(Holding holding)
    {
        var cost = Math.Abs(holding.Position.UnrealisedCost);
        if (cost == 0) return 0;
        var definition = holding.Instrument.Definition;
        var initial = Ceiling(cost * definition.InitialMarginRate);
        return initial + Ceiling((cost + initial) * definition.TakerFeeRate);
    }

    /// <summary>Locked by open orders whose gross open cost is <paramref name="grossOpenCost"/>.</summary>
    public static long Orders(ListedInstrument instrument, long grossOpenCost)
    {
        if (grossOpenCost == 0) return 0;
        var initial = Ceiling(grossOpenCost * instrument.Definition.InitialMarginRate);
        return initial + Ceiling(((2m * grossOpenCost) + initial) * instrument.Definition.TakerFeeRate);
    }

    /// <summary>
    /// The cost that open orders are charged for, with one more order added on top: the part of a side that only reduces the position
    /// is free; what buys and sells have in common is charged once, at the dearer average; the rest at its own.
    /// </summary>
    public static long GrossOpenCost(Holding holding, long moreBuyQuantity = 0, long moreBuyCost = 0, long moreSellQuantity = 0, long moreSellCost = 0)
    {
        var position = holding.Position.Quantity.Contracts;
        var (buys, buyQuantity) = Excess(holding.OpenBuyQuantity + moreBuyQuantity, holding.OpenBuyCost + moreBuyCost, Math.Max(0, -position));
        var (sells, sellQuantity) = Excess(holding.OpenSellQuantity + moreSellQuantity, holding.OpenSellCost + moreSellCost, Math.Max(0, position));
        var common = Math.Min(buyQuantity, sellQuantity);
        var dearer = Math.Max(Share(buys, common, buyQuantity), Share(sells, common, sellQuantity));
        return dearer + Share(buys, buyQuantity - common, buyQuantity) + Share(sells, sellQuantity - common, sellQuantity);
    }

    /// <summary>The account's money in one currency as it stands at the current marks.</summary>
    public static MarginState Of(Wallet wallet)
    {
        long unrealised = 0, orders = 0, positions = 0, open = 0, mark = 0;
        foreach (var holding in wallet.Account.Holdings)
        {
            if (!holding.IsUsed || holding.Instrument.Definition.Settlement != wallet.Currency.Currency) continue;
            var cost = GrossOpenCost(holding);
            unrealised += holding.UnrealisedPnl;
            positions += Position(holding);
            orders += Orders(holding.Instrument, cost);
            open += cost;
            mark += Math.Abs(holding.MarkValue);
        }

        return new MarginState(wallet.Balance, unrealised, orders, positions, open, mark);
    }

    private static (long Cost, long Quantity) Excess(long quantity, long cost, long reducing)
    {
        var excess = Math.Max(0, quantity - reducing);
        return (Share(cost, excess, quantity), excess);
    }

    private static long Share(long cost, long part, long whole) => part == 0 ? 0 : (long)((((Int128)cost * part) + whole - 1) / whole);

    private static long Ceiling(decimal amount) => (long)decimal.Ceiling(amount);
}

/// <summary>An account's money in one currency, in minor units.</summary>
internal readonly record struct MarginState(
    long WalletBalance, long UnrealisedPnl, long OrderMargin, long PositionMargin, long GrossOpenCost, long GrossMarkValue)
{
    public long MarginBalance => WalletBalance + UnrealisedPnl;

    public long Available => MarginBalance - OrderMargin - PositionMargin;
}
