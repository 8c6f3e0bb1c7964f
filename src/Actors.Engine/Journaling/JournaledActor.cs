using Actors.Domain;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Journal;
using Akka.Actor;
using Akka.Persistence;

namespace Actors.Engine.Journaling;

/// <summary>
/// An actor whose state is what its journal says: events are sealed into the stream's hash chain, made durable, applied and only then acted on.
/// Recovery is the same Apply, and checks the chain as it goes. When the journal cannot be written the actor says so and stops; its supervisor makes it anew.
/// </summary>
public abstract class JournaledActor : UntypedPersistentActor, IWithTimers
{
    private readonly string _part;
    private readonly ChainGuard _chain;

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

    protected override void PreStart()
    {
        // The newest incarnation is found at once, so that what is sent meanwhile waits in its mailbox and is not lost.
        Session.Directory.Register(_part, Self);
        base.PreStart();
    }

    protected sealed override void OnRecover(object message)
    {
        switch (message)
        {
            case JournalRecord record:
                _chain.Accept(record);
                Apply(record.Event, record.At);
                break;
            case RecoveryCompleted:
                Recovered();
                Session.Directory.Engine.Tell(new PartMessages.Ready(_part));
                break;
        }
    }

    protected sealed override void OnCommand(object message)
    {
        if (message is PartMessages.Probe probe) Sender.Tell(new PartMessages.Alive(_part, probe.Beat));
        else Handle(message);
    }

    protected abstract void Handle(object message);

    protected abstract void Apply(object happened, DateTimeOffset at);

    /// <summary>Called once after recovery, before the first message.</summary>
    protected virtual void Recovered()
    {
    }

    /// <summary>Makes events durable, applies each, and then runs <paramref name="then"/>; at once when there is none.</summary>
    protected void Commit(IReadOnlyList<object> events, Action then)
    {
        if (events.Count == 0)
        {
            then();
            return;
        }

        var now = Session.Now();
        var left = events.Count;
        PersistAll(events.Select(one => _chain.Seal(one, now, Cursor)), record =>
        {
            Apply(record.Event, record.At);
            if (--left == 0) then();
        });
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
}
