using System.Text.Json;

namespace Actors.Venue.Tests.Wire;

public class RestTests
{
    [Fact]
    public async Task An_order_is_placed_read_amended_filled_and_canceled()
    {
        await using var venue = await VenueFixture.StartAsync();
        var placed = await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","side":"Buy","orderQty":300,"price":90000.0,"clOrdID":"a+/1","execInst":"ParticipateDoNotInitiate"}""");
        Assert.Equal(("New", "a+/1", 300, 90000m), (placed.GetProperty("ordStatus").GetString(), placed.GetProperty("clOrdID").GetString(), placed.GetProperty("leavesQty").GetInt32(), placed.GetProperty("price").GetDecimal()));
        var (_, amended, _) = await venue.SendAsync(venue.Alice, "PUT", "/api/v1/order", """{"origClOrdID":"a+/1","orderQty":"200"}""");
        Assert.Equal(200, amended.GetProperty("orderQty").GetInt32());
        var sold = await venue.PlaceAsync(venue.Bob, """{"symbol":"XBTUSD","orderQty":-100,"ordType":"Market","price":null,"stopPx":""}""");
        Assert.Equal(("Filled", "Sell", 90000m), (sold.GetProperty("ordStatus").GetString(), sold.GetProperty("side").GetString(), sold.GetProperty("avgPx").GetDecimal()));
        var position = (await venue.GetAsync(venue.Alice, "/api/v1/position"))[0];
        Assert.Equal((100, -111111L), (position.GetProperty("currentQty").GetInt32(), position.GetProperty("unrealisedCost").GetInt64()));
        var history = await venue.GetAsync(venue.Alice, "/api/v1/execution/tradeHistory?symbol=XBTUSD&reverse=true");
        Assert.Equal(("AddedLiquidity", -111111L, -11L), (history[0].GetProperty("lastLiquidityInd").GetString(), history[0].GetProperty("execCost").GetInt64(), history[0].GetProperty("execComm").GetInt64()));
        var (status, canceled, _) = await venue.SendAsync(venue.Alice, "DELETE", "/api/v1/order", """{"clOrdID":["a+/1","none"]}""");
        Assert.Equal((200, "Canceled", "Not Found"), (status, canceled[0].GetProperty("ordStatus").GetString(), canceled[1].GetProperty("error").GetString()));
        var (_, again, _) = await venue.SendAsync(venue.Alice, "DELETE", $"/api/v1/order?orderID={placed.GetProperty("orderID").GetString()}");
        Assert.Equal("Unable to cancel order due to existing state: Canceled", again[0].GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000.3}""", 400, "Invalid price tickSize")]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":150,"price":90000}""", 400, "Order quantity must be a multiple of lot size: 100")]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","simpleOrderQty":1}""", 400, "Invalid simpleOrderQty: not available on this venue")]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000,"side":"Long"}""", 400, "Invalid side")]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":1e40,"price":90000}""", 400, "Invalid orderQty: expected a number")]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":""", 400, "Invalid body: expected JSON")]
    [InlineData("POST", "/api/v1/order", """[1,2]""", 400, "Invalid body: expected a JSON object")]
    [InlineData("POST", "/api/v1/order", """{"symbol":{"a":1},"orderQty":100}""", 400, "Invalid symbol: expected a text")]
    [InlineData("PUT", "/api/v1/order", """{"orderID":"nonsense","price":1}""", 400, "Invalid orderID")]
    [InlineData("DELETE", "/api/v1/order", """{"orderID":{}}""", 400, "Invalid orderID: expected a text")]
    [InlineData("DELETE", "/api/v1/order/all", """{"filter":"{\"nope\":1}"}""", 400, "Invalid filter: nope is not a column")]
    [InlineData("POST", "/api/v1/order/cancelAllAfter", """{"timeout":-5}""", 400, "Invalid timeout: expected milliseconds of at most a day")]
    [InlineData("GET", "/api/v1/orderBook/L2", null, 400, "'symbol' is a required arg.")]
    [InlineData("GET", "/api/v1/trade?count=5000", null, 400, "Invalid count: expected 1 to 1000")]
    [InlineData("GET", "/api/v1/order?filter=%7B%22open%22", null, 400, "Invalid filter: expected JSON")]
    [InlineData("GET", "/api/v1/nothing", null, 404, "Not Found")]
    [InlineData("GET", "/elsewhere", null, 404, "Not Found")]
    public async Task What_is_wrong_is_refused_in_words_and_never_a_fault(string verb, string path, string? body, int status, string message)
    {
        await using var venue = await VenueFixture.StartAsync();
        var answer = await venue.SendAsync(venue.Alice, verb, path, body);
        Assert.Equal((status, message), (answer.Status, answer.Body.GetProperty("error").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Forms_are_read_as_json_bodies_are()
    {
        await using var venue = await VenueFixture.StartAsync();
        var (status, body, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order", "symbol=ETHUSDT&side=Sell&orderQty=1000&price=3500.05&text=by+hand", contentType: "application/x-www-form-urlencoded");
        Assert.Equal((200, "Sell", "by hand\nSubmitted via API."), (status, RealtimeClient.Text(body, "side"), RealtimeClient.Text(body, "text")));
    }

    [Fact]
    public async Task A_request_that_does_not_prove_its_key_is_refused_and_says_why()
    {
        await using var venue = await VenueFixture.StartAsync();
        Assert.Equal((401, "Missing API key."), await Refused(venue.SendAsync(null, "GET", "/api/v1/order")));
        Assert.Equal((401, "Invalid API Key."), await Refused(venue.SendAsync(venue.Alice with { Id = "other" }, "GET", "/api/v1/order")));
        Assert.Equal((401, "Signature not valid."), await Refused(venue.SendAsync(venue.Alice with { Secret = "wrong" }, "GET", "/api/v1/order?count=5")));
        var (status, message) = await Refused(venue.SendAsync(venue.Alice, "GET", "/api/v1/order", expires: 1_500_000_000));
        Assert.Equal(401, status);
        Assert.StartsWith("This request has expired - `expires` is in the past. Current time: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_answer_tells_the_limits_and_the_one_beyond_them_says_when_to_come_back()
    {
        await using var venue = await VenueFixture.StartAsync(change: options => options with { RateLimits = new VenueRateLimits { AuthenticatedPerMinute = 5, OrdersPerSecond = 2, UnauthenticatedPerMinute = 1 } });
        var first = await venue.SendAsync(venue.Alice, "GET", "/api/v1/order");
        Assert.Equal(("5", "4"), (first.Headers.GetValues("x-ratelimit-limit").Single(), first.Headers.GetValues("x-ratelimit-remaining").Single()));
        Assert.True(long.Parse(first.Headers.GetValues("x-ratelimit-reset").Single(), System.Globalization.CultureInfo.InvariantCulture) >= DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        const string Order = """{"symbol":"XBTUSD","orderQty":100,"price":90000}""";
        var placed = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order", Order);
        Assert.Equal((200, "1"), (placed.Status, placed.Headers.GetValues("x-ratelimit-remaining-1s").Single()));
        for (var i = 0; i < 3; i++) await venue.SendAsync(venue.Alice, "GET", "/api/v1/order");
        var beyond = await venue.SendAsync(venue.Alice, "GET", "/api/v1/order");
        Assert.Equal((429, "RateLimitError"), (beyond.Status, beyond.Body.GetProperty("error").GetProperty("name").GetString()));
        Assert.InRange(beyond.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 13);
        Assert.Equal(200, (await venue.SendAsync(venue.Bob, "GET", "/api/v1/order")).Status);
    }

    [Fact]
    public async Task Public_data_needs_no_key_and_follows_the_query_grammar()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        var instruments = await venue.GetAsync(null, "/api/v1/instrument?columns=[\"lotSize\",\"multiplier\"]&symbol=xbtusd");
        Assert.Equal("""[{"symbol":"XBTUSD","lotSize":100,"multiplier":-100000000}]""", instruments.GetRawText());
        var book = (await venue.GetAsync(null, "/api/v1/orderBook/L2?symbol=ETHUSDT&depth=3")).EnumerateArray().ToList();
        Assert.Equal(["Sell", "Sell", "Sell", "Buy", "Buy", "Buy"], book.Select(row => RealtimeClient.Text(row, "side")));
        Assert.Equal(book.Select(row => row.GetProperty("price").GetDecimal()).OrderDescending(), book.Select(row => row.GetProperty("price").GetDecimal()));
        Assert.Equal("BitMEX API", RealtimeClient.Text(await venue.GetAsync(null, "/api/v1"), "name"));
    }

    [Fact]
    public async Task Keys_tell_their_rights_and_never_their_secret()
    {
        await using var venue = await VenueFixture.StartAsync();
        var key = await venue.GetAsync(venue.Alice, "/api/v1/apiKey/self");
        Assert.Equal(venue.Alice.Id, RealtimeClient.Text(key, "id"));
        Assert.False(key.TryGetProperty("secret", out _));
        Assert.DoesNotContain(venue.Alice.Secret, venue.Alice.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await venue.GetAsync(venue.Alice, "/api/v1/user/margin?currency=all")).GetArrayLength());
        Assert.Equal(10_000_000_000, (await venue.GetAsync(venue.Alice, "/api/v1/user/wallet")).GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task The_same_directory_keeps_accounts_and_keys_in_files_for_the_owner_only()
    {
        var directory = Directory.CreateTempSubdirectory("venue-keys").FullName;
        try
        {
            string id, account;
            await using (var venue = await VenueFixture.StartAsync(change: options => options with { DataDirectory = directory }))
            {
                id = venue.Alice.Id;
                account = RealtimeClient.Text(await venue.GetAsync(venue.Alice, "/api/v1/user"), "id");
            }

            var file = Path.Combine(directory, "keys", "alice.json");
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            Assert.Equal(["cidrs", "id", "name", "permissions", "secret"], json.RootElement.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
            await using var again = await VenueFixture.StartAsync(change: options => options with { DataDirectory = directory });
            Assert.Equal((id, account), (again.Alice.Id, RealtimeClient.Text(await again.GetAsync(again.Alice, "/api/v1/user"), "id")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_in_one_line()
    {
        await using var venue = await VenueFixture.StartAsync();
        var refusal = await Assert.ThrowsAsync<VenueStartException>(() => VenueServer.StartAsync(VenueFixture.Options() with { Port = venue.Server.Address.Port }));
        Assert.StartsWith($"port {venue.Server.Address.Port} on 127.0.0.1 cannot be had", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string? Message)> Refused(Task<(int Status, JsonElement Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> request)
    {
        var (status, body, _) = await request;
        return (status, body.GetProperty("error").GetProperty("message").GetString());
    }
}
