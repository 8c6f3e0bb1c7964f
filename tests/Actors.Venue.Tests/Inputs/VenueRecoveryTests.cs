using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Inputs;
using Actors.Venue.Market;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Tests.Wire;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Inputs;

public sealed class VenueRecoveryTests : IDisposable
{
    private static readonly string[] Tables =
    [
        "order?count=500", "position", "user/margin?currency=all", "execution?count=500", "user/walletHistory?currency=all", "trade?symbol=XBTUSD", "orderBook/L2?symbol=XBTUSD&depth=0",
        "chat", "announcement", "insurance", "trade/bucketed?binSize=1m&partial=true&symbol=XBTUSD",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("venue-recovery").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1)]
    public async Task A_venue_that_was_killed_has_the_same_orders_balances_and_identifiers(long snapshotInterval)
    {
        var data = Path.Combine(_folder, "data");
        var copy = Path.Combine(_folder, "copy");
        var clock = new MinutesBegin();
        await using var first = await VenueFixture.StartAsync(change: options => options with { DataDirectory = data, SnapshotInterval = snapshotInterval, Clock = clock });
        await first.PlaceAsync(first.Alice, """{"symbol":"XBTUSD","side":"Sell","orderQty":500,"price":96000,"clOrdID":"a-1"}""");
        await first.PlaceAsync(first.Bob, """{"symbol":"XBTUSD","side":"Buy","orderQty":200,"price":96000,"clOrdID":"b-1"}""");
        await first.PlaceAsync(first.Bob, """{"symbol":"ETHUSDT","side":"Buy","orderQty":1000,"price":3000,"execInst":"ParticipateDoNotInitiate"}""");
        await first.PlaceAsync(first.Alice, """{"symbol":"XBTUSD","side":"Buy","orderQty":100,"stopPx":200000,"ordType":"Stop"}""");
        await first.SendAsync(first.Alice, "POST", "/api/v1/position/leverage", """{"symbol":"XBTUSD","leverage":10}""");
        await first.SendAsync(first.Alice, "POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":7,"price":1}""");
        await first.SendAsync(first.Bob, "POST", "/api/v1/chat", """{"message":"hello","channelID":1}""");
        if (snapshotInterval == 1) await UntilAsync(() => Directory.EnumerateFiles(data, "*.snapshot").Count() == 2);
        var before = await RowsAsync(first);

        // What a killed process leaves is what the file holds at that moment.
        CopyOf(data, copy);
        await using var second = await VenueFixture.StartAsync(change: options => options with { DataDirectory = copy, Clock = clock });
        Assert.Equal(before, await RowsAsync(second));
        Assert.Equal(10m, (await second.GetAsync(second.Alice, "/api/v1/position"))[0].GetProperty("leverage").GetDecimal());

        var next = await second.PlaceAsync(second.Bob, """{"symbol":"XBTUSD","side":"Buy","orderQty":300,"price":96000}""");
        Assert.Equal("Filled", next.GetProperty("ordStatus").GetString());
        Assert.DoesNotContain(next.GetProperty("orderID").GetString()!, string.Join('\n', before), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_another_venue_has_is_refused()
    {
        await using var first = await VenueFixture.StartAsync(change: options => options with { DataDirectory = _folder });
        var held = await Assert.ThrowsAsync<VenueStartException>(() => VenueFixture.StartAsync(change: options => options with { DataDirectory = _folder }));
        Assert.Contains(InputLog.FileName, held.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_with_another_market_keeps_what_accounts_have_and_sends_the_old_traders_home()
    {
        string id;
        await using (var first = await VenueFixture.StartAsync(MarketActivity.Quiet, options => options with { DataDirectory = _folder }))
        {
            id = (await first.PlaceAsync(first.Alice, """{"symbol":"XBTUSD","side":"Buy","orderQty":100,"price":100}""")).GetProperty("orderID").GetString()!;
        }

        for (var i = 0; i < 2; i++)
        {
            await using var next = await VenueFixture.StartAsync(MarketActivity.None, options => options with { DataDirectory = _folder, Seed = 99 });
            var order = (await next.GetAsync(next.Alice, "/api/v1/order")).EnumerateArray().Single();
            Assert.Equal((id, "New"), (order.GetProperty("orderID").GetString(), order.GetProperty("ordStatus").GetString()));
            var book = await next.GetAsync(null, "/api/v1/orderBook/L2?symbol=XBTUSD&depth=0");
            Assert.Equal(100m, Assert.Single(book.EnumerateArray()).GetProperty("price").GetDecimal());
        }

        Assert.Single(File.ReadLines(Path.Combine(_folder, InputLog.FileName)), line => line.Contains("MARKET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(41, MarketActivity.Quiet)]
    [InlineData(42, MarketActivity.Busy)]
    public void A_busy_market_is_replayed_to_the_same_state_from_one_line_a_second(int seed, MarketActivity market)
    {
        var origin = new VenueOrigin(ExchangeFixture.Start.ToUnixTimeMilliseconds(), seed, market, "", "", InputLog.Rules);
        string digest;
        DateTimeOffset end;
        using (var log = InputLog.Open(_folder, origin))
        {
            var (exchange, inputs) = Begin(seed, market, log);
            inputs.Recover(_ => throw new InvalidOperationException("there was nothing yet"));
            var random = new Random(seed);
            var now = ExchangeFixture.Start;
            for (var i = 0; i < 1_500; i++)
            {
                now = now.AddMilliseconds(i == 700 ? 60_000 : random.Next(1, 60));
                inputs.Advance(now);
                if (random.Next(10) != 0) continue;
                var arguments = JsonSerializer.SerializeToElement(new { side = random.Next(2) == 0 ? "Buy" : "Sell", quantity = 100 * random.Next(1, 30), price = 96_000 + (random.Next(2_000) / 2m) });
                inputs.Record(1 + random.Next(2), "POST", "/order", arguments);
                Carry(exchange, new VenueInput.Requested(0, 0, "", "", arguments));
            }

            // The rest of the last line's second passes in the replay; let it pass here, too.
            exchange.Advance(inputs.Until);
            digest = StateDigest.Of(exchange);
            end = exchange.Now;
            inputs.Commit();
        }

        Assert.True(File.ReadLines(Path.Combine(_folder, InputLog.FileName)).Count() < 1_000);
        using var again = InputLog.Open(_folder, origin);
        var (other, replay) = Begin(seed, market, again);
        replay.Recover(requested => Carry(other, requested));
        Assert.True(replay.Replayed > 50, $"seed {seed}: {replay.Replayed} requests");
        Assert.Equal((digest, end), (StateDigest.Of(other), other.Now));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition()) await Task.Delay(20, deadline.Token);
    }

    private static (Exchange Exchange, InputRecorder Inputs) Begin(int seed, MarketActivity market, InputLog log)
    {
        var fixture = new ExchangeFixture(seed);
        fixture.Exchange.Start();
        BackgroundMarket.Start(fixture.Exchange, market);
        return (fixture.Exchange, new InputRecorder(log, fixture.Exchange));
    }

    private static void Carry(Exchange exchange, VenueInput.Requested requested)
    {
        var arguments = requested.Arguments;
        var side = arguments.GetProperty("side").GetString() == "Buy" ? Side.Buy : Side.Sell;
        exchange.Orders.Place(Alice(exchange), new NewOrder(
            "XBTUSD", side, arguments.GetProperty("quantity").GetInt64(), arguments.GetProperty("price").GetDecimal(), VenueOrderType.Limit, TimeInForce.GoodTillCancel, ExecutionInstructions.None, "", ""));

        static Account Alice(Exchange exchange) => exchange.Accounts.Find(account => account.Name == "alice")!;
    }

    private static async Task<List<string>> RowsAsync(VenueFixture venue)
    {
        var rows = new List<string>();
        foreach (var key in new[] { venue.Alice, venue.Bob })
        {
            foreach (var table in Tables) rows.Add(Unmoving(await venue.GetAsync(key, $"/api/v1/{table}")));
        }

        return rows;
    }

    /// <summary>Without what follows the mark, which goes on moving.</summary>
    private static string Unmoving(JsonElement rows)
    {
        string[] moving = ["markPrice", "markValue", "riskValue", "unrealisedPnl", "unrealisedPnlPcnt", "unrealisedRoePcnt", "homeNotional", "foreignNotional", "grossMarkValue", "timestamp", "transactTime", "posCross", "posMargin", "maintMargin", "marginBalance", "marginLeverage", "marginUsedPcnt", "excessMargin", "availableMargin", "withdrawableMargin", "liquidationPrice", "bankruptPrice", "marginCallPrice"];
        return string.Join('\n', rows.EnumerateArray().Select(row => string.Join(' ', row.EnumerateObject().Where(field => !moving.Contains(field.Name)).Select(field => field.ToString()))));
    }

    /// <summary>By another process: within this one the file is the first venue's alone.</summary>
    private static void CopyOf(string from, string to)
    {
        using var copy = System.Diagnostics.Process.Start("cp", ["-r", from, to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }

    /// <summary>Begins with a minute: the bar of the current one is among what is compared, and the venue makes another when the next has come.</summary>
    private sealed class MinutesBegin : TimeProvider
    {
        private readonly TimeSpan _late = TimeSpan.FromTicks(DateTimeOffset.UtcNow.Ticks % TimeSpan.TicksPerMinute);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow - _late;
    }
}
