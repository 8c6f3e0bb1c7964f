using System.Globalization;
using Actors.EndToEnd.Tests.Support;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.EndToEnd.Tests;

/// <summary>Thousands of random edits of a real session's files: each is found, or is of what the audit says that it cannot find; none ends the audit.</summary>
[Collection(AuditedSession.Collection)]
public class TamperingTests(AuditedSession session)
{
    private const int Seed = 20260901;
    private const int RowEdits = 1_600;
    private const int ByteEdits = 400;
    private const int Reseals = 60;

    /// <summary>The columns that are evidence. The plugin's own bookkeeping beside them is read by nothing: when a row was written, tags, the writer's name.</summary>
    private const string Evidence = "SELECT persistence_id, sequence_number, deleted, identifier, manifest, message FROM ";

    /// <summary>One test, because every edit needs the same copy of the files.</summary>
    [Fact]
    public void Every_edit_of_a_record_is_found_and_the_first_bad_record_named()
    {
        using var folder = new TemporaryFolder();
        session.CopyTo(folder.Path);
        var rows = new Dictionary<string, List<object[]>>
        {
            ["journal"] = Shell.Rows(folder.File("journal.db"), "SELECT ordering, persistence_id, sequence_number, message FROM journal"),
            ["frames"] = Shell.Rows(folder.File("frames.db"), "SELECT ordering, persistence_id, sequence_number, message FROM frames"),
        };
        var unseen = 0;
        for (var edit = 0; edit < RowEdits; edit++)
        {
            var random = new Random(Seed + edit);
            var table = random.Next(4) == 0 ? "frames" : "journal";
            var file = folder.File($"{table}.db");
            var row = rows[table][random.Next(rows[table].Count)];
            var what = Tamper(random, file, table, row, rows[table]);
            var report = session.Audit(folder.Path, checkSignatures: false);
            // The chronicle's last record is vouched for by nothing after it, as the audit says: an edit of its own moment is not seen.
            var isLast = ((string)row[1]).StartsWith("session-", StringComparison.Ordinal) && (long)row[2] == rows[table].Where(one => Equals(one[1], row[1])).Max(one => (long)one[2]);
            if (isLast && report.IsVerified) unseen++;
            else Assert.False(report.IsVerified, $"seed {Seed + edit}: {what} was not found");
            if (!isLast && what.StartsWith("flipped", StringComparison.Ordinal))
                Assert.True(Names(report, (string)row[1], (long)row[2]), $"seed {Seed + edit}: {what}: {string.Join('\n', report.Findings.Kept)}");
            session.Restore(folder.Path, table);
        }

        Assert.True(unseen < RowEdits / 100, $"{unseen} edits of the last record were not seen");
    }

    [Fact]
    public void Every_flipped_byte_of_a_file_is_found_or_touched_no_evidence()
    {
        using var folder = new TemporaryFolder();
        session.CopyTo(folder.Path);
        var unseen = 0;
        for (var edit = 0; edit < ByteEdits; edit++)
        {
            var random = new Random(Seed - edit);
            var table = random.Next(2) == 0 ? "frames" : "journal";
            var file = folder.File($"{table}.db");
            session.Restore(folder.Path, table);
            var bytes = File.ReadAllBytes(Path.Combine(session.Journal, $"{table}.db"));
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, bytes);
            if (!IsFound(folder.Path) && ChangedEvidence(file, table) is { Count: > 0 } changed)
            {
                // As above: of the chronicle's last record an edit of its moment is not seen.
                Assert.True(changed.SetEquals([LastOfChronicle()]), $"seed {Seed - edit}: byte {at} of {table}.db was flipped, which was not found: {string.Join(", ", changed)}");
                unseen++;
            }

            session.Restore(folder.Path, table);
        }

