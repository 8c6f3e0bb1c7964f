using Actors.Domain;
using Actors.Domain.Connection;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Engine.Books;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Connection;

/// <summary>
/// Owns the one socket of an account. Everything it decides is decided by <see cref="ConnectionMachine"/>; this actor opens, sends, decodes and routes. What a
/// socket says after it was given up is dropped by its connection number, and what was meant for one socket never leaves by another.
/// </summary>
public sealed class ConnectionActor : Supervisor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly FrameRouter _router;
    private readonly BeatSender _beats;
    private readonly Random _jitter;
    private ConnectionMachine _machine;
    private IVenueStream? _stream;
    private IVenueDecoder? _decoder;
    private Backlog? _backlog;
    private bool _wasLive;

    /// <summary>Of the socket in use; zero when there is none, so that nothing a dropped socket still says is heard, not even by a restarted actor.</summary>
    private int _number;

    public ConnectionActor(SessionContext session)
        : base(session)
    {
        _machine = ConnectionMachine.Idle(session.Timings.Connection);
        if (session.Counts.Openings is { } openings) _machine = _machine with { Openings = openings };
        _router = new FrameRouter(session, OnSession, Undecodable, Missed);
        _beats = new BeatSender(session);
        _jitter = new Random(session.JitterSeed);
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
                frame.Backlog.Leave();
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
                if (closed.Connection == _number) Fail(closed.Reason, closed.RetryAfter);
                break;
            case ConnectionMessages.SendBeat beat when beat.Timeout != TimeSpan.Zero && Now - beat.SentAt > Session.Settings.Switch.Deadline:
                // It waited here while this part hung: that everything lived when it was proved says nothing now.
                Session.Directory.Switch.Tell(new SwitchMessages.BeatFailed("it had to wait before the connection"));
                break;
            case ConnectionMessages.SendBeat beat:
                if (_beats.TakesSocket(beat, _machine.IsLive)) Send(stream => stream.BeatAsync(beat.Timeout, CancellationToken.None));
                else _beats.SendWithoutSocket(beat, Self);
                break;
            case ConnectionMessages.ResubscribeBook resubscribe when _machine.IsLive:
                if (TakeResubscription()) Send(stream => stream.ResubscribeBookAsync(resubscribe.Symbol, CancellationToken.None));
                break;
            case Tick:
                OnTick();
                break;
            case Sent or BeatSender.Ended:
                _beats.Handle(message);
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
                _beats.ConfirmedOnSocket(confirmed.Confirmation);
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

    /// <summary>What could not be understood is a gap: the book is fetched anew, an account's table too, and engine and venue are compared.</summary>
    private void Missed(MissedTables tables, Symbol? symbol)
    {
        var words = $"frame {_router.Cursor} is not understood";
        if (tables.HasFlag(MissedTables.Books))
        {
            foreach (var missed in Session.Instruments.Keys.Where(one => symbol is null || one == symbol))
                Session.Directory.Book(missed).Tell(new BookMessages.Missed(words));
        }

        var ofAccount = Tables.Where(one => tables.HasFlag(one.Missed)).ToArray();
        if (ofAccount.Length == 0) return;
        Session.Directory.Engine.Tell(new EngineMessages.Suspect(words));
        foreach (var (_, table) in ofAccount)
        {
            // Without its table no later change of the account can be merged: a connection that cannot get it back is of no use.
            if (!_machine.IsLive) continue;
            if (TakeResubscription()) Send(stream => stream.ResubscribeAccountAsync(table, CancellationToken.None));
            else Fail("too many subscriptions had to be renewed");
        }
    }

    private static readonly (MissedTables Missed, AccountTable Table)[] Tables =
    [
        (MissedTables.Orders, AccountTable.Orders),
        (MissedTables.Executions, AccountTable.Executions),
        (MissedTables.Positions, AccountTable.Positions),
        (MissedTables.Margins, AccountTable.Margins),
    ];

    /// <summary>Whether one more subscription may be renewed within what venues allow; whoever asked asks again later.</summary>
    private bool TakeResubscription()
    {
        if (Counts.Resubscriptions.Wait(Now) > TimeSpan.Zero) return false;
        Counts.Resubscriptions = Counts.Resubscriptions.Take(Now);
        return true;
    }

    private void OnTick()
    {
        var step = _machine.Elapsed(Now, out var failure);
        if (_backlog is { IsOverrun: true }) Fail($"more than {_backlog.Max} frames waited to be decoded: they are asked for again");
        else if (failure is not null) Fail(failure);
        else Step(step);
        Session.Board.Connection = new ConnectionView(_machine.State.ToString().ToLowerInvariant(), Counts.Frames, Counts.Connections, TimeSpan.Zero);
    }

    private void Step((ConnectionMachine Next, ConnectionAction[] Actions) step, string reason = "state changed")
    {
        _machine = step.Next;
        Counts.Openings = _machine.Openings;
        foreach (var action in step.Actions) Do(action);
        Announce(reason);
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
        _backlog = new Backlog(Session.Timings.FrameBacklogMax);
        var stream = Session.Venue.CreateStream(new FrameIntake(Self, connection, _backlog));
        _stream = stream;
        _decoder = Session.Venue.CreateDecoder();
        stream.ConnectAsync(CancellationToken.None).PipeTo(
            Self,
            success: () => new Opened(connection),
            failure: cause => Closed(connection, cause));
    }

    private void Subscribe()
    {
        var connection = _number;
        _stream!.SubscribeAsync([.. Session.Instruments.Keys.Order()], CancellationToken.None).PipeTo(
            Self,
            success: topics => new Asked(connection, topics),
            failure: cause => Closed(connection, cause));
    }

    private void Send(Func<IVenueStream, Task> send)
    {
        if (_stream is not { } stream) return;
        var connection = _number;
        send(stream).PipeTo(
            Self,
            success: () => Sent.Instance,
            failure: cause => Closed(connection, cause));
    }

    private static ConnectionMessages.SocketClosed Closed(int connection, Exception cause)
    {
        for (var one = cause; one is not null; one = one.InnerException)
        {
            if (one is VenueUnreachableException unreachable) return new ConnectionMessages.SocketClosed(connection, unreachable.Message, unreachable.RetryAfter);
        }

        return new ConnectionMessages.SocketClosed(connection, cause.GetBaseException().Message);
    }

    private void Fail(string reason, TimeSpan? retryAfter = null)
    {
        var (next, actions, retry) = _machine.Failed(Now, _jitter.Next(1000), retryAfter);
        _log.Warning("connection {Connection} lost: {Reason}; next attempt in {Wait} ms", Counts.Connections, reason, (long)retry.TotalMilliseconds);
        // One that was live is told by the engine; one that never was would go on failing with nobody knowing why.
        if (!_wasLive) Session.Board.Say(Now, $"no connection: {reason}");
        Step((next, actions), reason);
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, retry);
    }

    private void Announce(string reason)
    {
        if (_machine.IsLive == _wasLive) return;
        _wasLive = _machine.IsLive;
        Session.Directory.Engine.Tell(new ConnectionMessages.LiveChanged(_wasLive, reason, _number));
        if (_wasLive) TellBooks(new BookMessages.Connected());
    }

    private void TellBooks(object message)
    {
        foreach (var symbol in Session.Instruments.Keys) Session.Directory.Book(symbol).Tell(message);
    }

    private void DropStream()
    {
        if (_stream is not { } stream) return;
        (_stream, _number, _backlog) = (null, 0, null);
        _beats.SocketIsGone();
        TellBooks(new BookMessages.Disconnected());
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
}
