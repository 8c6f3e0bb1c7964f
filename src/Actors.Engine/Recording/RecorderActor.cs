using Actors.Domain;
using Actors.Engine.Journaling;
using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;

namespace Actors.Engine.Recording;

/// <summary>
/// Journals every frame as it was received, in compressed batches, in a journal of its own with cheaper durability: what a crash of the process may lose is the
/// batch being filled; a restart of this part alone loses none.
/// While a batch is being written frames wait in the mailbox; the journal being gone for good stops trading, never the recording silently.
/// </summary>
public sealed class RecorderActor : JournaledActor
{
    private readonly FramesWaiting _waiting;
    private readonly FramePacker _packer = new();
    private long _frames;
    private long _raw;
    private long _stored;

    public RecorderActor(SessionContext session)
        : base(session, PartNames.Recorder, StreamOf(session))
    {
        _waiting = session.FramesWaiting;
        (JournalPluginId, SnapshotPluginId) = (JournalDatabase.FramesPlugin, JournalDatabase.FramesStates);
        // What an earlier incarnation of this session counted; its frames are not read again for it.
        (_frames, _raw, _stored) = session.Board.Recorder;
    }

    /// <summary>The name of the stream of a session's frames.</summary>
    internal static string StreamOf(SessionContext session) => $"frames-{session.Account}-{session.SessionId}";

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
        // What an earlier incarnation left waiting has no timer any more.
        if (_waiting.Frames.Count > 0) Timers.StartSingleTimer(Due.Instance, Due.Instance, Session.Timings.FrameBatchAge);
        Show();
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case RecorderMessages.Frame frame:
                // A batch never spans two connections, so that its frames can be numbered from its first.
                if (frame.Cursor.Connection != _waiting.Connection) Write(static () => { });
                _waiting.Connection = frame.Cursor.Connection;
                _waiting.Frames.Add(new RecordedFrame(frame.Cursor.Frame, frame.At, frame.Bytes));
                // Its age is that of its first frame; where nothing comes, nothing wakes.
                if (_waiting.Frames.Count == 1) Timers.StartSingleTimer(Due.Instance, Due.Instance, Session.Timings.FrameBatchAge);
                if (_waiting.Frames.Count >= Session.Timings.FrameBatchMax) Write(static () => { });
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
        if (Session.Heads.AreFramesOver) _waiting.Frames.Clear();
        if (_waiting.Frames.Count == 0)
        {
            then();
            return;
        }

        Cursor = new Cursor(_waiting.Connection, _waiting.Frames[^1].Sequence);
        var recorded = _packer.Pack(_waiting.Connection, _waiting.Frames);
        _waiting.Frames.Clear();
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

/// <summary>The frames of the batch being filled, all of one connection. Used by the recorder alone; outlives its restarts, so that none leaves a hole in what was recorded.</summary>
internal sealed class FramesWaiting
{
    public int Connection { get; set; }

    public List<RecordedFrame> Frames { get; } = [];
}
