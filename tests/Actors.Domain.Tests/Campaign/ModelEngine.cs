using Actors.Domain.Books;
using Actors.Domain.Connection;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Switch;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>A rule broken on purpose, to see that a campaign finds out.</summary>
internal enum Mutation
{
    None = 0,

    /// <summary>A late "New" brings a finished order back.</summary>
    RevivesFinished = 1,

    /// <summary>Now and then a position forgets which executions it has counted.</summary>
    CountsTwice = 2,

    /// <summary>The beat goes out although the orders do not answer.</summary>
    BeatsWhileHung = 3,

    /// <summary>After a crash what was journaled and not answered is sent once more.</summary>
    SendsAgain = 4,
}

/// <summary>
/// The engine without actors: the same pure parts, wired as the actors wire them, on a virtual clock. Its journal is a list; a crash throws away everything else. This half
/// is its life, its socket and its switch.
/// </summary>
internal sealed partial class ModelEngine(Simulation simulation, ModelNetwork network, ModelVenue venue)
{
    /// <summary>Longest life of a request at the venue's door; shorter than the time from the last order to the switch firing.</summary>
    public static readonly TimeSpan SignatureLife = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(8);
    public static readonly SwitchSettings Timing = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly List<(DateTimeOffset At, object Event)> _journal = [];
    private int _life;
    private int _ordersLife;
    private int _gatewayLife;
    private DateTimeOffset _hungUntil = DateTimeOffset.MinValue;
    private int _sessions;
    private int _sockets;

    // What a crash throws away.
    private OrderLedger _ledger = OrderLedger.Empty;
    private PositionLedger _positions = PositionLedger.Empty;
    private RiskState _risk = null!;
    private ConnectionMachine _machine = null!;
    private DeadMansSwitch _switch = null!;
    private bool _wasLive;
    private int _socket;
    private DateTimeOffset? _beatOnSocket;
    private DateTimeOffset? _unconfirmedSince;

    public OrderLedger Ledger => _ledger;

    public Position Position => _positions.Position;

    public bool IsUp { get; private set; }

    /// <summary>Whether the strategy wants anything.</summary>
    public bool Quotes { get; set; } = true;

    public int Crashes { get; private set; }

    public Mutation Mutation { get; init; }

    /// <summary>Times that the orders hung.</summary>
    public int Hangs { get; private set; }

    /// <summary>Whether the orders take nothing from their mailbox at the moment.</summary>
    public bool IsHung => Now < _hungUntil;

    public int Adoptions { get; private set; }

    public Dictionary<ClientOrderId, int> Sent { get; } = [];

    public IEnumerable<OrderSubmitted> Submitted => _journal.Select(record => record.Event).OfType<OrderSubmitted>();

    private DateTimeOffset Now => simulation.Now;

    public void Start()
    {
        _life++;
        _sessions++;
        IsUp = true;
        Recover();
        simulation.Note($"engine: session {_sessions} begins with {_ledger.Live.Count} live orders");
        if (Mutation == Mutation.SendsAgain)
        {
            foreach (var order in _ledger.LiveInOrder.Where(order => order.State == OrderState.Submitted)) SendPlacement(order.Terms);
        }

        Every(TimeSpan.FromMilliseconds(250), Tick);
        Every(TimeSpan.FromSeconds(1), Chase);
        Every(Timing.Interval, Beat);
        Every(TimeSpan.FromSeconds(3), () => Reconcile(anew: false));
        Every(TimeSpan.FromMilliseconds(400), Decide);
        Step(_machine.Start(Now));
        Beat();
    }

    /// <summary>The orders throw at a message: they come back from their journal, what was on its way to them is lost, and all is compared anew.</summary>
    public void OrdersFail()
    {
        if (!IsUp) return;
        simulation.Note($"engine: the orders fail");
        _ordersLife++;
        _ledger = OrderLedger.Empty;
        foreach (var (at, happened) in _journal)
        {
            if (happened is OrderEvent one) _ledger = _ledger.Apply(one, at);
        }

        RememberNothing();
        ComesBack();
    }

    /// <summary>The position throws and comes back from its journal.</summary>
    public void PositionFails()
    {
        if (!IsUp) return;
        _positions = PositionLedger.Empty;
        foreach (var happened in _journal.Select(record => record.Event).OfType<PositionEvent>()) _positions = _positions.Apply(happened);
        ComesBack();
    }

    /// <summary>The gateway throws: no answer to what it had sent will ever be heard.</summary>
    public void GatewayFails()
    {
        if (!IsUp) return;
        simulation.Note($"engine: the gateway fails");
        _gatewayLife++;
        Record(OrderDecisions.OnGatewayForgot(_ledger), () => { });
    }

