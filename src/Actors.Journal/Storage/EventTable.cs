using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Actors.Journal.Storage;

/// <summary>One table of events, wherever it is: how it is opened for reading and for a change by hand, and how it is called in complaints.</summary>
internal sealed record EventTable(string Title, string Name, bool CountsRows, Func<DbConnection> Connect, Func<DbConnection> Write)
{
    public static EventTable OfFile(string file)
    {
        var name = SqliteSchema.JournalTable;
        using (var connection = OpenFile(file)) name = Checked(connection, file);
        return new EventTable(file, name, CountsRows: true, () => OpenFile(file), () => OpenFileForChange(file));
    }

    /// <summary>The table behind a plugin's connection. Throws <see cref="JournalException"/> when it cannot be opened.</summary>
    public static EventTable Of(string provider, string connectionString, string name) => provider.StartsWith("SQLite", StringComparison.Ordinal)
        ? OfFile(new SqliteConnectionStringBuilder(connectionString).DataSource)
        : OfServer(connectionString, name);

    public static EventTable OfServer(string connectionString, string name) =>
        new("the PostgreSQL journal", name, CountsRows: false, () => OpenServer(connectionString), () => OpenServer(JournalDatabase.Commit(connectionString, "on")));

    public static string Explain(Exception refused) => refused switch
    {
        SqliteException sqlite => SqliteFile.Explain(sqlite),
        PostgresException server => $"cannot be used: {server.MessageText}",
        DbException => $"cannot be reached: {refused.Message.ReplaceLineEndings(" ")}",
        _ => "is a damaged database",
    };

    private static SqliteConnection OpenFile(string file)
    {
        if (!File.Exists(file)) throw new JournalException($"{file} does not exist, or this account may not look for it");
        var text = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = SqliteFile.BusySeconds, Pooling = false };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException refused)
        {
            connection.Dispose();
            throw new JournalException($"{file} {SqliteFile.Explain(refused)}", refused);
        }
    }

    private static SqliteConnection OpenFileForChange(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = SqliteFile.BusySeconds, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL";
        command.ExecuteNonQuery();
        return connection;
    }

    private static string Checked(SqliteConnection connection, string file)
    {
        try
        {
            return SqliteSchema.FindEventTable(connection, file);
        }
        catch (SqliteException refused)
        {
            throw new JournalException($"{file} {SqliteFile.Explain(refused)}", refused);
        }
    }

    /// <summary>A connection of its own, from no pool. Throws <see cref="JournalException"/> with one line.</summary>
    public static NpgsqlConnection OpenServer(string connectionString)
    {
        NpgsqlConnection? connection = null;
        try
        {
            // A count of a large table takes its time.
            connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
            connection.Open();
            return connection;
        }
        catch (ArgumentException malformed)
        {
            // Its message would quote the text, password and all.
            throw new JournalException("the PostgreSQL connection string is malformed", new ArgumentException(malformed.GetType().Name));
        }
        catch (Exception refused) when (refused is DbException or System.Net.Sockets.SocketException or TimeoutException)
        {
            connection?.Dispose();
            throw new JournalException($"the PostgreSQL journal {Explain(refused)}", refused);
        }
    }
}
