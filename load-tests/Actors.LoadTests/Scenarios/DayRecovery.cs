using Actors.Domain.Sessions;
using Actors.Journal;
using Actors.LoadTests.Processes;
using Actors.Venue;
using Actors.Workloads;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// A session ends in order; the day of many orders is written behind what it journaled, by the real rules and the real codec; then the engine starts on
/// that journal: how long from the start of the process until it trades, against a start without a journal on the same machine in the same run.
/// A tenth of the day without any kept state shows what a journal of an older build costs once.
/// </summary>
public sealed class DayRecovery : Scenario
{
    private const int Starts = 3;
    private const double GoalSeconds = 3;
    private const double RatioMost = 2;

    /// <summary>The shipped setting of <c>actors.journal.keep-state-after</c>.</summary>
    private const int KeepStateAfter = 10_000;

    /// <summary>A session ends by itself after so long, should this program not end it.</summary>
    private static readonly TimeSpan Session = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan EndMost = TimeSpan.FromSeconds(120);

    public override string Name => "day-recovery";

    public override string Shows => "from the start of a process to trading on the journal of a busy day, against a start without a journal";

    public override string RateUnit => "orders of the day";

    public override int DefaultRate => 200_000;

    /// <summary>It lasts as long as its starts and the writing of the day; a shorter time asks for that part of the day's orders.</summary>
    public override TimeSpan DefaultDuration => TimeSpan.FromMinutes(5);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(15);

    public override string Bound => Measures.Text($"each of {Starts} starts at most {RatioMost} times as long as a start without a journal");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var orders = settings.Rate ?? (int)(DefaultRate * Math.Min(1, (settings.Duration ?? DefaultDuration) / DefaultDuration));
        var (fresh, took, written, phases) = await StartOnDayAsync(settings, orders, KeepStateAfter, Starts);
        var (_, older, olderWritten, olderPhases) = await StartOnDayAsync(settings, orders / 10, 0, 2);
        var (slowest, ratio) = (took.Max().TotalSeconds, took.Max() / fresh);
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"{written.Orders} orders of one day: {written.Records} records, {written.Bytes / Measures.MiB:0} MiB, of which {written.States} keep a state"),
            RateUnit = RateUnit,
            RateAsked = orders,
            RateReached = written.Orders,
            Seconds = took.Sum(one => one.TotalSeconds),
            Figures =
            [
                new FigureRow("without a journal", Measures.Text($"trading after {fresh.TotalSeconds:0.00} s")),
                .. phases,
                new FigureRow("a tenth of the day, no state kept", Measures.Text($"{olderWritten.Records} records: trading after {older[0].TotalSeconds:0.00} s, at the next start after {older[1].TotalSeconds:0.00} s")),
                .. olderPhases.Select(row => row with { Name = $"no state kept, {row.Name}" }),
            ],
            Bounds = [new BoundRow(Measures.Text($"slowest start: at most {RatioMost} times the one without a journal"), Measures.Text($"{ratio:0.00} times"), ratio <= RatioMost)],
            Goals = [new BoundRow(Measures.Text($"slowest start: {GoalSeconds:0} s"), Measures.Text($"{slowest:0.00} s"), slowest <= GoalSeconds)],
        };
    }

    private static async Task<(TimeSpan Fresh, List<TimeSpan> Took, BusyDayWritten Written, List<FigureRow> Phases)> StartOnDayAsync(
        ScenarioSettings settings, int orders, int keepStateAfter, int starts)
    {
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Quiet, wideLimits: true);
        var (_, fresh) = await StartAsync(ground);
        var location = new JournalLocation.SqliteDirectory(Path.Combine(ground.Folder("engine"), "journal"));
        var written = BusyDay.Append(location, Manifest(location), orders, keepStateAfter);
        var took = new List<TimeSpan>();
        var phases = new List<FigureRow>();
        for (var start = 1; start <= starts; start++)
        {
            var (engine, trading) = await StartAsync(ground);
            took.Add(trading);
            phases.Add(new FigureRow($"start {start}", Recovery.Phases(engine)));
        }

        return (fresh, took, written, phases);
    }

    /// <summary>A whole session, ended in order as soon as it trades, so that the next one finds nothing under way.</summary>
    private static async Task<(LoadProcess Engine, TimeSpan Trading)> StartAsync(LoadGround ground)
    {
        var (engine, trading) = await ground.StartTradingAsync(Session);
        engine.Interrupt();
        var exit = await engine.ExitAsync(EndMost);
        return exit == 0 ? (engine, trading) : throw new LoadProcessException($"a session ended with exit code {exit}: {string.Join('\n', engine.Lines.TakeLast(10).Select(line => line.Line))}");
    }

    private static SessionStarted Manifest(JournalLocation.SqliteDirectory location)
    {
        using var reader = SessionReader.Open(location.JournalFile);
        var chronicle = reader.ListStreams().First(stream => stream.Stream.StartsWith("session-", StringComparison.Ordinal)).Stream;
        return reader.Read(chronicle).Select(record => record.Event).OfType<SessionStarted>().Last();
    }
}
