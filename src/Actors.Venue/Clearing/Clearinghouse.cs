using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// Moves positions and money: when orders fill, when funding is paid, when contracts settle or change hands. What one side pays the other
/// receives, and what is paid in commission or left by rounding goes to the venue's fee account, so that over all accounts positions
/// are zero and money is what was deposited, to the minor unit.
/// </summary>
internal sealed class Clearinghouse(Exchange exchange)
{
    /// <summary>Settles one fill between the taker and the maker; returns what it cost each.</summary>
    public (FillMoney Taker, FillMoney Maker, long Value) Settle(VenueOrder taker, in Fill<VenueOrder> fill)
    {
        var definition = taker.Instrument.Definition;
        var price = taker.Instrument.Decimal(fill.PriceTicks);
        var value = ContractValue.Value(definition, new Quantity(fill.Quantity), new Price(fill.PriceTicks));
        var trade = exchange.Identifiers.Next();
        var paid = Apply(taker, fill.Quantity, price, value, definition.TakerFeeRate, false, trade);
        var received = Apply(fill.Maker, fill.Quantity, price, value, definition.MakerFeeRate, true, trade);
        return (paid, received, value);
    }

    /// <summary>
    /// Changes a position and its wallet; returns what was realised, commission deducted. <paramref name="change"/> and
    /// <paramref name="cost"/> are signed as in a fill, <paramref name="charge"/> is a commission or funding, positive when paid.
    /// </summary>
    public static long Move(Holding holding, long change, long cost, long charge)
    {
        ref var margin = ref holding.Margin;
        var before = margin.Position;
        margin = margin.Fill(new Quantity(change), cost, charge);
        var realised = margin.Position.RealisedPnl - before.RealisedPnl;
        holding.Instrument.OpenInterest += Math.Max(0, margin.Quantity) - Math.Max(0, before.Quantity.Contracts);
        holding.Wallet.Realise(realised);
        holding.IsUsed = true;
        return realised;
    }

    /// <summary>What an order would lock up beyond what is locked already, and whether the account has it. An order that only reduces locks nothing.
    /// <paramref name="quantity"/> and <paramref name="cost"/> are what the order adds to its side.
    /// </summary>
    public static Refusal? RefuseMargin(Holding holding, Side side, long quantity, long cost)
    {
        if (!holding.Account.IsMargined) return null;
        if (holding.Instrument.Terms.IsMargined)
        {
            var required = AccountMargin.Required(holding.Margin, side, new Quantity(quantity), cost, 0);
            return required <= 0 || WalletMargin.Of(holding.Wallet).Available >= required ? null : Insufficient(required, holding.Wallet);
        }

        var (wallet, amount) = WalletMargin.Spot(holding, side, quantity, cost);
        return WalletMargin.Of(wallet).Available >= amount ? null : Insufficient(amount, wallet);
    }

    /// <summary>The mark or the next funding of an instrument changed: every holding follows.</summary>
    public void Remark(ListedInstrument instrument)
    {
        foreach (var account in exchange.Accounts)
        {
            ref var margin = ref account.Margins[instrument.Index];
            margin = margin.WithMark(instrument.MarkPrice);
            if (instrument.Funding is { } funding) margin = margin.WithFundingRate(funding.Rate);
        }
    }

    /// <summary>Stamps a holding and its wallet as changed now and tells the observer.</summary>
    public void Touch(Holding holding)
    {
        if (!holding.Account.KeepsHistory) return;
        holding.Timestamp = exchange.Now;
        exchange.Observer.HoldingChanged(holding);
        Touch(holding.Wallet);
        if (!holding.Instrument.Terms.IsMargined) Touch(WalletMargin.Underlying(holding));
    }

    /// <summary>Stamps a wallet's margin as changed now and tells the observer.</summary>
    public void Touch(Wallet wallet)
    {
        wallet.Timestamp = exchange.Now;
        exchange.Observer.MarginChanged(wallet);
    }

    private FillMoney Apply(VenueOrder order, long quantity, decimal price, long value, decimal rate, bool isMaker, Guid trade)
    {
        var holding = order.Holding;
        var definition = order.Instrument.Definition;
        var change = order.Side.Sign() * quantity;
        var cost = order.Side.Sign() * (definition.Kind == ContractKind.Inverse ? -1 : 1) * value;
        var commission = ContractValue.Commission(value, rate);
        var realised = holding.Instrument.Terms.IsMargined ? Move(holding, change, cost, commission) : Exchange(holding, change, price, rate);
        holding.Wallet.Currency.Fees += commission;
        order.Fill(quantity, price, exchange.Now);
        holding.Reserve(order);
        return new FillMoney(quantity, price, cost, commission, rate, isMaker, trade, realised + commission);
    }

    /// <summary>A spot trade exchanges balances and leaves no position; nothing is realised but the fee.</summary>
    private static long Exchange(Holding holding, long change, decimal price, decimal rate)
    {
        var underlying = WalletMargin.Underlying(holding);
        var exchanged = SpotExchange.Of(holding.Instrument.Definition, new Quantity(change), price, rate, underlying.Currency.Listing.Scale);
        underlying.Exchange(exchanged.Underlying);
        holding.Wallet.Exchange(exchanged.Quote);
        holding.IsUsed = true;
        return -exchanged.Fee;
    }

    private static Refusal Insufficient(long required, Wallet wallet) =>
        Refusal.Invalid($"Account has insufficient Available Balance, {required} {wallet.Currency.Currency} required");
}
