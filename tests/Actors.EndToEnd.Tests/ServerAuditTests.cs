using Actors.EndToEnd.Tests.Support;
using Actors.Journal.Tests;
using Xunit.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>The whole story with the journal in PostgreSQL: a session that is killed, the one that goes on, and the audit of both; and a forger with a shell.</summary>
public class ServerAuditTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_session_that_crashed_and_went_on_is_audited_as_one_story_and_a_forgery_is_found()
    {
        if (await PostgreSqlServer.SharedAsync() is not { } server)
        {
            output.WriteLine($"not run: {PostgreSqlServer.WhyNone}");
            return;
        }

        using var folder = new TemporaryFolder();
        var location = await server.NewJournalAsync();
        var journal = folder.Write("connection", location.ConnectionString);
        File.SetUnixFileMode(journal, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await RunTwiceAsync(folder, journal);

        var lines = await Audited.CleanAsync(folder.File("engine"), "--journal", journal, "--report", folder.File("report"));
        Assert.False(Directory.Exists(folder.File("engine/journal")) && Directory.EnumerateFiles(folder.File("engine/journal"), "*.db").Any(), "the journal is in files");
        Assert.Equal(2, Audited.Count(lines, "sessions of the story"));
        Assert.Contains(lines, line => line.Contains("NOT ended in order", StringComparison.Ordinal));
        foreach (var what in (string[])["strategy decisions made again", "risk verdicts made again", "steps of orders made again", "best bids and offers compared"])
            Assert.True(Audited.Count(lines, what) > 0, what);
        Assert.Contains("without an orderly end", File.ReadAllText(folder.File("report/report.html")), StringComparison.Ordinal);
        var (exitCode, sessions, _) = await ActorsProcess.RunAsync("sessions", "--data", folder.File("engine"), "--journal", journal);
        Assert.Equal((0, 3), (exitCode, sessions.Count));
        Assert.EndsWith("orderly", sessions[2], StringComparison.Ordinal);

        Assert.Equal(1, await PostgreSqlServer.RunAsync(location, "DELETE FROM journal WHERE persistence_id LIKE 'orders-%' AND sequence_number = 5"));
        var (forged, told, _) = await ActorsProcess.RunAsync("audit", "--data", folder.File("engine"), "--journal", journal);
        Assert.Equal(1, forged);
        Assert.Contains(told, line => line.StartsWith("first difference: ", StringComparison.Ordinal) && line.Contains("orders-", StringComparison.Ordinal));
    }

    private static async Task RunTwiceAsync(TemporaryFolder folder, string journal)
    {
        await using var venue = ActorsProcess.Start("venue", "--port", "0", "--data", folder.File("venue"), "--market", "busy");
        string[] line = ["run", "--venue", await VenueTests.AddressAsync(venue), "--keys", folder.File("venue/keys/alice.json"), "--data", folder.File("engine"), "--journal", journal];
        await using (var killed = ActorsProcess.Start(line))
        {
            await killed.LineAsync(CrashTests.HasFills, "a status line with fills");
            await killed.KillAsync();
        }

        await using var restarted = ActorsProcess.Start(line);
        await restarted.LineAsync(CrashTests.HasFills, "a status line with fills");
        restarted.SendInterrupt();
        var exitCode = await restarted.ExitAsync();
        Assert.True(exitCode == 0, string.Join('\n', [.. restarted.Output, .. restarted.Error]));
    }
}
