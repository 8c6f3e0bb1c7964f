using Actors.LoadTests.Processes;
using Actors.LoadTests.Wire;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// Many readers of a busy market and one that never reads: each reader must get the same frames in the same order without a gap, and the one that does
/// not read must be cut off without anybody else noticing.
/// </summary>
public sealed class Subscribers : Scenario
{
    private const int DefaultSockets = 200;
    private const int QueueFrames = 512;
    private static readonly string[] Everything =
        [.. new[] { "XBTUSD", "ETHUSDT", "XBTH27" }.SelectMany(symbol => new[] { "orderBookL2", "orderBookL2_25", "orderBook10", "quote", "trade", "instrument" }.Select(table => $"{table}:{symbol}"))];

    public override string Name => "subscribers";

    public override string Shows => "frames of a busy market to many sockets, each the same without a gap, and a reader that is too slow cut off alone";

    public override string RateUnit => "frames/s";

    /// <summary>The market decides; no rate can be asked for.</summary>
    public override int DefaultRate => 1;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(45);

    public override string Bound => "every reader has the same book frames in the same order, none is cut off, and the one that never reads is";

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (sockets, duration) = (settings.Sockets ?? DefaultSockets, settings.Duration ?? DefaultDuration);
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Busy, wideLimits: true, QueueFrames);
        using var end = new CancellationTokenSource();
        await using var slow = await FeedSocket.OpenAsync(ground.Address, end.Token, receiveBytes: 4_096);
        await slow.SubscribeAsync(end.Token, Everything);
        var throughput = new Throughput(duration + TimeSpan.FromSeconds(30));
        var readers = new List<Reader>();
        for (var i = 0; i < sockets; i++) readers.Add(await Reader.StartAsync(ground.Address, throughput, end.Token));
        await using var sampler = new ProcessSampler(ground.Venue.Id);
        var before = readers.Sum(reader => reader.Feed.Frames);
        await Task.Delay(duration, CancellationToken.None);
        var (frames, alive) = (readers.Sum(reader => reader.Feed.Frames) - before, readers.Count(reader => !reader.Reading.IsCompleted));
        await end.CancelAsync();
        await Task.WhenAll(readers.Select(reader => reader.Reading));
        var cutOff = await IsCutOffAsync(slow);
        foreach (var reader in readers) await reader.Feed.DisposeAsync();
        return Result(duration, sockets, frames, alive, readers, cutOff, throughput, sampler.Samples);
    }

    /// <summary>What the kernel still holds may be read; a socket that was cut off then ends, one that was not goes on for ever.</summary>
    private static async Task<bool> IsCutOffAsync(FeedSocket slow)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        return !await slow.ReadAllAsync(static _ => { }, deadline.Token);
    }

    private ScenarioResult Result(
        TimeSpan duration, int sockets, long frames, int alive, List<Reader> readers, bool cutOff, Throughput throughput, IReadOnlyList<ProcessSample> samples)
    {
        var most = readers.MaxBy(reader => reader.Seen.Count)!.Seen;
        var wrong = readers.Count(reader => !IsPartOf(reader.Seen, most));
        var perSecond = frames / duration.TotalSeconds;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"a busy venue; {sockets} sockets on book and trades of XBTUSD, one that never reads on everything; {QueueFrames} frames may wait for a socket",
            RateUnit = RateUnit,
            RateAsked = 0,
            RateReached = perSecond,
            Seconds = duration.TotalSeconds,
            Figures =
            [
                new FigureRow("frames delivered", Measures.Text($"{frames:N0}, {perSecond / sockets:0.0} a second to each socket")),
                new FigureRow("venue's CPU a frame", Measures.Text($"{Measures.Cores(samples) / perSecond * 1e6:0.0} us, its market included")),
                .. Measures.Figures("venue", samples),
            ],
            Series = [new SeriesRow("throughput", "frames/s", "delivered", throughput.Points()), .. Measures.Series("venue", samples)],
            Bounds =
            [
                new BoundRow("readers alive at the end: all", $"{alive} of {sockets}", alive == sockets),
                new BoundRow("readers with a gap or another order: none", $"{wrong} of {sockets}, compared over up to {most.Count} frames", wrong == 0 && most.Count > 0),
                new BoundRow("the one that never reads: cut off", cutOff ? "cut off" : "still open", cutOff),
            ],
        };
    }

    /// <summary>Readers began and ended at other times: what one saw must be an unbroken part of what the longest saw, but for its ends.</summary>
    private static bool IsPartOf(List<int> part, List<int> whole)
    {
        if (part.Count == 0) return false;
        for (var from = whole.IndexOf(part[0]); from >= 0; from = whole.IndexOf(part[0], from + 1))
        {
            var shared = Math.Min(part.Count, whole.Count - from);
            // A reader that was read a moment longer than the longest has a few frames more at its end.
            if (part.Count - shared < 200 && part.Take(shared).SequenceEqual(whole.Skip(from).Take(shared))) return true;
        }

        return false;
    }

    /// <summary>A reader that remembers a hash of every book frame after its first picture.</summary>
    private sealed class Reader
    {
        public required FeedSocket Feed { get; init; }

        public Task<bool> Reading { get; private set; } = Task.FromResult(false);

        public List<int> Seen { get; } = [];

        public static async Task<Reader> StartAsync(Uri venue, Throughput throughput, CancellationToken end)
        {
            var reader = new Reader { Feed = await FeedSocket.OpenAsync(venue, end) };
            await reader.Feed.SubscribeAsync(end, "orderBookL2:XBTUSD", "trade:XBTUSD");
            reader.Reading = reader.Feed.ReadAllAsync(
                frame =>
                {
                    throughput.Add(1);
                    if (frame.StartsWith("{\"table\":\"orderBookL2\""u8) && frame[..Math.Min(frame.Length, 120)].IndexOf("\"action\":\"partial\""u8) < 0) reader.Seen.Add(Hash(frame));
                },
                end);
            return reader;
        }

        private static int Hash(ReadOnlySpan<byte> frame)
        {
            var hash = default(HashCode);
            hash.AddBytes(frame);
            return hash.ToHashCode();
        }
    }
}
