using System.Globalization;
using System.Text.Json;
using Actors.LoadTests.Processes;
using Actors.LoadTests.Wire;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// A trading day at sixty times its speed. Venue and engine are given the same fast clock: the market, funding, settlement, relisting, sessions, midnight, every timer of
/// the engine and its limits a second and a day run on it. What waits for the machine (network, disk, processor) keeps its real length, or nothing could be as patient as
/// it is meant to be; that is also what the acceleration does not show.
/// </summary>
public sealed class Day : Scenario
{
    private const int DefaultSpeed = 60;

    /// <summary>Ten minutes before a payment of funding and, a day later, the settlement of the daily contract: 25 hours have four payments, a midnight, that settlement and relisting, and
    /// a session of the stock. Not in the future, or signatures of clients with the system's clock would be too old.</summary>
    private static readonly DateTimeOffset Begin = new(2026, 9, 24, 19, 50, 0, TimeSpan.Zero);

    /// <summary>By then the finished orders, executions and lines that an engine remembers have reached their bounds.</summary>
    private static readonly TimeSpan FlatFrom = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan CollectEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BooksMost = TimeSpan.FromSeconds(20);

    /// <summary>The looks at the books end before the engine's own time does, which ran since before it traded.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndMost = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AuditMost = TimeSpan.FromMinutes(30);

    public override string Name => "day";

    public override string Shows => "a day's market, funding, settlement, relisting and midnight on a clock that venue and engine share: books, accounts and audit are right at its end";

    public override string RateUnit => "times the clock";

    public override int DefaultRate => DefaultSpeed;

    /// <summary>Five hours of the day; all of it, and the settlement after it, is 25 minutes.</summary>
    public override TimeSpan DefaultDuration => TimeSpan.FromMinutes(5);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(40);

