using Actors.Bitmex;
using Actors.EndToEnd.Tests.Support;
using Actors.Journal;
using Actors.Journal.Audit;
using Actors.Journal.Tests;
using Npgsql;
using Xunit.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>
/// Hundreds of random edits of a real session's journal through SQL on a real server, which counts no rows: each is found by the chains and the checkpoints alone, or is of what the
/// audit says that it cannot find.
/// </summary>
[Collection(AuditedSession.Collection)]
public class ServerTamperingTests(AuditedSession session, ITestOutputHelper output)
{
    private const int Seed = 20261128;
    private const int Edits = 400;
    private const string Columns = "created, deleted, persistence_id, sequence_number, message, manifest, identifier";

    [Fact]
    public async Task Every_edit_through_SQL_is_found()
    {
        if (await PostgreSqlServer.SharedAsync() is not { } server)
        {
            output.WriteLine($"not run: {PostgreSqlServer.WhyNone}");
            return;
        }

        var location = await server.NewJournalAsync();
        JournalDatabase.Open(location).Dispose();
        await using var connection = new NpgsqlConnection(location.ConnectionString);
        await connection.OpenAsync();
        var rows = new Dictionary<string, List<Row>> { ["journal"] = await CopyAsync(connection, "journal"), ["frames"] = await CopyAsync(connection, "frames") };
        var untouched = Audit(location);
        Assert.True(untouched.IsVerified, string.Join('\n', untouched.Findings.Kept));

        var unseen = 0;
        for (var edit = 0; edit < Edits; edit++)
        {
            var random = new Random(Seed + edit);
            var table = random.Next(4) == 0 ? "frames" : "journal";
            var row = rows[table][random.Next(rows[table].Count)];
            var (what, undo) = await TamperAsync(random, connection, table, row, rows[table]);
            var report = Audit(location);
            var isLast = row.Stream.StartsWith("session-", StringComparison.Ordinal) && row.Sequence == rows[table].Where(one => one.Stream == row.Stream).Max(one => one.Sequence);
            // The chronicle's last record is vouched for by nothing after it, as the audit says: an edit of its own moment is not seen.
            if (isLast && report.IsVerified) unseen++;
            else Assert.False(report.IsVerified, $"seed {Seed + edit}: {what} was not found");
            await undo();
        }

        Assert.True(unseen < Edits / 50, $"{unseen} edits of the last record were not seen");
        Assert.True(Audit(location).IsVerified);
    }

    private static AuditReport Audit(JournalLocation location) => SessionAudit.Run(new AuditRequest { Journal = location, Decoder = _ => new BitmexDecoder() });

    private async Task<List<Row>> CopyAsync(NpgsqlConnection connection, string table)
    {
        var rows = Shell.Rows(Path.Combine(session.Journal, $"{table}.db"), $"SELECT {Columns} FROM {table} ORDER BY ordering")
            .Select(row => new Row((long)row[0], (string)row[2], (long)row[3], (byte[])row[4], (string)row[5], (int)(long)row[6])).ToList();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var row in rows) await InsertAsync(connection, table, row);
        await transaction.CommitAsync();
        return rows;
    }

    private static async Task<(string What, Func<Task> Undo)> TamperAsync(Random random, NpgsqlConnection connection, string table, Row row, List<Row> all)
    {
        Task UndoAsync() => RunAsync(connection, $"UPDATE {table} SET message = @message, manifest = @manifest WHERE persistence_id = @stream AND sequence_number = @sequence", row);
        async Task<(string, Func<Task>)> DeleteAsync()
        {
            await RunAsync(connection, $"DELETE FROM {table} WHERE persistence_id = @stream AND sequence_number = @sequence", row);
            return ($"deleted {row.Stream} {row.Sequence}", () => InsertAsync(connection, table, row));
        }

        var last = all.Where(one => one.Stream == row.Stream).Max(one => one.Sequence);
        switch (random.Next(7))
        {
            case 0 or 1 or 2:
                var bytes = row.Message.ToArray();
                var at = random.Next(bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                await RunAsync(connection, $"UPDATE {table} SET message = @message WHERE persistence_id = @stream AND sequence_number = @sequence", row with { Message = bytes });
                return ($"flipped a bit of byte {at} of {row.Stream} {row.Sequence}", UndoAsync);
            case 3:
                return await DeleteAsync();
            case 4:
                var copy = row with { Sequence = last + 1 };
                await InsertAsync(connection, table, copy);
                return ($"appended a copy of {row.Stream} {row.Sequence}", () => RunAsync(connection, $"DELETE FROM {table} WHERE persistence_id = @stream AND sequence_number = @sequence", copy));
            // A chronicle that is cut off looks as after a crash where nothing counts the rows, as the README says.
            case 5 when !row.Stream.StartsWith("session-", StringComparison.Ordinal):
                await RunAsync(connection, $"DELETE FROM {table} WHERE persistence_id = @stream AND sequence_number >= @sequence", row);
                return ($"cut {row.Stream} off at {row.Sequence}", async () =>
                {
                    foreach (var one in all.Where(one => one.Stream == row.Stream && one.Sequence >= row.Sequence)) await InsertAsync(connection, table, one);
                }
                );
            default:
                var other = all[random.Next(all.Count)];
                if (other.Message.AsSpan().SequenceEqual(row.Message)) return await DeleteAsync();
                await RunAsync(connection, $"UPDATE {table} SET message = @message, manifest = @manifest WHERE persistence_id = @stream AND sequence_number = @sequence", row with { Message = other.Message, Manifest = other.Manifest });
                return ($"put {other.Stream} {other.Sequence} in the place of {row.Stream} {row.Sequence}", UndoAsync);
        }
    }

    private static Task InsertAsync(NpgsqlConnection connection, string table, Row row) =>
        RunAsync(connection, $"INSERT INTO {table} ({Columns}) VALUES (@created, false, @stream, @sequence, @message, @manifest, @identifier)", row);

    private static async Task RunAsync(NpgsqlConnection connection, string statement, Row row)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddWithValue("created", row.Created);
        command.Parameters.AddWithValue("stream", row.Stream);
        command.Parameters.AddWithValue("sequence", row.Sequence);
        command.Parameters.AddWithValue("message", row.Message);
        command.Parameters.AddWithValue("manifest", row.Manifest);
        command.Parameters.AddWithValue("identifier", row.Identifier);
        Assert.True(await command.ExecuteNonQueryAsync() > 0, statement);
    }

    private sealed record Row(long Created, string Stream, long Sequence, byte[] Message, string Manifest, int Identifier);
}
