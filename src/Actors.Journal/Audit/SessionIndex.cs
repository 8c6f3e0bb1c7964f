using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>One session as its chronicle tells it. <see cref="Ended"/> null: it did not end in order, or still runs.</summary>
/// <param name="Number">Its place among the sessions of its account, from zero.</param>
/// <param name="Chronicle">The stream that tells it.</param>
/// <param name="Sequence">Number of its manifest in the chronicle.</param>
/// <param name="LastAt">When its last record in the chronicle was written.</param>
/// <param name="Restarts">Parts of the tree that were restarted.</param>
public sealed record SessionInfo(
    int Number, string Chronicle, long Sequence, SessionStarted Manifest, DateTimeOffset StartedAt, DateTimeOffset LastAt, SessionEnded? Ended, long Restarts, long Reconciliations)
{
    public string Id => Manifest.SessionId;

    public string Account => Manifest.Account;

    /// <summary>
    /// Whether its door was one of before limits had ladders: it journaled less, and its refusals in other words. What it decided is made again, and only counted.
    /// </summary>
    public bool HasOldDoor { get; init; }

    /// <summary>Whether what it decided, or the beginning of that, was removed by its retention: it cannot be decided again.</summary>
    public bool IsPruned { get; init; }

    /// <summary>The stream of its frames.</summary>
    public string FramesStream => $"frames-{Account}-{Id}";
}

/// <summary>Finds the sessions of a journal.</summary>
public static class SessionIndex
{
    internal const string ChroniclePrefix = "session-";

    /// <summary>
    /// All sessions of all accounts, oldest first; the archive knows from then on where what was removed by its retention ends. Throws <see cref="JournalFormatException"/> for a chronicle that is broken, <see cref="JournalException"/> for a
    /// damaged database.
    /// </summary>
    public static IReadOnlyList<SessionInfo> List(JournalArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var chronicles = archive.Streams.Select(stream => stream.Stream).Where(IsChronicle);
        return [.. chronicles.SelectMany(chronicle => List(archive, chronicle)).OrderBy(session => session.StartedAt)];
    }

    /// <summary>
    /// The sessions that are one story with <paramref name="last"/>: itself and, before it, those that ended without an orderly stop, because it began with
    /// what they left.
    /// </summary>
    public static IReadOnlyList<SessionInfo> StoryOf(IReadOnlyList<SessionInfo> sessions, SessionInfo last)
    {
        var ofAccount = sessions.Where(session => session.Chronicle == last.Chronicle).OrderBy(session => session.Number).ToList();
        var first = last.Number;
        while (first > 0 && ofAccount[first - 1] is { Ended: null, IsPruned: false }) first--;
        return [.. ofAccount.Where(session => session.Number >= first && session.Number <= last.Number)];
    }

    internal static bool IsChronicle(string stream) => stream.StartsWith(ChroniclePrefix, StringComparison.Ordinal);

    internal static string AccountOf(string chronicle) => chronicle[ChroniclePrefix.Length..];

    /// <summary>The chronicle of the account that a stream is of; null for a stream that no session has.</summary>
    internal static string? ChronicleOf(string stream, IEnumerable<string> chronicles) => chronicles.Where(one => stream.Contains($"-{AccountOf(one)}", StringComparison.Ordinal)).MaxBy(one => one.Length);

    /// <summary>Whether a stream holds what sessions decided; chronicles and frames are none.</summary>
    internal static bool IsOfDecisions(string stream) => !stream.StartsWith("frames-", StringComparison.Ordinal) && !IsChronicle(stream);

    private static List<SessionInfo> List(JournalArchive archive, string chronicle)
    {
        var sessions = new List<SessionInfo>();
        foreach (var (sequence, record) in archive.Read(chronicle))
        {
            if (record.Event is SessionStarted started)
                sessions.Add(new SessionInfo(sessions.Count, chronicle, sequence, started, record.At, record.At, null, 0, 0)
                {
                    HasOldDoor = record.Manifest is "session-started/1" or "session-started/2",
                });
            else if (record.Event is StreamPruned pruned)
                Vouch(archive, sessions, pruned);
            else if (sessions.Count > 0)
                sessions[^1] = Continue(sessions[^1], record);
        }

        return sessions;
    }

    private static void Vouch(JournalArchive archive, List<SessionInfo> sessions, StreamPruned pruned)
    {
        archive.Vouch(pruned);
        if (pruned is not DecisionsPruned) return;
        for (var index = 0; index <= sessions.FindIndex(session => session.Id == pruned.SessionId); index++) sessions[index] = sessions[index] with { IsPruned = true };
    }

    private static SessionInfo Continue(SessionInfo session, JournalRecord record) => record.Event switch
    {
        SessionEnded ended => session with { LastAt = record.At, Ended = ended },
        PartRestarted => session with { LastAt = record.At, Restarts = session.Restarts + 1 },
        Reconciled => session with { LastAt = record.At, Reconciliations = session.Reconciliations + 1 },
        _ => session with { LastAt = record.At },
    };
}
