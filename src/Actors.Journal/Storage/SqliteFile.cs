using System.Data.Common;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace Actors.Journal.Storage;

/// <summary>How durable a write is when it is confirmed.</summary>
internal enum Durability
{
    /// <summary>Survives a crash of the process; a power cut may take the last seconds.</summary>
    ProcessCrash = 1,

    /// <summary>Survives a power cut: one sync of the disk a transaction.</summary>
    PowerCut = 2,
}

/// <summary>One SQLite file of the journal: how it is made, opened and handed to the persistence plugin.</summary>
internal sealed class SqliteFile(string path, string tables, Durability durability, int pageBytes = 4096)
{
    /// <summary>
    /// Seconds that a statement waits for another process's lock before it fails. The engine halts when a write fails, so this is short; nobody else
    /// writes these files but a person with a shell.
    /// </summary>
    public const int BusySeconds = 2;

    /// <summary>
    /// KiB of pages that each connection holds on to. There are as many connections as readings and writings that ever came together, and a journal is written at its end and read from
    /// one end to the other: more than the way through its indexes is not looked at twice.
    /// </summary>
    private const int CacheKibibytes = 512;

    private readonly string _pragmas =
        $"PRAGMA synchronous={(durability == Durability.PowerCut ? "FULL" : "NORMAL")}; PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA cache_size=-{CacheKibibytes};";

    /// <summary>Never creates the file: a journal that vanished while running is an error, not a new journal.</summary>
    public string ConnectionString { get; } = Connect(path, SqliteOpenMode.ReadWrite);

    /// <summary>Makes or checks the file. Throws <see cref="JournalException"/> with one line.</summary>
    public void Prepare()
    {
        try
        {
            using var connection = new SqliteConnection(Connect(path, SqliteOpenMode.ReadWriteCreate) + ";Pooling=False");
            connection.Open();
            using (var command = connection.CreateCommand())
            {
                // Properties of the file, so once is enough; everything else is set on each connection. The size of a page counts for a new file only.
                command.CommandText = $"PRAGMA page_size={pageBytes}; PRAGMA journal_mode=WAL";
                if (command.ExecuteScalar() is not "wal") throw new JournalException($"{path} cannot use a write-ahead log on this file system");
            }

            SqliteSchema.Ensure(connection, path, tables);
        }
        catch (SqliteException refused)
        {
            throw new JournalException($"{path} {Explain(refused)}", refused);
        }
    }

    public DataOptions Options() => new DataOptions()
        .UseConnectionString("SQLite.MS", ConnectionString)
        .UseAfterConnectionOpened(
            SetPragmas,
            async (connection, _) =>
            {
                // The provider's async calls all run synchronously. Yielding here lets the plugin's stream gather the writes of other actors
                // meanwhile into one transaction: without it each event is a transaction of its own, an order of magnitude slower.
                await Task.Yield();
                SetPragmas(connection);
            });

    /// <summary>Closes pooled connections, so that the last one folds the write-ahead log into the file.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>What went wrong, to follow the file's name.</summary>
    public static string Explain(SqliteException refused) => refused.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB => "is not a database",
        SQLitePCL.raw.SQLITE_CORRUPT => "is a damaged database",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => $"is locked by another process (waited {BusySeconds} s)",
        SQLitePCL.raw.SQLITE_FULL => "cannot grow: the disk is full",
        SQLitePCL.raw.SQLITE_CANTOPEN => "cannot be opened",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM => "cannot be written",
        _ => $"cannot be used: {refused.Message}",
    };

    private static string Connect(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, DefaultTimeout = BusySeconds }.ToString();

    private void SetPragmas(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }
}