    /// <summary>The switch throws: it knows of no beat any more.</summary>
    public void SwitchFails()
    {
        if (!IsUp) return;
        (_switch, _unconfirmedSince) = (DeadMansSwitch.Idle(Timing), null);
        _risk.Apply(new GateClosed(Gate.Switch, "the switch came back"));
    }

    /// <summary>The orders hang: what comes waits in their mailbox, and no beat is proved.</summary>
    public void OrdersHang(TimeSpan time)
    {
        if (!IsUp || IsHung) return;
        Hangs++;
        simulation.Note($"engine: the orders hang for {time}");
        _hungUntil = Now + time;
    }

    private void ComesBack()
    {
        _risk.Apply(new GateClosed(Gate.Start, "a part came back"));
        _risk.Resynchronise(_ledger.Live.Values);
        _risk.Find(Inverse.Symbol)!.Position = _positions.Position.Quantity;
        Reconcile(anew: true);
    }

    public void Crash()
    {
        if (!IsUp) return;
        simulation.Note($"engine: crash");
        IsUp = false;
        _hungUntil = DateTimeOffset.MinValue;
        _life++;
        _socket = 0;
        Crashes++;
    }

    /// <summary>The socket is gone and this side hears of it.</summary>
    public void SocketBreaks()
    {
        if (IsUp && _socket != 0) Fail("reset by peer");
    }

    /// <summary>The venue has something to tell on the socket that is subscribed.</summary>
    public void Hear(object message)
    {
        var socket = _socket;
        if (!IsUp || socket == 0 || network.SocketFails) return;
        if (network.Loses(12))
        {
            // A frame that cannot be understood is known to be missing, mostly.
            if (simulation.Chance(800)) ToEngine(socket, () => Reconcile(anew: false));
            return;
        }

        var heard = Orders<object>(OnMessage);
        ToEngine(socket, () => heard(message));
        if (network.Loses(30)) ToEngine(socket, () => heard(message));
    }

    private void Recover()
    {
        (_ledger, _positions) = (OrderLedger.Empty, PositionLedger.Empty);
        foreach (var (at, happened) in _journal)
        {
            if (happened is OrderEvent ofOrder) _ledger = _ledger.Apply(ofOrder, at);
            else _positions = _positions.Apply((PositionEvent)happened);
        }

        _risk = new RiskState(Limits, [Inverse]);
        foreach (var gate in new[] { Gate.Start, Gate.Connection, Gate.Switch }) _risk.Apply(new GateClosed(gate, "not proved"));
        _risk.Resynchronise(_ledger.Live.Values);
        var instrument = _risk.Find(Inverse.Symbol)!;
        (instrument.Book, instrument.Mark, instrument.Position) = (BookStatus.Live, 50_000m, _positions.Position.Quantity);
        _machine = ConnectionMachine.Idle(new ConnectionSettings { OpeningsPerHourMax = 1_000 });
        _switch = DeadMansSwitch.Idle(Timing);
        (_wasLive, _socket, _beatOnSocket, _unconfirmedSince) = (false, 0, null, null);
        ForgetOrders();
    }

