using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Feeds one stream's inputs to the pure rules that its actor used, in the order it took them, and compares what comes out with what is journaled. Reads as it
/// goes; what it yields are claims about frames, so that whoever has the frames can check them in step.
/// </summary>
internal abstract class StreamReplay(Story story, string stream)
{
    private readonly List<FrameClaim> _claims = [];
    private bool _over;

    protected Story Story { get; } = story;

    protected string Stream { get; } = stream;

    protected AuditFindings Findings => Story.Findings;

    /// <summary>The session that the records at hand belong to; null while they are before the story.</summary>
    protected SessionInfo? Session { get; private set; }

    protected SessionPlan Plan => Session!.Manifest.Plan!;

    /// <summary>The record at hand.</summary>
    protected long Sequence { get; private set; }

    protected JournalRecord Record { get; private set; } = null!;

    /// <summary>Whether it decides again, and does not only make claims about what another one decides by.</summary>
    protected virtual bool IsDecider => true;

    /// <summary>Runs to the end of the story. Throws as <see cref="JournalArchive.Read"/>.</summary>
    public virtual IEnumerable<FrameClaim> Run()
    {
        Action step = Step;
        foreach (var (sequence, record) in Story.Archive.Read(Stream, Wants))
        {
            (Sequence, Record) = (sequence, record);
            Guarded(step);
            foreach (var claim in _claims) yield return claim;
            _claims.Clear();
            if (_over) break;
        }

        if (Session is not null) Guarded(() => Settle(mayBeCut: Session.Ended is null));
    }

    /// <summary>Which events it looks at; beginnings of incarnations must be among them.</summary>
    protected virtual bool Wants(Type type) => true;

    /// <summary>A new incarnation begins; called for sessions before the story too, with <see cref="Session"/> null.</summary>
    protected abstract void Begin(PartBegan began);

    /// <summary>An input of the story's sessions. <paramref name="isLast"/>: what follows in the stream is what it led to.</summary>
    protected abstract void Take(TakenInput taken, bool isLast);

    /// <summary>An event, to be compared where <see cref="Session"/> is known, and applied.</summary>
    protected abstract void Decided(object happened);

    /// <summary>Before the next input, and at the end: everything that the last one led to must have been journaled, unless a crash cut it off.</summary>
    protected abstract void Settle(bool mayBeCut);

    /// <summary>Begins with a state instead of with nothing: the records before it were removed by their retention.</summary>
    protected abstract void Restore(StateKept kept);

    /// <summary>What the actor would keep now; null where that cannot be known.</summary>
    protected abstract StateKept? Keep();

    protected abstract IReadOnlyList<string> Causes();

    protected void Claim(FrameClaim claim) => _claims.Add(claim);

    protected void Differ(string words) => Findings.Differ(Stream, Sequence, Record.At, words, Causes());

    /// <summary>Compares by the bytes that either would be stored as: no equality of a type can hide a difference.</summary>
    protected bool IsSame(object decided, object journaled) => decided.GetType() == journaled.GetType()
        && (IsStored(decided, journaled) || IsSealedAlike(decided, journaled));

    /// <summary>Most often the journaled event is that of the record at hand, at the newest version: its bytes are there already.</summary>
    private bool IsStored(object decided, object journaled) => ReferenceEquals(journaled, Record.Event)
        && RecordCodec.Seal(decided, Record.At, Record.Cursor, Record.Previous.Span).Bytes.Span.SequenceEqual(Record.Bytes.Span);

    private bool IsSealedAlike(object decided, object journaled) => RecordCodec.Seal(decided, Record.At, Record.Cursor, []).Bytes.Span.SequenceEqual(RecordCodec.Seal(journaled, Record.At, Record.Cursor, []).Bytes.Span);

    /// <summary>An event in the words of the journal.</summary>
    protected static string Describe(object? happened) => happened is null ? "nothing" : RecordCodec.Describe(happened);

    /// <summary>Where the two begin to differ, with a few words around it: a whole state may be a megabyte.</summary>
    private static IReadOnlyList<string> StateDifference(StateKept computed, StateKept kept)
    {
        const int Before = 60, Shown = 200;
        var (ours, theirs) = (Describe(computed), Describe(kept));
        var from = Math.Max(0, ours.AsSpan().CommonPrefixLength(theirs) - Before);
        return [$"computed: ...{Cut(ours)}", $"kept: ...{Cut(theirs)}"];

        string Cut(string text) => text.Substring(Math.Min(from, text.Length), Math.Min(Shown, text.Length - Math.Min(from, text.Length)));
    }

    private void Step()
    {
        switch (Record.Event)
        {
            case PartBegan began:
                if (Session is not null) Settle(mayBeCut: true);
                _over = Story.IsOver(began.SessionId);
                if (_over) Session = null;
                else
                {
                    Session = Story.Find(began.SessionId);
                    Begin(began);
                }

                break;
            case Consumed consumed when Session is not null:
                foreach (var taken in consumed.Inputs)
                {
                    Settle(mayBeCut: false);
                    if (IsDecider) Findings.Count("inputs fed again");
                    Take(taken, ReferenceEquals(taken, consumed.Inputs[^1]));
                }

                break;
            case Consumed:
                break;
            case StateKept kept when Story.Archive.IsBeginning(Stream, Sequence):
                if (kept is StateUnreadable cannot) Differ($"its retention left it to begin with a state that this build cannot read: {cannot.Reason}");
                else Restore(kept);
                break;
            case StateUnreadable unreadable:
                Findings.Remark($"{Stream}, record {Sequence}: {unreadable.Reason}; it was not compared with what the records before it add up to");
                break;
            case StateKept kept:
                if (Keep() is not { } computed) break;
                Findings.Count("kept states computed again");
                if (!IsSame(computed, kept)) Findings.Differ(Stream, Sequence, Record.At, "the state kept here is not what the records before it add up to", StateDifference(computed, kept));
                break;
            default:
                Decided(Record.Event);
                break;
        }
    }

    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception impossible) when (impossible is InvalidOperationException or OverflowException or ArgumentException)
        {
            // What the rules themselves call impossible: an event of an order that never was, a sum beyond its bound.
            Differ($"it cannot be applied: {impossible.Message}");
        }
    }
}
