using Actors.Domain;
using Actors.Domain.Connection;
using Actors.Domain.Port;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Connection;

/// <summary>
/// Owns the one socket of an account. Everything it decides is decided by <see cref="ConnectionMachine"/>; this actor opens, sends, decodes and routes. What a
/// socket says after it was given up is dropped by its connection number.
/// </summary>
public sealed class ConnectionActor : Supervisor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly FrameRouter _router;
    private readonly Random _jitter = new();
    private ConnectionMachine _machine;
    private IVenueStream? _stream;
    private IVenueDecoder? _decoder;
    private bool _wasLive;

    /// <summary>Of the socket in use; zero when there is none, so that nothing a dropped socket still says is heard, not even by a restarted actor.</summary>
    private int _number;

    public ConnectionActor(SessionContext session)
        : base(session)
    {
        _machine = ConnectionMachine.Idle(session.Timings.Connection);
        _router = new FrameRouter(session, OnSession, Undecodable);
    }

    private DateTimeOffset Now => Session.Now();

    private ConnectionCounts Counts => Session.Counts;

    protected override void PreStart()
    {
        Session.Directory.Register(PartNames.Connection, Self);
        Spawn(PartNames.Switch, Props.Create(() => new DeadMansSwitchActor(Session)));
        Session.Directory.Engine.Tell(new PartMessages.Ready(PartNames.Connection));
    }

    protected override void PostStop() => DropStream();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConnectionMessages.FrameReceived frame:
                if (frame.Connection == _number) OnFrame(frame);
                break;
            case ConnectionMessages.Start:
                Timers.StartPeriodicTimer(Tick.Key, Tick.Instance, TickInterval);
                Step(_machine.Start(Now));
                break;
            case Opened opened when opened.Connection == _number:
                Step(_machine.Opened(Now));
                break;
            case Asked asked when asked.Connection == _number:
                _machine = _machine.Awaiting(asked.Topics, Now);
                Announce("all subscriptions acknowledged");
                break;
            case Retry:
                Step(_machine.Start(Now));
                break;
            case ConnectionMessages.SocketClosed closed:
                if (closed.Connection == _number) Fail(closed.Reason);
                break;
            case ConnectionMessages.SendBeat beat:
                SendBeat(beat.Timeout);
                break;
            case ConnectionMessages.ResubscribeBook resubscribe when _machine.IsLive:
                Send(stream => stream.ResubscribeBookAsync(resubscribe.Symbol, CancellationToken.None));
                break;
            case Tick:
                OnTick();
                break;
            case Sent:
                break;
            default:
                if (!HandledByTable(message)) Unhandled(message);
                break;
        }
    }

    private void OnFrame(ConnectionMessages.FrameReceived frame)
    {
        var sequence = Counts.NextFrame();
        _machine = _machine.Frame(frame.At);
        Session.Board.LastFrameAt = frame.At;
        _router.Cursor = new Cursor(frame.Connection, sequence);
        Session.Directory.Recorder.Tell(new RecorderMessages.Frame(_router.Cursor, frame.At, _decoder!.Cover(frame.Bytes)));
        _decoder.Decode(frame.Bytes.Span, _router);
        if (_machine.IsLive != _wasLive) Announce("frames arrive");
    }

    private void OnSession(SessionMessage message)
    {
        switch (message)
        {
            case SessionMessage.Authenticated:
                Step(_machine.Authenticated(Now));
                break;
            case SessionMessage.Subscribed subscribed:
                _machine = _machine.Subscribed(subscribed.Topic, Now);
                Announce("all subscriptions acknowledged");
                break;
            case SessionMessage.BeatConfirmed confirmed:
                Session.Directory.Switch.Tell(new ConnectionMessages.BeatConfirmed(confirmed.Confirmation, true));
                break;
            case SessionMessage.Refused refused when !_machine.IsLive:
                Fail($"the venue refused with {refused.Status}: {refused.Reason}");
                break;
            case SessionMessage.Refused refused:
                _log.Warning("the venue refused a request on the stream with {Status}: {Reason}", refused.Status, refused.Reason);
                break;
        }
    }

    private void Undecodable(string reason)
    {
        _log.Warning("frame {Cursor} is not understood: {Reason}", _router.Cursor, reason);
        Session.Board.Say(Now, $"frame {_router.Cursor} is not understood: {reason}");
    }

    private void OnTick()
    {
        var step = _machine.Elapsed(Now, out var failure);
        if (failure is not null) Fail(failure);
        else Step(step);
        ShowState();
    }

    private void Step((ConnectionMachine Next, ConnectionAction[] Actions) step)
    {
        _machine = step.Next;
        foreach (var action in step.Actions) Do(action);
        Announce("state changed");
    }

    private void Do(ConnectionAction action)
    {
        switch (action)
        {
            case ConnectionAction.OpenSocket:
                OpenSocket();
                break;
            case ConnectionAction.Authenticate:
                Send(stream => stream.AuthenticateAsync(CancellationToken.None));
                break;
            case ConnectionAction.Subscribe:
                Subscribe();
                break;
            case ConnectionAction.Ping:
                Send(stream => stream.PingAsync(CancellationToken.None));
                break;
            case ConnectionAction.CloseSocket:
                DropStream();
                break;
        }
    }

    private void OpenSocket()
    {
        DropStream();
        var connection = _number = Counts.NextConnection();
        var stream = Session.Venue.CreateStream(new Observer(Self, connection));
        _stream = stream;
        _decoder = Session.Venue.CreateDecoder();
        stream.ConnectAsync(CancellationToken.None).PipeTo(
            Self,
            success: () => new Opened(connection),
            failure: cause => new ConnectionMessages.SocketClosed(connection, cause.GetBaseException().Message));
    }

    private void Subscribe()
    {
        var connection = _number;
        _stream!.SubscribeAsync([.. Session.Instruments.Keys.Order()], CancellationToken.None).PipeTo(
            Self,
            success: topics => new Asked(connection, topics),
            failure: cause => new ConnectionMessages.SocketClosed(connection, cause.GetBaseException().Message));
    }

    private void Send(Func<IVenueStream, Task> send)
    {
        if (_stream is not { } stream) return;
        var connection = _number;
        send(stream).PipeTo(
            Self,
            success: () => Sent.Instance,
            failure: cause => new ConnectionMessages.SocketClosed(connection, cause.GetBaseException().Message));
    }

    private void SendBeat(TimeSpan timeout)
    {
        if (_machine.IsLive)
        {
            Send(stream => stream.BeatAsync(timeout, CancellationToken.None));
            return;
        }

        Session.Venue.OrderEntry.BeatAsync(timeout, CancellationToken.None).PipeTo(
            Session.Directory.Switch,
            Self,
            success: confirmation => confirmation is null
                ? new SwitchMessages.BeatFailed("the venue did not confirm a beat sent without the socket")
                : new ConnectionMessages.BeatConfirmed(confirmation, false),
            failure: cause => new SwitchMessages.BeatFailed(cause.GetBaseException().Message));
    }

    private void Fail(string reason)
    {
        var (next, actions, retry) = _machine.Failed(Now, _jitter.Next(1000));
        _log.Warning("connection {Connection} lost: {Reason}; next attempt in {Wait} ms", Counts.Connections, reason, (long)retry.TotalMilliseconds);
        Step((next, actions));
        Announce(reason);
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, retry);
    }

    private void Announce(string reason)
    {
        if (_machine.IsLive == _wasLive) return;
        _wasLive = _machine.IsLive;
        Session.Directory.Engine.Tell(new ConnectionMessages.LiveChanged(_wasLive, reason));
    }

    private void ShowState() =>
        Session.Board.Connection = new ConnectionView(_machine.State.ToString().ToLowerInvariant(), Counts.Frames, Counts.Connections, TimeSpan.Zero);

    private void DropStream()
    {
        if (_stream is not { } stream) return;
        (_stream, _number) = (null, 0);
        var log = _log;
        _ = stream.DisposeAsync().AsTask().ContinueWith(
            task => log.Warning("closing a socket failed: {Reason}", task.Exception!.GetBaseException().Message),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    private sealed record Opened(int Connection);

    private sealed record Asked(int Connection, IReadOnlyList<string> Topics);

    private sealed record Sent : INoSerializationVerificationNeeded
    {
        public static readonly Sent Instance = new();
    }

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }

    private sealed record Tick
    {
        public const string Key = "tick";
        public static readonly Tick Instance = new();
    }

    /// <summary>Brings what a socket's thread hears into the actor's mailbox.</summary>
    private sealed class Observer(IActorRef connection, int number) : IVenueStreamObserver
    {
        public void OnFrame(ReadOnlyMemory<byte> frame, DateTimeOffset receivedAt) =>
            connection.Tell(new ConnectionMessages.FrameReceived(number, frame, receivedAt), ActorRefs.NoSender);

        public void OnClosed(string reason) => connection.Tell(new ConnectionMessages.SocketClosed(number, reason), ActorRefs.NoSender);
    }
}
