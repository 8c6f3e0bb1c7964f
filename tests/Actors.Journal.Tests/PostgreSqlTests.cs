using System.Text.RegularExpressions;
using Actors.Domain.Sessions;
using Xunit.Abstractions;

namespace Actors.Journal.Tests;

/// <summary>What a server alone has: tables made side by side with others, locks, a password. The rest is in <see cref="StoreTests"/>.</summary>
public class PostgreSqlTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Recovery_begins_at_the_newest_state() => await OnServerAsync(async server =>
    {
        var location = await server.NewJournalAsync();
        await using (var running = new RunningJournal(location)) await Scribe.Tell(running.Start("kept"), [.. Scribe.Beats(2), KeptSamples.All[3], new BeatProved(3)]);
        await using (var running = new RunningJournal(location))
            Assert.Equal([typeof(Domain.Positions.PositionKept), typeof(BeatProved)], (await Scribe.Ask(running.Start("kept"))).Select(one => one.GetType()));
    });

    [Fact]
    public async Task The_tables_are_those_that_the_plugin_would_make() => await OnServerAsync(async server =>
    {
        var (ours, theirs) = (await server.NewJournalAsync(), await server.NewJournalAsync());
        JournalDatabase.Open(ours).Dispose();
        var target = new Storage.PluginTarget(theirs.ConnectionString, "PostgreSQL.15", Parallelism: 1, MakesTables: true);
        await RunningJournal.MakeByPluginAsync(target);
        var expected = await TablesAsync(theirs);
        Assert.True(expected.Count > 24);
        Assert.Equal(expected, await TablesAsync(ours));
    });

    [Fact]
    public async Task It_waits_for_the_disk_for_decisions_only() => await OnServerAsync(async server =>
    {
        using var database = JournalDatabase.Open(await server.NewJournalAsync());
        var config = database.Hocon(RunningJournal.Tunables);
        Assert.Contains("synchronous_commit=on", config.GetString("akka.persistence.journal.sql.connection-string"), StringComparison.Ordinal);
        Assert.Contains("synchronous_commit=off", config.GetString("akka.persistence.journal.frames.connection-string"), StringComparison.Ordinal);
        Assert.Equal(3, config.GetInt("akka.persistence.journal.sql.parallelism"));
        Assert.Equal("frames", config.GetString("akka.persistence.journal.frames.default.journal.table-name"));
    });

    [Fact]
    public async Task An_account_has_one_session_at_a_time_and_what_is_written_is_not_pruned() => await OnServerAsync(async server =>
    {
        var location = await server.NewJournalAsync();
        using (var first = JournalDatabase.Open(location))
        using (var second = JournalDatabase.Open(location))
        {
            first.Claim("a");
            second.Claim("b");
            Assert.Contains("another session", Assert.Throws<JournalException>(() => second.Claim("a")).Message, StringComparison.Ordinal);
            Assert.Contains("in use", Assert.Throws<JournalException>(() => JournalPruning.Run(location, Samples.At, Samples.At)).Message, StringComparison.Ordinal);
        }

        using var third = JournalDatabase.Open(location);
        third.Claim("a");
    });

    [Fact]
    public void A_password_is_never_printed_and_what_is_no_server_is_told_in_one_line()
    {
        var location = new JournalLocation.PostgreSql("Host=127.0.0.1;Port=1;Username=a;Password=hidden;Database=d");
        Assert.Equal("PostgreSQL at 127.0.0.1:1, database d", location.Title);
        Assert.Equal("hidden", location.Password);
        Assert.DoesNotContain("hidden", location.ToString(), StringComparison.Ordinal);
        var unreachable = Assert.Throws<JournalException>(() => JournalDatabase.Open(location));
        Assert.StartsWith("the PostgreSQL journal cannot be reached", unreachable.Message, StringComparison.Ordinal);
        foreach (var text in (string[])["hidden", "Password=hidden", "Host=h;Pass word=hidden;=", "Host=127.0.0.1;Passwort=hidden"])
        {
            var refused = Assert.Throws<JournalException>(() => JournalDatabase.Open(new JournalLocation.PostgreSql(text)));
            Assert.DoesNotContain("hidden", refused.ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<List<string>> TablesAsync(JournalLocation.PostgreSql location)
    {
        await using var connection = new Npgsql.NpgsqlConnection(location.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            """
            SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1
            """,
            connection);
        await using var rows = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await rows.ReadAsync()) tables.Add(Regex.Replace(rows.GetString(0), @"\s+", " "));
        return tables;
    }

    private async Task OnServerAsync(Func<PostgreSqlServer, Task> test)
    {
        if (await PostgreSqlServer.SharedAsync() is { } server) await test(server);
        else output.WriteLine($"not run: {PostgreSqlServer.WhyNone}");
    }
}
