using Actors.LoadTests.InProcess;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// What recording frames costs the way from a frame to its order: the engine's own actors in this process, decisions on the disk, once with the real recorder and once with the
/// frames dropped before it, in turns. Each round is framed by two runs without, whose difference is what the machine itself makes of the figures: a ratio within that is no finding.
/// </summary>
public sealed class RecordingCost : Scenario
{
    private const int InstrumentCount = 20;
    private const int Rounds = 5;

    /// <summary>A hundred moves a second at the usual rate.</summary>
    private const int MoveEvery = 50;
    private const double CpuMost = 1.5;
    private const double Goal = 1.05;

    /// <summary>Of each run but the first, which is there for that alone.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public override string Name => "recording-cost";

    public override string Shows => "what recording every frame adds to CPU and to the p99 from a frame to its order, in turns with an engine whose frames are dropped";

    public override string RateUnit => "frames/s of one row";

    public override int DefaultRate => 5_000;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(20);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(14);

    public override string Bound => Measures.Text($"CPU of a frame with recording: at most {CpuMost:0.0} times that without");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (rate, duration, count) = (settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration, settings.Instruments ?? InstrumentCount);
        Task<LoopResult> RunAsync(LoopJournal kept) => LoopSession.RunAsync(rate, duration, count, kept, MoveEvery, WarmUp);
        // The first run of either compiles what the others use.
        await LoopSession.RunAsync(rate, LoopSession.WarmUp + WarmUp, count, LoopJournal.All, MoveEvery);
        var rounds = new List<(LoopResult Before, LoopResult With, LoopResult After)>();
        for (var before = await RunAsync(LoopJournal.Decisions); rounds.Count < Rounds; before = rounds[^1].After)
            rounds.Add((before, await RunAsync(LoopJournal.All), await RunAsync(LoopJournal.Decisions)));
        var cpu = Ratios(rounds, result => result.CpuOfFrame);
        var p99 = Ratios(rounds, result => Percentile(result, 99));
        var p50 = Ratios(rounds, result => Percentile(result, 50));
        var isTold = Math.Abs(p99.With - 1) > p99.Noise;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"{count} instruments, one quoting strategy each, one frame in {MoveEvery} moves a middle; {Rounds} rounds of {duration.TotalSeconds:0} s, of which {WarmUp.TotalSeconds:0} s do not count"),
            RateUnit = RateUnit,
            RateAsked = rate,
            RateReached = rounds.Average(round => round.With.Frames) / duration.TotalSeconds,
            Seconds = duration.TotalSeconds * ((2 * Rounds) + 2),
            Figures =
            [
                .. rounds.Select((round, number) => new FigureRow($"round {number + 1}: without, with, without", $"{Words(round.Before)}; {Words(round.With)}; {Words(round.After)}")),
                new FigureRow("CPU of a frame, with over without", cpu.Words),
                new FigureRow("p50, with over without", p50.Words),
                new FigureRow("p99, with over without", p99.Words),
                new FigureRow("is the difference of the p99 more than the machine's own", isTold ? "yes" : "no: it cannot be told on this machine"),
            ],
            Bounds = [new BoundRow(Bound, Measures.Text($"{cpu.With:0.00}"), cpu.With <= CpuMost)],
            Goals = [new BoundRow(Measures.Text($"p99 with recording at most {Goal:0.00} times that without"), Measures.Text($"{p99.With:0.00}, the machine's own spread {p99.Noise:0.00}"), p99.With <= Goal)],
        };
    }

    /// <summary>The middle of the rounds' ratios, each to the mean of the two runs that frame it; and the middle of how far those two are apart.</summary>
    private static (double With, double Noise, string Words) Ratios(List<(LoopResult Before, LoopResult With, LoopResult After)> rounds, Func<LoopResult, double> value)
    {
        var with = rounds.Select(round => value(round.With) / ((value(round.Before) + value(round.After)) / 2)).ToList();
        var noise = rounds.Select(round => Math.Abs((value(round.After) / value(round.Before)) - 1)).ToList();
        return (Middle(with), Middle(noise), Measures.Text($"{Middle(with):0.00} in the middle of {string.Join(' ', with.Select(one => Measures.Text($"{one:0.00}")))}; two runs without are apart by {Middle(noise):0.00} in the middle, {noise.Max():0.00} at most"));
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Words(LoopResult result) =>
        Measures.Text($"p50 {Percentile(result, 50):0} us, p99 {Percentile(result, 99):0} us, {result.CpuOfFrame:0.0} us of CPU a frame, {100.0 * result.Answered / Math.Max(result.Moves, 1):0} % answered");

    private static double Percentile(LoopResult result, double percentile) => result.Stages[0].GetValueAtPercentile(percentile) / 10.0;
}
