using Actors.LoadTests.Processes;
using Actors.LoadTests.Wire;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// What the engine's process takes, alone, against a venue in another process: while it trades on a market of twenty instruments with about 500 level
/// rows a second, and while nothing happens on it.
/// </summary>
public sealed class EngineFootprint : Scenario
{
    private const int DefaultInstruments = 20;

    /// <summary>Of a busy market's pace: about 500 rows a second on twenty instruments.</summary>
    private const decimal Pace = 0.095m;
    private const double ResidentMostMiB = 160;
    private const double CoresMost = 0.15;
    private const double CoresGoal = 0.05;
    private const double IdleGoal = 0.01;

    /// <summary>From here on what is compiled is compiled.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    public override string Name => "engine-footprint";

    public override string Shows => "CPU and memory of the engine's process on a market of 500 rows a second and on one without traders, after its start";

    public override string RateUnit => "engines";

    public override int DefaultRate => 1;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(60);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(25);

    public override string Bound => Measures.Text($"at most {ResidentMostMiB} MiB resident and {CoresMost * 100:0} % of a core while it trades");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var duration = settings.Duration ?? DefaultDuration;
        var (trading, start, rows) = await MeasureAsync(settings, MarketActivity.Busy, duration);
        var (idle, _, _) = await MeasureAsync(settings, MarketActivity.None, duration);
        var (cores, resident, idleCores) = (Measures.Cores(trading), Measures.PeakMiB(trading), Measures.Cores(idle));
        return new ScenarioResult
        {
            Scenario = Name,
            Input = $"{settings.Instruments ?? DefaultInstruments} instruments, a strategy each, {rows:0} level rows a second, {(settings.Gen0MiB is { } size ? $"{size} MiB" : "the host's own setting")} for the youngest generation; measured from {WarmUp.TotalSeconds:0} s after trading began",
            RateUnit = RateUnit,
            RateAsked = 1,
            RateReached = 1,
            Seconds = duration.TotalSeconds,
            Figures = [new FigureRow("start", Measures.Text($"{start.TotalSeconds:0.0} s to trading")), .. Measures.Figures("engine, trading", trading), .. Measures.Figures("engine, idle", idle)],
            Series = [.. Measures.Series("trading", trading), .. Measures.Series("idle", idle)],
            Bounds =
            [
                new BoundRow(Measures.Text($"resident while trading: at most {ResidentMostMiB} MiB"), Measures.Text($"{resident:0.0} MiB"), resident <= ResidentMostMiB),
                new BoundRow(Measures.Text($"CPU while trading: at most {CoresMost * 100:0} % of a core"), Measures.Text($"{cores * 100:0.0} %"), cores <= CoresMost),
            ],
            Goals =
            [
                new BoundRow(Measures.Text($"{CoresGoal * 100:0} % of a core while trading"), Measures.Text($"{cores * 100:0.0} %"), cores <= CoresGoal),
                new BoundRow(Measures.Text($"{IdleGoal * 100:0} % of a core without traders on the market"), Measures.Text($"{idleCores * 100:0.0} %"), idleCores <= IdleGoal),
            ],
        };
    }

    private static async Task<(IReadOnlyList<ProcessSample> Samples, TimeSpan Start, double Rows)> MeasureAsync(ScenarioSettings settings, MarketActivity market, TimeSpan duration)
    {
        await using var ground = await LoadGround.OpenAsync(settings, market, wideLimits: true, instruments: settings.Instruments ?? DefaultInstruments, pace: Pace);
        var (engine, took) = await ground.StartTradingAsync(WarmUp + duration + TimeSpan.FromSeconds(60));
        await Task.Delay(WarmUp);
        await using var sampler = new ProcessSampler(engine.Id);
        var rows = await FeedSocket.CountRowsAsync(ground.Address, duration);
        return engine.HasEnded ? throw new LoadProcessException("the engine ended while it was measured") : (sampler.Samples, took, rows / duration.TotalSeconds);
    }
}
