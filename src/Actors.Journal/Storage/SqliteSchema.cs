using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Actors.Journal.Storage;

/// <summary>
/// The tables of the two SQLite files, as the persistence plugin itself would make them (a test compares both). They are made here, one file after the
/// other and before any actor runs, because plugins that make them side by side can lock each other out.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>In every file's header; raised when a table changes.</summary>
    public const int Version = 1;

    /// <summary>"ACTR": tells a journal from any other database.</summary>
    public const int ApplicationId = 0x41435452;

    public const string JournalTable = "journal";
    public const string FramesTable = "frames";

    public static string JournalTables => EventTable(JournalTable);

    public static string FramesTables => EventTable(FramesTable);

    /// <summary>
    /// Makes the tables of a new file, or checks those of an old one. Throws <see cref="JournalException"/> for a database that is not a journal or was
    /// made by a newer build; passes on <see cref="SqliteException"/>.
    /// </summary>
    public static void Ensure(SqliteConnection connection, string file, string tables)
    {
        using var transaction = connection.BeginTransaction();
        var version = Scalar(connection, transaction, "PRAGMA user_version");
        var application = Scalar(connection, transaction, "PRAGMA application_id");
        var existing = Scalar(connection, transaction, "SELECT count(*) FROM sqlite_master");
        if (existing == 0 && version == 0)
        {
            Execute(connection, transaction, tables);
            Execute(connection, transaction, $"PRAGMA application_id = {ApplicationId}");
            Execute(connection, transaction, $"PRAGMA user_version = {Version}");
            transaction.Commit();
            return;
        }

        Check(file, application, version);
    }

    /// <summary>The table of events in a file, once it is known to be a journal of this build's version or older. Throws as <see cref="Ensure"/>.</summary>
    public static string FindEventTable(SqliteConnection connection, string file)
    {
        Check(file, Scalar(connection, null, "PRAGMA application_id"), Scalar(connection, null, "PRAGMA user_version"));
        return Scalar(connection, null, $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{JournalTable}'") == 1
            ? JournalTable
            : FramesTable;
    }

    private static void Check(string file, long application, long version)
    {
        if (application != ApplicationId) throw new JournalException($"{file} is a database, but not a journal of this engine");
        if (version > Version)
            throw new JournalException($"{file} was made by a newer build: its schema has version {version}, this build knows {Version}");
    }

    private static string EventTable(string name) => $"""
        CREATE TABLE [{name}] (
            [ordering] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, [created] INTEGER NOT NULL, [deleted] Bit NOT NULL,
            [persistence_id] NVarChar(255) NOT NULL, [sequence_number] INTEGER NOT NULL, [message] VarBinary NOT NULL,
            [tags] NVarChar(100) NULL, [manifest] NVarChar(500) NULL, [identifier] INTEGER NULL, [writer_uuid] NVarChar(128) NULL);
        CREATE UNIQUE INDEX {name}_uq ON {name} (persistence_id, sequence_number);
        CREATE INDEX {name}_created_idx ON {name} (created);
        CREATE INDEX {name}_sequence_number_idx ON {name} (sequence_number);
        """;

    private static long Scalar(SqliteConnection connection, SqliteTransaction? transaction, string text)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string text)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
