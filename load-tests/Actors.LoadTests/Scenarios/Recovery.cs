using System.Globalization;
using Actors.LoadTests.Processes;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// A session under load is killed, and the next ones start on its journal: how long from the start of the process until the engine trades again, by phase.
/// Each is killed in its turn. Every start is a session with streams of its own: what an earlier one left is held against the venue, and its
/// journal opened and kept, but not replayed.
/// </summary>
public sealed class Recovery : Scenario
{
    private const int Starts = 3;
    private const double TradingMostSeconds = 30;
    private const double TradingGoalSeconds = 5;
    private const string Strategies = """
        { "strategies": [
          { "id": "q1", "kind": "quoting", "symbol": "XBTUSD", "quantity": 100, "halfSpreadTicks": 2, "requoteTicks": 0, "skewTicks": 1, "positionMax": 100000 },
          { "id": "q2", "kind": "quoting", "symbol": "ETHUSDT", "quantity": 1000, "halfSpreadTicks": 2, "requoteTicks": 0, "skewTicks": 1, "positionMax": 1000000 } ] }
        """;

    private const string Risk = """
        { "ordersPerSecondMax": 1000, "instruments": [
          { "symbol": "XBTUSD", "orderQuantityMax": 1000, "positionMax": 200000, "openOrdersMax": 100, "priceDistanceMax": 0.05 },
          { "symbol": "ETHUSDT", "orderQuantityMax": 50000, "positionMax": 2000000, "openOrdersMax": 100, "priceDistanceMax": 0.05 } ] }
        """;

    public override string Name => "recovery";

    public override string Shows => "from the start of a process to trading, phase by phase, on the journal of sessions that were killed under load";

    public override string RateUnit => "starts";

    public override int DefaultRate => 1;

    /// <summary>How long the first session writes before it is killed.</summary>
    public override TimeSpan DefaultDuration => TimeSpan.FromMinutes(10);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(30);

    public override string Bound => Measures.Text($"each of {Starts} starts trades within {TradingMostSeconds:0} s");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var duration = settings.Duration ?? DefaultDuration;
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Busy, wideLimits: true);
        var config = settings.Config ?? WriteConfiguration(ground.Folder("config"));
        var (first, fresh) = await ground.StartTradingAsync(duration + TimeSpan.FromMinutes(2), config);
        await Task.Delay(duration);
        if (first.HasEnded) throw new LoadProcessException("the first session ended before it was killed");
        await first.KillAsync();
        var journal = JournalMiB(ground);
        var took = new List<TimeSpan>();
        var phases = new List<FigureRow>();
        for (var start = 1; start <= Starts; start++)
        {
            var (engine, trading) = await ground.StartTradingAsync(TimeSpan.FromMinutes(2), config);
            took.Add(trading);
            phases.Add(new FigureRow($"start {start}", Phases(engine)));
            await engine.KillAsync();
        }

        var slowest = took.Max();
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"a busy market and strategies that requote at every change for {duration.TotalSeconds:0} s, then SIGKILL: {journal:0.0} MiB of journal"),
            RateUnit = RateUnit,
            RateAsked = 1,
            RateReached = 1,
            Seconds = duration.TotalSeconds,
            Figures = [new FigureRow("first start, no journal", Measures.Text($"trading after {fresh.TotalSeconds:0.00} s")), new FigureRow("the first session", LastState(first)), .. phases],
            Bounds = [new BoundRow(Measures.Text($"slowest start: at most {TradingMostSeconds:0} s"), Measures.Text($"{slowest.TotalSeconds:0.00} s"), slowest.TotalSeconds <= TradingMostSeconds)],
            Goals = [new BoundRow(Measures.Text($"slowest start: {TradingGoalSeconds:0} s"), Measures.Text($"{slowest.TotalSeconds:0.00} s"), slowest.TotalSeconds <= TradingGoalSeconds)],
        };
    }

    /// <summary>The shipped settings but for strategies that write as much as they can.</summary>
    private static string WriteConfiguration(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "engine.json", "keys.json", "alerts.json" }) File.Copy(Path.Combine(AppContext.BaseDirectory, "config", name), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "strategies.json"), Strategies);
        File.WriteAllText(Path.Combine(folder, "risk.json"), Risk);
        return folder;
    }

    private static double JournalMiB(LoadGround ground) =>
        new DirectoryInfo(Path.Combine(ground.Folder("engine"), "journal")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / Measures.MiB;

    /// <summary>The banner and each change of phase with the time since the start of the process.</summary>
    internal static string Phases(LoadProcess engine)
    {
        var phases = engine.Lines
            .Where(line => line.Line.StartsWith("actors: session", StringComparison.Ordinal) || PhaseOf(line.Line) is not null)
            .Select(line => string.Create(CultureInfo.InvariantCulture, $"{PhaseOf(line.Line) ?? "session made"} {line.At.TotalSeconds:0.00} s{Reason(line.Line)}"));
        return string.Join(", ", phases);
    }

    /// <summary>Why the engine is in the phase, where it says so.</summary>
    private static string Reason(string line) => line.Length > 10 && line[9..].IndexOf(": ", StringComparison.Ordinal) is > 0 and var at && PhaseOf(line) is not null ? $" ({line[(9 + at + 2)..]})" : "";

    private static string? PhaseOf(string line) => line.Length < 10 ? null : line[9..].Split(':')[0] switch
    {
        var phase and ("recovering" or "connecting" or "reconciling" or "halted" or "trading") => phase,
        _ => null,
    };

    private static string LastState(LoadProcess engine) =>
        engine.Lines.LastOrDefault(line => line.Line.Contains(" sent, ", StringComparison.Ordinal)).Line ?? "was killed before it told of its orders";
}
