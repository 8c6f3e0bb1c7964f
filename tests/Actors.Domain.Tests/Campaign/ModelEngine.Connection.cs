using Actors.Domain.Books;
using Actors.Domain.Connection;
using Actors.Domain.Port;

namespace Actors.Domain.Tests.Campaign;

/// <summary>The socket: frames come in and are recorded and routed; requests go out.</summary>
internal sealed partial class ModelEngine
{
    private static readonly TimeSpan UsualWay = TimeSpan.FromMilliseconds(20);

    /// <summary>Executions that were lost or late on a socket that went on.</summary>
    private readonly HashSet<string> _misplaced = [];
    private ConnectionMachine _machine = null!;
    private TokenBucket? _openings;
    private bool _wasLive;
    private int _socket;
    private int _sockets;
    private int _dead;
    private long _frames;
    private DateTimeOffset _newestArrival;

    /// <summary>The socket is gone and this side hears of it.</summary>
    public void SocketBreaks()
    {
        var socket = _socket;
        _connection.Tell(() =>
        {
            if (_socket == socket && socket != 0) Fail("reset by peer");
        });
    }

    /// <summary>The venue has something to tell of the account on the socket that is subscribed.</summary>
    public void Hear(object message)
    {
        var socket = _socket;
        if (IsDead(socket)) return;
        if (network.Loses(12))
        {
            Misplace(message);
            // A frame that cannot be understood is known to be missing, mostly.
            if (simulation.Chance(800)) ToEngine(socket, () => _engine.Tell(() => Reconcile(anew: false)));
            return;
        }

        var way = Way();
        if (way > UsualWay) Misplace(message);
        Arrive(socket, way, () => Route(message, socket));
        if (network.Loses(30)) ToEngine(socket, () => Route(message, socket));
    }

    /// <summary>Lost or late on a socket that goes on: what is executed after it may be told before it.</summary>
    private void Misplace(object message)
    {
        if (message is ExecutionReport execution) _misplaced.Add(execution.ExecutionId);
    }

    /// <summary>The market has moved: these come in their order, late, doubled, or not to be understood.</summary>
    public void HearBook(BookAction action, BookRow[] rows)
    {
        var socket = _socket;
        if (IsDead(socket)) return;
        if (network.Loses(12))
        {
            if (Mutation != Mutation.TrustsGap) InOrder(socket, () => _book.Tell(() => GiveUpBook("a frame is not understood")));
            return;
        }

        InOrder(socket, () => _book.Tell(() => OnBook(action, rows)));
        if (network.Loses(10)) InOrder(socket, () => _book.Tell(() => OnBook(action, rows)));
    }

    /// <summary>A socket never leaves out a part of what it carries: one that something was lost on carries nothing any more, whether or not this side knows.</summary>
    private bool IsDead(int socket)
    {
        if (network.SocketFails) _dead = socket;
        return socket == 0 || socket == _dead;
    }

    private void Route(object message, int socket)
    {
        if (message is MarginReport margin) _account.Tell(() => OnMargin(margin));
        else _orders.Tell(() => OnMessage(message, socket));
    }

    private void RecoverConnection()
    {
        DropSocket();
        _machine = ConnectionMachine.Idle(new ConnectionSettings { OpeningsPerHourMax = 1_000 });
        if (_openings is { } openings) _machine = _machine with { Openings = openings };
        if (_wasLive) _engine.Tell(() => OnLive(false, 0));
        _wasLive = false;
        // Its child is made anew with it.
        _beats.End();
        _beats.Begin();
        RecoverSwitch();
        _engine.Tell(() => OnReady(_beats));
        _connection.Tell(() => Step(_machine.Start(Now)));
    }

    private void DropSocket()
    {
        (_socket, _beatOnSocket) = (0, null);
        _book.Tell(() => _isConnected = false);
        _book.Tell(() => LoseBook("disconnected"));
    }

    private void Tick()
    {
        var step = _machine.Elapsed(Now, out var failure);
        if (failure is not null) Fail(failure);
        else Step(step);
    }

