using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Snapshots;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// A position that the insurance fund took over at a bankruptcy price and works off: with an order at that price; where the market is worse,
/// at the market as far as the fund can pay; and the rest from the traders on the other side, at the bankruptcy price. Half of it
/// follows the venue's description; that the first order rests for one look at the marks is our choice.
/// </summary>
internal sealed class TakenPosition(Holding holding, Quantity quantity, Price bankruptcy)
{
    private long _counted;

    /// <summary>The last order that was placed to close it.</summary>
    public VenueOrder? Order { get; private set; }

    /// <summary>What is left, signed.</summary>
    public long Left { get; private set; } = quantity.Contracts;

    private Holding Holding { get; } = holding;

    private Price Bankruptcy { get; } = bankruptcy;

    private Side Closing => Left > 0 ? Side.Sell : Side.Buy;

    private ListedInstrument Instrument => Holding.Instrument;

    /// <summary>Goes on; true when nothing is left. Does nothing while the market is closed.</summary>
    public bool Work(Exchange exchange)
    {
        Count(exchange);
        if (Left == 0) return true;
        if (Instrument.State != InstrumentState.Open) return Instrument.State == InstrumentState.Settled;
        if (Order is null)
        {
            Place(exchange, Bankruptcy.Ticks, Math.Abs(Left), TimeInForce.GoodTillCancel);
            return Left == 0;
        }

        exchange.Orders.CancelEach([Order], "Liquidation");
        TakeMarket(exchange);
        if (Left != 0) Deleverage(exchange);
        Tell(exchange, 0);
        return true;
    }

    public static TakenPosition Pass(StateStream state, TakenPosition? taken) =>
        new(state.Pass(taken?.Holding), new Quantity(state.Pass(taken?.Left ?? 0)), new Price(state.Pass(taken?.Bankruptcy.Ticks ?? 0)))
        {
            Order = state.PassOrNull(taken?.Order),
            _counted = state.Pass(taken?._counted ?? 0),
        };

    private void TakeMarket(Exchange exchange)
    {
        while (Left != 0 && Instrument.Book.Best(Closing.Opposite()) is { } best)
        {
            var fund = new InsuranceFund(new Money(Math.Max(0, Holding.Wallet.Balance), Holding.Wallet.Currency.Currency));
            var affordable = fund.Affordable(Instrument.Definition, new Quantity(Left), Bankruptcy, new Price(best)).Contracts;
            var before = Left;
            if (affordable > 0) Place(exchange, best, affordable, TimeInForce.ImmediateOrCancel);
            if (Left == before) return;
        }
    }

    private void Place(Exchange exchange, long ticks, long contracts, TimeInForce timeInForce)
    {
        var request = new NewOrder(
            Instrument.Symbol, Closing, Math.Min(contracts, Instrument.Definition.OrderQuantityMax.Contracts), Instrument.Decimal(ticks), VenueOrderType.Limit, timeInForce, ExecutionInstructions.None, "", "Liquidation");
        // A refusal (a price beyond the instrument's bounds) leaves everything to deleveraging.
        Order = exchange.Orders.Place(Holding.Account, request).Order;
        _counted = 0;
        Count(exchange);
    }

    /// <summary>Takes what the order has filled since the last time off what is left.</summary>
    private void Count(Exchange exchange)
    {
        if (Order is not { } order) return;
        Left -= Math.Sign(Left) * (order.Filled - _counted);
        _counted = order.Filled;
        Tell(exchange, order.IsOpen ? order.Leaves : 0);
    }

    private void Deleverage(Exchange exchange)
    {
        var others = exchange.Accounts.Where(account => account != Holding.Account && Math.Sign(account.Holdings[Instrument.Index].Position.Quantity.Contracts) == -Math.Sign(Left)).ToList();
        var ranked = others.Select(Candidate).ToArray();
        AutoDeleveraging.Rank(ranked);
        var closed = new long[ranked.Length];
        AutoDeleveraging.Close(ranked, Math.Abs(Left), closed);
        for (var i = 0; i < ranked.Length; i++)
        {
            if (closed[i] > 0) Close(exchange, others.Find(account => account.Number == ranked[i].Account)!.Holdings[Instrument.Index], closed[i]);
        }
    }

    private DeleveragingCandidate Candidate(Account account)
    {
        var other = account.Holdings[Instrument.Index];
        var price = LiquidationPrice.Of(other.Margin, WalletMargin.Of(other.Wallet).Available).Bankruptcy;
        var score = price > 0 ? AutoDeleveraging.Score(other.Margin, price) : 0;
        return new DeleveragingCandidate(account.Number, other.Position.Quantity.Absolute.Contracts, score);
    }

    private void Close(Exchange exchange, Holding other, long contracts)
    {
        exchange.Orders.CancelEach([.. other.Orders.Open], "Deleverage");
        var change = Math.Sign(Left) * contracts;
        var cost = ContractValue.Cost(Instrument.Definition, new Quantity(change), Bankruptcy);
        var realised = Clearinghouse.Move(other, change, cost, 0);
        Clearinghouse.Move(Holding, -change, -cost, 0);
        Left -= change;
        var money = new FillMoney(contracts, Instrument.Decimal(Bankruptcy.Ticks), cost, 0, 0, false, exchange.Identifiers.Next(), realised);
        SystemExecutions.Record(exchange, other, ExecutionKind.Trade, change > 0 ? Side.Buy : Side.Sell, money, "Deleverage");
        exchange.Orders.PositionChanged(other);
    }

    private void Tell(Exchange exchange, long leaves)
    {
        if (Order is { } order)
            exchange.Observer.Liquidated(new LiquidationRow(order.Id, Instrument, order.Side, order.Price ?? Instrument.MarkPrice, leaves));
    }
}
