using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>Orders that are linked: one cancels the others, one starts the others.</summary>
public class ContingencyTests
{
    private readonly ExchangeFixture _fixture = new();

    public ContingencyTests()
    {
        _fixture.Mark(50_000);
        _fixture.Trade(50_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 10_000, 40_000);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    public void The_first_that_trades_even_in_part_cancels_the_others(int traded)
    {
        var taken = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 300, 51_000);
        var other = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 300, 52_000);
        var stranger = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 300, 52_000, "another");
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, traded, 51_000);
        Assert.Equal((traded, VenueOrderStatus.Canceled, true), (taken.Filled, other.Status, stranger.IsOpen));
        Assert.Equal(traded == 100, taken.IsOpen);
        _fixture.AssertReserved("one cancels the other");
    }

    [Fact]
    public void A_sweep_takes_only_one_of_two_that_cancel_each_other()
    {
        var near = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 300, 51_000);
        var far = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 300, 51_500);
        var killed = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 600, 52_000, TimeInForce.FillOrKill);
        var taker = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 600, 52_000, TimeInForce.ImmediateOrCancel);
        Assert.Equal((0L, 300L, 300L, 0L), (killed.Filled, taker.Filled, near.Filled, far.Filled));
    }

    [Fact]
    public void A_stop_that_triggers_cancels_the_order_that_takes_the_profit()
    {
        var profit = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 100, 60_000);
        var stop = _fixture.Stop(VenueOrderType.StopLimit, Side.Sell, 100, 49_000, 48_000, change: request => request with { LinkId = "pair", Contingency = ContingencyType.OneCancelsTheOther });
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 10_000, 30_000);
        _fixture.Mark(49_000);
        Assert.Equal((VenueOrderStatus.Canceled, true), (profit.Status, stop.IsWorking));
    }

    [Theory]
    [InlineData("Absolute", 100, 200, 500)]
    [InlineData("Absolute", 300, 0, 300)]
    [InlineData("Proportional", 100, 200, 400)]
    [InlineData("Proportional", 200, 100, 200)]
    [InlineData("Proportional", 300, 0, 0)]
    public void What_one_fills_makes_the_others_smaller(string how, int traded, int left, int leftOfTheLarger)
    {
        var type = Enum.Parse<ContingencyType>("OneUpdatesTheOther" + how);
        var taken = Linked(type, Side.Sell, 300, 51_000);
        var same = Linked(type, Side.Sell, 300, 52_000);
        var larger = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 600, 49_000, change: request => request with { LinkId = "pair", Contingency = type });
        var stranger = Linked(type, Side.Sell, 300, 53_000, "another");
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, traded, 51_000);
        Assert.Equal((traded, left, leftOfTheLarger, 300), (taken.Filled, same.Leaves, larger.Leaves, stranger.Leaves));
        Assert.Equal((left > 0, leftOfTheLarger > 0), (same.IsOpen, larger.IsOpen));
        if (!same.IsOpen) Assert.Contains("OneUpdatesTheOther", same.Text, StringComparison.Ordinal);
        _fixture.AssertReserved("one updates the other");
        _fixture.AssertSound("one updates the other");
    }

    [Fact]
    public void A_sweep_takes_no_more_of_two_that_update_each_other_than_one_of_them_holds()
    {
        var near = Linked(ContingencyType.OneUpdatesTheOtherAbsolute, Side.Sell, 300, 51_000);
        var far = Linked(ContingencyType.OneUpdatesTheOtherAbsolute, Side.Sell, 300, 51_500);
        var killed = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 600, 52_000, TimeInForce.FillOrKill);
        var taker = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 600, 52_000, TimeInForce.ImmediateOrCancel);
        Assert.Equal((0L, 300L, 300L, 0L), (killed.Filled, taker.Filled, near.Filled, far.Filled));
    }

    [Fact]
    public void A_canceled_order_leaves_the_others_alone()
    {
        var first = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 100, 60_000);
        var second = Linked(ContingencyType.OneCancelsTheOther, Side.Sell, 100, 61_000);
        _fixture.Exchange.Orders.Cancel(first, "test");
        Assert.True(second.IsOpen);
    }

    [Fact]
    public void Orders_wait_until_the_one_that_starts_them_is_filled_whole()
    {
        var entry = Linked(ContingencyType.OneTriggersTheOther, Side.Sell, 200, 51_000);
        var stop = _fixture.Stop(VenueOrderType.Stop, Side.Buy, 200, 52_000, change: request => request with { LinkId = "pair", Contingency = ContingencyType.OneCancelsTheOther });
        var profit = Linked(ContingencyType.OneCancelsTheOther, Side.Buy, 200, 49_000);
        _fixture.Mark(53_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 51_000);
        Assert.Equal((false, false, 0L, true), (profit.IsWorking, stop.IsArmed, profit.ReservedQuantity, stop.IsOpen));
        _fixture.Mark(50_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 51_000);
        Assert.Equal((VenueOrderStatus.Filled, true, true), (entry.Status, profit.IsWorking, stop.IsArmed));
        Assert.Equal((OrderTrigger.OtoOrderTriggered, OrderTrigger.OtoOrderTriggered), (profit.Triggered, stop.Triggered));
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 200, 49_000);
        Assert.Equal((VenueOrderStatus.Filled, VenueOrderStatus.Canceled), (profit.Status, stop.Status));
    }

    [Fact]
    public void What_waited_for_an_order_that_is_canceled_ends_with_it()
    {
        var entry = Linked(ContingencyType.OneTriggersTheOther, Side.Sell, 200, 51_000);
        var child = Linked(ContingencyType.OneTriggersTheOther, Side.Buy, 200, 49_000);
        var grandchild = Linked(ContingencyType.None, Side.Buy, 200, 48_000);
        Assert.Equal((entry, child), (child.Parent, grandchild.Parent));
        _fixture.Exchange.Orders.CancelAll(_fixture.Alice, order => order == entry, "test");
        Assert.Equal((VenueOrderStatus.Canceled, VenueOrderStatus.Canceled), (child.Status, grandchild.Status));
        Assert.Empty(_fixture.Alice.Holdings[0].Orders.Open);
    }

    private VenueOrder Linked(ContingencyType contingency, Side side, long quantity, decimal price, string link = "pair") =>
        _fixture.Accepted(_fixture.Alice, "XBTUSD", side, quantity, price, change: request => request with { LinkId = link, Contingency = contingency });
}
