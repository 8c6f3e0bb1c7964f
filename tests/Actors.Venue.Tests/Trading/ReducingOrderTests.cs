using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>Orders that may only reduce a position, and those that close it.</summary>
public class ReducingOrderTests
{
    private const ExecutionInstructions ReduceOnly = ExecutionInstructions.ReduceOnly;

    private readonly ExchangeFixture _fixture = new();

    private long Position => _fixture.Alice.Holdings[0].Position.Quantity.Contracts;

    /// <summary>
    /// A plain order of the same account closes the position in the middle of the sweep: what is left of the sweep must not find the
    /// reduce-only order any more.
    /// </summary>
    [Theory]
    [InlineData(300, 0, VenueOrderStatus.Canceled)]
    [InlineData(200, 100, VenueOrderStatus.Filled)]
    public void A_sweep_does_not_take_a_reduce_only_order_through_zero(int plain, int reduced, VenueOrderStatus status)
    {
        _fixture.GivePosition(300);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, plain, 51_000);
        var reducing = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 51_500, instructions: ReduceOnly);
        var taker = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 600, 52_000, TimeInForce.ImmediateOrCancel);
        Assert.Equal((0L, reduced, status), (Position, reducing.Filled, reducing.Status));
        Assert.Equal(300, taker.Filled);
        _fixture.AssertSound("sweep");
        _fixture.AssertReserved("sweep");
    }

    [Fact]
    public void A_fill_or_kill_order_does_not_count_on_what_may_vanish()
    {
        _fixture.GivePosition(300);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 51_000);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 51_500, instructions: ReduceOnly);
        var killed = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 600, 52_000, TimeInForce.FillOrKill);
        Assert.Equal((VenueOrderStatus.Canceled, 0L), (killed.Status, killed.Filled));
        var filled = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 300, 52_000, TimeInForce.FillOrKill);
        Assert.Equal(VenueOrderStatus.Filled, filled.Status);
    }

    [Fact]
    public void A_more_aggressive_reduce_only_order_takes_the_room_of_the_others()
    {
        _fixture.GivePosition(300);
        var far = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 60_000, instructions: ReduceOnly);
        var near = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 200, 55_000, instructions: ReduceOnly);
        Assert.Equal((100L, 200L), (far.Leaves, near.Leaves));
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 300, 50_000);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, null, instructions: ReduceOnly);
        Assert.Equal((0L, VenueOrderStatus.Canceled, VenueOrderStatus.Canceled), (Position, far.Status, near.Status));
    }

    [Fact]
    public void Of_two_at_the_same_price_the_younger_gives_way()
    {
        _fixture.GivePosition(-300);
        var older = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 200, 45_000, instructions: ReduceOnly);
        var younger = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 200, 45_000, instructions: ReduceOnly);
        Assert.Equal((200L, 100L), (older.Leaves, younger.Leaves));
        _fixture.Exchange.Orders.Amend(younger, new OrderAmendment(Price: 45_500m));
        Assert.Null(_fixture.Exchange.Orders.Amend(younger, new OrderAmendment(Quantity: 300)).Refusal);
        Assert.Equal((0L, 300L), (older.Leaves, younger.Leaves));
    }

    [Theory]
    [InlineData(0, Side.Sell, "Order had execInst of ReduceOnly and side of Sell but current position is 0")]
    [InlineData(300, Side.Buy, "Order had execInst of ReduceOnly and side of Buy but current position is 300")]
    [InlineData(-300, Side.Sell, "Order had execInst of ReduceOnly and side of Sell but current position is -300")]
    public void An_order_that_would_reduce_nothing_ends_canceled(int position, Side side, string words)
    {
        if (position != 0) _fixture.GivePosition(position);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", side, 100, 50_000, instructions: ReduceOnly);
        Assert.Equal((VenueOrderStatus.Canceled, $"Canceled: {words}"), (order.Status, order.Text));
    }

    [Fact]
    public void Reduce_only_orders_follow_a_position_that_changed_by_other_means()
    {
        _fixture.GivePosition(300);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 60_000, instructions: ReduceOnly);
        var holding = _fixture.Alice.Holdings[0];
        holding.Margin = holding.Margin.WithPosition(holding.Position with { Quantity = new Quantity(100) });
        _fixture.Exchange.Orders.PositionChanged(holding);
        Assert.Equal((100L, 100L), (order.Leaves, order.ReservedQuantity));
    }

    [Theory]
    [InlineData(300, Side.Sell)]
    [InlineData(-300, Side.Buy)]
    public void A_closing_order_takes_side_and_size_from_the_position(int position, Side side)
    {
        _fixture.GivePosition(position);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", side.Opposite(), 1_000, 50_000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", null, null, null, instructions: ExecutionInstructions.Close);
        Assert.Equal((side, 300L, VenueOrderStatus.Filled, 0L), (order.Side, order.Quantity, order.Status, Position));
    }

    [Fact]
    public void A_closing_order_makes_room_for_itself()
    {
        _fixture.GivePosition(300);
        var plain = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 200, 60_000);
        var opposite = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 200, 40_000);
        var fits = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 100, 58_000, instructions: ExecutionInstructions.Close);
        Assert.Equal((true, true), (plain.IsOpen, fits.IsOpen));
        var closes = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 59_000, instructions: ExecutionInstructions.Close);
        Assert.Equal((false, false, true, true), (plain.IsOpen, fits.IsOpen, closes.IsOpen, opposite.IsOpen));
        Assert.Equal(300, closes.Leaves);
    }

    [Fact]
    public void A_closing_stop_without_a_size_takes_the_position_that_is_there_when_it_triggers()
    {
        _fixture.Mark(50_000);
        Assert.Equal("Invalid side", _fixture.Place(_fixture.Alice, "XBTUSD", null, null, null, instructions: ExecutionInstructions.Close, change: request => request with { Type = VenueOrderType.Stop, StopPrice = 49_000 }).Refusal?.Message);
        _fixture.GivePosition(300);
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Sell, null, 49_000, instructions: ExecutionInstructions.Close);
        _fixture.GivePosition(200);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 5_000, 48_000);
        _fixture.Mark(48_900);
        Assert.Equal((500L, VenueOrderStatus.Filled, 0L), (order.Filled, order.Status, Position));
    }

    [Fact]
    public void A_reducing_stop_that_finds_no_position_ends_canceled()
    {
        _fixture.Mark(50_000);
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 49_000, instructions: ReduceOnly);
        Assert.True(order.IsOpen);
        _fixture.Mark(48_000);
        Assert.Equal(VenueOrderStatus.Canceled, order.Status);
        Assert.Contains("but current position is 0", order.Text, StringComparison.Ordinal);
    }
}
