using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
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
        return [.. Rows(command, row => new StreamSummary(Text(row.GetValue(0)), row.GetInt64(1), StoredRow.Number(row.GetValue(2)), StoredRow.Number(row.GetValue(3))))
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
            $"SELECT {StoredRow.Columns} FROM {_table.Name} WHERE persistence_id = @stream AND sequence_number > @first AND sequence_number <= @last ORDER BY sequence_number";
        Add(command, "@stream", stream);
        Add(command, "@first", chain.Sequence);
        Add(command, "@last", last);
        foreach (var row in Rows(command, Stored))
        {
            var record = row.Open(stream, chain.Sequence + 1);
            chain.Accept(record);
            yield return record;
        }
    }

    /// <summary>
    /// The next rows of a stream behind record <paramref name="after"/>, up to and with record <paramref name="last"/>, as they are stored: so many, or so many bytes. Why there are no
    /// more, where the database itself could not go on.
    /// </summary>
    internal StoredPage ReadPage(string stream, long after, long last, int countMax, long bytesMax)
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT {StoredRow.Columns} FROM {_table.Name} WHERE persistence_id = @stream AND sequence_number > @first AND sequence_number <= @last ORDER BY sequence_number LIMIT {countMax.ToString(CultureInfo.InvariantCulture)}";
        Add(command, "@stream", stream);
        Add(command, "@first", after);
        Add(command, "@last", last);
        var page = new List<PageRow>();
        long bytes = 0;
        try
        {
            foreach (var row in Rows(command, Stored))
            {
                page.Add(new PageRow(row));
                bytes += row.Message is byte[] message ? message.Length : 0;
                if (bytes >= bytesMax) break;
            }
        }
        catch (JournalException damaged)
        {
            return new StoredPage(page, bytes, damaged);
        }

        return new StoredPage(page, bytes, null);
    }

    /// <summary>
    /// The newest record of a stream, before record <paramref name="below"/>, that recovery can begin at, with its number; null when there is none. Reads backwards, no further
    /// than that record. Throws <see cref="JournalFormatException"/> when it cannot be read.
    /// </summary>
    public (long Sequence, JournalRecord Record)? FindKeptState(string stream, long below = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var command = _connection.CreateCommand();
        var names = string.Join(" OR ", KeptStates.Names.Select(name => $"manifest LIKE '{name}/%'"));
        command.CommandText =
            $"SELECT {StoredRow.Columns} FROM {_table.Name} WHERE persistence_id = @stream AND sequence_number < @below AND ({names}) ORDER BY sequence_number DESC LIMIT 1";
        Add(command, "@stream", stream);
        Add(command, "@below", below);
        foreach (var row in Rows(command, Stored)) return (StoredRow.Number(row.Sequence), row.Open(stream, StoredRow.Number(row.Sequence)));
        return null;
    }

    /// <summary>Rows that the database has ever given a number and those that are there; null where it does not tell.</summary>
    internal (long Given, long There)? CountRows()
    {
        if (!_table.CountsRows) return null;
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{_table.Name}'), 0), (SELECT count(*) FROM {_table.Name})";
        return Rows(command, row => (StoredRow.Number(row.GetValue(0)), row.GetInt64(1))).First();
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

    private static StoredRow Stored(DbDataReader row) => new(row.GetValue(0), row.GetValue(1), row.GetValue(2), row.GetValue(3), row.GetValue(4));

    private IEnumerable<T> Rows<T>(DbCommand command, Func<DbDataReader, T> read)
    {
        DbDataReader? rows = null;
        try
        {
            while (TryNext(command, read, ref rows, out var next)) yield return next;
        }
        finally
        {
            rows?.Dispose();
        }
    }

    /// <summary>Without a closure a row: a journal has many.</summary>
    private bool TryNext<T>(DbCommand command, Func<DbDataReader, T> read, ref DbDataReader? rows, [MaybeNullWhen(false)] out T next)
    {
        try
        {
            rows ??= command.ExecuteReader();
            var isThere = rows.Read();
            next = isThere ? read(rows) : default;
            return isThere;
        }
        catch (Exception refused) when (refused is DbException or FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            // The last four are what the provider throws for a value that its column cannot hold: a damaged page.
            throw new JournalException($"{_table.Title} {EventTable.Explain(refused)}", refused);
        }
    }
}
