using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Inputs;
using Actors.Venue.Market;
using Actors.Venue.Snapshots;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Trading;
using Actors.Venue.Wire;

namespace Actors.Venue.Tests.Snapshots;

public sealed class SnapshotPropertyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("venue-snapshots").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(1, MarketActivity.Quiet)]
    [InlineData(2, MarketActivity.Busy)]
    [InlineData(3, MarketActivity.Cascade)]
    [InlineData(4, MarketActivity.None)]
    [InlineData(5, MarketActivity.Cascade)]
    public void A_restored_exchange_holds_the_same_and_goes_on_to_the_identifier_as_the_one_that_was_not_ended(int seed, MarketActivity market)
    {
        var (fixture, state) = New(seed);
        fixture.Exchange.Start();
        fixture.Exchange.Market = BackgroundMarket.Start(fixture.Exchange, market);
        var now = Run(fixture, new RandomTrader(fixture, new SeededRandom(seed)), ExchangeFixture.Start, 600, seed);
        // Other traders, so that their accounts and a market of its own seed are in it.
        if (seed % 2 == 0) fixture.Exchange.Market = fixture.Exchange.Market.ChangeTo(MarketActivity.Quiet, 99);
        fixture.Exchange.Switch.Arm(fixture.Bob, TimeSpan.FromSeconds(20));
        now = Run(fixture, new RandomTrader(fixture, new SeededRandom(seed)), now, 400, seed);

        var (other, restored) = Restored(state, seed);
        fixture.Told.Clear();
        other.Told.Clear();
        Run(fixture, new RandomTrader(fixture, new SeededRandom(seed + 100)), now, 1_200, seed);
        Run(other, new RandomTrader(other, new SeededRandom(seed + 100)), now, 1_200, seed);
        Assert.Equal(fixture.Told, other.Told);
        Assert.Equal(state.ToBytes(), restored.ToBytes());
        other.AssertSound($"seed {seed}");
        other.AssertReserved($"seed {seed}");
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(53)]
    public async Task A_venue_killed_at_any_moment_comes_back_from_its_snapshots_as_from_the_whole_log(int seed)
    {
        var random = new Random(seed);
        var origin = new VenueOrigin(ExchangeFixture.Start.ToUnixTimeMilliseconds(), seed, MarketActivity.Quiet, "", "", InputLog.Rules);
        var now = ExchangeFixture.Start;
        var restored = 0;
        for (var life = 0; life < 6; life++)
        {
            using (var log = InputLog.Open(_folder, origin))
            {
                var folder = Folder();
                var (fixture, state) = Begin(folder, log, out var head);
                var writer = new SnapshotWriter(state, folder, 100, problem => Assert.Fail(problem));
                var inputs = new InputRecorder(log, fixture.Exchange, writer);
                inputs.Recover(requested => Carry(fixture.Exchange, requested.Arguments), head);
                restored += head is null ? 0 : 1;
                now = fixture.Exchange.Now > now ? fixture.Exchange.Now : now;
                for (var i = 0; i < 500; i++)
                {
                    now = Step(fixture.Exchange, inputs, now, random);
                    // Otherwise how far a snapshot is behind would be the machine's choice alone.
                    if (random.Next(50) == 0) await writer.Completion;
                }

                await writer.Completion;
            }

            // What a kill leaves: the log cut anywhere in its last line, and the newest snapshot whole, begun, or damaged by the disk.
            using (var file = File.OpenWrite(Path.Combine(_folder, InputLog.FileName))) file.SetLength(file.Length - random.Next(0, 60));
            var newest = Files().Max(StringComparer.Ordinal)!;
            var whole = await File.ReadAllBytesAsync(newest);
            if (life % 3 == 1) await File.WriteAllBytesAsync(newest, whole[..random.Next(whole.Length)]);
            if (life % 3 == 2)
            {
                await File.WriteAllBytesAsync(newest + ".new", whole[..random.Next(whole.Length)]);
                File.Delete(newest);
            }

            Assert.Equal(Recovered(origin, withSnapshots: false), Recovered(origin, withSnapshots: true));
        }

        Assert.InRange(Files().Count(), 1, SnapshotFolder.Kept);
        Assert.True(restored > 2, $"seed {seed}: only {restored} starts went on from a snapshot");
    }

    [Fact]
    public void A_file_that_is_damaged_or_of_something_else_is_one_line_and_passed_over()
    {
        var (fixture, state) = New(1);
        fixture.Exchange.Start();
        var origin = new VenueOrigin(ExchangeFixture.Start.ToUnixTimeMilliseconds(), 1, MarketActivity.None, "", "", InputLog.Rules);
        using var log = InputLog.Open(_folder, origin);
        Assert.Empty(log.Recover());
        var told = new List<string>();
        var folder = new SnapshotFolder(_folder, told.Add);
        File.WriteAllText(Path.Combine(_folder, "state-000000000007.snapshot.new"), "begun");
        folder.Write(Head(1), state.ToBytes());
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.new"));
        var path = Files().Single();
        var whole = File.ReadAllBytes(path);
        var random = new Random(77);
        for (var i = 0; i < 300; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            Expect(i % 3 == 0 ? whole[..random.Next(whole.Length)] : changed, "");
        }

        Expect("dear diary\n"u8.ToArray(), "no snapshot");
        Expect([.. "actors-venue-snapshot 9\n"u8, .. whole], "another version");
        folder.Write(Head(1) with { Origin = origin with { Seed = 2 } }, state.ToBytes());
        Expect(null, "another venue");
        folder.Write(Head(1) with { Position = log.Position with { Offset = 10_000 } }, state.ToBytes());
        Expect(null, "the log does not hold");
        folder.Write(Head(1) with { Position = log.Position with { Check = "0123456789abcdef" } }, state.ToBytes());
        Expect(null, "the log does not hold");
        File.WriteAllBytes(path, whole);
        Assert.NotNull(folder.Newest(log));

        // A digest that does not fit is a fault of the rules: it is refused, not passed over.
        folder.Write(Head(1) with { Digest = "00" }, state.ToBytes());
        var wrong = folder.Newest(log)!;
        Assert.Contains("delete the file", Assert.Throws<VenueStartException>(() => wrong.Restore(New(1).State)).Message, StringComparison.Ordinal);

        SnapshotHead Head(long line) => new(origin, log.Position with { Line = line }, origin.Start, null, 0, StateDigest.Of(fixture.Exchange));

        void Expect(byte[]? content, string words)
        {
            if (content is not null) File.WriteAllBytes(path, content);
            told.Clear();
            Assert.Null(folder.Newest(log));
            Assert.Contains(words, Assert.Single(told), StringComparison.Ordinal);
            Assert.DoesNotContain('\n', told[0]);
        }
    }

    /// <summary>Another exchange of the same seed, brought to this state; fails when it holds anything else.</summary>
    internal static (ExchangeFixture Fixture, VenueState State) Restored(VenueState state, int seed)
    {
        var bytes = state.ToBytes();
        var (other, restored) = New(seed);
        using var reader = new BinaryReader(new MemoryStream(bytes));
        restored.Pass(new StateStream(reader, restored.Exchange));
        var graph = new SameGraph();
        Assert.True(graph.Difference(state, restored) is null, $"seed {seed}: {new SameGraph().Difference(state, restored)}");
        Assert.True(graph.Compared > 1_000, $"only {graph.Compared} objects were compared");
        Assert.Equal(bytes, restored.ToBytes());
        return (other, restored);
    }

    internal static VenueState State(ExchangeFixture fixture)
    {
        var subscriptions = new Subscriptions();
        return new VenueState(fixture.Exchange, new VenueRecords(subscriptions), new BinPublisher(fixture.Exchange, subscriptions));
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder, "*.snapshot");

    private SnapshotFolder Folder() => new(_folder, _ => { });

    /// <summary>The state that a start in this folder comes to.</summary>
    private byte[] Recovered(VenueOrigin origin, bool withSnapshots)
    {
        using var log = InputLog.Open(_folder, origin);
        var (fixture, state) = Begin(withSnapshots ? Folder() : null, log, out var head);
        new InputRecorder(log, fixture.Exchange).Recover(requested => Carry(fixture.Exchange, requested.Arguments), head);
        return state.ToBytes();
    }

    private static (ExchangeFixture Fixture, VenueState State) Begin(SnapshotFolder? folder, InputLog log, out SnapshotHead? head)
    {
        var (fixture, state) = New((int)log.Origin.Seed);
        var snapshot = folder?.Newest(log);
        head = snapshot?.Head;
        if (snapshot is not null)
        {
            snapshot.Restore(state);
            return (fixture, state);
        }

        fixture.Exchange.Start();
        fixture.Exchange.Market = BackgroundMarket.Start(fixture.Exchange, log.Origin.Market);
        return (fixture, state);
    }

    private static DateTimeOffset Step(Exchange exchange, InputRecorder inputs, DateTimeOffset now, Random random)
    {
        now = now.AddMilliseconds(random.Next(200) == 0 ? 60_000 : random.Next(1, 60));
        inputs.Advance(now);
        if (random.Next(4) != 0) return now;
        var arguments = JsonSerializer.SerializeToElement(new
        {
            account = random.Next(1, 3),
            side = random.Next(2) == 0 ? "Buy" : "Sell",
            quantity = 100 * random.Next(1, 30),
            price = 96_000 + (random.Next(2_000) / 2m),
            stop = random.Next(4) == 0,
        });
        inputs.Record(0, "POST", "/order", arguments);
        Carry(exchange, arguments);
        return now;
    }

    private static void Carry(Exchange exchange, JsonElement arguments)
    {
        var account = exchange.Accounts.Find(account => account.Number == arguments.GetProperty("account").GetInt64())!;
        var price = arguments.GetProperty("price").GetDecimal();
        var isStop = arguments.GetProperty("stop").GetBoolean();
        exchange.Orders.Place(account, new NewOrder(
            "XBTUSD",
            arguments.GetProperty("side").GetString() == "Buy" ? Side.Buy : Side.Sell,
            arguments.GetProperty("quantity").GetInt64(),
            isStop ? null : price,
            isStop ? VenueOrderType.Stop : VenueOrderType.Limit,
            isStop ? null : TimeInForce.GoodTillCancel,
            ExecutionInstructions.None,
            "",
            "")
        { StopPrice = isStop ? price : null });
    }

    private static (ExchangeFixture Fixture, VenueState State) New(int seed)
    {
        var fixture = new ExchangeFixture(seed);
        return (fixture, State(fixture));
    }

    private static DateTimeOffset Run(ExchangeFixture fixture, RandomTrader trader, DateTimeOffset now, int steps, long seed)
    {
        var random = new SeededRandom(seed);
        for (var step = 0; step < steps; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Between(0, 200));
            fixture.Exchange.Advance(now);
            trader.Act();
        }

        return now;
    }
}