        Assert.True(unseen < ByteEdits / 50, $"{unseen} edits of the last record were not seen");
    }

    /// <summary>The tail of a stream, cut with the database's own count of its rows mended too: the checkpoints know better.</summary>
    [Fact]
    public void A_cut_tail_is_found_by_the_checkpoints_alone()
    {
        using var folder = new TemporaryFolder();
        foreach (var stream in Shell.Rows(Path.Combine(session.Journal, "journal.db"), "SELECT persistence_id, max(sequence_number) FROM journal GROUP BY persistence_id"))
        {
            session.CopyTo(folder.Path);
            Shell.Run(folder.File("journal.db"), "DELETE FROM journal WHERE persistence_id = $stream AND sequence_number = $last", ("$stream", stream[0]), ("$last", stream[1]));
            Shell.Run(folder.File("journal.db"), "UPDATE sqlite_sequence SET seq = (SELECT count(*) FROM journal) WHERE name = 'journal'");
            var report = session.Audit(folder.Path);
            Assert.False(report.IsVerified, (string)stream[0]);
        }
    }

    /// <summary>
    /// A forger who changes one record and computes every later hash of its stream anew, but not the checkpoints: the next one that names the stream tells. What comes
    /// after the last is said to be open, and here there is nothing.
    /// </summary>
    [Fact]
    public void A_stream_that_was_sealed_anew_is_found_by_the_checkpoints()
    {
        using var folder = new TemporaryFolder();
        session.CopyTo(folder.Path);
        var archive = JournalArchive.Open(new JournalLocation.SqliteDirectory(session.Journal));
        var streams = archive.Streams.Where(stream => !stream.Stream.StartsWith("session-", StringComparison.Ordinal)).ToList();
        for (var edit = 0; edit < Reseals; edit++)
        {
            var random = new Random(Seed + (7 * edit));
            var stream = streams[random.Next(streams.Count)];
            var table = stream.Stream.StartsWith("frames-", StringComparison.Ordinal) ? "frames" : "journal";
            var from = random.Next((int)stream.Records);
            Reseal(folder.File($"{table}.db"), table, archive, stream.Stream, from);
            var report = session.Audit(folder.Path, checkSignatures: false);
            Assert.False(report.IsVerified, $"seed {Seed + (7 * edit)}: {stream.Stream} was sealed anew from record {from + 1}, which was not found");
            // The first bad record cannot be known: the first one that a checkpoint names behind it is.
            Assert.True(
                report.Findings.Kept.Any(one => one.Stream == stream.Stream && one.Sequence > from),
                $"seed {Seed + (7 * edit)}: {string.Join('\n', report.Findings.Kept)}");
            session.Restore(folder.Path, table);
        }
    }

    /// <summary>A forger who computes every hash anew, checkpoints too: only the operator's key tells.</summary>
    [Fact]
    public void A_journal_forged_as_a_whole_is_told_by_its_signatures_alone()
    {
        using var folder = new TemporaryFolder();
        session.CopyTo(folder.Path);
        Forge(folder.File("journal.db"));
        Assert.True(session.Audit(folder.Path, checkSignatures: false).IsWhole);
        Assert.DoesNotContain(session.Audit(folder.Path, checkSignatures: false).Findings.Kept, one => one.Words.Contains("signature", StringComparison.Ordinal));
        Assert.Contains(session.Audit(folder.Path).Findings.Kept, one => one.Words.Contains("its signature is not that of the key", StringComparison.Ordinal));
    }

    private bool IsFound(string folder)
    {
        try
        {
            return !session.Audit(folder, checkSignatures: false).IsVerified;
        }
        catch (JournalException)
        {
            return true; // cannot be read at all: exit code 2
        }
    }

    /// <summary>Stream and number of every record whose evidence is not as it was; records that are missing or more are counted, too.</summary>
    private HashSet<(object Stream, object Sequence)> ChangedEvidence(string file, string table)
    {
        var now = Shell.Rows(file, $"{Evidence}{table}").ToDictionary(row => (row[0], row[1]));
        var then = Shell.Rows(Path.Combine(session.Journal, $"{table}.db"), $"{Evidence}{table}").ToDictionary(row => (row[0], row[1]));
        return [.. now.Keys.Union(then.Keys).Where(key => !now.TryGetValue(key, out var row) || !then.TryGetValue(key, out var before) || !row.Zip(before, IsSame).All(same => same))];
    }

    private (object Stream, object Sequence) LastOfChronicle()
    {
        var last = Shell.Rows(
            Path.Combine(session.Journal, "journal.db"), "SELECT persistence_id, sequence_number FROM journal WHERE persistence_id LIKE 'session-%' ORDER BY sequence_number DESC LIMIT 1");
        return (last[0][0], last[0][1]);
    }

    private static bool IsSame(object left, object right) =>
        left is byte[] bytes && right is byte[] others ? bytes.AsSpan().SequenceEqual(others) : Equals(left, right);

    /// <summary>A flipped bit is told of the record itself where it cannot be read any more, else of the next link, or of what it says of others.</summary>
    private static bool Names(AuditReport report, string stream, long sequence) => report.Findings.Kept.Any(one =>
        (one.Stream == stream && (one.Sequence == sequence || one.Sequence == sequence + 1)) || one.Words.Contains($"record {sequence} of {stream}", StringComparison.Ordinal));

    private static string Tamper(Random random, string file, string table, object[] row, List<object[]> all)
    {
        var where = $"WHERE ordering = {((long)row[0]).ToString(CultureInfo.InvariantCulture)}";
        switch (random.Next(6))
        {
            case 0 or 1 or 2:
                var bytes = ((byte[])row[3]).ToArray();
                var at = random.Next(bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                Shell.Run(file, $"UPDATE {table} SET message = $message {where}", ("$message", bytes));
                return $"flipped a bit of byte {at} of {row[1]} {row[2]}";
            case 3:
                Shell.Run(file, $"DELETE FROM {table} {where}");
                return $"deleted {row[1]} {row[2]}";
            case 4:
                Shell.Run(file, $"INSERT INTO {table} (created, deleted, persistence_id, sequence_number, message, manifest, identifier) SELECT created, deleted, persistence_id, (SELECT max(sequence_number) + 1 FROM {table} o WHERE o.persistence_id = {table}.persistence_id), message, manifest, identifier FROM {table} {where}");
                return $"appended a copy of {row[1]} {row[2]}";
            default:
                var other = all[random.Next(all.Count)];
                if (ReferenceEquals(other, row) || ((byte[])other[3]).AsSpan().SequenceEqual((byte[])row[3])) goto case 3;
                Shell.Run(file, $"UPDATE {table} SET message = $message, manifest = (SELECT manifest FROM {table} WHERE ordering = {other[0]}) {where}", ("$message", other[3]));
                return $"put {other[1]} {other[2]} in the place of {row[1]} {row[2]}";
        }
    }

    /// <summary>Moves one record by a tick of time and seals it and all behind it anew.</summary>
    private static void Reseal(string file, string table, JournalArchive archive, string stream, int from)
    {
        var records = archive.Read(stream).Select(one => one.Record).ToList();
        var chain = new ChainGuard(stream);
        for (var index = 0; index < records.Count; index++)
        {
            var forged = chain.Seal(records[index].Event, index == from ? records[index].At.AddTicks(1) : records[index].At, records[index].Cursor);
            if (index < from) continue;
            Shell.Run(
                file, $"UPDATE {table} SET message = $message WHERE persistence_id = $stream AND sequence_number = $sequence",
                ("$message", forged.Bytes.ToArray()), ("$stream", stream), ("$sequence", index + 1));
        }
    }

    /// <summary>Seals every record of the chronicle anew, with another moment in one of them.</summary>
    private static void Forge(string file)
    {
        using var reader = SessionReader.Open(file);
        var chronicle = reader.ListStreams().Single(stream => stream.Stream.StartsWith("session-", StringComparison.Ordinal)).Stream;
        var records = reader.Read(chronicle).ToList();
        var chain = new ChainGuard(chronicle);
        for (var index = 0; index < records.Count; index++)
        {
            var happened = records[index].Event;
            if (happened is Domain.Sessions.Checkpoint checkpoint)
                happened = checkpoint with { Heads = [.. checkpoint.Heads.Select(head => head.Stream == chronicle ? head with { Hash = Convert.ToHexStringLower(chain.Head) } : head)] };
            var forged = chain.Seal(happened, index == 2 ? records[index].At.AddSeconds(-1) : records[index].At, records[index].Cursor);
            Shell.Run(
                file, "UPDATE journal SET message = $message, manifest = $manifest WHERE persistence_id = $stream AND sequence_number = $sequence",
                ("$message", forged.Bytes.ToArray()), ("$manifest", forged.Manifest), ("$stream", chronicle), ("$sequence", index + 1));
        }
    }
}
