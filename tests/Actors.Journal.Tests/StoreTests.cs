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
}

/// <summary>What a journal must do wherever it is kept: the same tests on both stores.</summary>
public abstract class StoreTests
{
    private const string Chronicle = "session-a";
    private const string Frames = "frames-a-s1";
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
        Assert.Empty(FramePruning.Run(journal, Moment(2), Moment(100)));
        var pruned = Assert.Single(FramePruning.Run(journal, Moment(3), Moment(100)));
        Assert.Equal((Frames, 2L, 2L), (pruned.Stream, pruned.Sequence, pruned.Frames));
        Assert.Empty(FramePruning.Run(journal, Moment(3), Moment(100)));
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
        Assert.Equal(3, Assert.Single(FramePruning.Run(journal, Moment(50), Moment(100))).Sequence);
        Assert.Null(JournalArchive.Open(journal).Find(Frames));
        Assert.True(Audit(journal).IsVerified);
    }

    private static AuditReport Audit(JournalLocation journal) => SessionAudit.Run(new AuditRequest { Journal = journal, Decoder = _ => new NoDialect() });

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
