using System.Runtime.ExceptionServices;
using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Actors.Journal.Storage;

namespace Actors.Journal;

/// <summary>
/// A whole journal, decisions and frames, for reading: which streams there are, and each of them as often as it is asked for, as many side by side as one likes. They are
/// read by the page, so that none needs a connection of its own. What is written after it was opened is not seen, so that all readings tell of the same moment. Not thread-safe,
/// but that one thread may read the frames' table while another reads that of the decisions.
/// </summary>
public sealed class JournalArchive
{
    /// <summary>Small pages: those of several readings that are not far from each other are kept.</summary>
    private const int PageRecords = 64;
    private const long PageBytes = 256 * 1024;

    private readonly Dictionary<string, (EventTable Table, StreamSummary Summary)> _streams;
    private readonly Dictionary<string, StreamPruned> _pruned = new(StringComparer.Ordinal);
    private readonly EventTable[] _tables;
    private readonly Dictionary<EventTable, SessionReader> _held = [];
    private readonly PageShelf _shelf = new();

    /// <summary>Readings under way of each stream of decisions.</summary>
    private readonly Dictionary<string, int> _readings = new(StringComparer.Ordinal);
    private readonly CancellationToken _stop;

    private JournalArchive(JournalArchive other, CancellationToken stop) =>
        (Decisions, Frames, _tables, _streams, _stop) = (other.Decisions, other.Frames, other._tables, other._streams, stop);

    private JournalArchive(EventTable decisions, EventTable frames)
    {
        (Decisions, Frames, _tables, _streams) = (decisions, frames, [decisions, frames], new(StringComparer.Ordinal));
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
            EventTable.OfServer(server.ConnectionString, SqliteSchema.JournalTable), EventTable.OfServer(server.ConnectionString, SqliteSchema.FramesTable)),
        _ => throw new ArgumentNullException(nameof(location)),
    };

    /// <summary>
    /// The same journal at the same moment, for another thread to read: nothing that is read, held or vouched for is shared. Readings throw <see cref="OperationCanceledException"/> once
    /// they are to stop.
    /// </summary>
    internal JournalArchive Again(CancellationToken stop) => new(this, stop);

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
        var chain = Begin(stream);
        foreach (var row in Rows(chain))
        {
            if (Take(row, chain, wants) is { } record) yield return (chain.Sequence, record);
        }
    }

    /// <summary>
    /// The same as links of a chain: whether each follows the one before it. Records of types that <paramref name="opens"/> does not name are not read any further. Throws as above.
    /// </summary>
    internal IEnumerable<ChainLink> ReadLinks(string stream, Predicate<Type> opens)
    {
        var chain = Begin(stream);
        foreach (var row in Rows(chain))
        {
            Take(row, chain, opens);
            yield return new ChainLink(chain.Sequence, chain.Head.ToArray(), (string)row.Stored.Manifest, (byte[])row.Stored.Message);
        }
    }

    private ChainGuard Begin(string stream) => PrunedOf(stream) is { } pruned ? new ChainGuard(stream, pruned.Sequence, Convert.FromHexString(pruned.Hash)) : new ChainGuard(stream);

    /// <summary>The rows of a stream that follow where its chain is; whoever takes one moves the chain along.</summary>
    private IEnumerable<PageRow> Rows(ChainGuard chain)
    {
        if (!_streams.TryGetValue(chain.Stream, out var known)) yield break;
        var isOfDecisions = known.Table == Decisions;
        if (isOfDecisions) _readings[chain.Stream] = _readings.GetValueOrDefault(chain.Stream) + 1;
        try
        {
            while (chain.Sequence < known.Summary.Last)
            {
                _stop.ThrowIfCancellationRequested();
                var page = ReadPage(known.Table, chain, known.Summary.Last);
                foreach (var row in page.Rows) yield return row;
                if (page.Failure is not null) ExceptionDispatchInfo.Throw(page.Failure);
                // The tail is missing: who knows how long the stream must be tells that.
                if (page.Rows.Count == 0) yield break;
            }
        }
        finally
        {
            if (isOfDecisions) _readings[chain.Stream]--;
        }
    }

    /// <summary>
    /// Keeps one connection a table for all readings until what is returned is disposed; else every page opens one. To open one is dear where a crash left a write-ahead log, which
    /// is then read as a whole. Until then, too, readings of decisions share the pages that lie close together.
    /// </summary>
    public IDisposable Hold()
    {
        foreach (var table in _tables)
        {
            if (!_held.ContainsKey(table)) _held.Add(table, SessionReader.Open(table));
        }

        return new Holding(this);
    }

    private StoredPage ReadPage(EventTable table, ChainGuard chain, long last)
    {
        if (!_held.TryGetValue(table, out var held))
        {
            using var reader = SessionReader.Open(table);
            return reader.ReadPage(chain.Stream, chain.Sequence, last, PageRecords, PageBytes);
        }

        // Frames are read by one alone.
        if (table != Decisions) return held.ReadPage(chain.Stream, chain.Sequence, last, PageRecords, PageBytes);
        var readings = _readings[chain.Stream];
        if (_shelf.Find(chain.Stream, chain.Sequence, readings) is { } kept) return kept;
        var page = held.ReadPage(chain.Stream, chain.Sequence, last, PageRecords, PageBytes);
        _shelf.Add(chain.Stream, chain.Sequence, page, readings);
        return page;
    }

    /// <summary>The next record; null for one that is not wanted, which is checked as a link of the chain all the same.</summary>
    private static JournalRecord? Take(PageRow row, ChainGuard chain, Predicate<Type>? wants)
    {
        if (wants is not null)
        {
            var (manifest, bytes) = row.Stored.Check(chain.Stream, chain.Sequence + 1);
            if (RecordCodec.TypeOf(manifest) is { } type && !wants(type))
            {
                row.Hash = chain.Accept(manifest, bytes, row.Opened?.Hash ?? row.Hash);
                return null;
            }
        }

        var record = row.Opened ??= row.Stored.Open(chain.Stream, chain.Sequence + 1);
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

    private sealed class Holding(JournalArchive archive) : IDisposable
    {
        public void Dispose()
        {
            foreach (var reader in archive._held.Values) reader.Dispose();
            archive._held.Clear();
            archive._shelf.Clear();
        }
    }
}

/// <summary>A record as a link of its chain: its number, its hash, and what is stored.</summary>
internal readonly record struct ChainLink(long Sequence, byte[] Hash, string Manifest, ReadOnlyMemory<byte> Bytes);
