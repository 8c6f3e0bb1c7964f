using Actors.LoadTests.Processes;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// Engine and venue for a long time, and whether anything grows: the straight line through memory, handles and threads after the warm-up. Then the
/// engine must end in the safe order. No part is restarted on the way: that cannot be asked for from outside.
/// </summary>
public sealed class Soak : Scenario
{
    private const double MemoryMoreMiB = 12;
    private const double HandlesMore = 4;
    // The runtime's pool breathes by some threads on a busy machine.
    private const double ThreadsMore = 10;

    /// <summary>With the venue's own budget, which follows the processor's cache, nothing is collected for minutes, and a leak could not be told from garbage that waits.</summary>
    private const int Gen0MiB = 4;

    public override string Name => "soak";

    public override string Shows => "memory, handles and threads of engine and venue stay flat over a long time, and the engine ends in the safe order";

    public override string RateUnit => "engines";

    public override int DefaultRate => 1;

    public override TimeSpan DefaultDuration => TimeSpan.FromHours(1);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(60);

    public override string Bound =>
        Measures.Text($"after the first third: memory not backed by files rises by at most {MemoryMoreMiB} MiB and a tenth, handles by at most {HandlesMore}, threads by {ThreadsMore}; the engine ends with 0");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings = settings with { Gen0MiB = settings.Gen0MiB ?? Gen0MiB };
        var duration = settings.Duration ?? DefaultDuration;
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Quiet, wideLimits: false);
        var (engine, took) = await ground.StartTradingAsync(duration);
        await using var engineSampler = new ProcessSampler(engine.Id);
        await using var venueSampler = new ProcessSampler(ground.Venue.Id);
        // The engine's own time runs from the start of its session: what is sampled ends before its orderly stop begins.
        await Task.Delay(duration - TimeSpan.FromSeconds(Math.Min(5, duration.TotalSeconds / 4)));
        var (engineSamples, venueSamples) = (engineSampler.Samples, venueSampler.Samples);
        var exit = await engine.ExitAsync(TimeSpan.FromSeconds(90));
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"a quiet market, the venue's usual limits, {settings.Gen0MiB} MiB for the youngest generation; trading {took.TotalSeconds:0.0} s after the engine's start; the line begins after a third of the samples",
            RateUnit = RateUnit,
            RateAsked = 1,
            RateReached = 1,
            Seconds = duration.TotalSeconds,
            Figures = [.. Measures.Figures("engine", engineSamples), .. Measures.Figures("venue", venueSamples), .. Summary(engine)],
            Series = [.. Measures.Series("engine", engineSamples), .. Measures.Series("venue", venueSamples)],
            Bounds = [.. Flat("engine", engineSamples), .. Flat("venue", venueSamples), new BoundRow("the engine's exit code: 0", $"{exit}", exit == 0)],
        };
    }

    private static IEnumerable<BoundRow> Flat(string process, IReadOnlyList<ProcessSample> samples)
    {
        ProcessSample[] late = [.. samples.Skip(samples.Count / 3)];
        var most = MemoryMoreMiB + (late.Length == 0 ? 0 : late[0].Private / Measures.MiB / 10);
        return
        [
            Row("memory not backed by files", "MiB", most, Measures.Rise(late, sample => sample.Private / Measures.MiB)),
            Row("handles", "more", HandlesMore, Measures.Rise(late, sample => sample.Handles)),
            Row("threads", "more", ThreadsMore, Measures.Rise(late, sample => sample.Threads)),
        ];

        BoundRow Row(string what, string unit, double bound, double rise) =>
            new(Measures.Text($"{process}: {what} rise by at most {bound:0.0} {unit}"), Measures.Text($"{rise:+0.0;-0.0;0.0} {unit} over {late.Length} samples"), late.Length > 1 && rise <= bound);
    }

    /// <summary>What the engine said of itself at its end.</summary>
    private static IEnumerable<FigureRow> Summary(LoadProcess engine) => engine.Lines
        .Select(line => line.Line.Trim())
        .Where(line => line.StartsWith("orders sent", StringComparison.Ordinal) || line.StartsWith("restarts", StringComparison.Ordinal) || line.StartsWith("problems", StringComparison.Ordinal))
        .Select(line => new FigureRow("engine says", line));
}