    private static RiskLimits Limits { get; } = new(
        [Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 50), .. RiskLimits.Basic(Inverse.Symbol, 1_000, 1_000_000, 12, 0.5m)]);

    private void Tick()
    {
        var step = _machine.Elapsed(Now, out var failure);
        if (failure is not null) Fail(failure);
        else Step(step);
        Move(_switch.Elapsed(Now));
    }

    private void Step((ConnectionMachine Next, ConnectionAction[] Actions) step)
    {
        _machine = step.Next;
        foreach (var action in step.Actions) Do(action);
        if (_machine.IsLive == _wasLive) return;
        _wasLive = _machine.IsLive;
        simulation.Note($"engine: live {_wasLive}");
        if (_wasLive)
        {
            Reconcile(anew: true);
            return;
        }

        _risk.Apply(new GateClosed(Gate.Connection, "lost"));
        _risk.Apply(new GateClosed(Gate.Start, "not reconciled"));
    }

    private void Do(ConnectionAction action)
    {
        var socket = _socket;
        switch (action)
        {
            case ConnectionAction.OpenSocket:
                socket = _socket = ++_sockets;
                simulation.After(network.Delay(), Alive(() =>
                {
                    if (_socket != socket) return;
                    if (network.SocketFails || network.Loses(100)) Fail("connection refused");
                    else Step(_machine.Opened(Now));
                }));
                break;
            case ConnectionAction.Authenticate:
                ToVenue(socket, () => ToEngine(socket, () => Step(_machine.Authenticated(Now))));
                break;
            case ConnectionAction.Subscribe:
                _machine = _machine.Awaiting(["all"], Now);
                ToVenue(socket, () =>
                {
                    ToEngine(socket, () => Step((_machine.Subscribed("all", Now), [])));
                    var heard = Orders<object>(OnMessage);
                    foreach (var order in venue.Open) ToEngine(socket, () => heard(order));
                });
                break;
            case ConnectionAction.Ping:
                ToVenue(socket, () => ToEngine(socket, () => { }));
                break;
            case ConnectionAction.CloseSocket:
                (_socket, _beatOnSocket) = (0, null);
                break;
        }
    }

    private void Fail(string reason)
    {
        simulation.Note($"engine: connection lost: {reason}");
        var (next, actions, retry) = _machine.Failed(Now, simulation.Random.Next(1000));
        Step((next, actions));
        simulation.After(retry, Alive(() => Step(_machine.Start(Now))));
    }

    private void Beat()
    {
        if (!_switch.MayBeat || network.Loses(30) || (IsHung && Mutation != Mutation.BeatsWhileHung)) return;
        _unconfirmedSince = Now;
        SendBeat(withoutSocket: false);
        simulation.After(Timing.Deadline / 2, Alive(() =>
        {
            if (_unconfirmedSince is not null) SendBeat(withoutSocket: true);
        }));
    }

    private void SendBeat(bool withoutSocket)
    {
        var (socket, sentAt) = (_socket, Now);
        if (!withoutSocket && _machine.IsLive && _beatOnSocket is null)
        {
            _beatOnSocket = sentAt;
            ToVenue(socket, () =>
            {
                venue.Beat(Timing.Timeout);
                ToEngine(socket, () =>
                {
                    if (_beatOnSocket is not { } at) return;
                    _beatOnSocket = null;
                    Confirm(at);
                });
            });
            return;
        }

        network.Ask(() => venue.Beat(Timing.Timeout), Alive<BeatConfirmation>(_ => Confirm(sentAt)), Alive<bool>(_ => { }));
    }

    private void Confirm(DateTimeOffset sentAt)
    {
        if (_unconfirmedSince <= sentAt) _unconfirmedSince = null;
        Move(_switch.Confirmed(sentAt));
    }

    private void Move(DeadMansSwitch next)
    {
        var changed = next.State != _switch.State;
        _switch = next;
        if (!changed) return;
        simulation.Note($"engine: switch {next.State}");
        if (next.State == SwitchState.Armed) _risk.Apply(new GateOpened(Gate.Switch));
        else _risk.Apply(new GateClosed(Gate.Switch, "not armed"));
        if (next.State != SwitchState.AssumedFired || !_machine.IsLive) return;
        _risk.Apply(new GateClosed(Gate.Start, "the venue may have cancelled everything"));
        Reconcile(anew: true);
    }

    /// <summary>What is sent on a socket that is dead without anybody knowing is lost.</summary>
    private void ToVenue(int socket, Action arrived)
    {
        if (socket == 0 || network.SocketFails) return;
        simulation.After(network.Delay(), () =>
        {
            if (!network.SocketFails) arrived();
        });
    }

    /// <summary>Frames of one socket mostly keep their order, and now and then overtake each other.</summary>
    private void ToEngine(int socket, Action heard)
    {
        if (network.SocketFails) return;
        simulation.After(network.Loses(60) ? simulation.Milliseconds(20, 900) : TimeSpan.FromMilliseconds(20), Alive(() =>
        {
            if (_socket != socket || network.SocketFails) return;
            _machine = _machine.Frame(Now);
            heard();
        }));
    }

    /// <summary>What was begun in one life of the engine means nothing in the next.</summary>
    private Action Alive(Action action)
    {
        var life = _life;
        return () =>
        {
            if (_life == life) action();
        };
    }

    private Action<T> Alive<T>(Action<T> action)
    {
        var life = _life;
        return value =>
        {
            if (_life == life) action(value);
        };
    }

    /// <summary>What reaches the orders: not another incarnation of them, and not while they hang.</summary>
    private Action<T> Orders<T>(Action<T> action)
    {
        var (life, ofOrders) = (_life, _ordersLife);
        return Deliver;

        void Deliver(T value)
        {
            if (_life != life || _ordersLife != ofOrders) return;
            if (IsHung) simulation.After(_hungUntil - Now, () => Deliver(value));
            else action(value);
        }
    }

    /// <summary>An answer to the gateway, which is gone when it failed since.</summary>
    private Action<T> Gateway<T>(Action<T> action)
    {
        var ofGateway = _gatewayLife;
        return Orders<T>(value =>
        {
            if (_gatewayLife == ofGateway) action(value);
        });
    }

    private void Every(TimeSpan interval, Action action) => simulation.After(interval, Alive(() =>
    {
        action();
        if (IsUp) Every(interval, action);
    }));
}
