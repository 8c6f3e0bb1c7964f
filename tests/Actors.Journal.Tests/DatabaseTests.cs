using System.Diagnostics;
using System.Text.RegularExpressions;
using Actors.Domain.Sessions;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using LinqToDB.Data;

namespace Actors.Journal.Tests;

public class DatabaseTests
{
    [Fact]
    public async Task What_was_persisted_is_recovered_by_the_next_system()
    {
        using var directory = new TemporaryDirectory();
        await using (var first = new RunningJournal(directory.Location)) await Scribe.Tell(first.Start("session"), Scribe.Beats(20));
        await using var second = new RunningJournal(directory.Location);
        var scribe = second.Start("session");
        Assert.Equal(Scribe.Beats(20), await Scribe.Ask(scribe));
        await Scribe.Tell(scribe, new BeatProved(21));
    }

    [Fact]
    public async Task Every_kind_of_record_goes_through_the_database_unchanged()
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location)) await Scribe.Tell(running.Start("all"), [.. Samples.Events]);
        using var reader = SessionReader.Open(directory.Location.JournalFile);
        Assert.Equal(Samples.Events.Select(sample => sample.GetType()), reader.Read("all").Select(record => record.Event.GetType()));
    }

    [Fact]
    public async Task Decisions_and_frames_are_kept_in_files_of_their_own()
    {
        using var directory = new TemporaryDirectory();
        var batch = new FramePacker().Pack(1, [new RecordedFrame(1, Samples.At, "{}"u8.ToArray())]);
        await using (var running = new RunningJournal(directory.Location))
        {
            var recorder = running.Start("frames-s1", JournalDatabase.FramesPlugin);
            var orders = running.Start("orders-s1");
            await Task.WhenAll(Scribe.Tell(recorder, batch), Scribe.Tell(orders, Scribe.Beats(3)));
        }

        using var decisions = SessionReader.Open(directory.Location.JournalFile);
        using var frames = SessionReader.Open(directory.Location.FramesFile);
        Assert.Equal([new StreamSummary("orders-s1", 3, 1, 3)], decisions.ListStreams());
        Assert.Equal([new StreamSummary("frames-s1", 1, 1, 1)], frames.ListStreams());
        var read = new FrameUnpacker().Unpack((FramesRecorded)frames.Read("frames-s1").Single().Event);
        Assert.Equal("{}"u8.ToArray(), read.Single().Bytes.ToArray());
    }

    [Fact]
    public async Task The_read_journal_sees_the_records()
    {
        using var directory = new TemporaryDirectory();
        await using var running = new RunningJournal(directory.Location);
        await Scribe.Tell(running.Start("session"), Scribe.Beats(3));
        var query = PersistenceQuery.Get(running.System).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        var found = await query.CurrentEventsByPersistenceId("session", 0, long.MaxValue)
            .RunWith(Sink.Seq<EventEnvelope>(), running.System.Materializer());
        Assert.Equal(Scribe.Beats(3), found.Select(envelope => ((JournalRecord)envelope.Event).Event));
    }

    [Fact]
    public async Task A_locked_journal_fails_a_write_within_seconds_and_works_again_afterwards()
    {
        using var directory = new TemporaryDirectory();
        await using var running = new RunningJournal(directory.Location);
        var scribe = running.Start("session");
        await Scribe.Tell(scribe, new BeatProved(1));
        using (var other = Shell.Open(directory.Location.JournalFile))
        {
            using var held = other.BeginTransaction();
            var clock = Stopwatch.StartNew();
            var stopped = new TaskCompletionSource();
            running.System.ActorOf(Props.Create(() => new Watcher(scribe, stopped)));
            scribe.Tell(new Scribe.Write([new BeatProved(99)]));
            await stopped.Task.WaitAsync(Scribe.Patience);
            Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        }

        var next = running.Start("session");
        await Scribe.Tell(next, new BeatProved(2));
        Assert.Equal(2, (await Scribe.Ask(next)).Length);
    }

    [Fact]
    public async Task Recovery_reads_while_others_write()
    {
        using var directory = new TemporaryDirectory();
        await using var running = new RunningJournal(directory.Location);
        await Scribe.Tell(running.Start("session"), Scribe.Beats(3));
        using var other = Shell.Open(directory.Location.JournalFile);
        using var held = other.BeginTransaction();
        Assert.Equal(Scribe.Beats(3), await Scribe.Ask(running.Start("session")));
    }

    [Fact]
    public async Task The_tables_are_those_that_the_plugin_would_make()
    {
        using var ours = new TemporaryDirectory();
        JournalDatabase.Open(ours.Location).Dispose();
        using var theirs = new TemporaryDirectory();
        var file = Path.Combine(theirs.Path, "plugin.db");
        await MakeByPlugin(file);
        var expected = Tables(file);
        Assert.Equal(expected.Where(table => !table.Contains("frames", StringComparison.Ordinal)), Tables(ours.Location.JournalFile));
        Assert.Equal(expected.Where(table => table.Contains("frames", StringComparison.Ordinal)), Tables(ours.Location.FramesFile));
    }

    [Fact]
    public void Decisions_survive_a_power_cut_and_both_files_use_a_write_ahead_log()
    {
        using var directory = new TemporaryDirectory();
        JournalDatabase.Open(directory.Location).Dispose();
        Assert.Equal("wal", Shell.Run(directory.Location.JournalFile, "PRAGMA journal_mode"));
        Assert.Equal("wal", Shell.Run(directory.Location.FramesFile, "PRAGMA journal_mode"));
        Assert.Equal((2L, 2000L), Pragmas(Storage.Durability.PowerCut, directory.Location.JournalFile));
        Assert.Equal((1L, 2000L), Pragmas(Storage.Durability.ProcessCrash, directory.Location.FramesFile));
    }

    [Fact]
    public void The_settings_that_must_agree_with_the_files_win_over_the_tunables()
    {
        using var directory = new TemporaryDirectory();
        using var database = JournalDatabase.Open(directory.Location);
        var config = database.Hocon(RunningJournal.Tunables + "\nakka.persistence.journal.sql { parallelism = 9, batch-size = 7 }");
        Assert.Equal(1, config.GetInt("akka.persistence.journal.sql.parallelism"));
        Assert.Equal(7, config.GetInt("akka.persistence.journal.sql.batch-size"));
        Assert.True(config.GetBoolean("akka.persistence.journal.frames.prefer-parameters-on-multirow-insert"));
        Assert.Equal(TimeSpan.FromSeconds(4), config.GetTimeSpan("akka.persistence.journal-plugin-fallback.circuit-breaker.call-timeout"));
    }

    private static (long Synchronous, long BusyMilliseconds) Pragmas(Storage.Durability durability, string path)
    {
        var file = new Storage.SqliteFile(path, "", durability);
        using var connection = new DataConnection(file.Options());
        return (connection.Execute<long>("PRAGMA synchronous"), connection.Execute<long>("PRAGMA busy_timeout"));
    }

    private static async Task MakeByPlugin(string file)
    {
        var target = new Storage.PluginTarget($"Data Source={file};Pooling=False", "SQLite.MS", Parallelism: 1, MakesTables: true);
        await RunningJournal.MakeByPluginAsync(target);
    }

    /// <summary>Every table and index as it is spelled, without spaces.</summary>
    private static List<string> Tables(string file)
    {
        using var connection = Shell.Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name <> 'sqlite_sequence' ORDER BY 1";
        using var rows = command.ExecuteReader();
        var tables = new List<string>();
        while (rows.Read()) tables.Add(Regex.Replace(rows.GetString(0), @"\s+", ""));
        return tables;
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef watched, TaskCompletionSource stopped)
        {
            Context.Watch(watched);
            Receive<Terminated>(_ => stopped.TrySetResult());
        }
    }
}
