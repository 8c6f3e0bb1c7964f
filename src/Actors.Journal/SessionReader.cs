using System.Globalization;
using Actors.Journal.Storage;
using Microsoft.Data.Sqlite;

namespace Actors.Journal;

/// <summary>A stream of a journal file: its persistence id and the numbers of its first and last record.</summary>
public sealed record StreamSummary(string Stream, long Records, long First, long Last);

/// <summary>
/// Reads the streams of one SQLite file (<c>journal.db</c> or <c>frames.db</c>) without an actor system, read-only, also while a session writes it. Every
/// link of the hash chain is checked on the way. Not thread-safe.
/// </summary>
public sealed class SessionReader : IDisposable
{
    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly string _table;

    private SessionReader(string file, SqliteConnection connection, string table)
    {
        _file = file;
        _connection = connection;
        _table = table;
    }

    /// <summary>Throws <see cref="JournalException"/> when the file is missing, no journal, or of a newer build.</summary>
    public static SessionReader Open(string file)
    {
        if (!File.Exists(file)) throw new JournalException($"{file} does not exist");
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            DefaultTimeout = SqliteFile.BusySeconds,
            Pooling = false,
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return new SessionReader(file, connection, SqliteSchema.FindEventTable(connection, file));
        }
        catch (SqliteException refused)
        {
            connection.Dispose();
            throw new JournalException($"{file} {SqliteFile.Explain(refused)}", refused);
        }
        catch (JournalException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>All streams, in ordinal order of their names. Throws <see cref="JournalException"/> for a damaged file.</summary>
    public IReadOnlyList<StreamSummary> ListStreams()
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT persistence_id, count(*), min(sequence_number), max(sequence_number) FROM {_table} GROUP BY persistence_id ORDER BY persistence_id";
        return [.. Rows(command, row => new StreamSummary(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)))];
    }

    /// <summary>
    /// The records of a stream from its first, one at a time: memory does not grow with the stream. Throws <see cref="JournalFormatException"/> naming
    /// stream and record at the first that is missing, cannot be read, or does not follow the one before it.
    /// </summary>
    public IEnumerable<JournalRecord> Read(string stream)
    {
        var chain = new ChainGuard(stream);
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"SELECT sequence_number, identifier, manifest, message, deleted FROM {_table} WHERE persistence_id = $stream ORDER BY sequence_number";
        command.Parameters.AddWithValue("$stream", stream);
        foreach (var record in Rows(command, row => Open(row, stream, chain.Sequence + 1)))
        {
            chain.Accept(record);
            yield return record;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static JournalRecord Open(SqliteDataReader row, string stream, long expected)
    {
        if (row.GetInt64(0) is var sequence && sequence != expected)
            throw new JournalFormatException(stream, expected, $"it is missing: the next one there is {sequence}");
        if (row.GetBoolean(4)) throw new JournalFormatException(stream, expected, "it is marked as deleted");
        if (row.IsDBNull(1) || row.GetInt64(1) != JournalSerializer.FixedIdentifier)
            throw new JournalFormatException(
                stream, expected, $"it was written by another serializer ({Convert.ToString(row.GetValue(1), CultureInfo.InvariantCulture)})");
        try
        {
            return RecordCodec.Open(row.IsDBNull(2) ? "" : row.GetString(2), row.GetFieldValue<byte[]>(3));
        }
        catch (JournalFormatException unreadable)
        {
            throw new JournalFormatException(stream, expected, unreadable.Message, unreadable);
        }
        catch (InvalidCastException unreadable)
        {
            // SQLite stores any type in any column: a person with a shell can leave a number where bytes must be.
            throw new JournalFormatException(stream, expected, "its columns are not of the types they must be", unreadable);
        }
    }

    private IEnumerable<T> Rows<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
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
        catch (SqliteException refused)
        {
            throw new JournalException($"{_file} {SqliteFile.Explain(refused)}", refused);
        }
    }
}
