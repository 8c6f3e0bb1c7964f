using System.Text.Json;
using Actors.Venue.Trading;
using Actors.Venue.Wire;

namespace Actors.Venue.Tests.Wire;

public class TopicsTests
{
    [Fact]
    public async Task Every_topic_is_acknowledged_and_has_its_partial_by_message()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        await using var client = await venue.ConnectAsync(venue.Alice);
        var topics = Topics.Public.Concat(Topics.Private).ToArray();
        await client.SubscribeAsync(topics);
        await client.UntilTableAsync(topics);
        Assert.Empty(client.Errors);
        await client.SendAsync(JsonSerializer.Serialize(new { op = "unsubscribe", args = topics }));
        await client.UntilAsync(() => client.Acknowledgements.Count(ack => ack.TryGetProperty("unsubscribe", out _)) == topics.Length, "unsubscribed");
        Assert.Empty(client.Faults);
    }

    [Fact]
    public async Task Topics_and_keys_may_stand_in_the_query()
    {
        await using var venue = await VenueFixture.StartAsync(change: VenueFixture.ThreeInstruments);
        var expires = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 30;
        var signature = Bitmex.Signer.Sign(System.Text.Encoding.UTF8.GetBytes(venue.Alice.Secret), "GET", "/realtime", expires, []);
        await using var client = await venue.ConnectAsync(query: $"?subscribe=order,instrument:INDICES,orderBookL2:XBT:perpetual&api-key={venue.Alice.Id}&api-expires={expires}&api-signature={signature}");
        await client.UntilTableAsync("order", "instrument", "orderBookL2");
        Assert.Equal(2, client.Rows("instrument").Count);
        Assert.All(client.Rows("instrument"), row => Assert.Contains("symbol=\".B", row, StringComparison.Ordinal));
        Assert.Empty(client.Errors);
    }

    [Theory]
    [InlineData("instrument:CONTRACTS", "XBTUSD,ETHUSDT,XBTH37")]
    [InlineData("instrument:DERIVATIVES", "XBTUSD,ETHUSDT,XBTH37")]
    [InlineData("instrument:SPOT", "")]
    [InlineData("instrument:.BXBT", ".BXBT")]
    [InlineData("instrument:XBT", "XBTH37")]
    [InlineData("instrument", "XBTUSD,ETHUSDT,XBTH37,.BXBT,.BETHT")]
    public async Task Instruments_are_told_by_symbol_root_index_and_group(string topic, string symbols)
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Quiet, VenueFixture.ThreeInstruments);
        await using var client = await venue.ConnectAsync();
        await client.SubscribeAsync(topic);
        await client.UntilTableAsync("instrument");
        var partial = client.Frames.First().GetProperty("data").EnumerateArray().Select(row => RealtimeClient.Text(row, "symbol"));
        Assert.Equal(symbols, string.Join(',', partial));
        if (symbols.Length > 0) await client.UntilAsync(() => client.Actions().Contains("instrument update"), "an update");
        Assert.Empty(client.Faults);
    }

    [Theory]
    [InlineData("""{"op":"subscribe","args":["nothing"]}""", 400, "Unknown table: nothing")]
    [InlineData("""{"op":"subscribe","args":["trade:NOPE"]}""", 400, "Unknown or expired symbol: NOPE")]
    [InlineData("""{"op":"subscribe","args":["order"]}""", 401, "Authentication required: order is a private topic")]
    [InlineData("""{"op":"subscribe","args":["chat:x"]}""", 400, "Unknown channel: x")]
    [InlineData("""{"op":"unsubscribe","args":["trade"]}""", 400, "You are not subscribed to this topic: trade")]
    [InlineData("""{"op":"authKey","args":["a",1,"b"]}""", 400, "authKey is no longer supported; use authKeyExpires")]
    [InlineData("""{"op":"authKeyExpires","args":["a",9999999999,"b"]}""", 401, "Invalid API Key.")]
    [InlineData("""{"op":"cancelAllAfter","args":1000}""", 401, "Authentication required: cancelAllAfter is for an account")]
    public async Task Errors_have_the_venues_shape_and_echo_the_request(string message, int status, string error)
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync();
        await client.SendAsync(message);
        await client.UntilAsync(() => client.Errors.Count == 1, "an error");
        var frame = client.Errors.First();
        Assert.Equal((status, error), (frame.GetProperty("status").GetInt32(), RealtimeClient.Text(frame, "error")));
        Assert.Equal(JsonValueKind.Object, frame.GetProperty("meta").ValueKind);
        Assert.Equal(message, frame.GetProperty("request").GetRawText());
    }

    [Fact]
    public async Task Streams_of_a_multiplexed_socket_are_welcomed_authenticated_and_closed_by_themselves()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await RealtimeClient.ConnectAsync(new UriBuilder(venue.Server.RealtimeAddress) { Path = "/realtimemd" }.Uri);
        var expires = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 30;
        var signature = Bitmex.Signer.Sign(System.Text.Encoding.UTF8.GetBytes(venue.Alice.Secret), "GET", "/realtime", expires, []);
        await client.SendAsync("""[1,"a","public"]""");
        await client.SendAsync("""[1,"b","private"]""");
        await client.SendAsync("""[0,"a","public",{"op":"subscribe","args":["order"]}]""");
        await client.SendAsync($$"""[0,"b","private",{"op":"authKeyExpires","args":["{{venue.Alice.Id}}",{{expires}},"{{signature}}"]}]""");
        await client.SendAsync("""[0,"b","private",{"op":"subscribe","args":["order"]}]""");
        await client.SendAsync("""[0,"a","public","ping"]""");
        await client.UntilAsync(() => client.Texts.Any(text => text.StartsWith("""[0,"a","public","pong"]""", StringComparison.Ordinal)), "pong");
        Assert.Equal(2, client.Texts.Count(text => text.Contains("Welcome", StringComparison.Ordinal)));
        Assert.Contains(client.Texts, text => text.StartsWith("""[0,"a","public",{"status":401""", StringComparison.Ordinal));
        Assert.Contains(client.Texts, text => text.StartsWith("""[0,"b","private",{"table":"order","action":"partial""", StringComparison.Ordinal));
        await client.SendAsync("""[2,"b","private"]""");
        await client.SendAsync("""[0,"b","private",{"op":"help"}]""");
        await client.UntilAsync(() => client.Errors.Count == 1, "the closed stream is unknown");
    }

    [Fact]
    public async Task Sockets_that_are_gone_leave_nothing_behind()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        for (var i = 0; i < 20; i++)
        {
            await using var client = await venue.ConnectAsync(venue.Alice);
            await client.SubscribeAsync("orderBookL2", "order", "tradeBin1m");
            if (i % 2 == 0) await client.UntilTableAsync("order");
        }

        await using var last = await venue.ConnectAsync();
        await last.UntilAsync(() => venue.Server.OpenSockets == 1, "only the last is open");
        await last.SubscribeAsync("connected");
        await last.UntilAsync(() => last.Rows("connected") is ["bots=0 id=1 users=1"], "one user");
    }

    /// <summary>Random orders, amendments and cancels of two accounts; at every quiet moment the socket's tables are REST's tables.</summary>
    [Fact]
    public async Task At_quiet_moments_local_tables_equal_rest_tables()
    {
        const long Seed = 41;
        var random = new SeededRandom(Seed);
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync(venue.Alice);
        string[] tables = ["order", "execution", "position", "margin", "orderBookL2", "orderBookL2_25", "trade"];
        await client.SubscribeAsync(tables);
        await client.UntilTableAsync(tables);
        var before = await venue.GetAsync(venue.Alice, "/api/v1/execution?count=500");
        Assert.Equal(0, before.GetArrayLength());
        for (var round = 0; round < 12; round++)
        {
            for (var step = 0; step < 15; step++) await ActAsync(venue, random);
            await SameAsync(client, venue, $"round {round} of seed {Seed}");
        }

        Assert.Empty(client.Faults);
        Assert.NotEmpty(client.Rows("trade"));
    }

    /// <summary>
    /// More at once than goes out at once: frames hold many rows, and the tables of a socket that was there before and of one that came in the middle
    /// still come to be REST's.
    /// </summary>
    [Fact]
    public async Task After_a_flood_local_tables_equal_rest_tables_whenever_a_socket_came()
    {
        const long Seed = 43;
        var random = new SeededRandom(Seed);
        await using var venue = await VenueFixture.StartAsync();
        await using var early = await venue.ConnectAsync(venue.Alice);
        string[] tables = ["order", "position", "margin", "orderBookL2", "orderBookL2_25", "trade"];
        await early.SubscribeAsync(tables);
        await early.UntilTableAsync(tables);
        for (var round = 0; round < 3; round++)
        {
            var flood = Enumerable.Range(0, 6).Select(i => (Key: i % 2 == 0 ? venue.Alice : venue.Bob, Orders: string.Join(',', Enumerable.Range(0, 25).Select(_ => Order(random))))).ToList();
            var sending = flood.Select(bulk => venue.SendAsync(bulk.Key, "POST", "/api/v1/order/bulk", $$"""{"orders":[{{bulk.Orders}}]}""")).ToList();
            await using var late = await venue.ConnectAsync(venue.Alice);
            await late.SubscribeAsync("order", "position", "margin", "orderBookL2");
            Assert.All(await Task.WhenAll(sending), answer => Assert.Equal(200, answer.Status));
            await late.UntilTableAsync("order", "position", "margin", "orderBookL2");
            await SameAsync(early, venue, $"round {round} of seed {Seed}, early", tables);
            await SameAsync(late, venue, $"round {round} of seed {Seed}, late", "position", "margin", "orderBookL2");
            var open = RealtimeClient.Rows(await venue.GetAsync(venue.Alice, "/api/v1/order?count=500&filter={\"open\":true}"));
            Assert.Equal(open, late.Rows("order").Where(row => row.Contains("workingIndicator=true", StringComparison.Ordinal)));
            Assert.Empty(late.Faults);
        }

        Assert.Empty(early.Faults);
        Assert.Contains(early.Frames, frame => RealtimeClient.Text(frame, "table") == "trade" && frame.GetProperty("data").GetArrayLength() > 1);
    }

    private static string Order(SeededRandom random) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{"symbol":"XBTUSD","side":"{{(random.Chance(50) ? "Buy" : "Sell")}}","orderQty":{{100 * random.Between(1, 5)}},"price":{{90_000 + (random.Between(-10, 10) * 0.5m)}}}""");

    private static async Task ActAsync(VenueFixture venue, SeededRandom random)
    {
        var key = random.Chance(60) ? venue.Alice : venue.Bob;
        var price = 90_000 + (random.Between(-10, 10) * 0.5m);
        var text = price.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var quantity = 100 * random.Between(1, 5);
        switch (random.Between(0, 9))
        {
            case 0: await venue.SendAsync(key, "DELETE", "/api/v1/order/all", """{"filter":{"side":"Buy"}}"""); break;
            case 1:
                var open = await venue.GetAsync(key, "/api/v1/order?filter={\"open\":true}");
                if (open.GetArrayLength() == 0) break;
                var order = open[(int)random.Between(0, open.GetArrayLength() - 1)];
                await venue.SendAsync(key, "PUT", "/api/v1/order", $$"""{"orderID":"{{RealtimeClient.Text(order, "orderID")}}","leavesQty":{{quantity}},"price":{{text}}}""");
                break;
            default: await venue.SendAsync(key, "POST", "/api/v1/order", $$"""{"symbol":"XBTUSD","side":"{{(random.Chance(50) ? "Buy" : "Sell")}}","orderQty":{{quantity}},"price":{{text}}}"""); break;
        }
    }

    private static async Task SameAsync(RealtimeClient client, VenueFixture venue, string what, params string[] only)
    {
        foreach (var (table, path, without) in ((string Table, string, string[])[])
            [
                ("order", "/api/v1/order?count=500", []),
                ("execution", "/api/v1/execution?count=500", []),
                ("position", "/api/v1/position", []),
                ("margin", "/api/v1/user/margin?currency=all", []),
                ("orderBookL2", "/api/v1/orderBook/L2?symbol=XBTUSD&depth=0", ["timestamp", "transactTime"]),
                ("orderBookL2_25", "/api/v1/orderBook/L2?symbol=XBTUSD&depth=25", ["timestamp", "transactTime"]),
                ("trade", "/api/v1/trade?symbol=XBTUSD&count=1000", []),
            ])
        {
            if (only.Length > 0 && !only.Contains(table)) continue;
            List<string> there = [], here = [];
            var deadline = DateTimeOffset.UtcNow.AddSeconds(15);
            do
            {
                there = RealtimeClient.Rows(await venue.GetAsync(venue.Alice, path), without);
                here = client.Rows(table, without);
                if (there.SequenceEqual(here)) break;
                await Task.Delay(3);
            }
            while (DateTimeOffset.UtcNow < deadline);
            Assert.True(there.SequenceEqual(here), $"{what}: {table}: only REST {string.Join("; ", there.Except(here).Take(3))} only socket {string.Join("; ", here.Except(there).Take(3))}");
        }
    }
}
