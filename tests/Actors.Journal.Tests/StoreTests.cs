using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Xunit.Abstractions;

namespace Actors.Journal.Tests;

public sealed class SqliteStoreTests : StoreTests, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override Task<JournalLocation?> OpenAsync() => Task.FromResult<JournalLocation?>(_directory.Location);

    protected override Task<int> RunAsync(JournalLocation journal, string table, string statement)
    {
        using var connection = Shell.Open(table == "journal" ? _directory.Location.JournalFile : _directory.Location.FramesFile);
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return Task.FromResult(command.ExecuteNonQuery());
    }

    protected override string Literal(byte[] bytes) => $"X'{Convert.ToHexString(bytes)}'";
}

public sealed class PostgreSqlStoreTests(ITestOutputHelper output) : StoreTests
{
    protected override async Task<JournalLocation?> OpenAsync()
    {
        if (await PostgreSqlServer.SharedAsync() is { } server) return await server.NewJournalAsync();
        output.WriteLine($"not run: {PostgreSqlServer.WhyNone}");
        return null;
    }

    protected override Task<int> RunAsync(JournalLocation journal, string table, string statement) => PostgreSqlServer.RunAsync((JournalLocation.PostgreSql)journal, statement);

    protected override string Literal(byte[] bytes) => $"'\\x{Convert.ToHexString(bytes)}'::bytea";
}

/// <summary>What a journal must do wherever it is kept: the same tests on both stores.</summary>
public abstract class StoreTests
{
    private const string Chronicle = "session-a";
    private const string Frames = "frames-a-s1";
    private const string Orders = "orders-a";
    private static readonly SessionStarted Began = new("s1", "a", "none", "0", "{}");

    /// <summary>An empty journal; null, with the reason printed, where there is no such store.</summary>
    protected abstract Task<JournalLocation?> OpenAsync();

    /// <summary>What a person with a database shell would do; how many rows it changed.</summary>
    protected abstract Task<int> RunAsync(JournalLocation journal, string table, string statement);

    [Fact]
    public async Task What_was_persisted_is_recovered_by_the_next_system_and_read_by_the_archive()
    {
        if (await OpenAsync() is not { } journal) return;
        await using (var first = new RunningJournal(journal)) await Scribe.Tell(first.Start("session"), Scribe.Beats(20));
        await using var second = new RunningJournal(journal);
        var scribe = second.Start("session");
        Assert.Equal(Scribe.Beats(20), await Scribe.Ask(scribe));
        await Scribe.Tell(scribe, new BeatProved(21));
        Assert.Equal(21, JournalArchive.Open(journal).Read("session").Count());
    }

    /// <summary>Readings that follow each other closely share what was read: each tells what it tells alone, and each stops where a record is not what it was.</summary>
    [Fact]
    public async Task Readings_that_share_pages_tell_what_each_tells_alone()
    {
        if (await OpenAsync() is not { } journal) return;
        await using (var running = new RunningJournal(journal)) await Scribe.Tell(running.Start(Orders), [.. Scribe.Beats(300).Select((beat, index) => index % 3 == 0 ? new PartBegan("s1", "orders") : beat)]);
        var alone = JournalArchive.Open(journal).Read(Orders).Select(Line).ToList();
        Assert.Equal(300, alone.Count);
        var archive = JournalArchive.Open(journal);
        using (archive.Hold())
        {
            Assert.Equal(alone.Where((_, index) => index % 3 != 0), archive.Read(Orders, static type => type == typeof(BeatProved)).Select(Line));
            // Side by side, the second some records behind the first.
            using var behind = archive.Read(Orders).GetEnumerator();
            foreach (var (one, index) in archive.Read(Orders).Select((one, index) => (one, index)))
            {
                Assert.Equal(alone[index], Line(one));
                if (index >= 50) Assert.True(behind.MoveNext() && Line(behind.Current) == alone[index - 50]);
            }
        }

        Assert.Equal(1, await RunAsync(journal, "journal", $"UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = '{Orders}' AND sequence_number = 101) WHERE persistence_id = '{Orders}' AND sequence_number = 100"));
        using (archive.Hold())
        {
            for (var turn = 0; turn < 3; turn++)
            {
                var wants = turn == 1 ? static type => type == typeof(BeatProved) : (Predicate<Type>?)null;
                Assert.Equal(100, Assert.Throws<JournalFormatException>(() => archive.Read(Orders, wants).Count()).Sequence);
            }
        }

        static string Line((long Sequence, JournalRecord Record) one) => $"{one.Sequence} {Convert.ToHexString(one.Record.Hash)} {one.Record.Event}";
    }

