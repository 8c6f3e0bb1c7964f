using System.Data.Common;
using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Actors.Journal.Storage;

namespace Actors.Journal;

/// <summary>What of a journal's old records goes.</summary>
public enum Retention
{
    /// <summary>Frames alone: every decision stays, and can be made again.</summary>
    Frames = 1,

    /// <summary>Frames, and what the sessions decided that ended so long ago.</summary>
    FramesAndDecisions = 2,
}

/// <summary>
/// Removes the oldest records of a journal. What goes is verified first and its digest is appended to the chronicle, a link of its chain like any other; only then
/// are the rows deleted. The chronicle itself is never pruned. The journal must not be in use.
/// </summary>
/// <remarks>
/// Of frames go whole groups of batches (<see cref="FramePacker"/>). Of decisions goes what a stream's newest state before the first session to be kept adds up to: that state is
/// then the first record of its stream, recovery and audit begin with it, and the sessions that are kept can be decided again as before. A stream that keeps no state so early stays
/// as it is. The newest session of an account keeps its decisions, however old it is: it can be decided again as a whole or not at all.
/// </remarks>
public static class JournalPruning
{
    /// <summary>
    /// Removes what was recorded before <paramref name="before"/>; what was removed, a row a stream. Throws <see cref="JournalException"/> when the journal is in use or
    /// cannot be written, <see cref="JournalFormatException"/> when what would go is not whole.
    /// </summary>
    public static IReadOnlyList<StreamPruned> Run(JournalLocation location, DateTimeOffset before, DateTimeOffset now, Retention retention = Retention.Frames)
    {
        ArgumentNullException.ThrowIfNull(location);
        if (location is JournalLocation.SqliteDirectory { JournalFile: var file } && !File.Exists(file)) throw new JournalException($"{file} does not exist, or this account may not look for it");
        using var held = JournalDatabase.Open(location, alone: true);
        var archive = JournalArchive.Open(location);
        var found = Find(archive, before, retention);
        foreach (var (chronicle, pruned) in found) Remove(archive, chronicle, pruned, now);
        return [.. found.Select(one => one.Pruned)];
    }

    private static List<(string Chronicle, StreamPruned Pruned)> Find(JournalArchive archive, DateTimeOffset before, Retention retention)
    {
        using var held = archive.Hold();
        var found = new List<(string, StreamPruned)>();
        var sessions = SessionIndex.List(archive);
        foreach (var session in sessions)
        {
            if (FramesOf(archive, session, before) is { } frames) found.Add((session.Chronicle, frames));
        }

        if (retention != Retention.FramesAndDecisions) return found;
        foreach (var ofAccount in sessions.GroupBy(session => session.Chronicle))
            found.AddRange(DecisionsOf(archive, [.. ofAccount.OrderBy(session => session.Number)], before).Select(pruned => (ofAccount.Key, (StreamPruned)pruned)));
        return found;
    }

    /// <summary>Whole groups only: within one, each batch is read in the light of those before it.</summary>
    private static FramesPruned? FramesOf(JournalArchive archive, SessionInfo session, DateTimeOffset before)
    {
        FramesPruned? whole = null, upTo = null;
        foreach (var (sequence, record) in archive.Read(session.FramesStream))
        {
            var batch = record.Event as FramesRecorded;
            if (record.Event is PartBegan || (batch is not null && FrameUnpacker.BeginsGroup(batch))) whole = upTo;
            if (record.At >= before) return Some(whole);
            upTo = new FramesPruned(
                session.Id,
                session.FramesStream,
                sequence,
                Convert.ToHexStringLower(record.Hash),
                (upTo?.Frames ?? 0) + (batch?.Count ?? 0),
                upTo?.From ?? batch?.FirstAt ?? record.At,
                record.At);
        }

        return Some(upTo);

        static FramesPruned? Some(FramesPruned? pruned) => pruned is { Frames: > 0 } ? pruned : null;
    }

