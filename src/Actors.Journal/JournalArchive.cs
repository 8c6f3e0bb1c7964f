using Actors.Journal.Storage;

namespace Actors.Journal;

/// <summary>
/// A whole journal, decisions and frames, for reading: which streams there are, and each of them as often as it is asked for, every reading on a connection of
/// its own. What is written after it was opened is not seen, so that all readings tell of the same moment.
/// </summary>
public sealed class JournalArchive
{
    private readonly Dictionary<string, (EventTable Table, StreamSummary Summary)> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Sequence, byte[] Hash)> _pruned = new(StringComparer.Ordinal);
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
            EventTable.OfServer(server.ConnectionString, SqliteSchema.JournalTable), EventTable.OfServer(server.ConnectionString, SqliteSchema.FramesTable)),
        _ => throw new ArgumentNullException(nameof(location)),
    };

    internal EventTable Decisions { get; }

    internal EventTable Frames { get; }

    /// <summary>In ordinal order of their names.</summary>
    public IEnumerable<StreamSummary> Streams => _streams.Values.Select(one => one.Summary).OrderBy(one => one.Stream, StringComparer.Ordinal);

    public StreamSummary? Find(string stream) => _streams.TryGetValue(stream, out var known) ? known.Summary : null;

    /// <summary>From now on the stream is read from behind this record, whose predecessors were removed by their retention.</summary>
    public void Vouch(string stream, long sequence, byte[] hash) => _pruned[stream] = (sequence, hash);

    /// <summary>Whether the beginning of the stream was removed by its retention.</summary>
    public bool IsPruned(string stream) => _pruned.ContainsKey(stream);

    /// <summary>The records of a stream with their numbers; none when there is no such stream. Throws as <see cref="SessionReader.Read(string)"/>.</summary>
    public IEnumerable<(long Sequence, JournalRecord Record)> Read(string stream)
    {
        if (!_streams.TryGetValue(stream, out var known)) yield break;
        using var reader = SessionReader.Open(known.Table);
        var chain = _pruned.TryGetValue(stream, out var head) ? new ChainGuard(stream, head.Sequence, head.Hash) : new ChainGuard(stream);
        foreach (var record in reader.Read(chain, known.Summary.Last)) yield return (chain.Sequence, record);
    }

    /// <summary>What the databases themselves say is wrong: damaged pages, and rows that were given a number and are not there any more.</summary>
    internal IEnumerable<string> CheckTables(long prunedRows)
    {
        foreach (var table in _tables)
        {
            using var reader = SessionReader.Open(table);
            if (reader.CheckPages() is { } damage) yield return $"{table.Title} is damaged: {damage}";
            if (reader.CountRows() is not { } rows) continue;
            var expected = rows.Given - (table.Name == SqliteSchema.FramesTable ? prunedRows : 0);
            if (rows.There != expected) yield return $"{table.Title} has {rows.There} records where {expected} must be: records were removed or added";
        }
    }
}
