using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>What is refused, and in which words. Bitcoin: lots of 100, ticks of a half, at most 1000000, a mark of 96500.</summary>
public class OrderRefusalTests
{
    private readonly ExchangeFixture _fixture = new();

    [Theory]
    [InlineData("Limit", null, null, "", "Invalid price")]
    [InlineData("Limit", 50000.25, null, "", "Invalid price tickSize")]
    [InlineData("Limit", 50000.0, 49000.0, "", "Invalid stopPx for ordType")]
    [InlineData("Market", 50000.0, null, "", "Invalid price: a Market order has none")]
    [InlineData("Stop", null, null, "", "Invalid stopPx for ordType")]
    [InlineData("Stop", null, 2000000.0, "", "Invalid stopPx for ordType")]
    [InlineData("Stop", null, 49000.25, "", "Invalid stopPx tickSize")]
    [InlineData("Stop", 50000.0, 49000.0, "", "Invalid price: a Stop order has none")]
    [InlineData("StopLimit", null, 49000.0, "", "Invalid price")]
    [InlineData("MarketIfTouched", null, null, "", "Invalid stopPx for ordType")]
    [InlineData("LimitIfTouched", 50000.0, null, "", "Invalid stopPx for ordType")]
    [InlineData("Limit", 50000.0, null, "LastPrice", "Invalid ordType for execInst")]
    [InlineData("Limit", 50000.0, null, "Fixed", "Invalid ordType for execInst")]
    [InlineData("Market", null, null, "ParticipateDoNotInitiate", "Invalid ordType for execInst")]
    [InlineData("Stop", null, 49000.0, "ParticipateDoNotInitiate", "Invalid ordType for execInst")]
    [InlineData("Stop", null, 49000.0, "MarkPrice, LastPrice", "Invalid execInst")]
    [InlineData("Stop", null, 49000.0, "LastWithinMark", "Invalid execInst")]
    [InlineData("Stop", null, 49000.0, "IndexPrice, LastWithinMark", "Invalid execInst")]
    [InlineData("Limit", 50000.0, null, "AllOrNone", "Invalid displayQty for execInst")]
    public void Terms_that_do_not_go_together_are_refused(string type, double? price, double? stop, string instructions, string words)
    {
        var outcome = _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, (decimal?)price, change: request => request with
        {
            Type = Enum.Parse<VenueOrderType>(type),
            StopPrice = (decimal?)stop,
            Instructions = instructions.Length == 0 ? ExecutionInstructions.None : Enum.Parse<ExecutionInstructions>(instructions),
        });
        Assert.Equal((400, words), (outcome.Refusal?.Status, outcome.Refusal?.Message));
        Assert.Empty(_fixture.Alice.Orders);
    }

    [Theory]
    [InlineData("Limit", "PrimaryPeg", 1.0, "", "Invalid pegPriceType for ordType")]
    [InlineData("Limit", "TrailingStopPeg", 1.0, "", "Invalid pegPriceType for ordType")]
    [InlineData("Limit", "None", 1.0, "", "Invalid pegOffsetValue for pegPriceType")]
    [InlineData("Pegged", "None", null, "Fixed", "Invalid pegPriceType for ordType")]
    [InlineData("Pegged", "TrailingStopPeg", -10.0, "Fixed", "Invalid pegPriceType for ordType")]
    [InlineData("Pegged", "LastPeg", null, "Fixed", "Unsupported pegPriceType")]
    [InlineData("Pegged", "MidPricePeg", null, "Fixed", "Unsupported pegPriceType")]
    [InlineData("Pegged", "PrimaryPeg", null, "", "Invalid execInst")]
    [InlineData("Pegged", "PrimaryPeg", -0.25, "Fixed", "Invalid pegOffsetValue tickSize")]
    [InlineData("Pegged", "PrimaryPeg", null, "Fixed", "Invalid price: nothing to peg to")]
    [InlineData("Stop", "TrailingStopPeg", null, "", "Invalid pegOffsetValue for pegPriceType")]
    [InlineData("Stop", "TrailingStopPeg", -100.0, "", "Invalid pegOffsetValue for pegPriceType")]
    [InlineData("MarketIfTouched", "TrailingStopPeg", 100.0, "", "Invalid pegOffsetValue for pegPriceType")]
    public void A_peg_that_fits_neither_type_nor_side_is_refused(string type, string peg, double? offset, string instructions, string words)
    {
        var outcome = _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, type == "Limit" ? 50_000m : null, change: request => request with
        {
            Type = Enum.Parse<VenueOrderType>(type),
            Peg = Enum.Parse<PegPriceType>(peg),
            PegOffset = (decimal?)offset,
            Instructions = instructions.Length == 0 ? ExecutionInstructions.None : Enum.Parse<ExecutionInstructions>(instructions),
        });
        Assert.Equal(words, outcome.Refusal?.Message);
    }

    [Theory]
    [InlineData(TimeInForce.ImmediateOrCancel)]
    [InlineData(TimeInForce.FillOrKill)]
    public void Post_only_does_not_go_with_an_order_that_never_rests(TimeInForce timeInForce) =>
        Assert.Equal(
            "Invalid ordType or timeInForce for execInst",
            _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, timeInForce, ExecutionInstructions.ParticipateDoNotInitiate).Refusal?.Message);

    [Theory]
    [InlineData(-100L)]
    [InlineData(150L)]
    [InlineData(400L)]
    public void What_is_displayed_is_whole_lots_of_the_order(long displayed) =>
        Assert.Equal("Invalid displayQty", _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 300, 50_000, change: request => request with { DisplayQuantity = displayed }).Refusal?.Message);

    [Fact]
    public void A_market_order_displays_nothing() =>
        Assert.Equal("Invalid displayQty", _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 300, null, change: request => request with { DisplayQuantity = 100 }).Refusal?.Message);

    /// <summary>The venue refuses it since 2018, hidden or not.</summary>
    [Fact]
    public void All_or_none_is_not_traded() =>
        Assert.Equal(
            "Unsupported execInst",
            _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 300, 50_000, null, ExecutionInstructions.AllOrNone, change: request => request with { DisplayQuantity = 0 }).Refusal?.Message);

    [Fact]
    public void A_contingency_needs_a_link() =>
        Assert.Equal(
            "Invalid clOrdLinkID for contingencyType",
            _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 300, 50_000, change: request => request with { Contingency = ContingencyType.OneCancelsTheOther }).Refusal?.Message);

    [Theory]
    [InlineData(InstrumentState.Unlisted, "Instrument not listed for trading yet")]
    [InlineData(InstrumentState.Closed, "Market is not open")]
    [InlineData(InstrumentState.Settled, "Instrument expired")]
    public void Only_an_open_instrument_takes_orders(InstrumentState state, string words)
    {
        var resting = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000);
        _fixture.Exchange.Orders.SetState(_fixture.Bitcoin, state);
        Assert.Equal(words, _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000).Refusal?.Message);
        Assert.Equal(state == InstrumentState.Closed, resting.IsOpen);
        var amended = _fixture.Exchange.Orders.Amend(resting, new OrderAmendment(Price: 49_000m));
        Assert.Equal(state == InstrumentState.Closed ? words : "Invalid ordStatus: Canceled", amended.Refusal?.Message);
        if (resting.IsOpen) Assert.Null(_fixture.Exchange.Orders.Cancel(resting, "test"));
        _fixture.AssertReserved("after the state changed");
    }

    [Theory]
    [InlineData(61_000, "Price greater than limitUpPrice")]
    [InlineData(39_000, "Price less than limitDownPrice")]
    [InlineData(60_000, null)]
    [InlineData(40_000, null)]
    public void A_price_outside_the_instruments_band_is_refused(int price, string? words)
    {
        (_fixture.Bitcoin.LimitDownPrice, _fixture.Bitcoin.LimitUpPrice) = (40_000m, 60_000m);
        Assert.Equal(words, _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, price).Refusal?.Message);
    }

    [Fact]
    public void An_account_has_at_most_two_hundred_orders_in_an_instrument()
    {
        for (var i = 0; i < 200; i++) _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000);
        Assert.Equal("Too many open orders: 200 per symbol", _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000).Refusal?.Message);
        Assert.Null(_fixture.Place(_fixture.Bob, "XBTUSD", Side.Buy, 100, 50_000).Refusal);
        Assert.Null(_fixture.Place(_fixture.Alice, "XBTH27", Side.Buy, 100, 50_000).Refusal);
        _fixture.Exchange.Orders.Cancel(_fixture.Alice.Orders[0], "room");
        Assert.Null(_fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000).Refusal);
    }

    [Fact]
    public void An_account_has_at_most_ten_stop_orders_in_an_instrument()
    {
        for (var i = 0; i < 10; i++) _fixture.Stop(VenueOrderType.Stop, Side.Sell, 100, 50_000);
        var refused = _fixture.Place(_fixture.Alice, "XBTUSD", Side.Sell, 100, null, change: request => request with { Type = VenueOrderType.Stop, StopPrice = 50_000m });
        Assert.Equal("Too many open stop orders: 10 per symbol", refused.Refusal?.Message);
        Assert.Null(_fixture.Place(_fixture.Alice, "XBTUSD", Side.Sell, 100, 150_000).Refusal);
    }

    [Fact]
    public void A_client_identifier_has_at_most_thirty_six_characters_and_is_one_orders_at_a_time()
    {
        Assert.StartsWith("Invalid clOrdID", _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, clientId: new string('x', 37)).Refusal?.Message, StringComparison.Ordinal);
        var first = _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, clientId: new string('x', 36)).Order!;
        var second = _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, clientId: "y").Order!;
        Assert.Equal("Duplicate clOrdID", _fixture.Exchange.Orders.Amend(second, new OrderAmendment(NewClientId: first.ClientId)).Refusal?.Message);
        Assert.Null(_fixture.Exchange.Orders.Amend(second, new OrderAmendment(NewClientId: "z")).Refusal);
        Assert.Null(_fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, clientId: "y").Refusal);
        Assert.Equal("Duplicate clOrdID", _fixture.Place(_fixture.Alice, "XBTUSD", Side.Buy, 100, 50_000, clientId: "z").Refusal?.Message);
    }

    [Theory]
    [InlineData(null, 50, null, null, "Invalid orderQty: not above what is filled already")]
    [InlineData(200, 100, null, null, "Invalid leavesQty: expected only one of orderQty and leavesQty")]
    [InlineData(250, null, null, null, "Order quantity must be a multiple of lot size: 100")]
    [InlineData(null, 0, null, null, "Invalid leavesQty")]
    [InlineData(null, null, 1.0, null, "Invalid stopPx for ordType")]
    [InlineData(null, null, null, 1.0, "Invalid pegOffsetValue for pegPriceType")]
    [InlineData(300, null, null, null, "Invalid amend: orderQty, leavesQty, price, stopPx unchanged")]
    public void An_amendment_that_breaks_a_rule_changes_nothing(int? quantity, int? leaves, double? stop, double? offset, string words)
    {
        var order = _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 300, 50_000);
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 100, 50_000);
        // A leavesQty of fifty stands for an orderQty that the order has filled.
        var request = leaves == 50 ? new OrderAmendment(Quantity: 100) : new OrderAmendment(quantity, null, leaves, StopPrice: (decimal?)stop, PegOffset: (decimal?)offset);
        Assert.Equal(words, _fixture.Exchange.Orders.Amend(order, request).Refusal?.Message);
        Assert.Equal((300L, 200L, VenueOrderStatus.PartiallyFilled), (order.Quantity, order.Leaves, order.Status));
    }
}
