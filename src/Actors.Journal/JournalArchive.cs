using System.Runtime.ExceptionServices;
using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Actors.Journal.Storage;

namespace Actors.Journal;

/// <summary>
/// A whole journal, decisions and frames, for reading: which streams there are, and each of them as often as it is asked for, as many side by side as one likes. They are
/// read by the page, so that none holds a connection between two. What is written after it was opened is not seen, so that all readings tell of the same moment.
/// </summary>
public sealed class JournalArchive
{
    private const int PageRecords = 256;
    private const long PageBytes = 256 * 1024;

    private readonly Dictionary<string, (EventTable Table, StreamSummary Summary)> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StreamPruned> _pruned = new(StringComparer.Ordinal);
    private readonly EventTable[] _tables;

    private JournalArchive(EventTable decisions, EventTable frames)
    {
        (Decisions, Frames, _tables) = (decisions, frames, [decisions, frames]);
        foreach (var table in _tables)
        {
            using var reader = SessionReader.Open(table);
            foreach (var summary in reader.ListStreams()) _streams[summary.Stream] = (table, summary);
        }
    }

    /// <summary>Throws <see cref="JournalException"/> with one line: missing, no journal, damaged, of a newer build, not to be reached.</summary>
    public static JournalArchive Open(JournalLocation location) => location switch
    {
        JournalLocation.SqliteDirectory directory => new JournalArchive(EventTable.OfFile(directory.JournalFile), EventTable.OfFile(directory.FramesFile)),
        JournalLocation.PostgreSql server => new JournalArchive(
            EventTable.OfServerForReading(server.ConnectionString, SqliteSchema.JournalTable), EventTable.OfServerForReading(server.ConnectionString, SqliteSchema.FramesTable)),
        _ => throw new ArgumentNullException(nameof(location)),
    };

    internal EventTable Decisions { get; }

    internal EventTable Frames { get; }

    /// <summary>In ordinal order of their names.</summary>
    public IEnumerable<StreamSummary> Streams => _streams.Values.Select(one => one.Summary).OrderBy(one => one.Stream, StringComparer.Ordinal);

    public StreamSummary? Find(string stream) => _streams.TryGetValue(stream, out var known) ? known.Summary : null;

    /// <summary>From now on the stream is read from behind the records that this says were removed. <see cref="SessionIndex.List(JournalArchive)"/> does so with all that the chronicles tell.</summary>
    public void Vouch(StreamPruned pruned)
    {
        ArgumentNullException.ThrowIfNull(pruned);
        _pruned[pruned.Stream] = pruned;
    }

    /// <summary>What was removed of a stream by its retention, the newest time; null for nothing.</summary>
    public StreamPruned? PrunedOf(string stream) => _pruned.GetValueOrDefault(stream);

    /// <summary>Whether this is the first record that its stream's retention left: of a stream of decisions a state, to begin with instead of nothing.</summary>
    public bool IsBeginning(string stream, long sequence) => _pruned.GetValueOrDefault(stream) is { } pruned && sequence == pruned.Sequence + 1;

    /// <summary>The records of a stream with their numbers; none when there is no such stream. Throws as <see cref="SessionReader.Read(string)"/>.</summary>
    /// <param name="stream">Its name.</param>
    /// <param name="wants">Which types of events are wanted: of the others only the link of the chain is read. Null: all.</param>
    public IEnumerable<(long Sequence, JournalRecord Record)> Read(string stream, Predicate<Type>? wants = null)
    {
        if (!_streams.TryGetValue(stream, out var known)) yield break;
        var chain = PrunedOf(stream) is { } pruned ? new ChainGuard(stream, pruned.Sequence, Convert.FromHexString(pruned.Hash)) : new ChainGuard(stream);
        var wanted = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (chain.Sequence < known.Summary.Last)
        {
            var (rows, failure) = ReadPage(known.Table, chain, known.Summary.Last);
            foreach (var row in rows)
            {
                if (Take(row, chain, wants, wanted) is { } record) yield return (chain.Sequence, record);
            }

            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
            // The tail is missing: who knows how long the stream must be tells that.
            if (rows.Count == 0) yield break;
        }
    }

    private static (IReadOnlyList<StoredRow> Rows, JournalException? Failure) ReadPage(EventTable table, ChainGuard chain, long last)
    {
        using var reader = SessionReader.Open(table);
        return reader.ReadPage(chain.Stream, chain.Sequence, last, PageRecords, PageBytes);
    }

    /// <summary>The next record; null for one that is not wanted, which is checked as a link of the chain all the same.</summary>
    private static JournalRecord? Take(in StoredRow row, ChainGuard chain, Predicate<Type>? wants, Dictionary<string, bool> wanted)
    {
        if (wants is not null)
        {
            var (manifest, bytes) = row.Check(chain.Stream, chain.Sequence + 1);
            if (!wanted.TryGetValue(manifest, out var isWanted)) wanted.Add(manifest, isWanted = RecordCodec.TypeOf(manifest) is not { } type || wants(type));
            if (!isWanted)
            {
                chain.Accept(manifest, bytes);
                return null;
            }
        }

        var record = row.Open(chain.Stream, chain.Sequence + 1);
        chain.Accept(record);
        return record;
    }

    /// <summary>What the databases themselves say is wrong: damaged pages, and rows that were given a number and are not there any more.</summary>
    internal IEnumerable<string> CheckTables(long prunedDecisions, long prunedFrames)
    {
        foreach (var table in _tables)
        {
            using var reader = SessionReader.Open(table);
            if (reader.CheckPages() is { } damage) yield return $"{table.Title} is damaged: {damage}";
            if (reader.CountRows() is not { } rows) continue;
            var expected = rows.Given - (table.Name == SqliteSchema.FramesTable ? prunedFrames : prunedDecisions);
            if (rows.There != expected) yield return $"{table.Title} has {rows.There} records where {expected} must be: records were removed or added";
        }
    }
}
