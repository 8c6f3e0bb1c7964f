using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Venue.Clearing;

/// <summary>The margin of an account's wallet with what spot orders have set aside from it, in minor units.</summary>
internal static class WalletMargin
{
    public static AccountMargin Of(Wallet wallet)
    {
        var margin = AccountMargin.Of(new Money(wallet.Balance, wallet.Currency.Currency), wallet.Account.Margins);
        var reserved = SpotReserved(wallet);
        return reserved == 0 ? margin : margin with { OrderMargin = margin.OrderMargin + reserved };
    }

    /// <summary>What may be taken out of a wallet: no unrealised profit, and nothing that orders and positions need.</summary>
    public static long Withdrawable(Wallet wallet) => Math.Max(0, Math.Min(wallet.Balance, Of(wallet).Withdrawable));

    /// <summary>What all open orders are charged for, and what all positions are worth at mark, both unsigned.</summary>
    public static (long OpenCost, long MarkValue) Gross(Wallet wallet)
    {
        var (open, mark) = (0L, 0L);
        foreach (ref readonly var margin in wallet.Account.Margins.AsSpan())
        {
            if (margin.Terms.Instrument.Settlement != wallet.Currency.Currency || !margin.Terms.IsMargined) continue;
            open += margin.GrossOpenCost;
            mark += Math.Abs(margin.MarkValue);
        }

        return (open, mark);
    }

    /// <summary>What an order of a spot pair would give away from its wallet, fee included; minor units.</summary>
    public static (Wallet Wallet, long Amount) Spot(Holding holding, Side side, long quantity, long cost)
    {
        var instrument = holding.Instrument;
        return side == Side.Buy
            ? (holding.Wallet, cost + ContractValue.Commission(cost, Math.Max(0, instrument.Definition.TakerFeeRate)))
            : (Underlying(holding), MinorUnits(holding, quantity));
    }

    /// <summary>The wallet of a spot pair's underlying.</summary>
    public static Wallet Underlying(Holding holding) =>
        holding.Account.Wallets.First(wallet => wallet.Currency.Listing.Asset == holding.Instrument.Definition.Underlying);

    private static long SpotReserved(Wallet wallet)
    {
        var reserved = 0L;
        foreach (var holding in wallet.Account.Holdings)
        {
            if (holding.Instrument.Terms.IsMargined || holding.Margin.Orders.IsEmpty) continue;
            if (holding.Wallet == wallet) reserved += Spot(holding, Side.Buy, holding.OpenBuyQuantity, holding.OpenBuyCost).Amount;
            if (Underlying(holding) == wallet) reserved += Spot(holding, Side.Sell, holding.OpenSellQuantity, holding.OpenSellCost).Amount;
        }

        return reserved;
    }

    private static long MinorUnits(Holding holding, long quantity)
    {
        var scale = Underlying(holding).Currency.Listing.Scale;
        var units = (Int128)quantity;
        for (var i = 0; i < scale; i++) units *= 10;
        return (long)(units / (holding.Instrument.Definition.ContractsPerUnderlying ?? 1));
    }
}
