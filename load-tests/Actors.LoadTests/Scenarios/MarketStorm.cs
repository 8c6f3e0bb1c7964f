using System.Globalization;
using Actors.LoadTests.Processes;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// A stormy market on many instruments, from the venue's process over a socket into the engine's, which keeps and quotes all of them. Nothing may be lost: no
/// book goes stale, and the audit finds every frame and decides everything again. The traders are paced for somewhat more than the rate that is asked for; what the
/// venue makes of it on this machine is counted from the journal.
/// </summary>
public sealed class MarketStorm : Scenario
{
    private const int DefaultInstruments = 200;

    /// <summary>Rows a second of one instrument at a storm's own pace, and how much more than is asked for: some changes meet in one row.</summary>
    private const decimal RowsOfStorm = 5_000;
    private const decimal Surplus = 1.15m;
    private static readonly TimeSpan AuditMost = TimeSpan.FromMinutes(10);

    public override string Name => "market-storm";

    public override string Shows => "the real engine over a real socket on a stormy market of many instruments: nothing is lost, what is conflated is counted";

    public override string RateUnit => "rows/s";

    public override int DefaultRate => 50_000;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(60);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(20);

    public override string Bound => "no book stale after trading began, exit code 0 of the engine and of its audit; the rate is a goal, not a bound";

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (instruments, duration, rate) = (settings.Instruments ?? DefaultInstruments, settings.Duration ?? DefaultDuration, settings.Rate ?? DefaultRate);
        var pace = Math.Min(rate * Surplus / (instruments * RowsOfStorm), 1);
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Storm, wideLimits: true, queueFrames: 1_000_000, instruments, pace: pace);
        var (engine, took) = await ground.StartTradingAsync(duration);
        await using var engineSampler = new ProcessSampler(engine.Id);
        await using var venueSampler = new ProcessSampler(ground.Venue.Id);
        var exit = await engine.ExitAsync(duration + TimeSpan.FromMinutes(3));
        var (engineSamples, venueSamples) = (engineSampler.Samples, venueSampler.Samples);
        var stale = engine.Lines.Where(line => line.At > took && line.Line.Contains("is stale", StringComparison.Ordinal)).Select(line => line.Line.Trim()).ToList();
        var (audit, said, lines) = await ground.RunAsync("audit", AuditMost);
        var (rows, frames) = (Count(lines, "book rows applied"), Count(lines, "frames decoded"));
        var reached = rows / duration.TotalSeconds;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"{instruments} instruments on a stormy market, one strategy each; trading {took.TotalSeconds:0.0} s after the engine's start",
            RateUnit = RateUnit,
            RateAsked = rate,
            RateReached = reached,
            Seconds = duration.TotalSeconds,
            Figures =
            [
                new FigureRow("rows, frames", Measures.Text($"{rows} rows of books in {frames} frames of all kinds, from the journal")),
                .. Measures.Figures("engine", engineSamples),
                .. Measures.Figures("venue", venueSamples),
                .. Said(engine, "orders sent"), .. Said(engine, "prices conflated"),
            ],
            Series = [.. Measures.Series("engine", engineSamples), .. Measures.Series("venue", venueSamples)],
            Bounds =
            [
                new BoundRow("books that went stale after trading began: none", stale.Count == 0 ? "none" : $"{stale.Count}, first: {stale[0]}", stale.Count == 0),
                new BoundRow("the engine's exit code: 0", $"{exit}", exit == 0),
                new BoundRow("the audit's exit code: 0", $"{audit}: {said}", audit == 0),
            ],
            Goals = [new BoundRow(Measures.Text($"{rate} rows/s"), Measures.Text($"{reached:0} rows/s"), reached >= rate)],
        };
    }

    /// <summary>A line of the summary that the engine prints at its end.</summary>
    private static IEnumerable<FigureRow> Said(LoadProcess engine, string label) => engine.Lines
        .Select(line => line.Line.Trim()).Where(line => line.StartsWith(label, StringComparison.Ordinal)).Select(line => new FigureRow(label, line[label.Length..].Trim()));

    private static long Count(IReadOnlyList<string> lines, string label) => lines
        .Where(line => line.StartsWith(label, StringComparison.Ordinal))
        .Select(line => long.Parse(line[label.Length..], NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture)).FirstOrDefault();
}
