using Actors.LoadTests.Processes;
using Actors.LoadTests.Wire;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// The engine in its small profile, held to what the smallest machine has: 512 MiB with its system, and two processors of which 5 % each may be used for ever. It starts and
/// warms up without the limit of time, as such a machine does on its saved credits; from then on it has to trade within it.
/// </summary>
public sealed class SmallInstance : Scenario
{
    private const int DefaultInstruments = 20;

    /// <summary>Of the 512 MiB, less 128 for a system without a desktop: our choice.</summary>
    private const double MemoryMiB = 384;
    private const double ResidentGoalMiB = 160;
    private const double Cores = 2 * 0.05;
    private const double CoresGoal = 0.05;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan EndMost = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan AuditMost = TimeSpan.FromMinutes(10);

    public override string Name => "small-instance";

    public override string Shows => "the small profile trades within the memory and the lasting processor share of a machine of 512 MiB and two processors at 5 % (t3.nano)";

    public override string RateUnit => "engines";

    public override int DefaultRate => 1;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(120);

    public override string Bound =>
        Measures.Text($"under {MemoryMiB} MiB and {Cores * 100:0} % of a core: no beat withheld, trading never halted, no book stale, the engine and its audit end with 0");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings = settings with { Config = settings.Config ?? Path.Combine(AppContext.BaseDirectory, "config", "small") };
        var (duration, instruments) = (settings.Duration ?? DefaultDuration, settings.Instruments ?? DefaultInstruments);
        using var confinement = Confinement.Create((long)(MemoryMiB * Measures.MiB));
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Quiet, wideLimits: true, instruments: instruments);
        ground.EngineGroups = confinement.Groups;
        var (engine, took) = await ground.StartTradingAsync(WarmUp + duration + TimeSpan.FromSeconds(10));
        await Task.Delay(WarmUp);
        var (said, before) = (engine.Lines.Count, confinement.Counted());
        confinement.LimitCpu(Cores);
        IReadOnlyList<ProcessSample> samples;
        long rows;
        await using (var sampler = new ProcessSampler(engine.Id))
        {
            rows = await FeedSocket.CountRowsAsync(ground.Address, duration);
            samples = sampler.Samples;
        }

        if (engine.HasEnded) throw new LoadProcessException($"the engine ended while it was held ({confinement.Form}): {string.Join(" | ", engine.Lines.TakeLast(3).Select(line => line.Line))}");
        var after = confinement.Counted();
        var lines = engine.Lines.Skip(said).Select(line => line.Line).ToList();
        confinement.FreeCpu();
        var exit = await engine.ExitAsync(EndMost);
        var (audit, verdict, _) = await ground.RunAsync("audit", AuditMost);
        var (cores, resident) = (Measures.Cores(samples), Measures.PeakMiB(samples));
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"held: {confinement.Form}; {MemoryMiB} MiB from the start, {Cores * 100:0} % of a core from {WarmUp.TotalSeconds:0} s after trading began; {settings.Config}, {instruments} instruments, a strategy each, {rows / duration.TotalSeconds:0} level rows a second; trading {took.TotalSeconds:0.0} s after its start"),
            RateUnit = RateUnit,
            RateAsked = 1,
            RateReached = 1,
            Seconds = duration.TotalSeconds,
            Figures =
            [
                .. Measures.Figures("engine", samples),
                .. Kernel(before, after),
                .. Soak.Summary(engine),
            ],
            Series = Measures.Series("engine", samples),
            Bounds =
            [
                .. Bounds(cores, resident, confinement.Holds),
                None("beats withheld", lines.Count(line => line.Contains("withheld", StringComparison.Ordinal))),
                None("times trading was halted", lines.Count(line => line.Contains(" halted: ", StringComparison.Ordinal))),
                None("books that went stale", lines.Count(line => line.Contains("is stale", StringComparison.Ordinal))),
                new BoundRow("the engine's exit code: 0", $"{exit}", exit == 0),
                new BoundRow("the audit's exit code: 0", $"{audit}: {verdict}", audit == 0),
            ],
            Goals =
            [
                new BoundRow(Measures.Text($"{ResidentGoalMiB} MiB resident"), Measures.Text($"{resident:0.0} MiB at most"), resident <= ResidentGoalMiB),
                new BoundRow(Measures.Text($"{CoresGoal * 100:0} % of a core"), Measures.Text($"{cores * 100:0.0} %"), cores <= CoresGoal),
            ],
        };
    }

    private static BoundRow None(string what, int count) => new($"{what}: none", $"{count}", count == 0);

    /// <summary>Where nothing holds the process, what it took is judged instead.</summary>
    private static IEnumerable<BoundRow> Bounds(double cores, double resident, bool holds) => holds
        ? []
        :
        [
            new BoundRow(Measures.Text($"processor: at most {Cores * 100:0} % of a core"), Measures.Text($"{cores * 100:0.0} %"), cores <= Cores),
            new BoundRow(Measures.Text($"resident: at most {MemoryMiB} MiB"), Measures.Text($"{resident:0.0} MiB"), resident <= MemoryMiB),
        ];

    private static IEnumerable<FigureRow> Kernel((long MemoryMost, long Periods, long Throttled)? before, (long MemoryMost, long Periods, long Throttled)? after)
    {
        if (before is not { } from || after is not { } to) yield break;
        yield return new FigureRow("memory charged", Measures.Text($"{to.MemoryMost / Measures.MiB:0.0} MiB at most, the cache of its files among it"));
        yield return new FigureRow("cut short", Measures.Text($"{to.Throttled - from.Throttled} of {to.Periods - from.Periods} tenths of a second in which it ran"));
    }
}
