using System.Text.Json;
using Actors.Venue.Tests.Wire;

namespace Actors.Venue.Tests.Trading;

/// <summary>Orders as clients send them: over HTTP, in the venue's own field names.</summary>
public class OrderRouteTests
{
    [Theory]
    [InlineData("""{"symbol":"XBTUSD","orderQty":100,"price":90000}""", "Limit", "GoodTillCancel", "New")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":100}""", "Market", "ImmediateOrCancel", "Canceled")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":100,"stopPx":150000}""", "Stop", "ImmediateOrCancel", "New")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":100,"stopPx":150000,"price":150000,"timeInForce":"Day"}""", "StopLimit", "Day", "New")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":-100,"stopPx":150000,"ordType":"MarketIfTouched"}""", "MarketIfTouched", "ImmediateOrCancel", "New")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":100,"stopPx":50000,"price":50000,"ordType":"LimitIfTouched"}""", "LimitIfTouched", "GoodTillCancel", "New")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":-100,"ordType":"Stop","pegPriceType":"TrailingStopPeg","pegOffsetValue":-100,"execInst":"LastPrice,Close"}""", "Stop", "ImmediateOrCancel", "New")]
    [InlineData("""{"symbol":"XBTUSD","orderQty":300,"price":90000,"displayQty":100,"strategy":"OneWay"}""", "Limit", "GoodTillCancel", "New")]
    [InlineData("""{"symbol":"XBTUSD","price":90000,"execInst":"Close"}""", "Limit", "GoodTillCancel", "Canceled")]
    public async Task The_type_follows_from_the_fields_where_it_is_not_named(string body, string type, string timeInForce, string status)
    {
        await using var venue = await VenueFixture.StartAsync();
        var order = await venue.PlaceAsync(venue.Alice, body);
        Assert.Equal((type, timeInForce, status), (RealtimeClient.Text(order, "ordType"), RealtimeClient.Text(order, "timeInForce"), RealtimeClient.Text(order, "ordStatus")));
    }

    [Theory]
    [InlineData("\"ordType\":\"MarketWithLeftOverAsLimit\"", "Unsupported ordType")]
    [InlineData("\"ordType\":\"2\"", "Unsupported ordType")]
    [InlineData("\"timeInForce\":\"AtTheClose\"", "Unsupported timeInForce")]
    [InlineData("\"execInst\":\"ReduceOnly,Sometimes\"", "Unsupported execInst")]
    [InlineData("\"execInst\":\"None\"", "Unsupported execInst")]
    [InlineData("\"pegPriceType\":\"OpeningPeg\"", "Unsupported pegPriceType")]
    [InlineData("\"contingencyType\":\"OneUpdatesTheOtherAbsolute\"", "Invalid clOrdLinkID for contingencyType")]
    [InlineData("\"contingencyType\":\"OneCancelsTheOther\"", "Invalid clOrdLinkID for contingencyType")]
    [InlineData("\"execInst\":\"AllOrNone\",\"displayQty\":0", "Unsupported execInst")]
    [InlineData("\"simpleOrderQty\":0.5", "Invalid simpleOrderQty: not available on this venue")]
    [InlineData("\"strategy\":\"Long\"", "Invalid strategy: only OneWay is available on this venue")]
    [InlineData("\"displayQty\":50", "Invalid displayQty")]
    public async Task What_the_venue_does_not_know_is_refused_by_name(string field, string words)
    {
        await using var venue = await VenueFixture.StartAsync();
        var (status, body, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order", $$"""{"symbol":"XBTUSD","orderQty":100,"price":90000,{{field}}}""");
        Assert.Equal((400, words), (status, Message(body)));
    }

    [Fact]
    public async Task Bulk_orders_are_each_for_itself()
    {
        await using var venue = await VenueFixture.StartAsync();
        const string Orders = """{"orders":[{"symbol":"XBTUSD","orderQty":100,"price":90000,"clOrdID":"a"},{"symbol":"XBTUSD","orderQty":150,"price":90000,"clOrdID":"b"},{"symbol":{},"clOrdID":"c"},{"symbol":"XBTUSD","orderQty":200,"price":91000,"clOrdID":"d"}]}""";
        var (status, rows, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order/bulk", Orders);
        Assert.Equal(200, status);
        Assert.Equal(
            ["New", "Order quantity must be a multiple of lot size: 100", "Invalid symbol: expected a text", "New"],
            rows.EnumerateArray().Select(row => row.TryGetProperty("error", out var error) ? error.GetString() : RealtimeClient.Text(row, "ordStatus")));
        Assert.Equal(["a", "b", "c", "d"], rows.EnumerateArray().Select(row => RealtimeClient.Text(row, "clOrdID")));
        var (_, amended, _) = await venue.SendAsync(venue.Alice, "PUT", "/api/v1/order/bulk", """{"orders":[{"origClOrdID":"a","price":90500},{"origClOrdID":"none","price":1},{"origClOrdID":"d","clOrdID":"e","leavesQty":100}]}""");
        Assert.Equal(90_500m, amended[0].GetProperty("price").GetDecimal());
        Assert.Equal("Invalid origClOrdID", RealtimeClient.Text(amended[1], "error"));
        Assert.Equal(("e", 100), (RealtimeClient.Text(amended[2], "clOrdID"), amended[2].GetProperty("orderQty").GetInt32()));
        var tooMany = "{\"orders\":[" + string.Join(',', Enumerable.Repeat("{}", 101)) + "]}";
        var (refused, body, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order/bulk", tooMany);
        Assert.Equal((400, "Too many orders provided. The maximum count allowed is 100."), (refused, Message(body)));
    }

    [Fact]
    public async Task A_position_is_closed_by_its_own_route()
    {
        await using var venue = await VenueFixture.StartAsync();
        await venue.PlaceAsync(venue.Bob, """{"symbol":"XBTUSD","side":"Sell","orderQty":300,"price":96000}""");
        await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","orderQty":300,"price":96000}""");
        await venue.PlaceAsync(venue.Bob, """{"symbol":"XBTUSD","side":"Buy","orderQty":500,"price":95000}""");
        var (status, order, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order/closePosition", """{"symbol":"XBTUSD"}""");
        Assert.Equal((200, "Sell", "Close", "Filled", 300), (status, RealtimeClient.Text(order, "side"), RealtimeClient.Text(order, "execInst"), RealtimeClient.Text(order, "ordStatus"), order.GetProperty("cumQty").GetInt32()));
        Assert.False((await venue.GetAsync(venue.Alice, "/api/v1/position?filter={\"symbol\":\"XBTUSD\"}"))[0].GetProperty("isOpen").GetBoolean());
    }

    [Fact]
    public async Task All_orders_of_a_side_are_canceled_by_a_filter_those_that_wait_included()
    {
        await using var venue = await VenueFixture.StartAsync();
        await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","orderQty":100,"price":90000}""");
        await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","orderQty":-100,"price":99000}""");
        await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","orderQty":100,"stopPx":150000}""");
        var (status, rows, _) = await venue.SendAsync(venue.Alice, "DELETE", "/api/v1/order/all", """{"symbol":"XBTUSD","filter":"{\"side\":\"Buy\"}","text":"enough"}""");
        Assert.Equal((200, 2), (status, rows.GetArrayLength()));
        Assert.All(rows.EnumerateArray(), row => Assert.StartsWith("Canceled: enough", RealtimeClient.Text(row, "text"), StringComparison.Ordinal));
        Assert.Equal("Sell", RealtimeClient.Text(Assert.Single((await venue.GetAsync(venue.Alice, "/api/v1/order?filter={\"open\":true}")).EnumerateArray()), "side"));
    }

    private static string? Message(JsonElement body) => body.GetProperty("error").GetProperty("message").GetString();
}
