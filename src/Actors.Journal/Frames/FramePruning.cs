using System.Data.Common;
using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Actors.Journal.Storage;

namespace Actors.Journal;

/// <summary>
/// Removes the oldest frames of a journal. What goes is verified first and its digest is appended to the chronicle, a link of its chain like any other; only then
/// are the rows deleted. Streams of decisions are never pruned: recovery needs them whole. The journal must not be in use.
/// </summary>
public static class FramePruning
{
    /// <summary>
    /// Removes every group of batches (<see cref="FramePacker"/>) whose last frame was recorded before <paramref name="before"/>; what was removed, a row a session. Throws <see cref="JournalException"/>
    /// when the journal is in use or cannot be written, <see cref="JournalFormatException"/> when what would go is not whole.
    /// </summary>
    public static IReadOnlyList<FramesPruned> Run(JournalLocation location, DateTimeOffset before, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(location);
        if (location is JournalLocation.SqliteDirectory { JournalFile: var file } && !File.Exists(file)) throw new JournalException($"{file} does not exist, or this account may not look for it");
        using var held = JournalDatabase.Open(location, alone: true);
        var archive = JournalArchive.Open(location);
        var sessions = SessionIndex.List(archive);
        foreach (var pruned in Earlier(archive, sessions)) archive.Vouch(pruned.Stream, pruned.Sequence, Convert.FromHexString(pruned.Hash));
        var found = sessions.Select(session => (Session: session, Pruned: Measure(archive, session, before))).Where(one => one.Pruned is { Frames: > 0 }).ToList();
        foreach (var (session, pruned) in found)
        {
            Append(archive, session.Chronicle, pruned!, now);
            Delete(archive, pruned!);
        }

        return [.. found.Select(one => one.Pruned!)];
    }

    private static IEnumerable<FramesPruned> Earlier(JournalArchive archive, IEnumerable<SessionInfo> sessions) =>
        sessions.Select(session => session.Chronicle).Distinct(StringComparer.Ordinal)
            .SelectMany(chronicle => archive.Read(chronicle)).Select(one => one.Record.Event).OfType<FramesPruned>();

    /// <summary>Whole groups only: within one, each batch is read in the light of those before it.</summary>
    private static FramesPruned? Measure(JournalArchive archive, SessionInfo session, DateTimeOffset before)
    {
        FramesPruned? whole = null, upTo = null;
        foreach (var (sequence, record) in archive.Read(session.FramesStream))
        {
            var batch = record.Event as FramesRecorded;
            if (record.Event is PartBegan || (batch is not null && FrameUnpacker.BeginsGroup(batch))) whole = upTo;
            if (record.At >= before) return whole;
            upTo = new FramesPruned(
                session.Id,
                session.FramesStream,
                sequence,
                Convert.ToHexStringLower(record.Hash),
                (upTo?.Frames ?? 0) + (batch?.Count ?? 0),
                upTo?.From ?? batch?.FirstAt ?? record.At,
                record.At);
        }

        return upTo;
    }

    private static void Append(JournalArchive archive, string chronicle, FramesPruned pruned, DateTimeOffset now)
    {
        var chain = new ChainGuard(chronicle);
        using (var reader = SessionReader.Open(archive.Decisions))
        {
            foreach (var _ in reader.Read(chain, long.MaxValue))
            {
                // Reading moves the guard to the head.
            }
        }

        var record = chain.Seal(pruned, now, default);
        Change(
            archive.Decisions,
            $"""
            INSERT INTO {archive.Decisions.Name} (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (@created, @deleted, @stream, @sequence, @message, @manifest, @identifier, @writer)
            """,
            ("@created", now.UtcTicks), ("@deleted", false), ("@stream", chronicle), ("@sequence", chain.Sequence), ("@message", record.Bytes.ToArray()),
            ("@manifest", record.Manifest), ("@identifier", JournalSerializer.FixedIdentifier), ("@writer", Guid.NewGuid().ToString()));
    }

    private static void Delete(JournalArchive archive, FramesPruned pruned) => Change(
        archive.Frames, $"DELETE FROM {archive.Frames.Name} WHERE persistence_id = @stream AND sequence_number <= @sequence", ("@stream", pruned.Stream), ("@sequence", pruned.Sequence));

    private static void Change(EventTable table, string text, params (string Name, object Value)[] values)
    {
        try
        {
            using var connection = table.Write();
            using var command = connection.CreateCommand();
            command.CommandText = text;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            command.ExecuteNonQuery();
        }
        catch (DbException refused)
        {
            throw new JournalException($"{table.Title} {EventTable.Explain(refused)}", refused);
        }
    }
}
