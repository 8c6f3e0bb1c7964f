using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Actors.Journal.Storage;
using Microsoft.Data.Sqlite;

namespace Actors.Journal;

/// <summary>
/// Removes the oldest frames of a journal. What goes is verified first and its digest is appended to the chronicle, a link of its chain like any other; only then
/// are the rows deleted. Streams of decisions are never pruned: recovery needs them whole. SQLite only; the directory must not be in use.
/// </summary>
public static class FramePruning
{
    /// <summary>
    /// Removes every batch whose last frame was recorded before <paramref name="before"/>; what was removed, a row a session. Throws <see cref="JournalException"/>
    /// when the journal is in use or cannot be written, <see cref="JournalFormatException"/> when what would go is not whole.
    /// </summary>
    public static IReadOnlyList<FramesPruned> Run(JournalLocation.SqliteDirectory location, DateTimeOffset before, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(location);
        if (!File.Exists(location.JournalFile)) throw new JournalException($"{location.JournalFile} does not exist");
        using var held = JournalDatabase.Open(location);
        var archive = JournalArchive.Open(location);
        var sessions = SessionIndex.List(archive);
        foreach (var pruned in Earlier(archive, sessions)) archive.Vouch(pruned.Stream, pruned.Sequence, Convert.FromHexString(pruned.Hash));
        var found = sessions.Select(session => (Session: session, Pruned: Measure(archive, session, before))).Where(one => one.Pruned is not null).ToList();
        try
        {
            foreach (var (session, pruned) in found)
            {
                Append(location.JournalFile, session.Chronicle, pruned!, now);
                Delete(location.FramesFile, pruned!);
            }
        }
        catch (SqliteException refused)
        {
            throw new JournalException($"{location.Path} {SqliteFile.Explain(refused)}", refused);
        }

        return [.. found.Select(one => one.Pruned!)];
    }

    private static IEnumerable<FramesPruned> Earlier(JournalArchive archive, IEnumerable<SessionInfo> sessions) =>
        sessions.Select(session => session.Chronicle).Distinct(StringComparer.Ordinal)
            .SelectMany(chronicle => archive.Read(chronicle)).Select(one => one.Record.Event).OfType<FramesPruned>();

    private static FramesPruned? Measure(JournalArchive archive, SessionInfo session, DateTimeOffset before)
    {
        FramesPruned? pruned = null;
        foreach (var (sequence, record) in archive.Read(session.FramesStream))
        {
            if (record.At >= before) break;
            var batch = record.Event as FramesRecorded;
            pruned = new FramesPruned(
                session.Id,
                session.FramesStream,
                sequence,
                Convert.ToHexStringLower(record.Hash),
                (pruned?.Frames ?? 0) + (batch?.Count ?? 0),
                pruned?.From ?? batch?.FirstAt ?? record.At,
                record.At);
        }

        return pruned;
    }

    private static void Append(string file, string chronicle, FramesPruned pruned, DateTimeOffset now)
    {
        var chain = new ChainGuard(chronicle);
        using (var reader = SessionReader.Open(file))
        {
            foreach (var _ in reader.Read(chain, long.MaxValue))
            {
                // Reading moves the guard to the head.
            }
        }

        var record = chain.Seal(pruned, now, default);
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO {SqliteSchema.JournalTable} (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES ($created, 0, $stream, $sequence, $message, $manifest, $identifier, $writer)
            """;
        command.Parameters.AddWithValue("$created", now.UtcTicks);
        command.Parameters.AddWithValue("$stream", chronicle);
        command.Parameters.AddWithValue("$sequence", chain.Sequence);
        command.Parameters.AddWithValue("$message", record.Bytes.ToArray());
        command.Parameters.AddWithValue("$manifest", record.Manifest);
        command.Parameters.AddWithValue("$identifier", JournalSerializer.FixedIdentifier);
        command.Parameters.AddWithValue("$writer", Guid.NewGuid().ToString());
        command.ExecuteNonQuery();
    }

    private static void Delete(string file, FramesPruned pruned)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM {SqliteSchema.FramesTable} WHERE persistence_id = $stream AND sequence_number <= $sequence";
        command.Parameters.AddWithValue("$stream", pruned.Stream);
        command.Parameters.AddWithValue("$sequence", pruned.Sequence);
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL";
        command.ExecuteNonQuery();
        return connection;
    }
}
