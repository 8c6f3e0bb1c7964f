using Actors.Domain;
using Actors.Domain.Sessions;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Journal;
using Akka.Actor;
using Akka.Persistence;

namespace Actors.Engine.Journaling;

/// <summary>
/// An actor whose state is what its journal says: events are sealed into the stream's hash chain, made durable, applied and only then acted on.
/// Recovery is the same Apply, and checks the chain as it goes; it begins at the newest state that the stream keeps, and every so many records one is kept. When the journal cannot be written the actor says so and stops; its supervisor makes it anew.
/// Before an event stand the inputs that led to it, in the order they were taken, so that an audit can decide again.
/// </summary>
public abstract class JournaledActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>Inputs that led to nothing are journaled together: when there are so many, or when the first of them is so old.</summary>
    private const int TakenMax = 128;
    private static readonly TimeSpan TakenAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>A start that reads so much as this part of the records after which a state is kept, keeps one at once.</summary>
    private const int KeptAtStartPart = 10;

    private readonly string _part;
    private ChainGuard _chain;
    private readonly TakenInputs _taken = new();
    private TakenInput? _passing;

    /// <summary>Whether the timer runs: it is not begun anew for each input, so that the first may be journaled earlier than it must.</summary>
    private bool _isDueSet;
    private int _sinceKept;
    private int _underWay;

    protected JournaledActor(SessionContext session, string part, string persistenceId)
    {
        Session = session;
        _part = part;
        PersistenceId = persistenceId;
        _chain = new ChainGuard(persistenceId);
    }

    public sealed override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    protected SessionContext Session { get; }

    /// <summary>The last frame consumed; sealed into every event.</summary>
    protected Cursor Cursor { get; set; }

    /// <summary>When the message at hand was taken from the mailbox: the only time that a decision may go by.</summary>
    protected DateTimeOffset Now { get; private set; }

    /// <summary>Whether each incarnation is marked in the stream.</summary>
    protected virtual bool MarksBeginning => true;

    /// <summary>The newest record sealed.</summary>
    protected StreamHead Head => new(PersistenceId, _chain.Sequence, Convert.ToHexStringLower(_chain.Head));

    protected override void PreStart()
    {
        // The newest incarnation is found at once, so that what is sent meanwhile waits in its mailbox and is not lost.
        Session.Directory.Register(_part, Self);
        Session.Recovering[_part] = true;
        base.PreStart();
    }

    protected sealed override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: JournalRecord kept } offer:
                _chain = new ChainGuard(PersistenceId, offer.Metadata.SequenceNr, kept.Hash);
                Restore(kept.Event);
                break;
            case JournalRecord record:
                _chain.Accept(record);
                _sinceKept = record.Event is StateKept and not StateUnreadable ? 0 : _sinceKept + 1;
                Change(record);
                break;
            case RecoveryCompleted:
                // Rows that are marked as deleted, or gone from the end: what is written after them would follow none of those that were read.
                if (_chain.Sequence != LastSequenceNr) throw new JournalFormatException(PersistenceId, _chain.Sequence + 1, $"it is missing: the stream has {LastSequenceNr} records");
                Session.Recovering.TryRemove(_part, out _);
                Now = Session.Now();
                Session.Heads.Durable(PersistenceId, _chain.Sequence, _chain.Head.ToArray());
                // Reading many takes longer than to write what they add up to: the next start need not do it again. The state follows the first write.
                if (_sinceKept >= Math.Max(1, Session.Timings.KeepStateAfter / KeptAtStartPart)) _sinceKept = Math.Max(_sinceKept, Session.Timings.KeepStateAfter);
                if (MarksBeginning) Note(new PartBegan(Session.SessionId, _part));
                Recovered();
                Session.Directory.Engine.Tell(new PartMessages.Ready(_part));
                break;
        }
    }

    protected sealed override void OnCommand(object message)
    {
        Now = Session.Now();
        _passing = null;
        if (message is PartMessages.Probe probe) Sender.Tell(new PartMessages.Alive(_part, probe.Beat));
        else if (message is TakenDue) OnTakenDue();
        else Handle(message);
    }

    protected abstract void Handle(object message);

    protected abstract void Apply(object happened, DateTimeOffset at);

    /// <summary>All that the events applied so far add up to, for recovery to begin with; null where other records of the stream serve for that.</summary>
    protected virtual StateKept? Keep() => null;

    /// <summary>Takes over what an earlier incarnation kept: the newest record of the kinds that recovery can begin at.</summary>
    protected abstract void Restore(object kept);

    /// <summary>Called once after recovery, before the first message.</summary>
    protected virtual void Recovered()
    {
    }

    /// <summary>Takes note of an input that may change what is decided later, whether or not it leads to something now.</summary>
    protected void Take(Input input)
    {
        _taken.Add(new TakenInput(Now, Cursor, input));
        if (_taken.Count >= TakenMax) NoteTaken();
        if (_taken.Count == 0 || _isDueSet) return;
        _isDueSet = true;
        Timers.StartSingleTimer(TakenDue.Instance, TakenDue.Instance, TakenAgeMax);
    }

    /// <summary>Takes note of an input that changes nothing unless it leads to an event now: else it leaves no trace.</summary>
    protected void TakePassing(Input input) => _passing = new TakenInput(Now, Cursor, input);

    /// <summary>Makes events durable, applies each, and then runs <paramref name="then"/>; at once when there is none. An event may be made as it is sealed.</summary>
    protected void Commit(IEnumerable<object> events, Action then)
    {
        if (events.TryGetNonEnumeratedCount(out var count) && count == 0)
        {
            then();
            return;
        }

        Persist(Seal(events), then);
    }

    /// <summary>The same with what several inputs of one message led to, in one write: each input before its own events, of which there is at least one.</summary>
    protected void Commit(IReadOnlyList<(Input Passing, IReadOnlyList<object> Events)> steps, Action then)
    {
        var records = new List<JournalRecord>();
        foreach (var (passing, events) in steps)
        {
            TakePassing(passing);
            records.AddRange(Seal(events));
        }

        Persist(records, then);
    }

    private void Persist(List<JournalRecord> records, Action then)
    {
        var left = records.Count;
        PersistAll(records, record =>
        {
            Settle(record);
            if (--left > 0) return;
            then();
            KeepState();
        });
    }

    /// <summary>Journals without waiting for it: for what has no effect to wait for.</summary>
    protected void Note(params IEnumerable<object> events) => PersistAllAsync(Seal(events), record =>
    {
        Settle(record);
        KeepState();
    });

    /// <summary>Journals what was taken and has led to nothing.</summary>
    protected void NoteTaken()
    {
        if (_taken.Count > 0 && !Session.Heads.IsClosing) Note();
    }

    private void OnTakenDue()
    {
        _isDueSet = false;
        NoteTaken();
    }

    private List<JournalRecord> Seal(IEnumerable<object> events)
    {
        if (_passing is { } passing) _taken.Add(passing);
        var records = new List<JournalRecord>();
        if (_taken.Count > 0) records.Add(_chain.SealTaken(_taken, Now, Cursor));
        _passing = null;
        foreach (var one in events) records.Add(_chain.Seal(one, Now, Cursor));
        Count(records.Count);
        return records;
    }

    private void Count(int records)
    {
        _underWay += records;
        _sinceKept += records;
        Session.Heads.Sealed(PersistenceId, _chain.Sequence);
    }

    /// <summary>Only between two writes is the state what the records before it add up to. Inputs that are still to be journaled are no part of it.</summary>
    private void KeepState()
    {
        if (_sinceKept < Session.Timings.KeepStateAfter || _underWay > 0 || Session.Heads.IsClosing || Keep() is not { } state) return;
        var record = _chain.Seal(state, Now, Cursor);
        Count(1);
        _sinceKept = 0;
        PersistAsync(record, Settle);
    }

    private void Settle(JournalRecord record)
    {
        _underWay--;
        Session.Heads.Durable(PersistenceId, LastSequenceNr, record.Hash);
        Change(record);
    }

    private void Change(JournalRecord record)
    {
        if (record.Event is not (Consumed or PartBegan or StateKept)) Apply(record.Event, record.At);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        LoseJournal(cause, $"{_part} could not write {sequenceNr}");
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        // A rejected write was not made: the chain in memory is ahead of the one on disk, so this incarnation cannot go on.
        throw new InvalidOperationException($"{_part}: the journal rejected record {sequenceNr}: {cause.Message}", cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (reason is JournalFormatException || message is JournalRecord) throw new JournalFormatException($"{_part}: {reason.Message}", reason);
        LoseJournal(reason, $"{_part} could not be recovered");
        base.OnRecoveryFailure(reason, message);
    }

    private void LoseJournal(Exception cause, string what) =>
        Context.Parent.Tell(new Supervisor.ChildLostJournal(_part, new JournalUnreachableException($"{what}: {cause.GetBaseException().Message}", cause)));

    private sealed record TakenDue
    {
        public static readonly TakenDue Instance = new();
    }
}
