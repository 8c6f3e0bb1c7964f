using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

public class OrderRulesTests
{
    private static readonly OrderTerms Limit = Terms();
    private static readonly OrderTerms Market = Limit with { Type = OrderType.Market, Price = null, Flags = OrderFlags.None };
    private static readonly OrderTerms Stop = Market with { Type = OrderType.Stop, StopPrice = new Price(99_000) };

    public static TheoryData<string, OrderTerms, long> Allowed() => new()
    {
        { "a limit order", Limit, 0 },
        { "a market order", Market, 0 },
        { "a stop that waits for a position", Stop with { Flags = OrderFlags.ReduceOnly }, 0 },
        { "a stop-limit with a trigger", Stop with { Type = OrderType.StopLimit, Price = new Price(98_000), Trigger = TriggerKind.Index }, 0 },
        { "a post-only order that touches", Stop with { Type = OrderType.LimitIfTouched, Price = new Price(98_000), Flags = OrderFlags.PostOnly }, 0 },
        { "a sell that reduces a long", Limit with { Side = Side.Sell, Flags = OrderFlags.ReduceOnly }, 500 },
        { "a close of everything", Market with { Side = Side.Sell, Quantity = default, Flags = OrderFlags.Close }, 500 },
        { "a hidden order", Limit with { DisplayQuantity = Quantity.Zero }, 0 },
        { "a pegged order", Market with { Type = OrderType.Pegged, Peg = new OrderPeg(PegKind.Primary, -3) }, 0 },
        { "a trailing stop", Stop with { StopPrice = null, Side = Side.Sell, Peg = new OrderPeg(PegKind.TrailingStop, -3) }, 0 },
        { "a linked order", Limit with { Link = new OrderLink("pair", Contingency.OneCancelsTheOther) }, 0 },
    };

    public static TheoryData<string, OrderTerms, long> Refused() => new()
    {
        { "identifier '' must have 1 to 36 characters", Limit with { Id = new ClientOrderId("") }, 0 },
        { "identifier 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' must have 1 to 36 characters", Limit with { Id = new ClientOrderId(new string('x', 37)) }, 0 },
        { "quantity 150 is not a multiple of the lot 100", Limit with { Quantity = new Quantity(150) }, 0 },
        { "quantity 0 is not positive", Limit with { Quantity = default }, 0 },
        { "quantity 20000000 is above the instrument's maximum 10000000", Limit with { Quantity = new Quantity(20_000_000) }, 0 },
        { "a Limit order needs a price", Limit with { Price = null }, 0 },
        { "a Market order takes no price", Market with { Price = new Price(1) }, 0 },
        { "a Stop order needs a stop price", Stop with { StopPrice = null }, 0 },
        { "a Limit order takes no stop price", Limit with { StopPrice = new Price(1) }, 0 },
        { "a Limit order is not triggered by a price", Limit with { Trigger = TriggerKind.Mark }, 0 },
        { "price 0.0 is outside 0 to 1000000", Limit with { Price = new Price(0) }, 0 },
        { "stop price 1000000.5 is outside 0 to 1000000", Stop with { StopPrice = new Price(2_000_001) }, 0 },
        { "a Market order cannot be post-only: it always takes", Market with { Flags = OrderFlags.PostOnly }, 0 },
        { "post-only contradicts FillOrKill", Limit with { TimeInForce = TimeInForce.FillOrKill }, 0 },
        { "a Buy that only reduces has nothing to reduce: the position is 500", Limit with { Flags = OrderFlags.ReduceOnly }, 500 },
        { "a Sell that only reduces has nothing to reduce: the position is 0", Limit with { Side = Side.Sell, Flags = OrderFlags.Close }, 0 },
        { "display quantity 1100 is outside 0 to 1000", Limit with { DisplayQuantity = new Quantity(1100) }, 0 },
        { "display quantity 50 is not a multiple of the lot 100", Limit with { DisplayQuantity = new Quantity(50) }, 0 },
        { "a pegged order needs what it is pegged to", Market with { Type = OrderType.Pegged }, 0 },
        { "a Limit order cannot be pegged to the Market price", Limit with { Peg = new OrderPeg(PegKind.Market, 1) }, 0 },
        { "a Market order cannot trail", Market with { Peg = new OrderPeg(PegKind.TrailingStop, 1) }, 0 },
        { "a trailing Buy stop cannot be -1 ticks from the market", Stop with { Peg = new OrderPeg(PegKind.TrailingStop, -1) }, 0 },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void What_a_venue_takes_passes(string what, OrderTerms terms, long position)
    {
        Assert.NotEmpty(what);
        Assert.Null(OrderRules.Refuse(terms, Inverse, new Quantity(position)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_venue_would_refuse_does_not_leave_and_the_reason_is_in_words(string reason, OrderTerms terms, long position) =>
        Assert.Equal(reason, OrderRules.Refuse(terms, Inverse, new Quantity(position)));

    [Fact]
    public void A_spot_pair_has_nothing_to_reduce()
    {
        var spot = Inverse with { Kind = ContractKind.Spot };
        Assert.Equal("a spot pair has no position to reduce", OrderRules.Refuse(Limit with { Side = Side.Sell, Flags = OrderFlags.ReduceOnly }, spot, new Quantity(500)));
        Assert.Equal("a spot pair has no Index trigger", OrderRules.Refuse(Stop with { Trigger = TriggerKind.Index }, spot, default));
    }

    [Fact]
    public void An_amendment_names_what_the_order_has_and_leaves_something_to_trade()
    {
        var order = OrderLedger.Empty
            .Apply(new OrderSubmitted(Limit, new OrderOrigin("grid", 1)), Noon)
            .Apply(new OrderAcknowledged(Limit.Id, "v", Noon), Noon)
            .Apply(new OrderFilled(Limit.Id, "e", new Quantity(400), 1m, 0, 0, Noon), Noon)
            .Find(Limit.Id)!;
        Assert.Null(OrderRules.RefuseAmend(order, new OrderChange(new Price(99_999), new Quantity(500)), Inverse));
        Assert.Equal("an amendment that changes nothing", OrderRules.RefuseAmend(order, default, Inverse));
        Assert.Equal("quantity 400 is not above the 400 filled already", OrderRules.RefuseAmend(order, new OrderChange(null, new Quantity(400)), Inverse));
        Assert.Equal("quantity 450 is not a multiple of the lot 100", OrderRules.RefuseAmend(order, new OrderChange(null, new Quantity(450)), Inverse));
        Assert.Equal("a Limit order has no stop price to amend", OrderRules.RefuseAmend(order, new OrderChange(null, null, new Price(1)), Inverse));
        Assert.Equal("only a pegged order has an offset to amend", OrderRules.RefuseAmend(order, new OrderChange(null, null, null, 3), Inverse));
        Assert.StartsWith("price 0.0 is outside", OrderRules.RefuseAmend(order, new OrderChange(new Price(0), null), Inverse), StringComparison.Ordinal);
    }
}