    /// <param name="archive">The journal.</param>
    /// <param name="sessions">Of one account, oldest first.</param>
    /// <param name="before">Sessions whose last record is of this moment or later are kept.</param>
    private static IEnumerable<DecisionsPruned> DecisionsOf(JournalArchive archive, IReadOnlyList<SessionInfo> sessions, DateTimeOffset before)
    {
        var kept = (sessions.FirstOrDefault(session => session.LastAt >= before) ?? sessions[^1]).Number;
        var numbers = sessions.ToDictionary(session => session.Id, session => session.Number, StringComparer.Ordinal);
        var chronicles = archive.Streams.Select(stream => stream.Stream).Where(SessionIndex.IsChronicle).ToList();
        foreach (var stream in archive.Streams.Where(stream => SessionIndex.IsOfDecisions(stream.Stream) && SessionIndex.ChronicleOf(stream.Stream, chronicles) == sessions[0].Chronicle))
        {
            if (Beginning(archive, stream.Stream, id => numbers.GetValueOrDefault(id, int.MaxValue) >= kept) is { } pruned) yield return pruned;
        }
    }

    /// <summary>The records before the newest state that a stream keeps before the first session that is to stay; null for none.</summary>
    private static DecisionsPruned? Beginning(JournalArchive archive, string stream, Predicate<string> stays)
    {
        DecisionsPruned? found = null;
        var session = archive.PrunedOf(stream)?.SessionId ?? "";
        DateTimeOffset? from = null;
        foreach (var (sequence, record) in archive.Read(stream, static type => type == typeof(PartBegan) || type.IsSubclassOf(typeof(StateKept))))
        {
            from ??= record.At;
            if (record.Event is PartBegan began)
            {
                if (stays(began.SessionId)) break;
                session = began.SessionId;
            }
            else if (record.Event is not StateUnreadable && sequence > 1 && !archive.IsBeginning(stream, sequence))
            {
                found = new DecisionsPruned(session, stream, sequence - 1, Convert.ToHexStringLower(record.Previous.Span), from.Value, record.At);
            }
        }

        return found;
    }

    /// <summary>Appends the digest to the chronicle, then deletes the rows; where both are in one table, as one transaction.</summary>
    private static void Remove(JournalArchive archive, string chronicle, StreamPruned pruned, DateTimeOffset now)
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
        Statement append = new(
            $"""
            INSERT INTO {archive.Decisions.Name} (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (@created, @deleted, @stream, @sequence, @message, @manifest, @identifier, @writer)
            """,
            ("@created", now.UtcTicks), ("@deleted", false), ("@stream", chronicle), ("@sequence", chain.Sequence), ("@message", record.Bytes.ToArray()),
            ("@manifest", record.Manifest), ("@identifier", JournalSerializer.FixedIdentifier), ("@writer", Guid.NewGuid().ToString()));
        var table = pruned is FramesPruned ? archive.Frames : archive.Decisions;
        Statement delete = new($"DELETE FROM {table.Name} WHERE persistence_id = @stream AND sequence_number <= @sequence", ("@stream", pruned.Stream), ("@sequence", pruned.Sequence));
        if (ReferenceEquals(table, archive.Decisions))
        {
            Change(table, append, delete);
            return;
        }

        Change(archive.Decisions, append);
        Change(table, delete);
    }

    private static void Change(EventTable table, params IReadOnlyList<Statement> statements)
    {
        try
        {
            using var connection = table.Write();
            using var transaction = connection.BeginTransaction();
            foreach (var statement in statements)
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = statement.Text;
                foreach (var (name, value) in statement.Values)
                {
                    var parameter = command.CreateParameter();
                    (parameter.ParameterName, parameter.Value) = (name, value);
                    command.Parameters.Add(parameter);
                }

                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
        catch (DbException refused)
        {
            throw new JournalException($"{table.Title} {EventTable.Explain(refused)}", refused);
        }
    }

    private sealed record Statement(string Text, params IReadOnlyList<(string Name, object Value)> Values);
}
