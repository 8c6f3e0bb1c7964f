using Actors.Guard.Tests.Support;

namespace Actors.Guard.Tests;

public class AccountTests
{
    [Fact]
    public void What_the_socket_told_meanwhile_is_newer_than_an_answer_of_REST()
    {
        var account = AccountRows.Of();
        var before = account.NewsCounts()["order"];
        account.Hear("order", "insert", AccountRows.Json("""[{"orderID":"a","symbol":"XBTUSD","ordStatus":"New"}]"""));
        Assert.True(account.Read("order", [], before));
        Assert.Single(account.Take().OpenOrders);
    }

    [Fact]
    public void REST_corrects_a_socket_that_told_nothing_and_says_that_they_disagree()
    {
        var account = AccountRows.Of();
        Assert.False(account.Read("order", AccountRows.Parse(AccountRows.Orders(2)), account.NewsCounts()["order"]));
        Assert.Equal(2, account.Take().OpenOrders.Count);
        Assert.True(account.Read("order", AccountRows.Parse(AccountRows.Orders(2)), account.NewsCounts()["order"]));
    }

    [Theory]
    [InlineData("Filled")]
    [InlineData("Canceled")]
    [InlineData("Rejected")]
    [InlineData("Expired")]
    public void An_order_that_has_ended_is_not_open(string status)
    {
        var account = AccountRows.Of(orders: AccountRows.Orders(2));
        account.Hear("order", "update", AccountRows.Json($$"""[{"orderID":"XBTUSD0","ordStatus":"{{status}}"}]"""));
        Assert.Equal("XBTUSD1", Assert.Single(account.Take().OpenOrders).Id);
    }

    [Fact]
    public void An_update_changes_what_it_names_and_a_null_takes_away()
    {
        var account = AccountRows.Of("""[{"symbol":"XBTUSD","currency":"XBt","currentQty":5,"markValue":-7,"liquidationPrice":3}]""");
        account.Hear("position", "update", AccountRows.Json("""[{"symbol":"XBTUSD","currency":"XBt","currentQty":6,"liquidationPrice":null}]"""));
        var position = Assert.Single(account.Take().Positions);
        Assert.Equal((6, -7, null), (position.Quantity, position.MarkValue, position.LiquidationPrice));
    }

    [Theory]
    [InlineData("""[{"symbol":"XBTUSD","currency":"XBt"}]""")]
    [InlineData("""[{"symbol":"XBTUSD","currency":"XBt","currentQty":"five"}]""")]
    [InlineData("""[{"symbol":7,"currency":"XBt","currentQty":5}]""")]
    [InlineData("""["XBTUSD"]""")]
    public void Rows_that_are_not_rows_are_refused(string rows) =>
        Assert.Throws<VenueException>(() => AccountRows.Of(rows).Take());

    [Fact]
    public void The_answer_of_a_cancel_takes_its_orders_away_and_counts_none_as_placed()
    {
        var account = AccountRows.Of(orders: AccountRows.Orders(2));
        account.Hear("order", "update", AccountRows.Json("""[{"orderID":"XBTUSD0","ordStatus":"Canceled","price":1},{"orderID":"unknown","ordStatus":"Canceled","price":1}]"""));
        var picture = account.Take();
        Assert.Equal("XBTUSD1", Assert.Single(picture.OpenOrders).Id);
        Assert.Equal(0, picture.OrdersLately);
    }
}
