using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using Actors.LoadTests.Processes;
using Actors.LoadTests.Wire;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>Clients connect, subscribe, get their first book and go, half of them without a word: the venue must forget every one of them.</summary>
public sealed class ReconnectStorm : Scenario
{
    private const int WarmUp = 60;
    private const int HandlesMore = 6;
    private static readonly TimeSpan OneMost = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ForgetMost = TimeSpan.FromSeconds(30);

    public override string Name => "reconnect-storm";

    public override string Shows => "sockets that connect, subscribe and drop, politely or not, leave nothing behind in the venue";

    public override string RateUnit => "sockets/s";

    public override int DefaultRate => 40;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(30);

    public override string Bound => $"every client got its book within {OneMost.TotalSeconds:0} s, and the venue's handles came back to at most {HandlesMore} more than before";

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (rate, duration) = (settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration);
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Busy, wideLimits: true);
        for (var i = 0; i < WarmUp; i++) await OneAsync(ground.Address, i);
        var before = await SettledAsync(ground.Venue, 0);
        await using var sampler = new ProcessSampler(ground.Venue.Id);
        var storm = new Storm(duration);
        var clients = new ConcurrentBag<Task>();
        var elapsed = await Task.Factory.StartNew(() => Send(ground.Address, rate, (int)(rate * duration.TotalSeconds), storm, clients), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(clients);
        var after = await SettledAsync(ground.Venue, before + HandlesMore);
        return Result(rate, elapsed, clients.Count, storm, sampler.Samples, before, after);
    }

    private static TimeSpan Send(Uri venue, int rate, int count, Storm storm, ConcurrentBag<Task> clients)
    {
        var schedule = new Schedule(rate, ScheduleWait.Sleep);
        for (var i = 0; i < count; i++)
        {
            var (number, intended) = (i, schedule.Next(1));
            clients.Add(Task.Run(() => storm.CountAsync(intended, () => OneAsync(venue, number))));
        }

        schedule.Next(0);
        return schedule.Elapsed;
    }

    /// <summary>One client's life; every second one breaks its connection off.</summary>
    private static async Task OneAsync(Uri venue, int number)
    {
        using var deadline = new CancellationTokenSource(OneMost);
        await using var feed = await FeedSocket.OpenAsync(venue, deadline.Token);
        await feed.SubscribeAsync(deadline.Token, "orderBookL2:XBTUSD", "trade:ETHUSDT");
        await feed.WaitAsync("\"partial\"", deadline.Token);
        await feed.LeaveAsync(number % 2 == 0, deadline.Token);
    }

    /// <summary>The venue's handles once they are few enough, or have stopped becoming fewer; sockets take a moment to be forgotten.</summary>
    private static async Task<int> SettledAsync(LoadProcess venue, int enough)
    {
        var (clock, least, since) = (Stopwatch.StartNew(), int.MaxValue, Stopwatch.StartNew());
        while (clock.Elapsed < ForgetMost && ProcessSampler.Read(venue.Id) is { } now)
        {
            if (now.Handles < least) (least, since) = (now.Handles, Stopwatch.StartNew());
            if (now.Handles <= enough || (enough == 0 && since.Elapsed > TimeSpan.FromSeconds(3))) break;
            await Task.Delay(100);
        }

        return least;
    }

    private ScenarioResult Result(int rate, TimeSpan elapsed, int count, Storm storm, IReadOnlyList<ProcessSample> samples, int before, int after) => new()
    {
        Scenario = Name,
        Input = "a busy venue, limits widened; each client: connect, subscribe, first book, leave; every second one aborts",
        RateUnit = RateUnit,
        RateAsked = rate,
        RateReached = count / elapsed.TotalSeconds,
        Seconds = elapsed.TotalSeconds,
        Figures = [new FigureRow("clients", $"{count}, {storm.Failed} without a book{(storm.Example is { } example ? $", such as: {example}" : "")}"), .. Measures.Figures("venue", samples)],
        Latency = storm.Latency.Rows(),
        Series = [new SeriesRow("throughput", "clients/s", "served", storm.Throughput.Points()), .. Measures.Series("venue", samples)],
        Bounds =
        [
            new BoundRow("clients without a book: none", $"{storm.Failed} of {count}", storm.Failed == 0),
            new BoundRow($"handles of the venue afterwards: at most {HandlesMore} more", $"{before} before, {after} after", after <= before + HandlesMore),
        ],
    };

    private sealed class Storm(TimeSpan duration)
    {
        private readonly Lock _recording = new();

        public LatencyRecord Latency { get; } = new();

        public Throughput Throughput { get; } = new(duration);

        public int Failed { get; private set; }

        public string? Example { get; private set; }

        public async Task CountAsync(long intended, Func<Task> client)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await client();
                var done = Stopwatch.GetTimestamp();
                lock (_recording) Latency.Add(intended, begun, done);
                Throughput.Add(1);
            }
            catch (Exception failed) when (failed is WebSocketException or OperationCanceledException or HttpRequestException or IOException)
            {
                lock (_recording) (Failed, Example) = (Failed + 1, failed.Message);
            }
        }
    }
}
