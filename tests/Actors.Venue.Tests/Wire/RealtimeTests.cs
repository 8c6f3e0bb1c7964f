using System.Net.WebSockets;
using System.Text.Json;

namespace Actors.Venue.Tests.Wire;

public class RealtimeTests
{
    [Fact]
    public async Task A_socket_is_welcomed_answered_and_acknowledged_a_topic_at_a_time()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync(query: "?subscribe=quote:XBTUSD");
        await client.SubscribeAsync("trade:XBTUSD", "nonsense", "order");
        await client.SendAsync("ping");
        await client.UntilAsync(() => client.Texts.Contains("pong"), "pong");
        Assert.True(client.Acknowledgements.First().TryGetProperty("info", out _));
        Assert.Equal(["quote:XBTUSD", "trade:XBTUSD"], client.Acknowledgements.Skip(1).Select(ack => RealtimeClient.Text(ack, "subscribe")));
        Assert.Equal("""{"op":"subscribe","args":["trade:XBTUSD","nonsense","order"]}""", client.Acknowledgements.Last().GetProperty("request").GetRawText());
        Assert.Equal([400, 401], client.Errors.Select(error => error.GetProperty("status").GetInt32()));
        Assert.Equal(["quote partial", "trade partial"], client.Actions());
    }

    [Fact]
    public async Task Local_tables_of_a_busy_market_equal_the_rest_tables()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        await using var client = await venue.ConnectAsync(venue.Alice);
        await client.SubscribeAsync("orderBookL2", "orderBookL2_25", "quote", "trade", "instrument", "order", "execution", "position", "margin", "wallet");
        await client.UntilTableAsync("orderBookL2", "orderBookL2_25", "wallet");
        await TradeAsync(venue, client);
        await SameBooksAsync(venue, client, "orderBookL2", 0);
        await SameAsync(client, "instrument", () => venue.GetAsync(null, "/api/v1/instrument"));
        await SameAsync(client, "order", () => venue.GetAsync(venue.Alice, "/api/v1/order?count=500"));
        await SameAsync(client, "execution", () => venue.GetAsync(venue.Alice, "/api/v1/execution?count=500"));
        await SameAsync(client, "position", () => venue.GetAsync(venue.Alice, "/api/v1/position"));
        await SameAsync(client, "margin", () => venue.GetAsync(venue.Alice, "/api/v1/user/margin?currency=all"));
        await SameAsync(client, "wallet", () => venue.GetAsync(venue.Alice, "/api/v1/user/wallet?currency=all"));
        await SameBooksAsync(venue, client, "orderBookL2_25", 25);
        Assert.Empty(client.Faults);
        Assert.Empty(client.Errors);
        Assert.True(client.Frames.Count > 500, $"{client.Frames.Count} frames");
    }

    [Fact]
    public async Task An_orders_messages_come_in_the_venues_order()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync(venue.Alice);
        await venue.PlaceAsync(venue.Bob, """{"symbol":"XBTUSD","side":"Sell","orderQty":100,"price":96000}""");
        await client.SubscribeAsync("order", "execution", "position", "margin", "trade:XBTUSD", "orderBookL2:XBTUSD");
        await client.UntilTableAsync("orderBookL2");
        var before = client.Frames.Count;
        await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","side":"Buy","orderQty":200,"price":96000,"clOrdID":"mine"}""");
        await client.UntilAsync(() => client.Actions().Skip(before).Count(action => action.StartsWith("margin", StringComparison.Ordinal)) >= 2, "the second margin update");
        Assert.Equal(
            [
                "order insert", "execution insert", "order update", "position insert", "margin update", "execution insert", "order update", "trade insert", "orderBookL2 delete",
                "orderBookL2 insert", "position update", "margin update",
            ],
            client.Actions().Skip(before).Where(action => action != "instrument update").Take(12));
        var update = client.Frames.Skip(before).Where(frame => RealtimeClient.Text(frame, "table") == "order").ElementAt(2).GetProperty("data")[0];
        Assert.Equal(
            ["account", "avgPx", "clOrdID", "cumQty", "leavesQty", "ordStatus", "orderID", "symbol", "timestamp"],
            update.EnumerateObject().Select(field => field.Name).Where(name => name != "transactTime").Order(StringComparer.Ordinal));
        var deleted = client.Frames.First(frame => RealtimeClient.Text(frame, "action") == "delete").GetProperty("data")[0];
        Assert.Equal(["symbol", "id", "side", "price", "timestamp", "transactTime"], deleted.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task The_dead_mans_switch_fires_by_socket_and_is_disarmed_by_rest()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync(venue.Alice);
        await client.SubscribeAsync("order");
        await client.UntilTableAsync("order");
        const string Order = """{"symbol":"XBTUSD","orderQty":100,"price":90000}""";
        await venue.PlaceAsync(venue.Alice, Order);
        await client.SendAsync("""{"op":"cancelAllAfter","args":60000}""");
        await client.UntilAsync(() => client.Acknowledgements.Any(ack => ack.TryGetProperty("cancelTime", out _)), "armed");
        var (status, disarmed, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order/cancelAllAfter", """{"timeout":0}""");
        Assert.Equal((200, "0"), (status, disarmed.GetProperty("cancelTime").GetRawText()));
        await client.SendAsync("""{"op":"cancelAllAfter","args":[150]}""");
        await client.UntilAsync(() => client.Rows("order").Any(row => row.Contains("ordStatus=\"Canceled\"", StringComparison.Ordinal)), "canceled by the switch");
    }

    [Fact]
    public async Task A_level_that_empties_and_returns_has_a_new_identifier()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync();
        await client.SubscribeAsync("orderBookL2:XBTUSD");
        await client.UntilTableAsync("orderBookL2");
        for (var i = 0; i < 2; i++)
        {
            await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","orderQty":100,"price":90000}""");
            await venue.SendAsync(venue.Alice, "DELETE", "/api/v1/order/all");
        }

        await client.UntilAsync(() => client.Actions().Count(action => action == "orderBookL2 delete") == 2, "two deletes");
        Assert.Equal(2, client.Frames.Where(frame => RealtimeClient.Text(frame, "action") == "insert").Select(frame => frame.GetProperty("data")[0].GetProperty("id").GetInt64()).Distinct().Count());
    }

    [Fact]
    public async Task Malformed_and_oversized_messages_are_refused_and_others_notice_nothing()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy);
        await using var other = await venue.ConnectAsync();
        await using var client = await venue.ConnectAsync();
        foreach (var message in (string[])["{", "[]", "null", """{"op":5}""", """{"op":"fly"}""", """{"op":"subscribe","args":{"a":1}}""", """{"op":"authKeyExpires","args":["a"]}""", """{"op":"cancelAllAfter","args":"x"}"""]) await client.SendAsync(message);
        await client.UntilAsync(() => client.Errors.Count == 8, "eight refusals");
        // Ten megabytes, of which the venue takes one: how the rest of the sending ends is the client's affair.
        var oversized = client.SendAsync(new string('x', 10_000_000));
        await client.UntilAsync(() => client.IsOver, "the socket closed");
        await oversized.WaitAsync(TimeSpan.FromSeconds(15)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await other.SubscribeAsync("orderBookL2:XBTUSD");
        await other.UntilAsync(() => other.Frames.Count > 20, "frames for others");
        Assert.Empty(other.Faults);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_cut_off_and_others_notice_nothing()
    {
        await using var venue = await VenueFixture.StartAsync(MarketActivity.Busy, options => options with { SocketQueueFrames = 400, SocketQueueBytes = 400_000 });
        using var slow = new ClientWebSocket();
        await slow.ConnectAsync(venue.Server.RealtimeAddress, CancellationToken.None);
        var topics = Enumerable.Range(0, 60).Select(_ => "help").ToArray();
        await using var other = await venue.ConnectAsync();
        await other.SubscribeAsync("quote:XBTUSD");
        // Answers that nobody reads fill the pipe, then the queue, then end the session: the client notices when it may send no more.
        var flood = JsonSerializer.SerializeToUtf8Bytes(new { op = "help", args = topics });
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (!deadline.IsCancellationRequested) await slow.SendAsync(flood, WebSocketMessageType.Text, true, deadline.Token);
        });
        Assert.False(deadline.IsCancellationRequested, "the slow reader was never cut off");
        var seen = other.Frames.Count;
        await other.UntilAsync(() => other.Frames.Count > seen + 5, "frames for others");
        Assert.Empty(other.Faults);
    }

    private static async Task TradeAsync(VenueFixture venue, RealtimeClient client)
    {
        for (var i = 0; i < 60; i++)
        {
            var quote = (await venue.GetAsync(null, "/api/v1/quote?symbol=XBTUSD&reverse=true&count=1"))[0];
            var side = i % 2 == 0 ? "Buy" : "Sell";
            var price = quote.GetProperty(i % 2 == 0 ? "bidPrice" : "askPrice").GetRawText();
            await venue.PlaceAsync(venue.Alice, $$"""{"symbol":"XBTUSD","side":"{{side}}","orderQty":{{100 * ((i % 5) + 1)}},"price":{{price}}}""");
            if (i % 10 == 9) await venue.SendAsync(venue.Alice, "DELETE", "/api/v1/order/all", """{"filter":{"side":"Sell"}}""");
            if (i % 15 == 0) await venue.PlaceAsync(venue.Alice, """{"symbol":"ETHUSDT","orderQty":-1000}""");
        }

        await client.UntilAsync(() => client.Actions().Count(action => action == "trade insert") > 20, "trades");
    }

    /// <summary>The market does not stop: the two agree as soon as nothing happened between asking and comparing.</summary>
    private static Task SameAsync(RealtimeClient client, string table, Func<Task<JsonElement>> ask) => Poll(client, table, ask, _ => true);

    /// <summary>The socket sends the books of every instrument: compared are those that are asked for at once, before the market moves on.</summary>
    private static Task SameBooksAsync(VenueFixture venue, RealtimeClient client, string table, int depth)
    {
        string[] symbols = ["XBTUSD", "ETHUSDT", "XBT24H"];
        return Poll(
            client,
            table,
            async () => Join(await Task.WhenAll(symbols.Select(symbol => venue.GetAsync(null, $"/api/v1/orderBook/L2?symbol={symbol}&depth={depth}")))),
            row => symbols.Any(symbol => row.Contains($"symbol=\"{symbol}\"", StringComparison.Ordinal)),
            "timestamp",
            "transactTime");
    }

    private static async Task Poll(RealtimeClient client, string table, Func<Task<JsonElement>> ask, Func<string, bool> isAsked, params string[] without)
    {
        var deadline = DateTimeOffset.UtcNow.AddSeconds(15);
        List<string> rest, local;
        do
        {
            rest = RealtimeClient.Rows(await ask(), without);
            local = [.. client.Rows(table, without).Where(isAsked)];
            if (rest.SequenceEqual(local)) return;
            await Task.Delay(3);
        }
        while (DateTimeOffset.UtcNow < deadline);
        Assert.Fail($"{table} differs: only REST {string.Join("; ", rest.Except(local).Take(3))} only socket {string.Join("; ", local.Except(rest).Take(3))}");
    }

    private static JsonElement Join(JsonElement[] arrays) => JsonSerializer.SerializeToElement(arrays.SelectMany(array => array.EnumerateArray()));
}
