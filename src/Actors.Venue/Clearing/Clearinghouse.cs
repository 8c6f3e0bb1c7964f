using Actors.Domain.Instruments;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// Moves positions and money when orders fill. What one side pays the other receives, and what both pay in commission goes to the
/// venue's fee account, so that over all accounts positions are zero and money is what was deposited, to the minor unit.
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

    private FillMoney Apply(VenueOrder order, long quantity, decimal price, long value, decimal rate, bool isMaker, Guid trade)
    {
        var holding = order.Holding;
        var definition = order.Instrument.Definition;
        var change = Quantity.Signed(order.Side, new Quantity(quantity));
        var sign = order.Side.Sign() * (definition.Kind == ContractKind.Inverse ? -1 : 1);
        var commission = ContractValue.Commission(value, rate);
        var before = holding.Position;
        holding.Position = before.Fill(change, sign * value, commission);
        var realised = holding.Position.RealisedPnl - before.RealisedPnl;
        order.Instrument.OpenInterest += Math.Max(0, holding.Position.Quantity.Contracts) - Math.Max(0, before.Quantity.Contracts);
        var wallet = holding.Account.Wallet(definition.Settlement);
        wallet.Realise(realised);
        wallet.Currency.Fees += commission;
        order.Fill(quantity, price, exchange.Now);
        holding.Reserve(order);
        return new FillMoney(quantity, price, sign * value, commission, rate, isMaker, trade, realised + commission);
    }

    /// <summary>
    /// What an order would lock up beyond what is locked already, and whether the account has it. An order that only reduces locks nothing.
    /// <paramref name="quantity"/> and <paramref name="cost"/> are what the order adds to its side.
    /// </summary>
    public static Refusal? RefuseMargin(Holding holding, Side side, long quantity, long cost)
    {
        var before = MarginRules.GrossOpenCost(holding);
        var after = side == Side.Buy
            ? MarginRules.GrossOpenCost(holding, quantity, cost)
            : MarginRules.GrossOpenCost(holding, 0, 0, quantity, cost);
        var required = MarginRules.Orders(holding.Instrument, after) - MarginRules.Orders(holding.Instrument, before);
        if (required <= 0) return null;
        var wallet = holding.Account.Wallet(holding.Instrument.Definition.Settlement);
        return MarginRules.Of(wallet).Available >= required
            ? null
            : Refusal.Invalid($"Account has insufficient Available Balance, {required} {wallet.Currency.Currency} required");
    }

    /// <summary>Stamps a holding and its wallet as changed now and tells the observer.</summary>
    public void Touch(Holding holding)
    {
        if (!holding.Account.KeepsHistory) return;
        holding.Timestamp = exchange.Now;
        var wallet = holding.Account.Wallet(holding.Instrument.Definition.Settlement);
        wallet.Timestamp = exchange.Now;
        exchange.Observer.HoldingChanged(holding);
        exchange.Observer.MarginChanged(wallet);
    }
}
