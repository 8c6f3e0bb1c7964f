using System.Diagnostics;
using Actors.Domain.Port;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>What to audit and by what.</summary>
public sealed record AuditRequest
{
    public required JournalLocation Journal { get; init; }

    /// <summary>The session's name; null: the newest of the journal.</summary>
    public string? SessionId { get; init; }

    /// <summary>Makes a decoder for the frames of one connection of this dialect; throws <see cref="JournalException"/> for one that nobody speaks.</summary>
    public required Func<string, IVenueDecoder> Decoder { get; init; }

    /// <summary>Checks the checkpoints' signatures; null: they are not checked.</summary>
    public CheckpointVerifier? Verifier { get; init; }

    /// <summary>
    /// Turns the plan of a manifest into another one to decide by: the same journal under a changed rule differs at that rule's first effect. Null: as journaled.
    /// </summary>
    public Func<SessionPlan, SessionPlan>? Rules { get; init; }

    /// <summary>Other limits, to see which orders would not have been sent; null: not asked.</summary>
    public RiskLimits? WhatIf { get; init; }
}

/// <summary>What an audit found. <see cref="Elapsed"/> alone differs from run to run.</summary>
public sealed record AuditReport(
    IReadOnlyList<SessionInfo> Sessions, bool IsWhole, AuditFindings Findings, WhatIfResult? WhatIf, TimeSpan Elapsed)
{
    public bool IsVerified => Findings.Differences == 0;
}

/// <summary>
/// Verifies a session's journal and decides the session again from it alone: the chain, the books from the recorded frames, strategies, verdicts, orders,
/// positions. Everything streams: memory does not grow with the session.
/// </summary>
public static class SessionAudit
{
    /// <summary>
    /// Runs. Throws <see cref="JournalException"/> when there is nothing to audit: no journal, no such session. What is wrong in a journal that is there is
    /// found and told, never thrown.
    /// </summary>
    public static AuditReport Run(AuditRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var clock = Stopwatch.StartNew();
        var archive = JournalArchive.Open(request.Journal);
        using var held = archive.Hold();
        var findings = new AuditFindings();
        using var decided = new Beforehand<Decided>(stop => Decide(request, archive.Again(stop)));
        if (!new ChainCheck(archive, request.Verifier, findings).Run())
        {
            findings.Remark("nothing was decided again: the journal is not whole");
            return new AuditReport([], false, findings, null, clock.Elapsed);
        }

        var (told, found, whatIf) = decided.Take();
        findings.Add(found);
        return new AuditReport(told, true, findings, whatIf, clock.Elapsed);
    }

    /// <summary>The session that is meant. Throws <see cref="JournalException"/> when there is none.</summary>
    public static SessionInfo Choose(IReadOnlyList<SessionInfo> sessions, string? id)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        if (sessions.Count == 0) throw new JournalException("the journal holds no session");
        if (id is null) return sessions[^1];
        return sessions.FirstOrDefault(session => session.Id == id) ?? throw new JournalException($"the journal holds no session {id}; it has {string.Join(", ", sessions.Select(session => session.Id).TakeLast(10))}");
    }

    /// <summary>Begun before it is known whether the journal is whole: what it finds, and what it throws, counts only where it is.</summary>
    private static Decided Decide(AuditRequest request, JournalArchive archive)
    {
        using var held = archive.Hold();
        var sessions = SessionIndex.List(archive);
        if (request.Rules is { } rules) sessions = [.. sessions.Select(session => session with { Manifest = session.Manifest with { Plan = session.Manifest.Plan is { } plan ? rules(plan) : null } })];
        var last = Choose(sessions, request.SessionId);
        if (last.IsPruned) throw new JournalException($"what session {last.Id} decided was removed by its retention, and cannot be decided again; what is left of the journal is whole, as its audit without a session's name shows");
        var told = SessionIndex.StoryOf(sessions, last);
        using var story = new Story(archive, told, [.. sessions.Where(session => session.Chronicle == last.Chronicle)], new AuditFindings());
        Decide(request, story);
        return new Decided(told, story.Findings, request.WhatIf is { } limits ? WhatIfReplay.Run(story, limits) : null);
    }

    private static void Decide(AuditRequest request, Story story)
    {
        foreach (var session in story.Sessions)
        {
            story.Findings.Count("sessions of the story");
            if (session.Manifest.Plan is null) story.Findings.Remark($"session {session.Id} was journaled before manifests had a plan: it is verified, and not decided again");
            if (session.Ended is null) story.Findings.Remark($"session {session.Id} did not end in order (its last record is of {session.LastAt:yyyy-MM-dd HH:mm:ss.fff}), or is still running: what it decided on frames that were not on disk yet cannot be compared with them");
        }

        var owned = new List<IDisposable>();
        var replays = new List<StreamReplay>();
        T Own<T>(T replay)
            where T : StreamReplay
        {
            replays.Add(replay);
            if (replay is IDisposable disposable) owned.Add(disposable);
            return replay;
        }

        foreach (var id in story.StrategyIds) Own(new StrategyReplay(story, id));
        Own(new RiskReplay(story));
        Own(new BestReplay(story));
        Own(new OrdersReplay(story));
        Own(new AccountReplay(story));
        foreach (var instrument in story.Instruments) Own(new PositionReplay(story, instrument.Symbol));
        try
        {
            Decide(story, () => request.Decoder(story.Sessions[0].Manifest.Dialect), replays);
        }
        finally
        {
            foreach (var disposable in owned) disposable.Dispose();
        }
    }

    /// <summary>
    /// The decisions on one thread, the frames on another: each reads a table of its own, and claims about frames are all that goes between them. What cannot be read ends both, but
    /// that decisions are made again to their end where it is a frame: what is found must not depend on which thread was further along.
    /// </summary>
    private static void Decide(Story story, Func<IVenueDecoder> decoders, IReadOnlyList<StreamReplay> replays)
    {
        var ofFrames = new AuditFindings();
        using (var ahead = new AheadQueue<FrameClaim>(ClaimMerge.Run(story, replays)))
        {
            using var claims = ahead.Take().GetEnumerator();
            Tell(() => new FrameReplay(story, decoders, claims, ofFrames).Run());
            Tell(() =>
            {
                while (claims.MoveNext())
                {
                    // Of frames that are not known any more.
                }
            });
        }

        story.Findings.Add(ofFrames);

        void Tell(Action run)
        {
            try
            {
                run();
            }
            catch (JournalFormatException broken)
            {
                ofFrames.Differ(broken.Stream ?? "", broken.Sequence, null, broken.Message);
            }
        }
    }

    private sealed record Decided(IReadOnlyList<SessionInfo> Told, AuditFindings Findings, WhatIfResult? WhatIf);
}
