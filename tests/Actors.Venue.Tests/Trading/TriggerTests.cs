using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>Orders that wait for a price: stops, if-touched, trailing ones.</summary>
public class TriggerTests
{
    private readonly ExchangeFixture _fixture = new();

    public TriggerTests()
    {
        _fixture.Mark(50_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 10_000, 40_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 10_000, 60_000);
    }

    [Theory]
    [InlineData("Stop", Side.Buy, 50_100, 50_099.5, 50_100)]
    [InlineData("Stop", Side.Sell, 49_900, 49_900.5, 49_900)]
    [InlineData("StopLimit", Side.Buy, 50_100, 50_099.5, 50_200)]
    [InlineData("StopLimit", Side.Sell, 49_900, 49_900.5, 49_800)]
    [InlineData("MarketIfTouched", Side.Buy, 49_900, 49_900.5, 49_900)]
    [InlineData("MarketIfTouched", Side.Sell, 50_100, 50_099.5, 50_100)]
    [InlineData("LimitIfTouched", Side.Buy, 49_900, 49_900.5, 49_800)]
    [InlineData("LimitIfTouched", Side.Sell, 50_100, 50_099.5, 50_200)]
    public void An_order_waits_until_the_mark_reaches_its_trigger(string type, Side side, int stop, double before, int after)
    {
        var kind = Enum.Parse<VenueOrderType>(type);
        var order = _fixture.Stop(kind, side, 100, stop, kind.HasPrice() ? stop : null);
        Assert.Equal((VenueOrderStatus.New, false, OrderTrigger.None, 0L), (order.Status, order.IsWorking, order.Triggered, order.ReservedQuantity));
        _fixture.Mark((decimal)before);
        Assert.Equal(OrderTrigger.None, order.Triggered);
        _fixture.Mark(after);
        Assert.Equal(OrderTrigger.StopOrderTriggered, order.Triggered);
        Assert.Equal(kind.HasPrice() ? (VenueOrderStatus.New, true) : (VenueOrderStatus.Filled, false), (order.Status, order.IsWorking));
        Assert.StartsWith("Triggered: Order stop price reached", order.Text, StringComparison.Ordinal);
        _fixture.AssertReserved(type);
    }

    [Fact]
    public void A_trigger_is_told_as_an_execution_of_its_own_between_acceptance_and_fill()
    {
        _fixture.Stop(VenueOrderType.Stop, Side.Buy, 100, 50_100);
        _fixture.Mark(50_100);
        Assert.Equal([ExecutionKind.New, ExecutionKind.Triggered, ExecutionKind.Trade], _fixture.Alice.Executions.Select(execution => execution.Kind));
        Assert.Equal([OrderTrigger.None, OrderTrigger.StopOrderTriggered, OrderTrigger.StopOrderTriggered], _fixture.Alice.Executions.Select(execution => execution.Triggered));
    }

