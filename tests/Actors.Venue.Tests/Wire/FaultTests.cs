using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using Actors.Venue.Faults;

namespace Actors.Venue.Tests.Wire;

public class FaultTests
{
    private const string Order = """{"symbol":"XBTUSD","orderQty":100,"price":90000}""";

    [Fact]
    public async Task Requests_are_answered_503_and_429_as_often_as_asked_and_to_whom_it_was_asked()
    {
        await using var venue = await VenueFixture.StartAsync();
        await AddAsync(venue, """[{"kind":"overload","account":"alice","verb":"POST","skip":1,"count":2},{"kind":"rateLimit","account":"bob","path":"/order","milliseconds":3000}]""");
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++) statuses.Add((await venue.SendAsync(venue.Alice, "POST", "/api/v1/order", Order)).Status);
        Assert.Equal([200, 503, 503, 200, 200], statuses);
        var limited = await venue.SendAsync(venue.Bob, "POST", "/api/v1/order", Order);
        Assert.Equal((429, 3), (limited.Status, (int)limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal(200, (await venue.SendAsync(venue.Bob, "POST", "/api/v1/order", Order)).Status);
        Assert.Equal(3, (await venue.GetAsync(venue.Alice, "/api/v1/order")).GetArrayLength());
        Assert.Equal([(3, 2, false), (1, 1, false)], await ListAsync(venue));
    }

    [Theory]
    [InlineData("loseAnswer", 1)]
    [InlineData("loseRequest", 0)]
    public async Task A_connection_is_cut_after_or_before_the_execution(string kind, int orders)
    {
        await using var venue = await VenueFixture.StartAsync();
        await AddAsync(venue, $$"""{"kind":"{{kind}}","verb":"POST","path":"/order","symbol":"XBTUSD"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => venue.SendAsync(venue.Alice, "POST", "/api/v1/order", Order));
        Assert.Equal(orders, (await venue.GetAsync(venue.Alice, "/api/v1/order")).GetArrayLength());
        Assert.Equal(1, (await ListAsync(venue))[0].Fired);
    }

    [Fact]
    public async Task A_stalled_request_is_silent_and_not_executed_and_a_delayed_one_is_executed_first()
    {
        await using var venue = await VenueFixture.StartAsync();
        await AddAsync(venue, """[{"kind":"stall","verb":"POST"},{"kind":"delayAnswer","verb":"POST","milliseconds":400}]""");
        using var patience = new CancellationTokenSource();
        var stalled = venue.SendAsync(venue.Alice, "POST", "/api/v1/order", Order, cancellation: patience.Token);
        await UntilAsync(async () => (await ListAsync(venue))[0].Fired == 1, "stalled");
        Assert.Equal(0, (await venue.GetAsync(venue.Alice, "/api/v1/order")).GetArrayLength());
        Assert.False(stalled.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stalled);
        var watch = Stopwatch.StartNew();
        var delayed = venue.SendAsync(venue.Alice, "POST", "/api/v1/order", Order);
        await UntilAsync(async () => (await venue.GetAsync(venue.Alice, "/api/v1/order")).GetArrayLength() == 1, "executed");
        Assert.Equal(200, (await delayed).Status);
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(390), $"answered after {watch.Elapsed}");
    }

    [Theory]
    [InlineData("dropFrame", "1 3")]
    [InlineData("duplicateFrame", "1 2 2 3")]
    [InlineData("reorderFrame", "1 3 2")]
    [InlineData("delayFrame", "1 2 3")]
    public async Task Frames_of_a_table_are_lost_doubled_reordered_or_late_for_whom_it_was_asked(string kind, string expected)
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var alice = await venue.ConnectAsync(venue.Alice);
        await using var bob = await venue.ConnectAsync(venue.Bob);
        foreach (var client in (RealtimeClient[])[alice, bob])
        {
            await client.SubscribeAsync("orderBookL2:XBTUSD");
            await client.UntilTableAsync("orderBookL2");
        }

        await AddAsync(venue, $$"""{"kind":"{{kind}}","account":"alice","table":"orderBookL2","symbol":"XBTUSD","action":"insert","skip":1{{(kind == "delayFrame" ? ",\"milliseconds\":300" : "")}}}""");
        for (var i = 1; i <= 3; i++) await venue.PlaceAsync(venue.Bob, $$"""{"symbol":"XBTUSD","orderQty":{{i}}00,"price":{{90000 + i}}}""");
        await bob.UntilAsync(() => Sizes(bob) == "1 2 3", "all frames for bob");
        await alice.UntilAsync(() => Sizes(alice) == expected, $"{expected}, not {Sizes(alice)}");
        Assert.Equal(1, (await ListAsync(venue))[0].Fired);
        Assert.Empty(bob.Faults);
    }

    [Fact]
    public async Task Sockets_are_dropped_and_refused_for_a_while()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var alice = await venue.ConnectAsync(venue.Alice);
        await using var bob = await venue.ConnectAsync(venue.Bob);
        await AddAsync(venue, """[{"kind":"dropSocket","account":"alice"},{"kind":"refuseSocket","count":2}]""");
        await alice.UntilAsync(() => alice.IsOver, "alice was cut");
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<WebSocketException>(() => venue.ConnectAsync());
        await using var again = await venue.ConnectAsync();
        Assert.False(bob.IsOver);
        await bob.SubscribeAsync("orderBookL2:XBTUSD");
        await bob.UntilTableAsync("orderBookL2");
        await AddAsync(venue, """{"kind":"dropSocket","table":"orderBookL2","skip":1}""");
        for (var i = 1; i <= 2; i++)
        {
            await venue.PlaceAsync(venue.Alice, $$"""{"symbol":"XBTUSD","orderQty":100,"price":{{90000 + i}}}""");
            // What is under way to a client when it is cut off is lost.
            if (i == 1) await bob.UntilAsync(() => Sizes(bob) == "1", "the first frame");
        }

        await bob.UntilAsync(() => bob.IsOver, "bob was cut instead of the second frame");
        Assert.Equal("1", Sizes(bob));
    }

    [Fact]
    public async Task The_clock_that_clients_see_is_off_and_comes_back()
    {
        await using var venue = await VenueFixture.StartAsync();
        await AddAsync(venue, """{"kind":"clockSkew","milliseconds":60000}""");
        var placed = await venue.PlaceAsync(venue.Alice, Order, expires: DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 90);
        Assert.InRange(placed.GetProperty("timestamp").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(61));
        var (status, body, _) = await venue.SendAsync(venue.Alice, "GET", "/api/v1/order", expires: DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 5);
        Assert.Equal(401, status);
        Assert.StartsWith("This request has expired", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await venue.Http.DeleteAsync(new Uri("/admin/faults", UriKind.Relative));
        var row = (await venue.GetAsync(venue.Alice, "/api/v1/order"))[0];
        Assert.True(row.GetProperty("timestamp").GetDateTimeOffset() <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_its_socket_cut_until_the_fault_is_removed()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var alice = await venue.ConnectAsync(venue.Alice);
        await AddAsync(venue, $$"""{"kind":"revokeKey","key":"{{venue.Alice.Id}}"}""");
        await alice.UntilAsync(() => alice.IsOver, "cut");
        var (status, body, _) = await venue.SendAsync(venue.Alice, "GET", "/api/v1/order");
        Assert.Equal((403, "This key is disabled."), (status, body.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(200, (await venue.SendAsync(venue.Bob, "GET", "/api/v1/order")).Status);
        await venue.Http.DeleteAsync(new Uri("/admin/faults?id=1", UriKind.Relative));
        Assert.Equal(200, (await venue.SendAsync(venue.Alice, "GET", "/api/v1/order")).Status);
    }

    [Fact]
    public async Task An_instrument_is_closed_for_orders_and_its_row_says_so_then_it_opens_again()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync();
        await client.SubscribeAsync("instrument:XBTUSD");
        await client.UntilTableAsync("instrument");
        var resting = await venue.PlaceAsync(venue.Alice, Order);
        await AddAsync(venue, """{"kind":"instrumentState","symbol":"XBTUSD","state":"Closed"}""");
        Assert.Equal(400, (await venue.SendAsync(venue.Alice, "POST", "/api/v1/order", Order)).Status);
        await client.UntilAsync(() => client.Rows("instrument")[0].Contains("state=\"Closed\"", StringComparison.Ordinal), "closed");
        Assert.Equal(200, (await venue.SendAsync(venue.Alice, "DELETE", $"/api/v1/order?orderID={RealtimeClient.Text(resting, "orderID")}")).Status);
        await venue.Http.DeleteAsync(new Uri("/admin/faults", UriKind.Relative));
        await client.UntilAsync(() => client.Rows("instrument")[0].Contains("state=\"Open\"", StringComparison.Ordinal), "open again");
        await venue.PlaceAsync(venue.Alice, Order);
    }

    [Fact]
    public async Task A_scenario_file_begins_with_the_venue_and_a_wrong_one_is_named_in_one_line()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """{"faults":[{"kind":"overload","count":1}]}""");
            await using var venue = await VenueFixture.StartAsync(change: options => options with { FaultFile = file });
            Assert.Equal(503, (await venue.SendAsync(null, "GET", "/api/v1/instrument")).Status);
            Assert.Equal(200, (await venue.SendAsync(null, "GET", "/api/v1/instrument")).Status);
            await File.WriteAllTextAsync(file, """{"faults":[{"kind":"meteor"}]}""");
            var refusal = await Assert.ThrowsAsync<VenueStartException>(() => VenueServer.StartAsync(VenueFixture.Options() with { FaultFile = file }));
            Assert.StartsWith(file, refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What the engine is hardened against: each by the route and by a scenario file, and each told in the grammar.</summary>
    [Fact]
    public async Task Every_kind_can_be_asked_for_by_the_route_and_by_a_scenario_file()
    {
        var all = Enum.GetValues<FaultKind>().Select(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())).ToList();
        // An hour away, so that they only stand there: what each does is what the other tests are about.
        var json = JsonSerializer.Serialize(all.Select(kind => new { kind, afterSeconds = 3_600, symbol = "XBTUSD", account = "alice", milliseconds = 5, state = "Closed" }));
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, json);
            await using var venue = await VenueFixture.StartAsync(change: options => options with { FaultFile = file });
            await AddAsync(venue, json);
            using var document = JsonDocument.Parse(await venue.Http.GetStringAsync(new Uri("/admin/faults", UriKind.Relative)));
            var listed = document.RootElement.GetProperty("faults").EnumerateArray().Select(fault => RealtimeClient.Text(fault.GetProperty("fault"), "kind")).ToList();
            Assert.Equal([.. all, .. all], listed);
            Assert.All(all, kind => Assert.True(document.RootElement.GetProperty("help").TryGetProperty(kind, out _), $"{kind} is not in the help"));
            Assert.False(venue.Server.RestartAsked.IsCompleted);
            await AddAsync(venue, """{"kind":"restart"}""");
            await venue.Server.RestartAsked.WaitAsync(TimeSpan.FromMinutes(1));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_execution_is_told_twice_when_it_was_asked_for()
    {
        await using var venue = await VenueFixture.StartAsync();
        await using var client = await venue.ConnectAsync(venue.Alice);
        await client.SubscribeAsync("execution");
        await client.UntilTableAsync("execution");
        await AddAsync(venue, """{"kind":"duplicateFrame","table":"execution","account":"alice"}""");
        await venue.PlaceAsync(venue.Alice, Order);
        await venue.PlaceAsync(venue.Alice, Order);
        await client.UntilAsync(() => Executions().Count == 3, "three frames of two executions");
        Assert.Equal(2, Executions().Distinct().Count());

        List<string?> Executions() => [.. client.Frames.Where(frame => RealtimeClient.Text(frame, "table") == "execution" && RealtimeClient.Text(frame, "action") == "insert")
            .Select(frame => RealtimeClient.Text(frame.GetProperty("data")[0], "execID"))];
    }

    [Theory]
    [InlineData("""{"kind":"delayFrame"}""", "application/json")]
    [InlineData("""{"kind":"overload","nope":1}""", "application/json")]
    [InlineData("""{"kind":"overload","count":0}""", "application/json")]
    [InlineData("""{"kind":"instrumentState","symbol":"NOPE","state":"Closed"}""", "application/json")]
    [InlineData("""{"kind":"overload"}""", "text/plain")]
    public async Task What_is_no_fault_is_refused(string body, string contentType)
    {
        await using var venue = await VenueFixture.StartAsync();
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse(contentType));
        using var response = await venue.Http.PostAsync(new Uri("/admin/faults", UriKind.Relative), content);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(await ListAsync(venue));
    }

    [Fact]
    public async Task A_foreign_name_of_this_machine_is_refused()
    {
        await using var venue = await VenueFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(venue.Server.Address, "/admin/faults"));
        request.Headers.Host = "evil.example";
        using var response = await venue.Http.SendAsync(request);
        Assert.Equal(403, (int)response.StatusCode);
    }

    private static string Sizes(RealtimeClient client) => string.Join(' ', client.Frames
        .Where(frame => RealtimeClient.Text(frame, "table") == "orderBookL2" && RealtimeClient.Text(frame, "action") == "insert")
        .Select(frame => frame.GetProperty("data")[0].GetProperty("size").GetInt64() / 100));

    private static async Task AddAsync(VenueFixture venue, string json)
    {
        using var content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
        using var response = await venue.Http.PostAsync(new Uri("/admin/faults", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<List<(long Matched, long Fired, bool IsActive)>> ListAsync(VenueFixture venue)
    {
        using var document = JsonDocument.Parse(await venue.Http.GetStringAsync(new Uri("/admin/faults", UriKind.Relative)));
        return [.. document.RootElement.GetProperty("faults").EnumerateArray().Select(fault => (fault.GetProperty("matched").GetInt64(), fault.GetProperty("fired").GetInt64(), fault.GetProperty("active").GetBoolean()))];
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"not in time: {what}");
            await Task.Delay(5);
        }
    }
}
