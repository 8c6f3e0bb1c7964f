using System.Data.Common;
using System.Globalization;
using Actors.Journal.Codec.Kept;
using Actors.Journal.Storage;

namespace Actors.Journal;

/// <summary>A stream of a journal: its persistence id, how many records it has, and the numbers of its first and last.</summary>
public sealed record StreamSummary(string Stream, long Records, long First, long Last);

/// <summary>
/// Reads the streams of one table of events (<c>journal.db</c>, <c>frames.db</c>, or the same in PostgreSQL) without an actor system, read-only, also while a
/// session writes it. Every link of the hash chain is checked on the way. Not thread-safe.
/// </summary>
public sealed class SessionReader : IDisposable
{
    private readonly EventTable _table;
    private readonly DbConnection _connection;

    private SessionReader(EventTable table, DbConnection connection)
    {
        _table = table;
        _connection = connection;
    }

    /// <summary>Opens a SQLite file. Throws <see cref="JournalException"/> when it is missing, no journal, or of a newer build.</summary>
    public static SessionReader Open(string file) => Open(EventTable.OfFile(file));

    internal static SessionReader Open(EventTable table) => new(table, table.Connect());

    /// <summary>All streams, in ordinal order of their names. Throws <see cref="JournalException"/> for a damaged file.</summary>
    public IReadOnlyList<StreamSummary> ListStreams()
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT persistence_id, count(*), min(sequence_number), max(sequence_number) FROM {_table.Name} GROUP BY persistence_id";
        return [.. Rows(command, row => new StreamSummary(Text(row.GetValue(0)), row.GetInt64(1), Number(row.GetValue(2)), Number(row.GetValue(3))))
            .OrderBy(summary => summary.Stream, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The records of a stream from its first, one at a time: memory does not grow with the stream. Throws <see cref="JournalFormatException"/> naming
    /// stream and record at the first that is missing, cannot be read, or does not follow the one before it.
    /// </summary>
    public IEnumerable<JournalRecord> Read(string stream) => Read(new ChainGuard(stream), long.MaxValue);

    /// <summary>The same from behind a head that is vouched for elsewhere, up to and with record <paramref name="last"/>; the guard moves along.</summary>
    public IEnumerable<JournalRecord> Read(ChainGuard chain, long last)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var stream = chain.Stream;
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT sequence_number, identifier, manifest, message, deleted FROM {_table.Name} WHERE persistence_id = @stream AND sequence_number > @first AND sequence_number <= @last ORDER BY sequence_number";
        Add(command, "@stream", stream);
        Add(command, "@first", chain.Sequence);
        Add(command, "@last", last);
        foreach (var record in Rows(command, row => Open(row, stream, chain.Sequence + 1)))
        {
            chain.Accept(record);
            yield return record;
        }
    }

    /// <summary>
    /// The newest record of a stream that recovery can begin at, with its number; null when there is none. Reads backwards, no further than that record. Throws
    /// <see cref="JournalFormatException"/> when it cannot be read.
    /// </summary>
    public (long Sequence, JournalRecord Record)? FindKeptState(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var command = _connection.CreateCommand();
        var names = string.Join(" OR ", KeptStates.Names.Select(name => $"manifest LIKE '{name}/%'"));
        command.CommandText =
            $"SELECT sequence_number, identifier, manifest, message, deleted FROM {_table.Name} WHERE persistence_id = @stream AND ({names}) ORDER BY sequence_number DESC LIMIT 1";
        Add(command, "@stream", stream);
        foreach (var found in Rows(command, row => (Number(row.GetValue(0)), Open(row, stream, Number(row.GetValue(0)))))) return found;
        return null;
    }

    /// <summary>Rows that the database has ever given a number and those that are there; null where it does not tell.</summary>
    internal (long Given, long There)? CountRows()
    {
        if (!_table.CountsRows) return null;
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{_table.Name}'), 0), (SELECT count(*) FROM {_table.Name})";
        return Rows(command, row => (Number(row.GetValue(0)), row.GetInt64(1))).First();
    }

    /// <summary>What the database itself says is wrong with its pages and indexes; null when nothing is, or when it has no such check.</summary>
    internal string? CheckPages()
    {
        if (!_table.CountsRows) return null;
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        var words = Rows(command, row => Text(row.GetValue(0))).First().ReplaceLineEndings(" ");
        return words == "ok" ? null : words;
    }

    public void Dispose() => _connection.Dispose();

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    // SQLite stores any type in any column: a person with a shell, or a flipped byte, can leave a text where a number must be.
    private static long Number(object value) => value switch
    {
        long number => number,
        int number => number,
        _ => -1,
    };

    private static JournalRecord Open(DbDataReader row, string stream, long expected)
    {
        if (Number(row.GetValue(0)) is var sequence && sequence != expected)
            throw new JournalFormatException(stream, expected, $"it is missing: the next one there is {sequence}");
        if (row.GetValue(4) is not (false or 0L)) throw new JournalFormatException(stream, expected, "it is marked as deleted");
        if (Number(row.GetValue(1)) != JournalSerializer.FixedIdentifier)
            throw new JournalFormatException(stream, expected, $"it was written by another serializer ({Text(row.GetValue(1))})");
        if (row.GetValue(2) is not string manifest || row.GetValue(3) is not byte[] message)
            throw new JournalFormatException(stream, expected, "its columns are not of the types they must be");
        try
        {
            return RecordCodec.Open(manifest, message);
        }
        catch (JournalFormatException unreadable)
        {
            throw new JournalFormatException(stream, expected, unreadable.Message, unreadable);
        }
    }

    private IEnumerable<T> Rows<T>(DbCommand command, Func<DbDataReader, T> read)
    {
        using var rows = Guarded(command.ExecuteReader);
        while (Guarded(rows.Read)) yield return Guarded(() => read(rows));
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception refused) when (refused is DbException or FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            // The last four are what the provider throws for a value that its column cannot hold: a damaged page.
            throw new JournalException($"{_table.Title} {EventTable.Explain(refused)}", refused);
        }
    }
}