    [Theory]
    [InlineData("None", true, false, false)]
    [InlineData("MarkPrice", true, false, false)]
    [InlineData("IndexPrice", false, true, false)]
    [InlineData("LastPrice", false, false, true)]
    public void The_price_that_triggers_is_the_one_that_was_named(string named, bool byMark, bool byIndex, bool byLast)
    {
        _fixture.Trade(50_000);
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 49_000, instructions: Enum.Parse<ExecutionInstructions>(named));
        _fixture.Bitcoin.MarkPrice = 48_000;
        _fixture.Exchange.Orders.PriceChanged(_fixture.Bitcoin);
        Assert.Equal(byMark, !order.IsOpen);
        (_fixture.Bitcoin.MarkPrice, _fixture.Bitcoin.IndexPrice) = (50_000, 48_000);
        _fixture.Exchange.Orders.PriceChanged(_fixture.Bitcoin);
        Assert.Equal(byMark || byIndex, !order.IsOpen);
        (_fixture.Bitcoin.MarkPrice, _fixture.Bitcoin.IndexPrice) = (50_000, 50_000);
        _fixture.Trade(48_000);
        Assert.Equal(byMark || byIndex || byLast, !order.IsOpen);
    }

    [Fact]
    public void A_last_price_far_from_the_mark_does_not_trigger_what_wants_it_near()
    {
        _fixture.Trade(50_000);
        var careful = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 49_000, instructions: ExecutionInstructions.LastPrice | ExecutionInstructions.LastWithinMark);
        var plain = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 48_000, instructions: ExecutionInstructions.LastPrice);
        _fixture.Trade(47_000);
        Assert.Equal((true, false), (careful.IsOpen, plain.IsOpen));
        _fixture.Mark(49_000);
        Assert.True(careful.IsOpen);
        _fixture.Trade(47_000);
        Assert.False(careful.IsOpen);
    }

    [Fact]
    public void A_trigger_that_is_through_already_fires_at_once()
    {
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Buy, 100, 49_000);
        Assert.Equal((VenueOrderStatus.Filled, 60_000m), (order.Status, order.AveragePrice));
    }

    [Fact]
    public void Each_print_of_a_sweep_is_seen_and_stops_run_one_after_the_other()
    {
        _fixture.Trade(50_000);
        var maker = _fixture.Stranger(902);
        foreach (var price in (decimal[])[51_000, 52_000, 53_000]) _fixture.Accepted(maker, "XBTUSD", Side.Sell, 100, price);
        var low = _fixture.Stop(VenueOrderType.MarketIfTouched, Side.Sell, 100, 51_000, instructions: ExecutionInstructions.LastPrice);
        var chain = _fixture.Stop(VenueOrderType.Stop, Side.Buy, 100, 52_000, instructions: ExecutionInstructions.LastPrice);
        var last = _fixture.Stop(VenueOrderType.Stop, Side.Buy, 100, 53_000, instructions: ExecutionInstructions.LastPrice);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 200, 52_000, TimeInForce.ImmediateOrCancel);
        Assert.Equal((40_000m, 53_000m, 60_000m), (low.AveragePrice, chain.AveragePrice, last.AveragePrice));
        _fixture.AssertSound("chain");
    }

    [Fact]
    public void A_triggered_order_that_the_account_cannot_pay_for_is_rejected_with_the_reason_on_its_row()
    {
        var order = _fixture.Stop(VenueOrderType.StopLimit, Side.Buy, 10_000_000, 50_100, 1_000);
        _fixture.Mark(50_100);
        Assert.Equal(VenueOrderStatus.Rejected, order.Status);
        Assert.StartsWith("Account has insufficient Available Balance", order.RejectReason, StringComparison.Ordinal);
        Assert.Equal(ExecutionKind.Rejected, _fixture.Alice.Executions[^1].Kind);
    }

    [Fact]
    public void A_waiting_order_can_be_amended_and_canceled()
    {
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 49_000);
        Assert.Null(_fixture.Exchange.Orders.Amend(order, new OrderAmendment(Quantity: 300, StopPrice: 48_000m)).Refusal);
        _fixture.Mark(48_500);
        Assert.Equal((true, 300L), (order.IsOpen, order.Leaves));
        Assert.Null(_fixture.Exchange.Orders.Cancel(order, "test"));
        _fixture.Mark(47_000);
        Assert.Equal((VenueOrderStatus.Canceled, OrderTrigger.None), (order.Status, order.Triggered));
        var moved = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 40_000);
        Assert.Null(_fixture.Exchange.Orders.Amend(moved, new OrderAmendment(StopPrice: 48_000m)).Refusal);
        Assert.Equal(VenueOrderStatus.Filled, moved.Status);
    }

    [Fact]
    public void Nothing_triggers_while_the_market_is_closed()
    {
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 49_000);
        _fixture.Exchange.Orders.SetState(_fixture.Bitcoin, InstrumentState.Closed);
        _fixture.Mark(48_000);
        Assert.True(order.IsOpen);
        _fixture.Exchange.Orders.SetState(_fixture.Bitcoin, InstrumentState.Open);
        Assert.Equal(VenueOrderStatus.Filled, order.Status);
    }

    [Theory]
    [InlineData("Stop", Side.Sell, -500, 51_000, 50_500, 50_400)]
    [InlineData("Stop", Side.Buy, 500, 49_000, 49_500, 49_600)]
    [InlineData("MarketIfTouched", Side.Buy, -500, 51_000, 50_500, 50_400)]
    [InlineData("MarketIfTouched", Side.Sell, 500, 49_000, 49_500, 49_600)]
    public void A_trailing_trigger_follows_away_and_never_back(string type, Side side, int offset, int away, int trigger, int reached)
    {
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", side, 100, null, change: request => request with
        {
            Type = Enum.Parse<VenueOrderType>(type),
            Peg = PegPriceType.TrailingStopPeg,
            PegOffset = offset,
        });
        Assert.Equal(50_000m + offset, order.StopPrice);
        // A tenth of a percent is the least that is followed.
        Move(50_000 + (Math.Sign(away - 50_000) * 50));
        Assert.Equal(50_000m + offset, order.StopPrice);
        Move(away);
        Assert.Equal(trigger, order.StopPrice);
        Move((away + trigger) / 2);
        Assert.Equal((trigger, true), (order.StopPrice, order.IsOpen));
        Move(reached);
        Assert.Equal((VenueOrderStatus.Filled, OrderTrigger.StopOrderTriggered), (order.Status, order.Triggered));
    }

    [Fact]
    public void An_amended_offset_sets_the_trailing_trigger_anew()
    {
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 100, null, change: request => request with { Type = VenueOrderType.Stop, Peg = PegPriceType.TrailingStopPeg, PegOffset = -500 });
        Assert.Equal("Invalid pegOffsetValue for pegPriceType", _fixture.Exchange.Orders.Amend(order, new OrderAmendment(PegOffset: 200)).Refusal?.Message);
        Assert.Null(_fixture.Exchange.Orders.Amend(order, new OrderAmendment(PegOffset: -200)).Refusal);
        Assert.Equal(49_800m, order.StopPrice);
    }

    private void Move(decimal mark)
    {
        (_fixture.Bitcoin.MarkPrice, _fixture.Bitcoin.IndexPrice) = (mark, mark);
        _fixture.Exchange.Orders.Trail();
        _fixture.Exchange.Orders.PriceChanged(_fixture.Bitcoin);
    }
}
