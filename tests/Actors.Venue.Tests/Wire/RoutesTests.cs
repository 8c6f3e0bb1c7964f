using System.Text.Json;
using Actors.Venue.Wire;

namespace Actors.Venue.Tests.Wire;

public class RoutesTests
{
    [Fact]
    public async Task Every_route_answers_well_formed_json_with_the_limits_and_is_never_a_fault()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        foreach (var (verb, path) in RestRoutes.All)
        {
            var (status, body, headers) = await venue.SendAsync(venue.Alice, verb, path, verb == "GET" ? null : "{}");
            Assert.True(status is 200 or 400 or 403 or 404, $"{verb} {path}: {status} {body}");
            Assert.True(headers.Contains("x-ratelimit-limit") && headers.Contains("x-ratelimit-remaining") && headers.Contains("x-ratelimit-reset"), $"{verb} {path}");
            if (status != 200) Assert.NotEqual("", body.GetProperty("error").GetProperty("message").GetString());
        }
    }

    [Theory]
    [InlineData("/announcement")]
    [InlineData("/announcement/urgent")]
    [InlineData("/apiKey")]
    [InlineData("/chat")]
    [InlineData("/chat/channels")]
    [InlineData("/execution")]
    [InlineData("/execution/tradeHistory")]
    [InlineData("/funding")]
    [InlineData("/globalNotification")]
    [InlineData("/guild")]
    [InlineData("/instrument")]
    [InlineData("/instrument/active")]
    [InlineData("/instrument/activeAndIndices")]
    [InlineData("/instrument/indices")]
    [InlineData("/instrument/compositeIndex?symbol=.BXBT")]
    [InlineData("/instrument/usdVolume")]
    [InlineData("/insurance")]
    [InlineData("/leaderboard")]
    [InlineData("/liquidation")]
    [InlineData("/order")]
    [InlineData("/orderBook/L2?symbol=XBT:perpetual")]
    [InlineData("/position")]
    [InlineData("/quote")]
    [InlineData("/quote/bucketed?binSize=1m&partial=true")]
    [InlineData("/settlement")]
    [InlineData("/stats")]
    [InlineData("/stats/history")]
    [InlineData("/stats/historyUSD")]
    [InlineData("/trade")]
    [InlineData("/trade/bucketed?binSize=1m&partial=true")]
    [InlineData("/user/walletHistory?currency=all")]
    [InlineData("/user/walletSummary?currency=all")]
    [InlineData("/wallet/assets")]
    [InlineData("/wallet/networks")]
    public async Task Lists_are_lists(string path)
    {
        await using var venue = await VenueFixture.StartAsync();
        Assert.Equal(JsonValueKind.Array, (await venue.GetAsync(venue.Alice, "/api/v1" + path)).ValueKind);
    }

    [Theory]
    [InlineData("symbol=XBT:perpetual", "XBTUSD")]
    [InlineData("symbol=xbtusd", "XBTUSD")]
    [InlineData("symbol=XBT", "XBTH37")]
    [InlineData("symbol=XBT:nearest", "XBTH37")]
    [InlineData("symbol=XBT:quarterly", "")]
    [InlineData("symbol=ETH", "ETHUSDT")]
    [InlineData("symbol=NOPE", "")]
    [InlineData("filter={\"symbol\":[\"ETHUSDT\",\"XBT:perpetual\"]}", "XBTUSD,ETHUSDT")]
    [InlineData("filter={\"symbol\":\"XBTUSD\"}", "XBTUSD")]
    [InlineData("filter={\"typ\":[\"FFCCSX\",\"MRCXXX\"]}", "XBTH37,.BXBT,.BETHT")]
    [InlineData("filter={\"isInverse\":true,\"lotSize\":100}", "XBTUSD,XBTH37")]
    [InlineData("filter={\"expiry\":{\"date\":\"2037-03-27\"}}", "XBTH37")]
    [InlineData("filter={\"expiry.ww\":6,\"expiry.hh\":12}", "XBTH37")]
    [InlineData("filter={\"expiry\":{\"mm\":[1,2,3],\"year\":2037}}", "XBTH37")]
    [InlineData("filter={\"expiry.time\":\"12:00\"}", "XBTH37")]
    [InlineData("filter={\"expiry\":null,\"rootSymbol\":\"XBT\",\"state\":\"Open\"}", "XBTUSD")]
    [InlineData("count=2&start=1", "ETHUSDT,XBTH37")]
    [InlineData("count=2&reverse=true", ".BETHT,.BXBT")]
    [InlineData("start=&reverse=&columns=&count=1", "XBTUSD")]
    public async Task The_query_grammar_chooses_rows(string query, string symbols)
    {
        await using var venue = await VenueFixture.StartAsync(change: VenueFixture.ThreeInstruments);
        var rows = await venue.GetAsync(null, "/api/v1/instrument?" + query);
        Assert.Equal(symbols, string.Join(',', rows.EnumerateArray().Select(row => RealtimeClient.Text(row, "symbol"))));
    }

    [Theory]
    [InlineData("filter={\"expiry\":{\"nope\":1}}")]
    [InlineData("filter={\"nope\":{\"a\":1}}")]
    [InlineData("filter=[1]")]
    [InlineData("filter={\"expiry.hh\":true}")]
    [InlineData("filter={\"symbol\":\"\\ud800\"}")]
    [InlineData("count=0")]
    [InlineData("start=-1")]
    [InlineData("startTime=yesterday")]
    [InlineData("_format=xml")]
    public async Task What_the_grammar_does_not_have_is_refused(string query)
    {
        await using var venue = await VenueFixture.StartAsync();
        var (status, body, _) = await venue.SendAsync(null, "GET", "/api/v1/instrument?" + query);
        Assert.Equal((400, "ValidationError"), (status, body.GetProperty("error").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Bins_hold_what_the_tape_holds()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        JsonElement trades, bins;
        do
        {
            trades = await venue.GetAsync(null, "/api/v1/trade?symbol=XBTUSD&count=1000");
            bins = await venue.GetAsync(null, "/api/v1/trade/bucketed?symbol=XBTUSD&binSize=1h&partial=true");
        }
        while (trades.GetArrayLength() < 20);
        // The market goes on between the two questions: the bin may hold more than the tape that was asked for first, never less.
        Assert.True(bins.EnumerateArray().Sum(bin => bin.GetProperty("volume").GetInt64()) >= trades.EnumerateArray().Sum(trade => trade.GetProperty("size").GetInt64()));
        var last = bins.EnumerateArray().Last();
        Assert.True(last.GetProperty("high").GetDecimal() >= last.GetProperty("low").GetDecimal());
        Assert.EndsWith(":00:00.000Z", last.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_can_be_had_as_comma_separated_values()
    {
        await using var venue = await VenueFixture.StartAsync();
        var text = await venue.Http.GetStringAsync(new Uri("/api/v1/instrument?_format=csv&columns=lotSize&count=1", UriKind.Relative));
        Assert.Equal("symbol,lotSize\nXBTUSD,100\n", text);
    }

    [Fact]
    public async Task The_second_version_has_the_order_routes_and_nothing_else()
    {
        await using var venue = await VenueFixture.StartAsync();
        Assert.Equal(200, (await venue.SendAsync(venue.Alice, "POST", "/api/v2/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000}""")).Status);
        var (status, canceled, _) = await venue.SendAsync(venue.Alice, "DELETE", "/api/v2/order/all");
        Assert.Equal((200, 1), (status, canceled.GetArrayLength()));
        Assert.Equal(404, (await venue.SendAsync(venue.Alice, "GET", "/api/v2/position")).Status);
        Assert.Equal(404, (await venue.SendAsync(venue.Alice, "GET", "/api/v2/orderBook/L2?symbol=XBTUSD")).Status);
    }

    [Fact]
    public async Task An_expiry_far_ahead_or_in_milliseconds_is_accepted_and_a_nonce_is_not()
    {
        await using var venue = await VenueFixture.StartAsync();
        Assert.Equal(200, (await venue.SendAsync(venue.Alice, "GET", "/api/v1/order", expires: 9_999_999_999)).Status);
        Assert.Equal(200, (await venue.SendAsync(venue.Alice, "GET", "/api/v1/order", expires: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())).Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(venue.Server.Address, "/api/v1/order"));
        request.Headers.Add("api-key", venue.Alice.Id);
        request.Headers.Add("api-nonce", "1");
        request.Headers.Add("api-signature", "00");
        using var response = await venue.Http.SendAsync(request);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("api-expires", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read", "GET", "/api/v1/order", null, 200)]
    [InlineData("read", "POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000}""", 403)]
    [InlineData("read", "DELETE", "/api/v1/order/all", null, 403)]
    [InlineData("orderCancel", "DELETE", "/api/v1/order/all", null, 200)]
    [InlineData("orderCancel", "POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000}""", 403)]
    [InlineData("order", "POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000}""", 200)]
    [InlineData("order", "DELETE", "/api/v1/order/all", null, 200)]
    [InlineData("order", "POST", "/api/v1/user/requestWithdrawal", "{}", 403)]
    [InlineData("withdraw", "POST", "/api/v1/user/requestWithdrawal", "{}", 400)]
    [InlineData("order@10.0.0.0/8", "GET", "/api/v1/order", null, 403)]
    [InlineData("order@127.0.0.0/8", "GET", "/api/v1/order", null, 200)]
    public async Task A_key_may_do_what_its_permissions_and_addresses_say(string key, string verb, string path, string? body, int status)
    {
        var directory = Directory.CreateTempSubdirectory("venue-rights").FullName;
        try
        {
            var (permission, cidr) = key.Split('@') is [var left, var right] ? (left, $"[\"{right}\"]") : (key, "[]");
            Directory.CreateDirectory(Path.Combine(directory, "keys"));
            var rights = permission == "read" ? "[]" : $"[\"{permission}\"]";
            await File.WriteAllTextAsync(Path.Combine(directory, "keys", "alice.json"), $$"""{"name":"alice","id":"key-of-alice","secret":"s3cret","permissions":{{rights}},"cidrs":{{cidr}}}""");
            await using var venue = await VenueFixture.StartAsync(change: options => options with { DataDirectory = directory });
            Assert.Equal(status, (await venue.SendAsync(venue.Alice, verb, path, body)).Status);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("/position/leverage", """{"symbol":"XBTUSD","leverage":0}""", 200)]
    [InlineData("/position/leverage", """{"symbol":"XBTUSD","leverage":10}""", 200)]
    [InlineData("/position/leverage", """{"symbol":"XBTUSD","leverage":101}""", 400)]
    [InlineData("/position/leverage", """{"leverage":0}""", 400)]
    [InlineData("/position/isolate", """{"symbol":"XBTUSD","enabled":false}""", 200)]
    [InlineData("/position/isolate", """{"symbol":"XBTUSD"}""", 200)]
    [InlineData("/position/riskLimit", """{"symbol":"XBTUSD","riskLimit":20000000000}""", 200)]
    [InlineData("/position/riskLimit", """{"symbol":"XBTUSD","riskLimit":-1}""", 400)]
    [InlineData("/position/transferMargin", """{"symbol":"XBTUSD","amount":1}""", 400)]
    public async Task Terms_that_an_account_can_afford_are_granted_and_others_refused_in_words(string path, string body, int status)
    {
        await using var venue = await VenueFixture.StartAsync();
        var answer = await venue.SendAsync(venue.Alice, "POST", "/api/v1" + path, body);
        Assert.True(status == answer.Status, $"{answer.Status} {answer.Body}");
        if (status == 200) Assert.Equal("XBTUSD", RealtimeClient.Text(answer.Body, "symbol"));
    }

    [Fact]
    public async Task What_is_said_in_the_chat_is_heard_on_the_socket()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync();
        await client.SubscribeAsync("chat:1", "announcement", "connected");
        await client.UntilTableAsync("chat", "announcement", "connected");
        Assert.Equal(200, (await venue.SendAsync(venue.Alice, "POST", "/api/v1/chat", """{"message":"<b>hello</b>","channelID":1}""")).Status);
        await client.UntilAsync(() => client.Rows("chat").Count == 1, "a line");
        Assert.Contains("&lt;b&gt;", client.Rows("chat")[0], StringComparison.Ordinal);
        Assert.Single(client.Rows("announcement"));
    }
}
