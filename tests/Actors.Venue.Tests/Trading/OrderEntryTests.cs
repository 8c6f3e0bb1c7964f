using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

public class OrderEntryTests
{
    private readonly ExchangeFixture _fixture = new();

    [Theory]
    [InlineData("XBTUSD", 100, 50000.25, "Invalid price tickSize")]
    [InlineData("XBTUSD", 100, 0, "Invalid price")]
    [InlineData("XBTUSD", 100, 2000000, "Invalid price")]
    [InlineData("XBTUSD", 150, 50000, "Order quantity must be a multiple of lot size: 100")]
    [InlineData("XBTUSD", 0, 50000, "Invalid orderQty")]
    [InlineData("XBTUSD", 10000100, 50000, "Invalid orderQty")]
    [InlineData("NOPE", 100, 50000, "Unknown or expired symbol")]
    [InlineData("XBTUSD", 10000000, 50, "Account has insufficient Available Balance, 23045000001 XBt required")]
    public void An_order_that_breaks_a_rule_is_refused_in_the_venues_words(string symbol, long quantity, double price, string words)
    {
        var outcome = _fixture.Place(_fixture.Alice, symbol, Side.Buy, quantity, (decimal)price);
        Assert.NotNull(outcome.Refusal);
        Assert.StartsWith(words.Split(',')[0], outcome.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_identifier_may_be_used_again_once_its_order_is_closed()
    {
        var first = _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000m, clientId: "one").Order!;
        Assert.Equal("Duplicate clOrdID", _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000m, clientId: "one").Refusal!.Message);
        Assert.Null(_fixture.Exchange.Orders.Cancel(first, "Canceled via API."));
        Assert.NotNull(_fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000m, clientId: "one").Order);
        Assert.Equal("Unable to cancel order due to existing state: Canceled", _fixture.Exchange.Orders.Cancel(first, ""));
    }

    [Fact]
    public void A_post_only_order_that_would_trade_ends_canceled()
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000, instructions: ExecutionInstructions.ParticipateDoNotInitiate);
        Assert.Equal((VenueOrderStatus.Canceled, 0L), (order.Status, order.Filled));
        Assert.Contains("ParticipateDoNotInitiate", order.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimeInForce.ImmediateOrCancel, 100, VenueOrderStatus.Canceled)]
    [InlineData(TimeInForce.FillOrKill, 0, VenueOrderStatus.Canceled)]
    [InlineData(TimeInForce.GoodTillCancel, 100, VenueOrderStatus.PartiallyFilled)]
    public void What_cannot_fill_at_once_rests_or_ends_as_time_in_force_says(TimeInForce timeInForce, long filled, VenueOrderStatus status)
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 300, 50000, timeInForce);
        Assert.Equal((filled, status), (order.Filled, order.Status));
        _fixture.AssertSound("time in force");
    }

    [Fact]
    public void A_smaller_size_keeps_the_place_in_the_queue_and_a_larger_one_loses_it()
    {
        var first = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 50000);
        var second = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 300, 50000);
        Assert.Null(_fixture.Exchange.Orders.Amend(first, new OrderAmendment(Quantity: 200)).Refusal);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 50000);
        Assert.Equal((100L, 0L), (first.Filled, second.Filled));
        Assert.Null(_fixture.Exchange.Orders.Amend(first, new OrderAmendment(Leaves: 500)).Refusal);
        Assert.Equal((600L, 500L), (first.Quantity, first.Leaves));
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 50000);
        Assert.Equal((100L, 100L), (first.Filled, second.Filled));
    }

    [Fact]
    public void An_amended_price_may_trade_at_once()
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 49000);
        _fixture.Exchange.Orders.Amend(order, new OrderAmendment(Price: 50500m));
        Assert.Equal((VenueOrderStatus.Filled, 50000m), (order.Status, order.AveragePrice));
        Assert.Equal("Invalid ordStatus: Filled", _fixture.Exchange.Orders.Amend(order, new OrderAmendment(Price: 50600m)).Refusal!.Message);
    }

    [Fact]
    public void Fills_settle_by_average_cost_with_maker_and_taker_commission()
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50000);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000);
        var position = _fixture.Alice.Holdings[0].Position;
        // 100 contracts at 50000 are 200000 satoshi; the taker pays 0.05 % of it and the maker is paid 0.01 %.
        Assert.Equal((100L, -200_000L, 100L), (position.Quantity.Contracts, position.UnrealisedCost, position.Commission));
        Assert.Equal(20, _fixture.Bob.Holdings[0].Position.RealisedPnl);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 300, 40000);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 40000);
        Assert.Equal((-200L, 500_000L), (_fixture.Alice.Holdings[0].Position.Quantity.Contracts, _fixture.Alice.Holdings[0].Position.UnrealisedCost));
        // Long from 50000 closed at 40000: 200000 - 250000 satoshi.
        Assert.Equal(-50_000 - 100 - 375, _fixture.Alice.Holdings[0].Position.RealisedPnl);
        _fixture.AssertSound("through zero");
    }

    [Fact]
    public void Reduce_only_orders_shrink_with_the_position_and_never_turn_it()
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 500, 50000);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 500, 50000);
        Assert.Equal(VenueOrderStatus.Canceled, _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 49000, instructions: ExecutionInstructions.ReduceOnly).Status);
        var near = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 51000, instructions: ExecutionInstructions.ReduceOnly);
        var far = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 900, 52000, instructions: ExecutionInstructions.ReduceOnly);
        Assert.Equal((300L, 200L), (near.Leaves, far.Leaves));
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 400, 50000);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 400, 50000);
        Assert.Equal((100L, VenueOrderStatus.Canceled), (near.Leaves, far.Status));
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 900, 53000);
        Assert.True(_fixture.Alice.Holdings[0].Position.Quantity.IsZero);
    }

    [Fact]
    public void The_dead_mans_switch_cancels_everything_when_the_beat_stops_and_nothing_before()
    {
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000);
        var others = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 50000);
        _fixture.Exchange.Switch.Arm(_fixture.Alice, TimeSpan.FromSeconds(10));
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddSeconds(9));
        _fixture.Exchange.Switch.Arm(_fixture.Alice, TimeSpan.FromSeconds(10));
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddSeconds(18.999));
        Assert.True(order.IsOpen);
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddSeconds(19));
        Assert.False(order.IsOpen);
        Assert.True(others.IsOpen);
        Assert.Null(_fixture.Alice.CancelAllAt);
    }

    [Fact]
    public void A_disarmed_switch_never_fires()
    {
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50000);
        _fixture.Exchange.Switch.Arm(_fixture.Alice, TimeSpan.FromSeconds(10));
        _fixture.Exchange.Switch.Arm(_fixture.Alice, TimeSpan.Zero);
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddSeconds(60));
        Assert.True(order.IsOpen);
    }
}
