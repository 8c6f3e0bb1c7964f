using System.Diagnostics;
using System.Globalization;
using Actors.LoadTests.InProcess;
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
    private const int Connections = 64;
    private const int WarmRateLeast = 2_000;
    private const int WarmSeconds = 5;
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

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(10);

    public override string Bound =>
        $"every order accepted, every execution delivered once, the rate reached by 95 %, 99 % delivered within {P99MostMilliseconds:0} ms of the intended send";

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (rate, duration, sockets) = (settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration, settings.Sockets ?? DefaultSockets);
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.None, wideLimits: true);
        using var end = new CancellationTokenSource();
        using var taker = Client(ground, "alice", 1);
        var prices = await RestAsync(ground, taker);
        await using var report = await FeedSocket.OpenAsync(ground.Address, end.Token);
        await report.SendAsync(taker.Authentication(), end.Token);
        await report.SubscribeAsync(end.Token, "execution");
        await report.WaitAsync("\"partial\"", end.Token);
        var followers = await FollowAsync(ground, sockets, end.Token);
        var warm = Written(taker, prices, "w", Math.Max(WarmRateLeast, rate) * WarmSeconds);
        var requests = Written(taker, prices, Storm.Mark, (int)(rate * duration.TotalSeconds));
        var storm = new Storm(rate, requests.Length);
        var reading = report.ReadAllAsync(storm.Delivered, end.Token);
        // Compiles the venue's ways before anything counts.
        await SendAsync(new Storm(Math.Max(WarmRateLeast, rate), warm.Length), ground.Address, warm);
        await UntilAsync(() => followers.TrueForAll(one => one.Trades >= warm.Length || one.Reading.IsCompleted));
        await using var sampler = new ProcessSampler(ground.Venue.Id);
        using var self = Process.GetCurrentProcess();
        var framesBefore = followers.Sum(one => one.Feed.Frames);
        var before = (Own: self.TotalProcessorTime.TotalSeconds, Venue: Cpu(ground.Venue));
        await SendAsync(storm, ground.Address, requests);
        await UntilAsync(() => storm.IsWhole && followers.TrueForAll(one => one.Trades >= warm.Length + storm.Orders || one.Reading.IsCompleted));
        self.Refresh();
        storm.CpuSeconds = (Cpu(ground.Venue) - before.Venue, self.TotalProcessorTime.TotalSeconds - before.Own);
        var frames = followers.Sum(one => one.Feed.Frames) - framesBefore;
        var alive = followers.Count(one => !one.Reading.IsCompleted);
        await end.CancelAsync();
        await Task.WhenAll([reading, .. followers.Select(one => one.Reading)]);
        foreach (var one in followers) await one.Feed.DisposeAsync();
        var whole = followers.Count(one => one.Trades == warm.Length + storm.Orders && one.Digest == followers[0].Digest);
        var samples = sampler.Samples;
        var plain = await OrderBaselines.MeasureAsync(ground.Folder("baselines"), Resting(prices), i => Take(i, prices, "plain-" + i.ToString(CultureInfo.InvariantCulture)));
        return Result(storm, samples, (sockets, alive, whole), frames, plain);
    }

    private static double Cpu(LoadProcess process) => ProcessSampler.Read(process.Id)?.CpuSeconds ?? throw new LoadProcessException("the venue is gone");

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
        foreach (var order in Resting((bid, bid + 1)))
        {
            var (status, answer) = await maker.SendAsync(HttpMethod.Post, "/api/v1/order", order);
            if (status != 200) throw new LoadProcessException($"the resting order was refused: {answer}");
        }

        return (bid, bid + 1);
    }

    private static IEnumerable<string> Resting((decimal Bid, decimal Ask) prices) =>
        [Order("Buy", prices.Bid, 10_000_000, "makerBuy", "GoodTillCancel"), Order("Sell", prices.Ask, 10_000_000, "makerSell", "GoodTillCancel")];

    private static async Task<List<Follower>> FollowAsync(LoadGround ground, int sockets, CancellationToken end)
    {
        var followers = new List<Follower>();
        for (var i = 0; i < sockets; i++)
        {
            var follower = new Follower(await FeedSocket.OpenAsync(ground.Address, end));
            await follower.Feed.SendAsync($$"""{"op":"subscribe","args":[{{Topic}}]}""", end);
            foreach (var table in (string[])["orderBookL2", "trade"]) await follower.Feed.WaitAsync($$"""{"table":"{{table}}","action":"partial",""", end);
            follower.Begin(end);
            followers.Add(follower);
        }

        return followers;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < Late) await Task.Delay(20);
    }

    /// <summary>Requests, built and signed before anything counts.</summary>
    private static byte[][] Written(SignedClient taker, (decimal Bid, decimal Ask) prices, string mark, int count) =>
        [.. Enumerable.Range(0, count).Select(i => taker.Written("POST", "/api/v1/order", Take(i, prices, mark + i.ToString(CultureInfo.InvariantCulture))))];

    /// <summary>Sends each request at its time over whatever connection is free; while none is, the requests that are due wait, and their latency counts.</summary>
    private static async Task SendAsync(Storm storm, Uri address, byte[][] requests)
    {
        var next = -1;
        storm.Start();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        storm.SendingTook();

        void Work()
        {
            using var connection = new OrderConnection(address);
            for (var i = Interlocked.Increment(ref next); i < requests.Length; i = Interlocked.Increment(ref next))
            {
                storm.Await(i);
                if (connection.Send(requests[i]) != 200) storm.Refuse();
            }
        }
    }

    private static string Take(int number, (decimal Bid, decimal Ask) prices, string id) =>
        number % 2 == 0 ? Order("Sell", prices.Bid, 100, id, "ImmediateOrCancel") : Order("Buy", prices.Ask, 100, id, "ImmediateOrCancel");

    private static string Order(string side, decimal price, int quantity, string id, string life) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"XBTUSD","side":"{{side}}","orderQty":{{quantity}},"price":{{price}},"ordType":"Limit","timeInForce":"{{life}}","clOrdID":"{{id}}"}""");

    private ScenarioResult Result(Storm storm, IReadOnlyList<ProcessSample> samples, (int All, int Alive, int Whole) sockets, long frames, OrderBaselines.Cost plain)
    {
        var reached = storm.Orders / storm.Took.TotalSeconds;
        var p99 = storm.Latency.Microseconds(99) / 1_000;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"{sockets.All} sockets on {Topic.Replace("\"", "", StringComparison.Ordinal)}, one on the account; {Connections} connections; limits widened; sender, readers and venue on one machine",
            RateUnit = RateUnit,
            RateAsked = storm.Rate,
            RateReached = reached,
            Seconds = storm.Took.TotalSeconds,
            Figures =
            [
                new FigureRow("orders", Measures.Text($"{storm.Orders:N0} sent, {storm.Refused:N0} not accepted, {storm.Whole:N0} executions delivered, {storm.Twice:N0} of them twice")),
                new FigureRow("frames to the followers", Measures.Text($"{frames:N0}, {frames / storm.Took.TotalSeconds:N0} a second")),
                new FigureRow("processor time an order", Measures.Text($"venue {storm.CpuSeconds.Venue * 1e6 / storm.Orders:0} us; sender and readers {storm.CpuSeconds.Own * 1e6 / storm.Orders:0} us")),
                new FigureRow("plain calls", Measures.Text($"of the same exchange: processor time an order {plain.Calls[plain.Calls.Length / 2]:0.0} us; a call takes {plain.CallLatency.Median:0.0} us, 99 % {plain.CallLatency.P99:0.0} us; {plain.BytesPerOrder:0} bytes of log an order")),
                new FigureRow("raw append", Measures.Text($"of the same bytes to the operating system, as the venue's log: processor time {plain.Appends[plain.Appends.Length / 2]:0.0} us; to the disk itself: {plain.DurableLatency.Median:0} us, 99 % {plain.DurableLatency.P99:0} us")),
                .. Measures.Figures("venue", samples),
            ],
            Ratios =
            [
                OrderBaselines.Cost.Over("venue's processor time an order / plain calls", storm.CpuSeconds.Venue * 1e6 / storm.Orders, plain.Calls),
                OrderBaselines.Cost.Over("plain calls / raw append of the same bytes", plain.Calls[plain.Calls.Length / 2], plain.Appends),
            ],
            Latency = storm.Latency.Rows(),
            Series = [new SeriesRow("throughput", "executions/s", "delivered", storm.Throughput.Points()), .. Measures.Series("venue", samples)],
            Bounds =
            [
                new BoundRow("orders not accepted: none", $"{storm.Refused}", storm.Refused == 0),
                new BoundRow("executions delivered: each order's, once", $"{storm.Whole} of {storm.Orders}, {storm.Twice} twice", storm.IsWhole && storm.Twice == 0),
                new BoundRow("followers alive at the end: all", $"{sockets.Alive} of {sockets.All}", sockets.Alive == sockets.All),
                new BoundRow("followers with every trade, and all bytes the same: all", $"{sockets.Whole} of {sockets.All}", sockets.Whole == sockets.All),
                new BoundRow("rate reached: at least 95 %", Measures.Text($"{reached / storm.Rate * 100:0.0} %"), reached >= storm.Rate * 0.95),
                new BoundRow($"99 % within {P99MostMilliseconds:0} ms", Measures.Text($"{p99:0.0} ms"), p99 <= P99MostMilliseconds),
            ],
            Goals =
            [
                new BoundRow($"{RateGoal} orders/s, 99 % within {P99GoalMilliseconds:0} ms, 100 sockets", Measures.Text($"{reached:N0} orders/s, {p99:0.0} ms, {sockets.All} sockets"), reached >= RateGoal * 0.95 && p99 <= P99GoalMilliseconds && sockets.All >= 100),
            ],
        };
    }

    /// <summary>Which orders were sent when, and which came back.</summary>
    private sealed class Storm
    {
        public const string Mark = "storm-";

        private static readonly byte[] Field = "\"clOrdID\":\"storm-"u8.ToArray();

        private readonly double _ticksPerOrder;
        private readonly long[] _begun;
        private readonly byte[] _delivered;
        private long _start;
        private long _last;
        private long _sent;
        private long _refused;
        private long _whole;

        public Storm(int rate, int orders)
        {
            (Rate, Orders, Throughput, _ticksPerOrder) = (rate, orders, new Throughput(TimeSpan.FromSeconds((double)orders / rate)), Stopwatch.Frequency / (double)rate);
            (_begun, _delivered) = (new long[Orders], new byte[Orders]);
        }

        public int Rate { get; }

        public int Orders { get; }

        /// <summary>From <see cref="Start"/> on.</summary>
        public Throughput Throughput { get; private set; }

        public LatencyRecord Latency { get; } = new();

        /// <summary>Of the venue and of this program, sender and readers, while the orders were under way.</summary>
        public (double Venue, double Own) CpuSeconds { get; set; }

        public long Refused => Interlocked.Read(ref _refused);

        public long Whole => Interlocked.Read(ref _whole);

        public long Twice { get; private set; }

        public bool IsWhole => Whole == Orders;

        /// <summary>To the last delivery, and at least as long as the sending.</summary>
        public TimeSpan Took => Stopwatch.GetElapsedTime(_start, Math.Max(_sent, _last));

        public void Start()
        {
            Throughput = new Throughput(TimeSpan.FromSeconds((double)Orders / Rate));
            _start = Stopwatch.GetTimestamp();
        }

        public void SendingTook() => _sent = Stopwatch.GetTimestamp();

        public void Refuse() => Interlocked.Increment(ref _refused);

        /// <summary>Waits until an order is due. A sleep is up to about a millisecond late, which counts as the order's latency.</summary>
        public void Await(int order)
        {
            while (Stopwatch.GetTimestamp() is var now && now < Intended(order)) Thread.Sleep(Math.Max(1, (int)((Intended(order) - now) * 1_000 / Stopwatch.Frequency)));
            Volatile.Write(ref _begun[order], Stopwatch.GetTimestamp());
        }

        /// <summary>Called by the one reader of the account's socket.</summary>
        public void Delivered(ReadOnlySpan<byte> frame)
        {
            var now = Stopwatch.GetTimestamp();
            // A row of a taken order says Trade; the rows that say New have the same identifier and are in frames of their own or of the same.
            for (var from = frame.IndexOf("[{"u8); from >= 0;)
            {
                var length = frame[from..].IndexOf((byte)'}');
                if (length < 0) return;
                Look(frame.Slice(from, length), now);
                from += length + 1;
            }
        }

        private void Deliver(int order, long now)
        {
            if (_delivered[order]++ > 0)
            {
                Twice++;
                return;
            }

            Latency.Add(Intended(order), Volatile.Read(ref _begun[order]), now);
            _last = now;
            Throughput.Add(1);
            Interlocked.Increment(ref _whole);
        }

        /// <summary>One row: the venue writes no object inside it.</summary>
        private void Look(ReadOnlySpan<byte> row, long now)
        {
            if (row.IndexOf("\"execType\":\"Trade\""u8) < 0 || row.IndexOf(Field) is var at && at < 0) return;
            if (System.Buffers.Text.Utf8Parser.TryParse(row[(at + Field.Length)..], out int order, out _)) Deliver(order, now);
        }

        private long Intended(int order) => _start + (long)(order * _ticksPerOrder);
    }
}
