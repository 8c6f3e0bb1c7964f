using Actors.LoadTests.InProcess;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// What recording frames costs the way from a frame to its order: the engine's own actors in one session of this process, decisions on the disk, frames recorded and dropped before the
/// recorder in turns of some seconds. Between which ratios the truth lies is told by drawing the pairs of turns again (a block bootstrap): beyond that the machine is not quiet enough.
/// </summary>
public sealed class RecordingCost : Scenario
{
    private const int InstrumentCount = 20;

    /// <summary>A hundred moves a second at the usual rate.</summary>
    private const int MoveEvery = 50;
    private const double CpuMost = 1.5;
    private const double Goal = 1.05;
    private const int Seed = 20260901;
    private const int Draws = 1_000;

    /// <summary>Of the draws, on either side of what is told.</summary>
    private const double Left = 0.05;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    /// <summary>Longer than the age at which the recorder writes a batch.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.2);

    public override string Name => "recording-cost";

    public override string Shows => "what recording every frame adds to CPU and to the p99 from a frame to its order, in turns with frames that are dropped";

    public override string RateUnit => "frames/s of one row";

    public override int DefaultRate => 5_000;

    public override TimeSpan DefaultDuration => TimeSpan.FromMinutes(5);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(40);

    public override string Bound => Measures.Text($"CPU of a frame with recording: at most {CpuMost:0.0} times that without");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (rate, duration, count) = (settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration, settings.Instruments ?? InstrumentCount);
        var turns = new RecordingTurns(Turn, Settling, Seed);
        var result = await LoopSession.RunAsync(rate, LoopSession.WarmUp + duration, count, isDurable: true, MoveEvery, turns);
        var pairs = Pairs(result, turns);
        if (pairs.Count == 0) throw new Processes.LoadProcessException($"{duration.TotalSeconds:0} s are too short for two turns of {Turn.TotalSeconds:0} s");
        var (cpu, p50, p99) = (Ratio(pairs, Cpu), Ratio(pairs, turn => Percentile(turn, 0.5)), Ratio(pairs, turn => Percentile(turn, 0.99)));
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"{count} instruments, one quoting strategy each, one frame in {MoveEvery} moves a middle; {pairs.Count} pairs of turns of {Turn.TotalSeconds:0} s, of which the first {Settling.TotalSeconds:0.0} s do not count; {LoopSession.WarmUp.TotalSeconds:0} s before them"),
            RateUnit = RateUnit,
            RateAsked = rate,
            RateReached = result.Frames / (LoopSession.WarmUp + duration).TotalSeconds,
            Seconds = (LoopSession.WarmUp + duration).TotalSeconds,
            Figures =
            [
                new FigureRow("without recording", Words(pairs.Select(pair => pair.Without))),
                new FigureRow("with recording", Words(pairs.Select(pair => pair.With))),
                new FigureRow("moves that led to an order", Measures.Text($"{100.0 * result.Answered / Math.Max(result.Moves, 1):0} %")),
                new FigureRow("CPU of a frame, with over without", cpu.Words),
                new FigureRow("p50, with over without", p50.Words),
                new FigureRow("p99, with over without", p99.Words),
            ],
            Bounds = [new BoundRow(Bound, Measures.Text($"{cpu.Value:0.00}"), cpu.Value <= CpuMost)],
            Goals = [new BoundRow(Measures.Text($"p99 with recording at most {Goal:0.00} times that without"), p99.Words, p99.Value <= Goal)],
        };
    }

    /// <summary>Neighbours, one of either kind, each seen to its end.</summary>
    private static List<(Counted With, Counted Without)> Pairs(LoopResult result, RecordingTurns turns)
    {
        var ways = result.Ways.ToLookup(way => way.Turn, way => way.Ticks);
        var counted = turns.Spent.Select((spent, turn) => new Counted([.. ways[turn]], spent.Cpu, spent.Frames)).ToArray();
        return [.. Enumerable.Range(0, counted.Length / 2)
            .Where(pair => counted[2 * pair].Cpu > TimeSpan.Zero && counted[(2 * pair) + 1].Cpu > TimeSpan.Zero)
            .Select(pair => turns.IsRecorded(2 * pair) ? (counted[2 * pair], counted[(2 * pair) + 1]) : (counted[(2 * pair) + 1], counted[2 * pair]))];
    }

    private static (double Value, string Words) Ratio(List<(Counted With, Counted Without)> pairs, Func<IEnumerable<Counted>, double> value)
    {
        var random = new Random(Seed);
        var drawn = Enumerable.Range(0, Draws).Select(_ => Of([.. pairs.Select(_ => pairs[random.Next(pairs.Count)])])).Order().ToArray();
        var ratio = Of(pairs);
        return (ratio, Measures.Text($"{ratio:0.000}, between {drawn[(int)(Draws * Left)]:0.000} and {drawn[(int)(Draws * (1 - Left))]:0.000} in nine of ten draws of the pairs"));

        double Of(List<(Counted With, Counted Without)> some) => value(some.Select(pair => pair.With)) / value(some.Select(pair => pair.Without));
    }

    /// <summary>In microseconds a frame.</summary>
    private static double Cpu(IEnumerable<Counted> turns)
    {
        var all = turns.ToList();
        return all.Sum(turn => turn.Cpu.TotalMicroseconds) / all.Sum(turn => turn.Frames);
    }

    /// <summary>In microseconds.</summary>
    private static double Percentile(IEnumerable<Counted> turns, double part)
    {
        var all = turns.SelectMany(turn => turn.Ways).Order().ToArray();
        return all.Length == 0 ? double.NaN : all[Math.Min(all.Length - 1, (int)(part * all.Length))] / 10.0;
    }

    private static string Words(IEnumerable<Counted> turns)
    {
        var all = turns.ToList();
        return Measures.Text($"p50 {Percentile(all, 0.5):0} us, p99 {Percentile(all, 0.99):0} us, {Cpu(all):0.0} us of CPU a frame");
    }

    private sealed record Counted(IReadOnlyList<long> Ways, TimeSpan Cpu, long Frames);
}
