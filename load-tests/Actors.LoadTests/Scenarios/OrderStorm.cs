using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Actors.LoadTests.Processes;
using Actors.LoadTests.Wire;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// Orders at a fixed rate into the venue over REST, and their executions out over the account's socket, while many sockets follow the same book: the
/// whole way through signature, exchange, publication and wire. Each order takes one lot from a large resting order, buys and sells in turn.
/// </summary>
public sealed class OrderStorm : Scenario
{
    private const int DefaultSockets = 100;
    private const int Connections = 48;
    private const double P99MostMilliseconds = 2_000;
    private const double P99GoalMilliseconds = 20;
    private const int RateGoal = 5_000;
    private const string Topic = "\"orderBookL2:XBTUSD\",\"trade:XBTUSD\"";
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    public override string Name => "order-storm";

    public override string Shows => "orders into the venue over the wire and their executions out again, with many sockets on the same book";

    public override string RateUnit => "orders/s";

    public override int DefaultRate => 400;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(20);

    public override string Bound =>
        $"every order accepted, every execution delivered once, the rate reached by 95 %, 99 % delivered within {P99MostMilliseconds:0} ms of the intended send";

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (rate, duration, sockets) = (settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration, settings.Sockets ?? DefaultSockets);
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.None, wideLimits: true);
        using var end = new CancellationTokenSource();
        using var taker = Client(ground, "alice", Connections);
        var prices = await RestAsync(ground, taker);
        await using var report = await FeedSocket.OpenAsync(ground.Address, end.Token);
        await report.SendAsync(taker.Authentication(), end.Token);
        await report.SubscribeAsync(end.Token, "execution");
        await report.WaitAsync("\"partial\"", end.Token);
        var followers = await FollowAsync(ground, sockets, end.Token);
        await WarmAsync(taker, prices);
        var storm = new Storm(rate, duration);
        var reading = report.ReadAllAsync(storm.Delivered, end.Token);
        await using var sampler = new ProcessSampler(ground.Venue.Id);
        var framesBefore = followers.Sum(one => one.Feed.Frames);
        var sending = new ConcurrentBag<Task>();
        await Task.Factory.StartNew(() => Send(storm, taker, prices, sending), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(sending);
        var clock = Stopwatch.StartNew();
        while (!storm.IsWhole && clock.Elapsed < Late) await Task.Delay(20);
        var frames = followers.Sum(one => one.Feed.Frames) - framesBefore;
        var alive = followers.Count(one => !one.Reading.IsCompleted);
        await end.CancelAsync();
        await Task.WhenAll([reading, .. followers.Select(one => one.Reading)]);
        foreach (var (feed, _) in followers) await feed.DisposeAsync();
        return Result(storm, sampler.Samples, sockets, alive, frames);
    }

    private static SignedClient Client(LoadGround ground, string account, int connections)
    {
        using var key = ground.Key(account);
        return new SignedClient(ground.Address, key, connections);
    }

    /// <summary>The other account rests one large order a side; returns their prices.</summary>
    private static async Task<(decimal Bid, decimal Ask)> RestAsync(LoadGround ground, SignedClient taker)
    {
        var (_, body) = await taker.SendAsync(HttpMethod.Get, "/api/v1/instrument?symbol=XBTUSD");
        using var rows = System.Text.Json.JsonDocument.Parse(body);
        var bid = Math.Floor(rows.RootElement[0].GetProperty("markPrice").GetDecimal());
        using var maker = Client(ground, "bob", 1);
        foreach (var (side, price) in new[] { ("Buy", bid), ("Sell", bid + 1) })
        {
            var (status, answer) = await maker.SendAsync(HttpMethod.Post, "/api/v1/order", Order(side, price, 10_000_000, "maker" + side, "GoodTillCancel"));
            if (status != 200) throw new LoadProcessException($"the resting order was refused: {answer}");
        }

        return (bid, bid + 1);
    }

    private static async Task<List<(FeedSocket Feed, Task<bool> Reading)>> FollowAsync(LoadGround ground, int sockets, CancellationToken end)
    {
        var followers = new List<(FeedSocket, Task<bool>)>();
        for (var i = 0; i < sockets; i++)
        {
            var feed = await FeedSocket.OpenAsync(ground.Address, end);
            await feed.SendAsync($$"""{"op":"subscribe","args":[{{Topic}}]}""", end);
            await feed.WaitAsync("\"partial\"", end);
            followers.Add((feed, feed.ReadAllAsync(static _ => { }, end)));
        }

        return followers;
    }

    /// <summary>Compiles both programs' ways and opens the connections before anything counts.</summary>
    private static async Task WarmAsync(SignedClient taker, (decimal Bid, decimal Ask) prices)
    {
        for (var round = 0; round < 20; round++)
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(i => taker.SendAsync(HttpMethod.Post, "/api/v1/order", Take(i, prices, $"w{round}-{i}"))));
    }

    private static void Send(Storm storm, SignedClient taker, (decimal Bid, decimal Ask) prices, ConcurrentBag<Task> sending)
    {
        var schedule = new Schedule(storm.Rate, spin: false);
        for (var i = 0; i < storm.Orders; i++)
        {
            storm.Begin(i, schedule.Next(1));
            sending.Add(SendAsync(storm, taker, Take(i, prices, Storm.Mark + i.ToString(CultureInfo.InvariantCulture))));
        }

        storm.SendingTook = schedule.Elapsed;
    }

    private static async Task SendAsync(Storm storm, SignedClient taker, string order)
    {
        try
        {
            var (status, _) = await taker.SendAsync(HttpMethod.Post, "/api/v1/order", order);
            storm.Answered(status == 200);
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException)
        {
            storm.Answered(false);
        }
    }

    private static string Take(int number, (decimal Bid, decimal Ask) prices, string id) =>
        number % 2 == 0 ? Order("Sell", prices.Bid, 100, id, "ImmediateOrCancel") : Order("Buy", prices.Ask, 100, id, "ImmediateOrCancel");

    private static string Order(string side, decimal price, int quantity, string id, string life) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"XBTUSD","side":"{{side}}","orderQty":{{quantity}},"price":{{price}},"ordType":"Limit","timeInForce":"{{life}}","clOrdID":"{{id}}"}""");

    private ScenarioResult Result(Storm storm, IReadOnlyList<ProcessSample> samples, int sockets, int alive, long frames)
    {
        var reached = storm.Orders / storm.Took.TotalSeconds;
        var p99 = storm.Latency.Microseconds(99) / 1_000;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"{sockets} sockets on {Topic.Replace("\"", "", StringComparison.Ordinal)}, one on the account; {Connections} connections; limits widened; sender, readers and venue on one machine",
            RateUnit = RateUnit,
            RateAsked = storm.Rate,
            RateReached = reached,
            Seconds = storm.Took.TotalSeconds,
            Figures =
            [
                new FigureRow("orders", Measures.Text($"{storm.Orders:N0} sent, {storm.Refused:N0} not accepted, {storm.Whole:N0} executions delivered, {storm.Twice:N0} of them twice")),
                new FigureRow("frames to the followers", Measures.Text($"{frames:N0}, {frames / storm.Took.TotalSeconds:N0} a second")),
                .. Measures.Figures("venue", samples),
            ],
            Latency = storm.Latency.Rows(),
            Series = [new SeriesRow("throughput", "executions/s", "delivered", storm.Throughput.Points()), .. Measures.Series("venue", samples)],
            Bounds =
            [
                new BoundRow("orders not accepted: none", $"{storm.Refused}", storm.Refused == 0),
                new BoundRow("executions delivered: each order's, once", $"{storm.Whole} of {storm.Orders}, {storm.Twice} twice", storm.IsWhole && storm.Twice == 0),
                new BoundRow("followers alive at the end: all", $"{alive} of {sockets}", alive == sockets),
                new BoundRow("rate reached: at least 95 %", Measures.Text($"{reached / storm.Rate * 100:0.0} %"), reached >= storm.Rate * 0.95),
                new BoundRow($"99 % within {P99MostMilliseconds:0} ms", Measures.Text($"{p99:0.0} ms"), p99 <= P99MostMilliseconds),
            ],
            Goals =
            [
                new BoundRow($"{RateGoal} orders/s, 99 % within {P99GoalMilliseconds:0} ms, 100 sockets", Measures.Text($"{reached:N0} orders/s, {p99:0.0} ms, {sockets} sockets"), reached >= RateGoal * 0.95 && p99 <= P99GoalMilliseconds && sockets >= 100),
            ],
        };
    }

    /// <summary>Which orders were sent when, and which came back.</summary>
    private sealed class Storm
    {
        public const string Mark = "storm-";

        private static readonly byte[] Field = "\"clOrdID\":\"storm-"u8.ToArray();

        private readonly long[] _intended;
        private readonly long[] _begun;
        private readonly byte[] _delivered;
        private readonly long _start = Stopwatch.GetTimestamp();
        private long _last;
        private long _refused;
        private long _whole;

        public Storm(int rate, TimeSpan duration)
        {
            (Rate, Orders, Throughput) = (rate, (int)(rate * duration.TotalSeconds), new Throughput(duration));
            (_intended, _begun, _delivered) = (new long[Orders], new long[Orders], new byte[Orders]);
        }

        public int Rate { get; }

        public int Orders { get; }

        public Throughput Throughput { get; }

        public LatencyRecord Latency { get; } = new();

        public TimeSpan SendingTook { get; set; }

        public long Refused => Interlocked.Read(ref _refused);

        public long Whole => Interlocked.Read(ref _whole);

        public long Twice { get; private set; }

        public bool IsWhole => Whole == Orders;

        /// <summary>To the last delivery, and at least as long as the sending.</summary>
        public TimeSpan Took => _last == 0 ? SendingTook : TimeSpan.FromTicks(Math.Max(SendingTook.Ticks, Stopwatch.GetElapsedTime(_start, _last).Ticks));

        public void Begin(int order, long intended)
        {
            _intended[order] = intended;
            Volatile.Write(ref _begun[order], Stopwatch.GetTimestamp());
        }

        public void Answered(bool accepted)
        {
            if (!accepted) Interlocked.Increment(ref _refused);
        }

        /// <summary>Called by the one reader of the account's socket.</summary>
        public void Delivered(ReadOnlySpan<byte> frame)
        {
            var now = Stopwatch.GetTimestamp();
            // A row of a taken order says Trade; the rows that say New have the same identifier and are in frames of their own or of the same.
            foreach (var row in Rows(frame.ToArray()))
            {
                if (row.Span.IndexOf("\"execType\":\"Trade\""u8) < 0 || row.Span.IndexOf(Field) is var at && at < 0) continue;
                if (!System.Buffers.Text.Utf8Parser.TryParse(row.Span[(at + Field.Length)..], out int order, out _)) continue;
                Deliver(order, now);
            }
        }

        private void Deliver(int order, long now)
        {
            if (_delivered[order]++ > 0)
            {
                Twice++;
                return;
            }

            Latency.Add(_intended[order], Volatile.Read(ref _begun[order]), now);
            _last = now;
            Throughput.Add(1);
            Interlocked.Increment(ref _whole);
        }

        /// <summary>The rows of a frame: the venue writes no object inside a row.</summary>
        private static IEnumerable<ReadOnlyMemory<byte>> Rows(byte[] frame)
        {
            for (var from = frame.AsSpan().IndexOf("[{"u8); from >= 0 && from < frame.Length;)
            {
                var length = frame.AsSpan(from).IndexOf((byte)'}');
                if (length < 0) yield break;
                yield return frame.AsMemory(from, length);
                from += length + 1;
            }
        }
    }
}
