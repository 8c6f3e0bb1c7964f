using System.Globalization;
using Actors.LoadTests.Processes;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// Engine and venue for a long time, in which a part of the engine, chosen at random, is ended every second and must come back; and whether anything grows:
/// the straight line through memory, handles and threads after the warm-up. At the end the engine's books must be the venue's, it must end in the
/// safe order, and the audit must decide the whole session again.
/// </summary>
public sealed class Soak : Scenario
{
    private const double MemoryMoreMiB = 12;
    private const double HandlesMore = 4;
    // The runtime's pool breathes by some threads on a busy machine.
    private const double ThreadsMore = 10;

    /// <summary>At the end nothing is ended any more: the last part comes back, and the books are compared.</summary>
    private static readonly TimeSpan CalmMost = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AuditMost = TimeSpan.FromMinutes(20);

    /// <summary>With the venue's own budget, which follows the processor's cache, nothing is collected for minutes, and a leak could not be told from garbage that waits.</summary>
    private const int Gen0MiB = 4;

    public override string Name => "soak";

    public override string Shows => "memory, handles and threads of engine and venue stay flat while a random part of the engine restarts every second; its books are right at the end";

    public override string RateUnit => "engines";

    public override int DefaultRate => 1;

    public override TimeSpan DefaultDuration => TimeSpan.FromHours(1);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(60);

    public override string Bound =>
        Measures.Text($"after the first third: memory not backed by files rises by at most {MemoryMoreMiB} MiB and a tenth, handles by at most {HandlesMore}, threads by {ThreadsMore}; its books are the venue's, it ends with 0, its audit with 0");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings = settings with { Gen0MiB = settings.Gen0MiB ?? Gen0MiB };
        var duration = settings.Duration ?? DefaultDuration;
        var calm = duration / 3 < CalmMost ? duration / 3 : CalmMost;
        var restarts = (int)(duration - calm).TotalSeconds;
        // Each restart of a part that trades asks the venue for the account again, far more often than its usual limits allow.
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Quiet, wideLimits: true);
        var (engine, took) = await ground.StartTradingAsync(duration, null, "--restart-parts", restarts.ToString(CultureInfo.InvariantCulture));
        await using var engineSampler = new ProcessSampler(engine.Id);
        await using var venueSampler = new ProcessSampler(ground.Venue.Id);
        // The engine's own time runs from the start of its session: what is sampled ends before its orderly stop begins.
        await Task.Delay(duration - calm);
        var books = await BookComparison.RightAsync(engine, ground.Address, calm - TimeSpan.FromSeconds(5));
        var (engineSamples, venueSamples) = (engineSampler.Samples, venueSampler.Samples);
        var exit = await engine.ExitAsync(TimeSpan.FromSeconds(180));
        var (audit, said, _) = await ground.RunAsync("audit", AuditMost);
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"a quiet market, {restarts} restarts of a part, one a second, then calm; {settings.Gen0MiB} MiB for the youngest generation; trading {took.TotalSeconds:0.0} s after the engine's start; the line begins after a third of the samples",
            RateUnit = RateUnit,
            RateAsked = 1,
            RateReached = 1,
            Seconds = duration.TotalSeconds,
            Figures = [.. Measures.Figures("engine", engineSamples), .. Measures.Figures("venue", venueSamples), .. Summary(engine)],
            Series = [.. Measures.Series("engine", engineSamples), .. Measures.Series("venue", venueSamples)],
            Bounds =
            [
                .. Flat("engine", engineSamples),
                .. Flat("venue", venueSamples),
                books,
                new BoundRow("the engine's exit code: 0", $"{exit}", exit == 0),
                new BoundRow("the audit's exit code: 0", $"{audit}: {said}", audit == 0),
            ],
        };
    }

    internal static IEnumerable<BoundRow> Flat(string process, IReadOnlyList<ProcessSample> samples)
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
    internal static IEnumerable<FigureRow> Summary(LoadProcess engine) => engine.Lines
        .Select(line => line.Line.Trim())
        .Where(line => line.StartsWith("orders sent", StringComparison.Ordinal) || line.StartsWith("restarts", StringComparison.Ordinal) || line.StartsWith("problems", StringComparison.Ordinal))
        .Select(line => new FigureRow("engine says", line));
}