    public override string Bound =>
        Measures.Text($"books and positions are the venue's, funding and wallets agree to the last unit, every funding time was paid, engine and audit end with 0; from {FlatFrom.TotalMinutes:0} min on memory is flat");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (speed, duration) = (settings.Rate ?? DefaultSpeed, settings.Duration ?? DefaultDuration);
        if (speed > 1_000) throw new UsageException($"--rate: expected a speed from 1 to 1000 for {Name}, found '{speed}'");
        var since = DateTimeOffset.UtcNow;
        var clock = Measures.Text($"{speed},{Begin:yyyy-MM-ddTHH:mm:ssZ},{since:O}");
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Quiet, wideLimits: true, clock: clock);
        using var key = ground.Key("alice");
        using var client = new SignedClient(ground.Address, key, 2);
        var before = await AccountAgreement.WalletsAsync(client);
        var config = WriteConfiguration(ground.Folder("config"), settings.Config ?? Path.Combine(AppContext.BaseDirectory, "config"));
        // The flag --for is of the fast clock, too.
        var (engine, took) = await ground.StartTradingAsync(duration * speed, config, "--clock", clock);
        await using var engineSampler = new ProcessSampler(engine.Id);
        await using var venueSampler = new ProcessSampler(ground.Venue.Id);
        var looking = duration / 4 < BooksMost ? duration / 4 : BooksMost;
        var paid = new Dictionary<string, long>();
        for (var left = duration - looking - Spare; left > TimeSpan.Zero; left -= CollectEvery)
        {
            await AccountAgreement.CollectFundingAsync(client, paid);
            await Task.Delay(left < CollectEvery ? left : CollectEvery);
        }

        var books = await BookComparison.RightAsync(engine, ground.Address, looking);
        var (engineSamples, venueSamples) = (engineSampler.Samples, venueSampler.Samples);
        var exit = await engine.ExitAsync(duration + EndMost);
        var until = Begin + ((DateTimeOffset.UtcNow - since) * speed);
        var agreement = await AccountAgreement.CompareAsync(client, before, paid, ground.Folder("engine"));
        var calendar = await CalendarAsync(client, until);
        var (audit, said, _) = await ground.RunAsync("audit", AuditMost);
        var isLong = duration >= FlatFrom;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"the shipped listing and strategies on a quiet market from {Begin:yyyy-MM-dd HH:mm} to {until:MM-dd HH:mm} at {speed} times its speed; trading {took.TotalSeconds:0.0} s after the engine's start; limits widened; the switch at 10 min, compared every 2 min"),
            RateUnit = RateUnit,
            RateAsked = speed,
            RateReached = speed,
            Seconds = duration.TotalSeconds,
            Figures =
            [
                .. Measures.Figures("engine", engineSamples),
                .. Measures.Figures("venue", venueSamples),
                .. Soak.Summary(engine),
                .. calendar.Figures,
                new FigureRow("said on the way", $"{Said(engine, took, "is stale")} times a stale book, {Said(engine, took, "withheld")} times a beat withheld, {Said(engine, took, " halted: ")} times trading halted"),
                .. isLong ? [] : Soak.Flat("engine", engineSamples).Concat(Soak.Flat("venue", venueSamples)).Select(row => new FigureRow(Measures.Text($"not judged before {FlatFrom.TotalMinutes:0} min"), $"{row.Text}: {row.Measured}")),
            ],
            Series = [.. Measures.Series("engine", engineSamples), .. Measures.Series("venue", venueSamples)],
            Bounds =
            [
                books,
                .. agreement,
                calendar.Funding,
                .. isLong ? Soak.Flat("engine", engineSamples).Concat(Soak.Flat("venue", venueSamples)) : [],
                new BoundRow("the engine's exit code: 0", $"{exit}", exit == 0),
                new BoundRow("the audit's exit code: 0", $"{audit}: {said}", audit == 0),
            ],
        };
    }

    /// <summary>A beat and its answer take milliseconds of the real time, which are sixty times as long here: the switch waits as long as it may.</summary>
    private static string WriteConfiguration(string folder, string like)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(like, "*.json")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var profile = File.ReadAllText(Path.Combine(like, "engine.json")).Contains("\"actors\"", StringComparison.Ordinal) ? """ "actors": "small", """ : "";
        File.WriteAllText(Path.Combine(folder, "engine.json"), $$"""{ {{profile}} "accountWideCancelAfter": "10m", "reconcileInterval": "2m", "logLevel": "information" }""");
        return folder;
    }

    /// <summary>What the venue says that came about, beside what the calendar has.</summary>
    private static async Task<(BoundRow Funding, IReadOnlyList<FigureRow> Figures)> CalendarAsync(SignedClient client, DateTimeOffset until)
    {
        const int Interval = 8;
        var due = Enumerable.Range(0, 1_000).Select(i => new DateTimeOffset(2026, 9, 24, 20, 0, 0, TimeSpan.Zero).AddHours(i * Interval)).TakeWhile(time => time <= until).ToList();
        var paid = await TimesAsync(client, "/api/v1/funding?symbol=XBTUSD&reverse=false&count=500");
        var settled = await TimesAsync(client, "/api/v1/settlement?reverse=false&count=500");
        return (
            new BoundRow("funding times of the calendar: each was paid, at its time", $"{paid.Count(due.Contains)} of {due.Count}", due.Count > 0 && paid.Count(due.Contains) == due.Count),
            [
                new FigureRow("midnights (UTC)", Measures.Text($"{(until.Date - Begin.Date).Days}")),
                new FigureRow("settlements", settled.Count == 0 ? "none" : string.Join(", ", settled.Select(time => time.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)))),
            ]);
    }

    private static async Task<List<DateTimeOffset>> TimesAsync(SignedClient client, string path)
    {
        var (_, body) = await client.SendAsync(HttpMethod.Get, path);
        using var rows = JsonDocument.Parse(body);
        return [.. rows.RootElement.EnumerateArray().Select(row => row.GetProperty("timestamp").GetDateTimeOffset())];
    }

    private static int Said(LoadProcess engine, TimeSpan since, string what) => engine.Lines.Count(line => line.At > since && line.Line.Contains(what, StringComparison.Ordinal));
}
