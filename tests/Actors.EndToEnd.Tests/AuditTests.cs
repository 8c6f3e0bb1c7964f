using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.EndToEnd.Tests.Support;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.EndToEnd.Tests;

/// <summary>The audit on the journal of a real session: clean when nothing was touched, and at the first effect of a rule that was.</summary>
[Collection(AuditedSession.Collection)]
public class AuditTests(AuditedSession session)
{
    [Fact]
    public void An_untouched_session_is_verified_and_everything_in_it_was_decided_again()
    {
        var report = session.Audit(session.Journal);
        Assert.True(report.IsVerified, string.Join('\n', report.Findings.Kept));
        foreach (var what in (string[])
            ["strategy decisions made again", "risk verdicts made again", "steps of orders made again", "steps of positions made again", "best bids and offers compared", "checkpoints verified"])
            Assert.True(report.Findings.Counts.GetValueOrDefault(what) > 0, what);
        Assert.Equal(0, report.Findings.Counts.GetValueOrDefault("claims about frames that were not on disk, or not kept"));
        Assert.Contains(report.Findings.Remarks, remark => remark.StartsWith("every record is tied in by a checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_journal_gives_the_same_report()
    {
        static string Text(AuditReport report) => string.Join(
            '\n', [.. report.Findings.Counts.Select(count => count.ToString()), .. report.Findings.Remarks, .. report.Findings.Kept.SelectMany(one => one.Causes.Prepend(one.ToString()))]);
        Assert.Equal(Text(session.Audit(session.Journal)), Text(session.Audit(session.Journal)));
        static SessionPlan Other(SessionPlan plan) => WithStrategies(plan, strategy => strategy is QuotingParameters quoting ? quoting with { HalfSpreadTicks = quoting.HalfSpreadTicks + 1 } : strategy);
        Assert.Equal(Text(session.Audit(session.Journal, rules: Other)), Text(session.Audit(session.Journal, rules: Other)));
    }

    [Fact]
    public void A_changed_strategy_parameter_is_found_at_the_first_decision_it_touches()
    {
        foreach (var id in Plan().Strategies.Select(strategy => strategy.Id))
        {
            var report = session.Audit(session.Journal, rules: plan => WithStrategies(plan, strategy => strategy.Id != id ? strategy : strategy switch
            {
                QuotingParameters quoting => quoting with { HalfSpreadTicks = quoting.HalfSpreadTicks + 1 },
                GridParameters grid => grid with { StepTicks = grid.StepTicks + 1 },
                _ => strategy,
            }));
            var first = report.Findings.Kept[0];
            Assert.EndsWith($"-{id}", first.Stream, StringComparison.Ordinal);
            Assert.Equal(FirstOf<IntentsDecided>(first.Stream), first.Sequence);
            Assert.Contains(first.Causes, cause => cause.StartsWith("book: ", StringComparison.Ordinal));
            Assert.Contains(first.Causes, cause => cause.StartsWith("position: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_changed_limit_is_found_at_the_first_verdict_it_touches()
    {
        var report = session.Audit(session.Journal, rules: plan => plan with
        {
            Limits = new RiskLimits([.. plan.Limits.All.Select(limit => limit.Kind == LimitKind.OrderQuantity ? limit with { Bound = 1 } : limit)]),
        });
        // Intents that were refused before there were books are refused for the changed limit now: those come first, and nothing else does.
        bool IsApproved(AuditDifference one) => one.Words.Contains("journaled is approved; judged again it is refused", StringComparison.Ordinal);
        Assert.All(report.Findings.Kept.TakeWhile(one => !IsApproved(one)), one => Assert.Matches("orderQuantity:|\"order-quantity\"", one.Words));
        var first = report.Findings.Kept.First(IsApproved);
        Assert.StartsWith("risk-", first.Stream, StringComparison.Ordinal);
        Assert.Equal(FirstOf<IntentApproved>(first.Stream), first.Sequence);
        // Whichever instrument was quoted first.
        Assert.Contains(first.Causes, cause => cause.Contains("orderQuantity:XBTUSD 1,", StringComparison.Ordinal) || cause.Contains("orderQuantity:ETHUSDT 1,", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_grid_of_prices_is_found()
    {
        var report = session.Audit(session.Journal, rules: plan => plan with
        {
            Instruments = [.. plan.Instruments.Select(instrument => instrument with { Tick = TickSize.From(instrument.Tick.Value / 2) })],
        });
        Assert.Contains("the frames make it", report.Findings.Kept[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_if_tells_which_orders_stricter_limits_would_not_have_let_through()
    {
        using var folder = new TemporaryFolder();
        var strict = folder.Write("risk.json", """
            {
              "ordersPerSecondMax": 1,
              "instruments": [
                { "symbol": "XBTUSD", "orderQuantityMax": 1, "positionMax": 1, "openOrdersMax": 1, "priceDistanceMax": 0.0001 },
                { "symbol": "ETHUSDT", "orderQuantityMax": 1, "positionMax": 1, "openOrdersMax": 1, "priceDistanceMax": 0.0001 }
              ]
            }
            """);
        var lines = await Audited.CleanAsync(session.DataFolder, "--what-if", strict);
        Assert.Contains(lines, line => line.StartsWith("  what if ", StringComparison.Ordinal) && !line.Contains(" 0 that were sent", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("is above its bound 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_state_at_a_moment_is_printed()
    {
        var info = SessionIndex.List(JournalArchive.Open(new JournalLocation.SqliteDirectory(session.Journal))).Single();
        var (exitCode, output, error) = await ActorsProcess.RunAsync(
            "audit", "--data", session.DataFolder, "--at", info.LastAt.AddSeconds(-2).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(exitCode == 0, string.Join('\n', error));
        Assert.Contains(output, line => line.Contains("book live", StringComparison.Ordinal));
        Assert.Contains(output, line => line.Contains("margin balance", StringComparison.Ordinal));
        Assert.Contains(output, line => line.Contains(" live order", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_is_one_page_that_needs_nothing_and_tables_in_both_formats()
    {
        using var folder = new TemporaryFolder();
        await Audited.CleanAsync(session.DataFolder, "--report", folder.File("first"));
        await Audited.CleanAsync(session.DataFolder, "--report", folder.File("second"));
        var page = File.ReadAllText(folder.File("first/report.html"));
        Assert.Equal(page, File.ReadAllText(folder.File("second/report.html")));
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(page.Length < 1_000_000, "the page of a short session is large");
        // First what was found, then what happened: lanes, six pictures, lines, links.
        string[] parts = ["Verified: the journal is whole", "<h2>Sessions</h2>", "<h2>Timeline</h2>", ">trading</text>", "Equity in USDt", "Position in XBTUSD", "Price of XBTUSD", "<h2>Events</h2>", "<h2>What was checked</h2>", "<a href=\"orders.parquet\">"];
        var places = parts.Select(part => page.IndexOf(part, StringComparison.Ordinal)).ToList();
        Assert.True(!places.Contains(-1) && places.SequenceEqual(places.Order()), string.Join(' ', places));
        foreach (var name in (string[])["orders", "verdicts", "positions", "equity", "prices", "chronicle"])
        {
            var lines = File.ReadLines(folder.File($"first/{name}.csv")).Skip(1).LongCount();
            await using var parquet = await Parquet.ParquetReader.CreateAsync(folder.File($"first/{name}.parquet"));
            long rows = 0;
            for (var index = 0; index < parquet.RowGroupCount; index++)
            {
                using var group = parquet.OpenRowGroupReader(index);
                rows += group.RowCount;
            }

            Assert.Equal(lines, rows);
            Assert.True(name == "positions" || rows > 0, name);
        }
    }

    /// <summary>Neither the time zone nor the language nor the folder of whoever audits changes a byte of what is found.</summary>
    [Fact]
    public async Task The_same_journal_gives_the_same_report_anywhere()
    {
        using var folder = new TemporaryFolder();
        var here = await ReportAsync([], null, folder.File("here"));
        var there = await ReportAsync(["TZ=Pacific/Chatham", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false"], folder.Path, folder.File("there"));
        Assert.Equal(here, there);
        foreach (var file in Directory.GetFiles(folder.File("here")))
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder.File("there"), Path.GetFileName(file)))), Path.GetFileName(file));
    }

    /// <summary>All that is printed but what it took.</summary>
    private async Task<string> ReportAsync(string[] environment, string? workingDirectory, string report)
    {
        var (exitCode, output, error) = await ActorsProcess.RunInAsync(environment, workingDirectory, "audit", "--data", session.DataFolder, "--key", session.PublicKey, "--report", report);
        Assert.True(exitCode == 0, string.Join('\n', [.. output, .. error]));
        return string.Join('\n', output.Where(line => !line.StartsWith("  time ", StringComparison.Ordinal) && !line.StartsWith("  report ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Sessions_are_listed_with_how_they_ended()
    {
        var (exitCode, output, _) = await ActorsProcess.RunAsync("sessions", "--data", session.DataFolder);
        Assert.Equal(0, exitCode);
        Assert.Equal(2, output.Count);
        Assert.EndsWith("orderly", output[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_holds_every_record_and_every_frame_and_can_be_fed_again()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = await ActorsProcess.RunAsync("journal", "export", "--data", session.DataFolder, "--to", folder.Path);
        Assert.True(exitCode == 0, string.Join('\n', error));
        foreach (var line in File.ReadLines(folder.File("journal.jsonl")))
        {
            using var record = JsonDocument.Parse(line);
            var manifest = record.RootElement.GetProperty("manifest").GetString()!;
            Assert.Equal(JsonValueKind.Object, record.RootElement.GetProperty("record").GetProperty("event").ValueKind);
            // What the hash is of: the record as it stands there, or the stored bytes beside it.
            var bytes = record.RootElement.TryGetProperty("stored", out var stored) ? stored.GetBytesFromBase64() : Encoding.UTF8.GetBytes(record.RootElement.GetProperty("record").GetRawText());
            Assert.Equal(record.RootElement.GetProperty("hash").GetString(), Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(manifest), (byte)'\n', .. bytes])));
        }

        var frames = session.Audit(session.Journal).Findings.Counts["frames decoded"];
        Assert.Equal(frames, File.ReadLines(folder.File("frames.txt")).LongCount());
        Assert.Equal(0, (await ActorsProcess.RunAsync("feed", folder.File("frames.txt"))).ExitCode);
    }

    [Fact]
    public async Task Pruned_frames_leave_a_digest_and_the_rest_is_still_verified()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("journal"));
        session.CopyTo(folder.File("journal"));
        var info = SessionIndex.List(JournalArchive.Open(new JournalLocation.SqliteDirectory(session.Journal))).Single();
        // Frames go by whole groups, of which so short a session has one.
        Assert.Empty(JournalPruning.Run(new JournalLocation.SqliteDirectory(folder.File("journal")), info.LastAt.AddSeconds(-3), info.LastAt.AddDays(1)));
        var (exitCode, output, error) = await ActorsProcess.RunAsync("journal", "prune", "--data", folder.Path, "--keep", "1ms");
        Assert.True(exitCode == 0 && output[0].Contains(" frames removed", StringComparison.Ordinal), string.Join('\n', [.. output, .. error]));
        var lines = await Audited.CleanAsync(folder.Path, "--key", session.PublicKey);
        Assert.Contains(lines, line => line.Contains("were removed by their retention", StringComparison.Ordinal));
        Assert.Equal(0, Audited.Count(lines, "frames decoded"));
    }

    /// <summary>The public key is in the manifest of nothing, and the private key, the API key and its secret in no byte of the journal.</summary>
    [Fact]
    public void No_key_and_no_secret_stands_in_the_journal()
    {
        var secrets = Directory.GetFiles(Path.Combine(session.DataFolder, "venue", "keys"), "*.json").SelectMany(file =>
        {
            using var key = JsonDocument.Parse(File.ReadAllText(file));
            return key.RootElement.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String && field.Value.GetString()!.Length >= 16).Select(field => field.Value.GetString()!).ToList();
        }).ToList();
        Assert.True(secrets.Count >= 4);
        secrets.AddRange(File.ReadAllLines(Path.Combine(Path.GetDirectoryName(session.PublicKey)!, "operator.key")).Where(line => !line.StartsWith('-')));
        secrets.Add("PRIVATE KEY");
        var archive = JournalArchive.Open(new JournalLocation.SqliteDirectory(session.Journal));
        var unpacker = new FrameUnpacker();
        var frames = archive.Streams.SelectMany(stream => archive.Read(stream.Stream)).Select(one => one.Record.Event).OfType<FramesRecorded>().SelectMany(unpacker.Unpack).Select(frame => frame.Bytes.ToArray());
        foreach (var bytes in Directory.GetFiles(session.Journal).Select(File.ReadAllBytes).Concat(frames))
            Assert.All(secrets, secret => Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, "a secret stands in the journal"));
    }

    private static SessionPlan WithStrategies(SessionPlan plan, Func<StrategyParameters, StrategyParameters> change) => plan with { Strategies = [.. plan.Strategies.Select(change)] };

    private SessionPlan Plan() => SessionIndex.List(JournalArchive.Open(new JournalLocation.SqliteDirectory(session.Journal))).Single().Manifest.Plan!;

    private long FirstOf<T>(string stream) =>
        JournalArchive.Open(new JournalLocation.SqliteDirectory(session.Journal)).Read(stream).First(one => one.Record.Event is T).Sequence;
}
