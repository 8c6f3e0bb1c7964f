using System.Diagnostics;
using Npgsql;

namespace Actors.Journal.Storage;

/// <summary>
/// A database on a PostgreSQL server in use as a journal: makes the tables, as the persistence plugin itself would (a test compares both), and holds the server's own
/// locks, which end with the connection: whoever writes shares one, whoever removes needs it alone, and an account has one session at a time.
/// </summary>
internal sealed class ServerHold : IDisposable
{
    /// <summary>A server learns at once that a process died, and only by asking that a machine did: it asks after ten seconds, not after two hours.</summary>
    private const string Alive = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;";

    /// <summary>How long the locks of a process that just died are waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlConnection _connection;

    private ServerHold(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Throws <see cref="JournalException"/> with one line: not to be reached, no rights, in use.</summary>
    /// <param name="connectionString">Of the server and the database.</param>
    /// <param name="alone">Nobody else may use the journal meanwhile.</param>
    public static ServerHold Open(string connectionString, bool alone)
    {
        var connection = EventTable.OpenServer(connectionString);
        var hold = new ServerHold(connection);
        try
        {
            hold.Run(Alive);
            var way = alone ? "" : "_shared";
            if (!hold.Obtain($"SELECT pg_try_advisory_lock{way}({SqliteSchema.ApplicationId})"))
                throw new JournalException(alone ? "the PostgreSQL journal is in use by a session: stop it first" : "the PostgreSQL journal is being pruned: try again when that has ended");
            // The lock is one at a time: two that make the same table side by side would fail each other.
            hold.Run($"BEGIN; SELECT pg_advisory_xact_lock({SqliteSchema.ApplicationId}, 0); {Table(SqliteSchema.JournalTable)} {Table(SqliteSchema.FramesTable)} COMMIT;");
            return hold;
        }
        catch (NpgsqlException refused)
        {
            hold.Dispose();
            throw new JournalException($"the PostgreSQL journal {EventTable.Explain(refused)}", refused);
        }
        catch (JournalException)
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Takes the account for as long as this is open. Throws <see cref="JournalException"/> when another session has it.</summary>
    public void Claim(string account)
    {
        try
        {
            if (!Obtain($"SELECT pg_try_advisory_lock({SqliteSchema.ApplicationId}, hashtext(@account))", account))
                throw new JournalException($"account {account} is traded by another session on the same PostgreSQL journal");
        }
        catch (NpgsqlException refused)
        {
            throw new JournalException($"the PostgreSQL journal {EventTable.Explain(refused)}", refused);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string Table(string name) => $"""
        CREATE TABLE IF NOT EXISTS {name} (
            ordering bigint GENERATED ALWAYS AS IDENTITY NOT NULL, created bigint NOT NULL, deleted boolean NOT NULL, persistence_id text NOT NULL,
            sequence_number bigint NOT NULL, message bytea NOT NULL, tags text, manifest text, identifier integer, writer_uuid text,
            CONSTRAINT "PK_{name}" PRIMARY KEY (ordering), CONSTRAINT {name}_uq UNIQUE (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS {name}_created_idx ON {name} (created);
        CREATE INDEX IF NOT EXISTS {name}_sequence_number_idx ON {name} (sequence_number);
        """;

    private bool Obtain(string question, string? account = null)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; Thread.Sleep(Pause))
        {
            using var command = new NpgsqlCommand(question, _connection);
            if (account is not null) command.Parameters.AddWithValue("account", account);
            if (command.ExecuteScalar() is true) return true;
        }

        return false;
    }

    private void Run(string text)
    {
        using var command = new NpgsqlCommand(text, _connection);
        command.ExecuteNonQuery();
    }
}
