using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>Display, pegs, days, spot, orders that live again, and the rows that tell of them.</summary>
public class OrderLifeTests
{
    private readonly ExchangeFixture _fixture = new();

    [Fact]
    public void The_book_shows_what_orders_display_and_trades_all_of_them()
    {
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 500, 50_000, change: request => request with { DisplayQuantity = 200 });
        var hidden = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 500, 49_900, change: request => request with { DisplayQuantity = 0 });
        Assert.Equal((50_000m, 200L), (_fixture.Bitcoin.Quotes[^1].AskPrice, _fixture.Bitcoin.Quotes[^1].AskSize));
        var taker = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 700, 50_000);
        Assert.Equal((VenueOrderStatus.Filled, 500L), (taker.Status, hidden.Filled));
        Assert.Equal((50_000m, 200L), (_fixture.Bitcoin.Quotes[^1].AskPrice, _fixture.Bitcoin.Quotes[^1].AskSize));
        var post = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 50_000, instructions: ExecutionInstructions.ParticipateDoNotInitiate);
        Assert.Equal(VenueOrderStatus.Canceled, post.Status);
    }

    [Theory]
    [InlineData(Side.Buy, "PrimaryPeg", null, 49_000)]
    [InlineData(Side.Buy, "PrimaryPeg", -10.0, 48_990)]
    [InlineData(Side.Buy, "MarketPeg", -0.5, 49_999.5)]
    [InlineData(Side.Sell, "PrimaryPeg", 10.0, 50_010)]
    [InlineData(Side.Sell, "MarketPeg", 0.5, 49_000.5)]
    public void A_pegged_order_takes_its_price_from_the_touch_once(Side side, string peg, double? offset, double price)
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Buy, 100, 49_000);
        var ask = _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50_000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", side, 100, null, null, ExecutionInstructions.Fixed, request => request with
        {
            Type = VenueOrderType.Pegged,
            Peg = Enum.Parse<PegPriceType>(peg),
            PegOffset = (decimal?)offset,
        });
        Assert.Equal(((decimal)price, true), (order.Price, order.IsWorking));
        _fixture.Exchange.Orders.Amend(ask, new OrderAmendment(Price: 55_000m));
        Assert.Equal((decimal)price, order.Price);
    }

    [Fact]
    public void A_new_offset_pegs_to_the_touch_as_it_is_now()
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50_000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, null, null, ExecutionInstructions.Fixed, request => request with { Type = VenueOrderType.Pegged, Peg = PegPriceType.MarketPeg, PegOffset = -10 });
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 49_995);
        Assert.Null(_fixture.Exchange.Orders.Amend(order, new OrderAmendment(PegOffset: -20)).Refusal);
        Assert.Equal(49_975m, order.Price);
    }

    [Fact]
    public void A_day_order_ends_at_midnight_and_a_good_till_cancel_order_does_not()
    {
        var day = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, TimeInForce.Day);
        var stays = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, TimeInForce.GoodTillCancel);
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddHours(12).AddMilliseconds(-1));
        Assert.True(day.IsOpen);
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddHours(12));
        Assert.Equal((VenueOrderStatus.Canceled, "Canceled: Order had timeInForce of Day", true), (day.Status, day.Text, stays.IsOpen));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public void A_filled_order_lives_again_with_a_new_leaves_quantity_for_a_minute(int seconds, bool lives)
    {
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50_000);
        _fixture.Exchange.Advance(ExchangeFixture.Start.AddSeconds(seconds));
        Assert.Equal("Invalid ordStatus: Filled", _fixture.Exchange.Orders.Amend(order, new OrderAmendment(Quantity: 300)).Refusal?.Message);
        Assert.Equal(lives ? null : "Invalid ordStatus: Filled", _fixture.Exchange.Orders.Amend(order, new OrderAmendment(Leaves: 200)).Refusal?.Message);
        if (!lives) return;
        Assert.Equal((VenueOrderStatus.PartiallyFilled, 300L, 200L, 100L), (order.Status, order.Quantity, order.Leaves, order.Filled));
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 200, 50_000);
        Assert.Equal((VenueOrderStatus.Filled, 300L), (order.Status, order.Filled));
        _fixture.AssertReserved("revived");
    }

    [Fact]
    public void A_row_holds_every_term_of_its_order_under_the_venues_names()
    {
        _fixture.Mark(50_000);
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Sell, 300, 48_000, null, ExecutionInstructions.LastPrice | ExecutionInstructions.ReduceOnly, request => request with
        {
            Type = VenueOrderType.StopLimit,
            Peg = PegPriceType.TrailingStopPeg,
            PegOffset = -500,
            DisplayQuantity = 100,
            LinkId = "pair",
            Contingency = ContingencyType.OneCancelsTheOther,
            ClientId = "mine",
        });
        var row = Row(OrderTables.Order, order);
        string[] expected =
        [
            "clOrdID=mine", "clOrdLinkID=pair", "contingencyType=OneCancelsTheOther", "displayQty=100", "execInst=LastPrice,ReduceOnly", "leavesQty=300",
            "ordStatus=New", "ordType=StopLimit", "orderQty=300", "pegOffsetValue=-500", "pegPriceType=TrailingStopPeg", "price=48000", "stopPx=49500",
            "timeInForce=GoodTillCancel", "workingIndicator=False",
        ];
        Assert.Equal(expected, row.Where(cell => expected.Any(wanted => wanted.Split('=')[0] == cell.Split('=')[0])).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(row, cell => cell.StartsWith("triggered", StringComparison.Ordinal) || cell.StartsWith("ordRejReason", StringComparison.Ordinal));
    }

    [Fact]
    public void Executions_are_named_as_the_venue_names_them()
    {
        _fixture.Mark(50_000);
        _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 49_000);
        _fixture.Mark(49_000);
        var kinds = _fixture.Alice.Executions.Select(execution => Row(OrderTables.Execution, execution).Single(cell => cell.StartsWith("execType", StringComparison.Ordinal)));
        Assert.Equal(["execType=New", "execType=TriggeredOrActivatedBySystem", "execType=Canceled"], kinds);
        Assert.Contains("triggered=StopOrderTriggered", Row(OrderTables.Execution, _fixture.Alice.Executions[1]));
    }

    [Fact]
    public void A_closing_stop_without_a_size_shows_none_until_it_triggers()
    {
        _fixture.Mark(50_000);
        var order = _fixture.Stop(VenueOrderType.Stop, Side.Sell, null, 49_000, instructions: ExecutionInstructions.Close);
        Assert.DoesNotContain(Row(OrderTables.Order, order), cell => cell.StartsWith("orderQty", StringComparison.Ordinal));
    }

    private static List<string> Row<T>(Table<T> table, T row) =>
    [
        .. table.Fields.Zip(table.Read(row)).Where(cell => cell.Second.Kind != FieldKind.Absent)
            .Select(cell => $"{cell.First.Name}={cell.Second.Kind switch { FieldKind.Text => cell.Second.Text, FieldKind.Flag => $"{cell.Second.Number != 0}", _ => $"{cell.Second.Number}" }}"),
    ];
}