    private void Step((ConnectionMachine Next, ConnectionAction[] Actions) step)
    {
        _machine = step.Next;
        _openings = _machine.Openings;
        foreach (var action in step.Actions) Do(action);
        if (_machine.IsLive == _wasLive) return;
        var isLive = _wasLive = _machine.IsLive;
        simulation.Note($"engine: live {isLive}");
        var socket = _socket;
        _engine.Tell(() => OnLive(isLive, socket));
        if (isLive) _book.Tell(OnConnected);
    }

    private void OnLive(bool isLive, int socket)
    {
        _live = isLive;
        if (isLive)
        {
            _liveOver = socket;
            Reconcile(anew: true);
            return;
        }

        Close(Actors.Domain.Risk.Gate.Connection);
        Close(Actors.Domain.Risk.Gate.Start);
    }

    private void Do(ConnectionAction action)
    {
        var socket = _socket;
        switch (action)
        {
            case ConnectionAction.OpenSocket:
                DropSocket();
                socket = _socket = ++_sockets;
                _frames = 0;
                simulation.After(network.Delay(), Alive(() => _connection.Tell(() =>
                {
                    if (_socket != socket) return;
                    if (network.SocketFails || network.Loses(100)) Fail("connection refused");
                    else Step(_machine.Opened(Now));
                })));
                break;
            case ConnectionAction.Authenticate:
                ToVenue(socket, () => ToEngine(socket, () => Step(_machine.Authenticated(Now))));
                break;
            case ConnectionAction.Subscribe:
                _machine = _machine.Awaiting(["all"], Now);
                ToVenue(socket, () => Subscribed(socket));
                break;
            case ConnectionAction.Ping:
                ToVenue(socket, () => ToEngine(socket, () => { }));
                break;
            case ConnectionAction.CloseSocket:
                DropSocket();
                break;
        }
    }

    /// <summary>Acknowledgement and snapshots come in either order.</summary>
    private void Subscribed(int socket)
    {
        if (simulation.Chance(500)) ToEngine(socket, () => Step((_machine.Subscribed("all", Now), [])));
        SendSnapshot(socket);
        foreach (var order in venue.Open) ToEngine(socket, () => Route(order, socket));
        var margin = venue.Margin;
        ToEngine(socket, () => Route(margin, socket));
        ToEngine(socket, () => Step((_machine.Subscribed("all", Now), [])));
    }

    private void SendSnapshot(int socket)
    {
        var rows = venue.Market.Snapshot;
        InOrder(socket, () => _book.Tell(() => OnBook(BookAction.Snapshot, rows)));
    }

    private void Fail(string reason)
    {
        simulation.Note($"engine: connection lost: {reason}");
        var (next, actions, retry) = _machine.Failed(Now, simulation.Random.Next(1000));
        Step((next, actions));
        simulation.After(retry, Alive(() => _connection.Tell(() => Step(_machine.Start(Now)))));
    }

    /// <summary>What is sent on a socket that is dead without anybody knowing is lost.</summary>
    private void ToVenue(int socket, Action arrived)
    {
        if (IsDead(socket)) return;
        simulation.After(network.Delay(), () =>
        {
            if (!IsDead(socket)) arrived();
        });
    }

    /// <summary>Frames of one socket mostly keep their order, and now and then overtake each other.</summary>
    private void ToEngine(int socket, Action heard)
    {
        if (!IsDead(socket)) Arrive(socket, Way(), heard);
    }

    private TimeSpan Way() => network.Loses(60) ? simulation.Milliseconds(20, 900) : UsualWay;

    /// <summary>Frames that keep their order whatever holds them up.</summary>
    private void InOrder(int socket, Action heard)
    {
        if (IsDead(socket)) return;
        var at = Now + Way();
        if (at < _newestArrival) at = _newestArrival;
        _newestArrival = at;
        Arrive(socket, at - Now, heard);
    }

    private void Arrive(int socket, TimeSpan way, Action heard) => simulation.After(way, Alive(() =>
    {
        if (!IsDead(socket)) _connection.Tell(() => OnFrame(socket, heard));
    }));

    private void OnFrame(int socket, Action heard)
    {
        if (_socket != socket) return;
        _machine = _machine.Frame(Now);
        var frame = (socket, ++_frames);
        _recorder.Tell(() => _framesWaiting.Add(frame));
        heard();
        if (_machine.IsLive != _wasLive) Step((_machine, []));
    }
}
