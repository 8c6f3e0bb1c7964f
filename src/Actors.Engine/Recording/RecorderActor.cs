using Actors.Domain;
using Actors.Engine.Journaling;
using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;

namespace Actors.Engine.Recording;

/// <summary>
/// Journals every frame as it was received, in compressed batches, in a journal of its own with cheaper durability: what a crash may lose is the batch being filled.
/// While a batch is being written frames wait in the mailbox; the journal being gone for good stops trading, never the recording silently.
/// </summary>
public sealed class RecorderActor : JournaledActor
{
    private readonly List<RecordedFrame> _batch = [];
    private readonly FramePacker _packer = new();
    private int _connection;
    private long _frames;
    private long _raw;
    private long _stored;

    public RecorderActor(SessionContext session)
        : base(session, PartNames.Recorder, $"frames-{session.Account}-{session.SessionId}")
    {
        (JournalPluginId, SnapshotPluginId) = (JournalDatabase.FramesPlugin, JournalDatabase.FramesStates);
        // What an earlier incarnation of this session counted; its frames are not read again for it.
        (_frames, _raw, _stored) = session.Board.Recorder;
    }

    protected override void Apply(object happened, DateTimeOffset at)
    {
        if (happened is not FramesRecorded recorded) return;
        _frames += recorded.Count;
        _raw += recorded.RawBytes;
        _stored += recorded.Compressed.Length;
    }

    /// <summary>The next batch follows the last one, and nothing else depends on it.</summary>
    protected override void Restore(object kept)
    {
    }

    protected override void Recovered()
    {
        Show();
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case RecorderMessages.Frame frame:
                // A batch never spans two connections, so that its frames can be numbered from its first.
                if (frame.Cursor.Connection != _connection) Write(static () => { });
                _connection = frame.Cursor.Connection;
                _batch.Add(new RecordedFrame(frame.Cursor.Frame, frame.At, frame.Bytes));
                // Its age is that of its first frame; where nothing comes, nothing wakes.
                if (_batch.Count == 1) Timers.StartSingleTimer(Due.Instance, Due.Instance, Session.Timings.FrameBatchAge);
                if (_batch.Count >= Session.Timings.FrameBatchMax) Write(static () => { });
                break;
            case Due:
                Write(static () => { });
                break;
            case RecorderMessages.Flush:
                var asker = Sender;
                Write(() => asker.Tell(new RecorderMessages.Flushed()));
                break;
        }
    }

    private void Write(Action then)
    {
        // What still arrives while the session closes is not recorded: nothing is decided by it, and nothing may come after the last checkpoint.
        if (Session.Heads.IsClosing) _batch.Clear();
        if (_batch.Count == 0)
        {
            then();
            return;
        }

        Cursor = new Cursor(_connection, _batch[^1].Sequence);
        var recorded = _packer.Pack(_connection, _batch);
        _batch.Clear();
        Commit([recorded], () =>
        {
            Show();
            then();
        });
    }

    private void Show() => Session.Board.Recorder = new RecorderView(_frames, _raw, _stored);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
