using System.Diagnostics;
using System.Globalization;
using Actors.Workloads;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// Level rows at a fixed rate over many instruments through decoder and books, in this process and on one thread: what the market-data path
/// itself can carry, without sockets and actors.
/// </summary>
public sealed class QuoteStorm : Scenario
{
    private const int DefaultInstruments = 20;
    // What is held today, with room for a noisy machine.
    private const double TokeniserMultipleMost = 1.5;
    private const double SerializerMultipleLeast = 5;
    private const double TokeniserMultipleGoal = 1.6;
    private const double SerializerMultipleGoal = 10;
    private const double BytesPerRowMost = 1;
    private const double RateShareLeast = 0.99;
    private const int Rounds = 25;

    public override string Name => "quote-storm";

    public override string Shows => "frames at a fixed rate become books on one thread: latency from the intended send time, allocations, cost over bare tokenising";

    public override string RateUnit => "rows/s";

    public override int DefaultRate => 50_000;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(10);

    public override string Bound =>
        $"no fault, at least 99 % of the rate, under {BytesPerRowMost:0} byte allocated a row, at most {TokeniserMultipleMost.ToString(CultureInfo.InvariantCulture)} "
        + $"times the CPU of bare tokenising, at least {SerializerMultipleLeast:0} times as fast as JsonSerializer with SortedDictionary";

    public override Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Task.FromResult(Run(settings));
    }

    private ScenarioResult Run(ScenarioSettings settings)
    {
        var instruments = settings.Instruments ?? DefaultInstruments;
        var session = settings.Recording is { } path ? RecordedSession.Load(path) : GeneratedSessions.Changes(instruments, 200, 20_000);
        var (books, common, dictionaries) = (new EngineBooks(session.Tick), new CommonBooks(), new DictionaryBooks());
        books.Apply(session.Opening);
        common.Apply(session.Opening);
        dictionaries.Apply(session.Opening);
        Ratio.Warm(() => Tokens.Count(session.Cycle), TimeSpan.FromSeconds(0.5));
        Ratio.Warm(() => books.Apply(session.Cycle), TimeSpan.FromSeconds(1));
        Ratio.Warm(() => common.Apply(session.Cycle), TimeSpan.FromSeconds(1));
        Ratio.Warm(() => dictionaries.Apply(session.Cycle), TimeSpan.FromSeconds(1));
        var ratios = Ratios(session, books, common, dictionaries);
        var storm = Storm(session, books, settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration);
        return Result(session, settings, ratios, storm, books.Faults) with
        {
            Input = settings.Recording is null
                ? $"generated, {instruments} instruments, seed {GeneratedSessions.DefaultSeed}, {session.Rows} rows in {session.Cycle.Count} frames, cycled"
                : $"{session.Name}, {session.Rows} rows in {session.Cycle.Count} frames, cycled",
        };
    }

    private static RatioRow[] Ratios(MarketSession session, EngineBooks books, CommonBooks common, DictionaryBooks dictionaries) =>
    [
        Ratio.Measure("decoder and books / bare tokenising", () => Tokens.Count(session.Cycle), () => books.Apply(session.Cycle), Rounds),
        Ratio.Measure(
            "JsonSerializer and SortedDictionary / decoder and books", () => books.Apply(session.Cycle), () => common.Apply(session.Cycle), Rounds),
        Ratio.Measure(
            "decoder and SortedDictionary / decoder and books", () => books.Apply(session.Cycle), () => dictionaries.Apply(session.Cycle), Rounds),
    ];

    private static Measured Storm(MarketSession session, EngineBooks books, int rate, TimeSpan duration)
    {
        var latency = new LatencyRecord();
        var rowsWanted = (long)(rate * duration.TotalSeconds);
        var (rows, messages) = (0L, 0L);
        var (collections, processor) = (GC.CollectionCount(0), Environment.CpuUsage.TotalTime);
        var schedule = new Schedule(rate);
        var throughput = new Throughput(duration);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        while (rows < rowsWanted)
        {
            var frame = session.Cycle[(int)(messages % session.Cycle.Count)];
            var intended = schedule.Next(frame.Rows);
            var begun = Stopwatch.GetTimestamp();
            books.Apply(frame.Bytes);
            latency.Add(intended, begun, Stopwatch.GetTimestamp());
            rows += frame.Rows;
            throughput.Add(frame.Rows);
            messages++;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        // The last message fills its time too: one with many rows would make the rate look higher than it was.
        schedule.Next(0);
        var elapsed = schedule.Elapsed;
        return new Measured(
            latency, throughput.Points(), rate, rows, messages, elapsed, allocated, GC.CollectionCount(0) - collections, Environment.CpuUsage.TotalTime - processor);
    }

    private ScenarioResult Result(MarketSession session, ScenarioSettings settings, RatioRow[] ratios, Measured storm, long faults)
    {
        var perRow = (double)storm.Allocated / storm.Rows;
        var reached = storm.Rows / storm.Elapsed.TotalSeconds;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = settings.Recording ?? session.Name,
            RateUnit = RateUnit,
            RateAsked = storm.Rate,
            RateReached = reached,
            Seconds = storm.Elapsed.TotalSeconds,
            Figures =
            [
                new FigureRow("rows", Words(storm.Rows, $"in {storm.Messages} messages")),
                new FigureRow("allocated", Words(perRow, $"bytes a row, {storm.Collections} collections")),
                new FigureRow("CPU", Words(storm.Processor / storm.Elapsed, "cores, the waiting for send times included")),
            ],
            Series = [new SeriesRow("throughput", "rows/s", Name, storm.Throughput)],
            Latency = storm.Latency.Rows(),
            Ratios = ratios,
            Bounds =
            [
                new BoundRow("frames that could not be applied: none", $"{faults}", faults == 0),
                new BoundRow("rate reached: at least 99 %", Words(reached / storm.Rate * 100, "%"), reached >= storm.Rate * RateShareLeast),
                new BoundRow($"allocated a row: less than {BytesPerRowMost:0} byte", Words(perRow, "bytes"), perRow < BytesPerRowMost),
                .. Multiples(ratios, TokeniserMultipleMost, SerializerMultipleLeast),
            ],
            Goals = Multiples(ratios, TokeniserMultipleGoal, SerializerMultipleGoal),
        };
    }

    private static BoundRow[] Multiples(RatioRow[] ratios, double most, double least) =>
    [
        new BoundRow(Words(most, "times bare tokenising at most"), Words(ratios[0].Median, "times"), ratios[0].Median <= most),
        new BoundRow(
            Words(least, "times as fast as JsonSerializer and SortedDictionary at least"), Words(ratios[1].Median, "times"), ratios[1].Median >= least),
    ];

    private static string Words(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}");

    private sealed record Measured(
        LatencyRecord Latency, IReadOnlyList<SeriesPoint> Throughput, int Rate, long Rows, long Messages, TimeSpan Elapsed, long Allocated, int Collections, TimeSpan Processor);
}
