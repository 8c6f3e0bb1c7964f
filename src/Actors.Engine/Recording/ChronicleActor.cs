using Actors.Domain.Sessions;
using Actors.Engine.Journaling;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;

namespace Actors.Engine.Recording;

/// <summary>
/// Writes what happens to the session as a whole: the manifest first, then phases, the switch, restarts, reconciliations, and the end. From time to time, and
/// last of all, a checkpoint ties all streams together.
/// </summary>
public sealed class ChronicleActor(SessionContext session, SessionStarted manifest) : JournaledActor(session, PartNames.Chronicle, $"session-{session.Account}")
{
    /// <summary>What a forger with the whole journal in hand could cut off unseen is what was written since the last checkpoint.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(100);
    private const int SettleTries = 20;

    private string? _begun;
    private long _records;
    private long _recordsAtCheckpoint;

    /// <summary>How many records there were when the recorder was asked to write what it has, and when it last had.</summary>
    private long? _asked;
    private long? _flushed;

    protected override bool MarksBeginning => false;

    protected override void Apply(object happened, DateTimeOffset at)
    {
        _records++;
        if (happened is SessionStarted) Restore(happened);
    }

    /// <summary>All there is to know is which session has its manifest here, and each checkpoint of a session says that again.</summary>
    protected override void Restore(object kept) => _begun = kept is SessionStarted started ? started.SessionId : ((Checkpoint)kept).SessionId;

    protected override void Recovered()
    {
        Timers.StartPeriodicTimer(CheckpointDue.Instance, CheckpointDue.Instance, TimeSpan.FromSeconds(1), CheckpointInterval);
        if (_begun != manifest.SessionId) Commit([manifest], static () => { });
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case ChronicleMessages.Write write:
                Commit([write.Event], static () => { });
                break;
            case ChronicleMessages.ProveBeat prove:
                var asker = Sender;
                Commit([new BeatProved(prove.Beat)], () => asker.Tell(new PartMessages.Alive(PartNames.Chronicle, prove.Beat)));
                break;
            case CheckpointDue when !Session.Heads.IsClosing && _records > _recordsAtCheckpoint:
                Commit([MakeCheckpoint()], () => _recordsAtCheckpoint = _records);
                break;
            case ChronicleMessages.Close close:
                Session.Heads.IsClosing = true;
                Wait(new Closing(close.Ended, Sender, SettleTries));
                break;
            case Closing closing:
                Close(closing);
                break;
            case RecorderMessages.Flushed:
                (_flushed, _asked) = (_asked, null);
                break;
        }
    }

    /// <summary>
    /// Waits, not for ever, until the frames of all that was decided are recorded, and what other streams have on its way is durable, so that nothing comes after the last checkpoint.
    /// Each wait lets those who did not see what was said before it finish what they had begun.
    /// </summary>
    private void Close(Closing closing)
    {
        var isSettled = Session.Heads.IsSettled(PersistenceId);
        if (closing.TriesLeft == 0 || (isSettled && Session.Heads.AreFramesOver))
        {
            Session.Heads.AreFramesOver = true;
            Commit(LastRecords(closing.Ended), () => closing.Closer.Tell(new ChronicleMessages.Closed()));
            return;
        }

        if (isSettled) Record();
        Wait(closing with { TriesLeft = closing.TriesLeft - 1 });
    }

    /// <summary>Frames come to the recorder before anything is decided by them: those of all that is sealed are recorded when it has written what it has.</summary>
    private void Record()
    {
        var decided = Session.Heads.Decided(PersistenceId, RecorderActor.StreamOf(Session));
        Session.Heads.AreFramesOver = _flushed == decided;
        if (Session.Heads.AreFramesOver || _asked is not null) return;
        _asked = decided;
        Session.Directory.Recorder.Tell(new RecorderMessages.Flush(), Self);
    }

    private void Wait(Closing closing) => Timers.StartSingleTimer(Closing.Key, closing, SettleInterval);

    /// <summary>One transaction: an end without its checkpoint is an end that was tampered with.</summary>
    private IEnumerable<object> LastRecords(SessionEnded ended)
    {
        yield return ended;
        yield return MakeCheckpoint();
    }

    private Checkpoint MakeCheckpoint()
    {
        var checkpoint = new Checkpoint(Session.SessionId, [.. Session.Heads.AllBut(PersistenceId), Head], null, null);
        return Session.Signer?.Sign(checkpoint) ?? checkpoint;
    }

    private sealed record CheckpointDue
    {
        public static readonly CheckpointDue Instance = new();
    }

    private sealed record Closing(SessionEnded Ended, IActorRef Closer, int TriesLeft)
    {
        public const string Key = "closing";
    }
}