    [Fact]
    public async Task Every_kind_of_record_goes_through_the_database_unchanged()
    {
        if (await OpenAsync() is not { } journal) return;
        await using (var running = new RunningJournal(journal)) await Scribe.Tell(running.Start("all"), [.. Samples.Events]);
        var read = JournalArchive.Open(journal).Read("all").Select(one => one.Record).ToList();
        var chain = new ChainGuard("all");
        Assert.Equal(Samples.Events.Select(sample => Convert.ToHexString(chain.Seal(sample, Samples.At, Samples.Cursor).Hash)), read.Select(record => Convert.ToHexString(record.Hash)));
    }

    [Fact]
    public async Task An_archive_tells_of_the_moment_at_which_it_was_opened()
    {
        if (await OpenAsync() is not { } journal) return;
        await using var running = new RunningJournal(journal);
        var scribe = running.Start("session");
        await Scribe.Tell(scribe, Scribe.Beats(3));
        var archive = JournalArchive.Open(journal);
        await Scribe.Tell(scribe, new BeatProved(4));
        Assert.Equal(3, archive.Read("session").Count());
        Assert.Equal(4, JournalArchive.Open(journal).Read("session").Count());
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'session-a' AND sequence_number = 3", Chronicle, 3)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'session-a' AND sequence_number = 1", Chronicle, 1)]
    [InlineData("UPDATE journal SET sequence_number = 99 WHERE persistence_id = 'session-a' AND sequence_number = 4", Chronicle, 4)]
    [InlineData("UPDATE journal SET manifest = 'beat-proved/9' WHERE persistence_id = 'session-a' AND sequence_number = 2", Chronicle, 2)]
    [InlineData("UPDATE journal SET identifier = 1 WHERE persistence_id = 'session-a' AND sequence_number = 2", Chronicle, 2)]
    [InlineData("UPDATE journal SET deleted = (1 = 1) WHERE persistence_id = 'session-a' AND sequence_number = 5", Chronicle, 5)]
    [InlineData("UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'session-a' AND sequence_number = 3) WHERE persistence_id = 'session-a' AND sequence_number = 4", Chronicle, 4)]
    [InlineData("UPDATE frames SET message = (SELECT message FROM frames WHERE sequence_number = 1) WHERE sequence_number = 2", Frames, 2)]
    [InlineData("DELETE FROM frames WHERE sequence_number = 2", Frames, 2)]
    [InlineData("DELETE FROM frames WHERE sequence_number = 3", Frames, 3)]
    [InlineData("UPDATE frames SET persistence_id = 'frames-a-s2'", Frames, 1)]
    public async Task A_change_by_hand_is_found_and_the_first_bad_record_named(string statement, string stream, long sequence)
    {
        if (await OpenAsync() is not { } journal) return;
        await WriteSessionAsync(journal);
        Assert.True(Audit(journal).IsVerified, string.Join('\n', Audit(journal).Findings.Kept));
        Assert.True(await RunAsync(journal, statement.Contains(" frames ", StringComparison.Ordinal) ? "frames" : "journal", statement) > 0);
        var kept = Audit(journal).Findings.Kept;
        Assert.Contains(kept, found => found.Stream == stream && found.Sequence == sequence);
    }

    [Fact]
    public async Task Old_frames_are_removed_by_whole_groups_and_their_digest_vouches_for_the_rest()
    {
        if (await OpenAsync() is not { } journal) return;
        await WriteSessionAsync(journal);
        // The second batch could not be read without the first.
        Assert.Empty(JournalPruning.Run(journal, Moment(2), Moment(100)));
        var pruned = Assert.IsType<FramesPruned>(Assert.Single(JournalPruning.Run(journal, Moment(3), Moment(100))));
        Assert.Equal((Frames, 2L, 2L), (pruned.Stream, pruned.Sequence, pruned.Frames));
        Assert.Empty(JournalPruning.Run(journal, Moment(3), Moment(100)));
        var archive = JournalArchive.Open(journal);
        Assert.Equal((1L, 3L, 3L), (archive.Find(Frames)!.Records, archive.Find(Frames)!.First, archive.Find(Frames)!.Last));
        var report = Audit(journal);
        Assert.True(report.IsVerified, string.Join('\n', report.Findings.Kept));
        Assert.Contains(report.Findings.Remarks, remark => remark.StartsWith("2 frames of session s1", StringComparison.Ordinal));
        Assert.Equal("s1", Assert.Single(SessionIndex.List(archive)).Id);

        Assert.Equal(1, await RunAsync(journal, "frames", "DELETE FROM frames WHERE sequence_number = 3"));
        Assert.False(Audit(journal).IsVerified);
    }

    [Fact]
    public async Task All_frames_may_go()
    {
        if (await OpenAsync() is not { } journal) return;
        await WriteSessionAsync(journal);
        Assert.Equal(3, Assert.Single(JournalPruning.Run(journal, Moment(50), Moment(100))).Sequence);
        Assert.Null(JournalArchive.Open(journal).Find(Frames));
        Assert.True(Audit(journal).IsVerified);
    }

    [Fact]
    public async Task Old_decisions_are_removed_up_to_a_state_that_recovery_and_audit_begin_with()
    {
        if (await OpenAsync() is not { } journal) return;
        await WriteTwoSessionsAsync(journal);
        // A session that ended later, and whatever comes after the last state before it, stays.
        Assert.Empty(JournalPruning.Run(journal, Moment(9), Moment(100), Retention.FramesAndDecisions));
        Assert.Empty(JournalPruning.Run(journal, Moment(20), Moment(100)));
        var pruned = Assert.IsType<DecisionsPruned>(Assert.Single(JournalPruning.Run(journal, Moment(20), Moment(100), Retention.FramesAndDecisions)));
        Assert.Equal(("s1", Orders, 3L, Moment(1), Moment(3)), (pruned.SessionId, pruned.Stream, pruned.Sequence, pruned.From, pruned.To));
        Assert.Empty(JournalPruning.Run(journal, Moment(20), Moment(100), Retention.FramesAndDecisions));
        var archive = JournalArchive.Open(journal);
        Assert.Equal([("s1", true), ("s2", false)], SessionIndex.List(archive).Select(session => (session.Id, session.IsPruned)));
        Assert.Equal([4L, 5, 6, 7], archive.Read(Orders).Select(one => one.Sequence));
        var report = Audit(journal);
        Assert.True(report.IsVerified, string.Join('\n', report.Findings.Kept));
        Assert.Contains(report.Findings.Remarks, remark => remark.StartsWith("3 records of decisions in 1 streams of a,", StringComparison.Ordinal) && remark.EndsWith("up to session s1 nothing can be decided again", StringComparison.Ordinal));
        Assert.Contains("cannot be decided again", Assert.Throws<JournalException>(() => Audit(journal, "s1")).Message, StringComparison.Ordinal);
        await using (var running = new RunningJournal(journal))
        {
            var events = await Scribe.Ask(running.Start(Orders));
            Assert.Equal([typeof(OrdersKept), typeof(ExecutionsReconciled), typeof(PartBegan), typeof(ExecutionsReconciled)], events.Select(one => one.GetType()));
            await Scribe.Tell(running.Start(Orders), Moment(30), new ExecutionsReconciled(Moment(9)));
        }

        Assert.True(Audit(journal).IsVerified, string.Join('\n', Audit(journal).Findings.Kept));
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE manifest LIKE 'decisions-pruned/%'")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'orders-a' AND sequence_number = 4")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'orders-a' AND sequence_number < 6")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'orders-a'")]
    [InlineData("UPDATE journal SET sequence_number = 3 WHERE persistence_id = 'orders-a' AND sequence_number = 4")]
    [InlineData("UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'orders-a' AND sequence_number = 5) WHERE persistence_id = 'orders-a' AND sequence_number = 4")]
    [InlineData("UPDATE journal SET message = (SELECT message FROM journal WHERE manifest LIKE 'beat-proved/%'), manifest = 'beat-proved/1' WHERE manifest LIKE 'decisions-pruned/%'")]
    public async Task What_was_removed_cannot_be_tampered_with_unseen(string statement)
    {
        if (await OpenAsync() is not { } journal) return;
        await WriteTwoSessionsAsync(journal);
        Assert.Single(JournalPruning.Run(journal, Moment(20), Moment(100), Retention.FramesAndDecisions));
        Assert.True(await RunAsync(journal, "journal", statement) > 0);
        Assert.False(Audit(journal).IsVerified);
    }

    /// <summary>Every byte of the digest, one bit each: all but those of its moment, and of what tells for people only, which nothing after it vouches for.</summary>
    [Fact]
    public async Task Every_changed_byte_of_a_digest_is_found_but_where_nothing_vouches_for_it()
    {
        if (await OpenAsync() is not { } journal) return;
        await WriteTwoSessionsAsync(journal);
        Assert.Single(JournalPruning.Run(journal, Moment(20), Moment(100), Retention.FramesAndDecisions));
        var record = JournalArchive.Open(journal).Read(Chronicle).Last().Record;
        var text = System.Text.Encoding.UTF8.GetString(record.Bytes.Span);
        string[] open = ["\"at\":\"", "\"cursor\":\"", "\"from\":\"", "\"to\":\"", "\"session\":\""];
        for (var at = 0; at < record.Bytes.Length; at++)
        {
            var changed = record.Bytes.ToArray();
            changed[at] ^= 1;
            Assert.Equal(1, await RunAsync(journal, "journal", Update(changed)));
            var isOpen = open.Any(name => text.IndexOf(name, StringComparison.Ordinal) is var from && from >= 0 && at >= from + name.Length && at < text.IndexOf('"', from + name.Length));
            if (!isOpen) Assert.False(IsVerified(journal), $"byte {at} of {text}");
        }

        Assert.Equal(1, await RunAsync(journal, "journal", Update(record.Bytes.ToArray())));
        Assert.True(IsVerified(journal));

        string Update(byte[] bytes) => $"UPDATE journal SET message = {Literal(bytes)} WHERE manifest LIKE 'decisions-pruned/%'";
    }

    /// <summary>Bytes as a literal of the store's SQL.</summary>
    protected abstract string Literal(byte[] bytes);

    private static bool IsVerified(JournalLocation journal)
    {
        try
        {
            return Audit(journal).IsVerified;
        }
        catch (JournalException)
        {
            return false; // cannot be read at all
        }
    }

    /// <summary>Two sessions of an orderly end, and a stream of decisions that kept its state before the first one's last record.</summary>
    private static async Task WriteTwoSessionsAsync(JournalLocation journal)
    {
        await using var running = new RunningJournal(journal);
        var (orders, chronicle) = (running.Start(Orders), running.Start(Chronicle));
        await Scribe.Tell(chronicle, Moment(0), Began);
        await Scribe.Tell(orders, Moment(1), new PartBegan("s1", "orders"), new ExecutionsReconciled(Moment(1)), new ExecutionsReconciled(Moment(2)));
        await Scribe.Tell(orders, Moment(3), OrderLedger.Empty.Keep());
        var last = await Scribe.Tell(orders, Moment(4), new ExecutionsReconciled(Moment(3)));
        var ended = await Scribe.Tell(chronicle, Moment(9), new BeatProved(1), new SessionEnded("s1", "orderly", 0));
        var closed = await Scribe.Tell(chronicle, Moment(9), new Checkpoint("s1", [Head(Orders, 5, last), Head(Chronicle, 3, ended)], null, null));
        Assert.NotNull(closed);
        await Scribe.Tell(chronicle, Moment(20), Began with { SessionId = "s2" });
        last = await Scribe.Tell(orders, Moment(21), new PartBegan("s2", "orders"), new ExecutionsReconciled(Moment(4)));
        ended = await Scribe.Tell(chronicle, Moment(25), new SessionEnded("s2", "orderly", 0));
        await Scribe.Tell(chronicle, Moment(25), new Checkpoint("s2", [Head(Orders, 7, last), Head(Chronicle, 6, ended)], null, null));
    }

    private static AuditReport Audit(JournalLocation journal, string? session = null) => SessionAudit.Run(new AuditRequest { Journal = journal, SessionId = session, Decoder = _ => new NoDialect() });

    private static DateTimeOffset Moment(int second) => Samples.At.AddSeconds(second);

    /// <summary>A session as the engine leaves one: six records in its chronicle, the last a checkpoint, and three batches of frames in two groups.</summary>
    private static async Task WriteSessionAsync(JournalLocation journal)
    {
        await using var running = new RunningJournal(journal);
        var packer = new FramePacker();
        var recorder = running.Start(Frames, JournalDatabase.FramesPlugin);
        await Scribe.Tell(recorder, Moment(0), packer.Pack(1, [new RecordedFrame(1, Moment(0), "{}"u8.ToArray())]));
        await Scribe.Tell(recorder, Moment(2), packer.Pack(1, [new RecordedFrame(2, Moment(2), new byte[FramePacker.GroupBytesMax])]));
        var last = await Scribe.Tell(recorder, Moment(4), packer.Pack(1, [new RecordedFrame(3, Moment(4), "{}"u8.ToArray())]));
        var chronicle = running.Start(Chronicle);
        var ended = await Scribe.Tell(chronicle, Moment(5), Began, new BeatProved(1), new BeatProved(2), new BeatProved(3), new SessionEnded("s1", "orderly", 0));
        await Scribe.Tell(chronicle, Moment(5), new Checkpoint("s1", [Head(Frames, 3, last), Head(Chronicle, 5, ended)], null, null));
    }

    private static StreamHead Head(string stream, long sequence, JournalRecord record) => new(stream, sequence, Convert.ToHexStringLower(record.Hash));

    /// <summary>The audit of these tests is of the chain alone.</summary>
    private sealed class NoDialect : IVenueDecoder
    {
        public void Decode(ReadOnlySpan<byte> frame, IVenueMessages messages)
        {
        }
    }
}
