using System.Diagnostics;
using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Actors.Journal;
using Actors.Journal.Tests;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>
/// The journal goes away in the middle of trading and comes back: trading halts and resumes without a restart of the process, and without a lost or doubled order.
/// ACTORS_OUTAGE_SECONDS says how long it stays away beyond the halt.
/// </summary>
public class JournalOutageTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Regression", "persistent actors dead for good after a database blip")]
    public async Task A_server_that_stops_and_starts_again_halts_and_resumes_trading()
    {
        using var server = await PostgreSqlServer.OwnAsync();
        if (server is null)
        {
            NotRun(PostgreSqlServer.WhyNone);
            return;
        }

        using var fixture = new SessionFixture { Location = await server.NewJournalAsync() };
        await HaltsAndResumesAsync(fixture, server.Stop, server.StartAgainAsync);
    }

    [Fact]
    [Trait("Regression", "persistent actors dead for good after a database blip")]
    public async Task A_locked_file_halts_trading_and_its_release_resumes_it()
    {
        using var fixture = new SessionFixture();
        using var other = new SqliteConnection($"Data Source={Path.Combine(fixture.Folder, "journal.db")};Pooling=False");
        await HaltsAndResumesAsync(fixture, () =>
        {
            other.Open();
            using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN EXCLUSIVE";
            begin.ExecuteNonQuery();
        }, other.CloseAsync);
    }

    [Fact]
    public async Task A_full_disk_halts_trading_and_space_resumes_it()
    {
        var folder = Directory.CreateTempSubdirectory("actors-full-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder) is { } refused)
        {
            Directory.Delete(folder);
            NotRun($"a small disk needs the right to mount one: {refused}");
            return;
        }

        var filler = Path.Combine(folder, "filler");
        try
        {
            using var fixture = new SessionFixture { Location = new JournalLocation.SqliteDirectory(Path.Combine(folder, "journal")) };
            await HaltsAndResumesAsync(fixture, () => Fill(filler), () =>
            {
                File.Delete(filler);
                return Task.CompletedTask;
            });
        }
        finally
        {
            Run("umount", "-l", folder);
            Directory.Delete(folder);
        }
    }

    private static async Task HaltsAndResumesAsync(SessionFixture fixture, Action takeAway, Func<Task> giveBack)
    {
        var venue = fixture.Venue;
        await using var session = await fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4 && session.View.Orders.Unknown == 0, "four orders working", () => Show(session));

        takeAway();
        var placed = venue.Placements;
        venue.Fill(venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
        await UntilAsync(() => session.View.Phase != SessionPhase.Trading, "a halt", () => Show(session));
        await UntilAsync(() => session.View.Switch.State != SwitchState.Armed, "a beat that is not sent", () => Show(session));
        await Task.Delay(OutageBeyondHalt);
        Assert.Equal(placed, venue.Placements);

        await giveBack();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && Same(session, venue), "trading again with the same orders", () => Show(session));
        Assert.Equal(10, session.View.Positions[0].Quantity);
        venue.Fill(venue.Open.Where(order => order.Side == Side.Sell).MinBy(order => order.Price)!.ClientId, 10);
        await UntilAsync(() => session.View.Positions[0].Quantity == 0 && Same(session, venue), "the answer to another fill", () => Show(session));
        var summary = await session.StopAsync();
        Assert.Empty(summary.Problems);
        Assert.Empty(venue.Open);
        await session.DisposeAsync();

        var journaled = Events(fixture.Location ?? new JournalLocation.SqliteDirectory(fixture.Folder)).ToArray();
        var submissions = journaled.OfType<OrderSubmitted>().GroupBy(one => one.Id).ToDictionary(group => group.Key, group => group.Count());
        Assert.All(submissions, one => Assert.Equal(1, one.Value));
        Assert.Equal(submissions.Count - journaled.OfType<OrderLost>().Count(), venue.Placements);
        Assert.Equal(2, journaled.OfType<OrderFilled>().Count());
        Assert.Equal(2, journaled.OfType<OrderFilled>().Select(fill => fill.ExecutionId).Distinct().Count());
    }

    private static TimeSpan OutageBeyondHalt =>
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("ACTORS_OUTAGE_SECONDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0);

    private static IEnumerable<object> Events(JournalLocation location)
    {
        var archive = JournalArchive.Open(location);
        return [.. archive.Streams.Where(stream => stream.Stream.StartsWith("orders-", StringComparison.Ordinal)).SelectMany(stream => archive.Read(stream.Stream)).Select(one => one.Record.Event)];
    }

    private static bool Same(TradingSession session, FakeVenue venue)
    {
        var ours = session.View.OpenOrders.Where(order => order.State == "working").Select(order => order.ClientOrderId).Order(StringComparer.Ordinal);
        return venue.Open.Count == 4 && ours.SequenceEqual(venue.Open.Select(order => order.ClientId.Value).Order(StringComparer.Ordinal));
    }

    /// <summary>Writes until there is no room for another page.</summary>
    private static void Fill(string path)
    {
        using var filler = File.Create(path, bufferSize: 0);
        var page = new byte[512];
        try
        {
            while (true) filler.Write(page);
        }
        catch (IOException)
        {
            // Full, as it was meant to be.
        }
    }

    /// <summary>What a command said when it failed; null when it did not.</summary>
    private static string? Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{command}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"{command}: {missing.Message}";
        }
    }

    private void NotRun(string reason)
    {
        output.WriteLine($"not run: {reason}");
        Console.WriteLine($"journal outage test not run: {reason}");
    }

    private static string Show(TradingSession session)
    {
        var view = session.View;
        return $"phase {view.Phase} ({view.Reason}); switch {view.Switch}; orders {view.Orders}; open {string.Join(", ", view.OpenOrders)}; reconciliation {view.LastReconciliation}; events {string.Join(" | ", view.Events)}";
    }
}
