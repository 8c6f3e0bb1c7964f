using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Switch;

namespace Actors.Domain.Tests.Campaign;

/// <summary>A rule broken on purpose, to see that a campaign finds out.</summary>
internal enum Mutation
{
    None = 0,

    /// <summary>A late "New" brings a finished order back.</summary>
    RevivesFinished = 1,

    /// <summary>Now and then a position forgets which executions it has counted.</summary>
    CountsTwice = 2,

    /// <summary>The beat goes out although a part does not answer.</summary>
    BeatsWhileHung = 3,

    /// <summary>After a crash what was journaled and not answered is sent once more.</summary>
    SendsAgain = 4,

    /// <summary>Orders leave without the moment at which the switch fires.</summary>
    ForgetsLease = 5,

    /// <summary>A door that begins anew does not ask which orders there are.</summary>
    OpensBlind = 6,

    /// <summary>A book is not told of a frame that could not be understood.</summary>
    TrustsGap = 7,

    /// <summary>A recorder that begins anew forgets the frames that wait to be written.</summary>
    ForgetsFrames = 8,

    /// <summary>A position that begins anew does not tell the account what it has realised.</summary>
    KeepsToItself = 9,

    /// <summary>What a strategy has numbered is not remembered over its restart.</summary>
    NumbersAgain = 10,

    /// <summary>What waited before a switch or a connection that hung still leads to a beat, and that leaves whenever it can.</summary>
    SendsOldBeats = 11,

    /// <summary>A door that begins anew opens by what was told to the one before it.</summary>
    OpensByOldProof = 12,

    /// <summary>What a new connection tells is counted before the comparison has brought what the one before did not.</summary>
    CountsAsTheyCome = 13,

    /// <summary>A position that begins anew goes on counting before the comparison has brought what it lost.</summary>
    CountsOverLosses = 14,

    /// <summary>What is asked for beside a comparison is asked for of the one order that misses it.</summary>
    AsksOfOneOrder = 15,
}

/// <summary>
/// The engine without Akka: the same pure parts, each behind a mailbox as its actor is, wired as the actors wire them, on a virtual clock. What each part journals is a list; a
/// crash throws away everything else. This file is its life: what begins, fails, and comes back; the others are the parts.
/// </summary>
internal sealed partial class ModelEngine
{
    public static readonly SwitchSettings Timing = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Orders that may be open at once.</summary>
    public const int OpenMax = 5;

    /// <summary>Longest life of a request at the venue's door; shorter than the time from the last order to the switch firing.</summary>
    private static readonly TimeSpan RequestLife = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(8);

    private readonly Simulation simulation;
    private readonly ModelNetwork network;
    private readonly ModelVenue venue;
    private readonly ModelPart _engine, _connection, _beats, _book, _orders, _gateway, _position, _account, _door, _strategy, _recorder, _chronicle;
    private readonly HashSet<Gate> _gates = [];
    private readonly HashSet<ModelPart> _down = [];
    private int _life;
    private int _sessions;
    private bool _live;

    public ModelEngine(Simulation simulation, ModelNetwork network, ModelVenue venue)
    {
        (this.simulation, this.network, this.venue, _bornAt) = (simulation, network, venue, simulation.Now);
        Parts = [.. new[] { "engine", "connection", "switch", "book", "orders", "gateway", "position", "account", "risk", "strategy", "recorder", "chronicle" }.Select(name => new ModelPart(name, simulation, Failed))];
        (_engine, _connection, _beats, _book, _orders, _gateway) = (Parts[0], Parts[1], Parts[2], Parts[3], Parts[4], Parts[5]);
        (_position, _account, _door, _strategy, _recorder, _chronicle) = (Parts[6], Parts[7], Parts[8], Parts[9], Parts[10], Parts[11]);
    }

    public IReadOnlyList<ModelPart> Parts { get; }

    public bool IsUp { get; private set; }

    public int Crashes { get; private set; }

    public Mutation Mutation { get; init; }

    /// <summary>What must never happen, and did.</summary>
    public List<string> Violations { get; } = [];

    private DateTimeOffset Now => simulation.Now;

    /// <summary>Those that make themselves anew when their journal is back.</summary>
    private bool IsJournaled(ModelPart part) => part == _orders || part == _position || part == _account || part == _door || part == _strategy || part == _recorder || part == _chronicle;

    public void Start()
    {
        _life++;
        _sessions++;
        (IsUp, _live, _busy) = (true, false, false);
        _gates.Clear();
        _gates.UnionWith([Gate.Start, Gate.Connection, Gate.Switch]);
        _down.Clear();
        simulation.Note($"engine: session {_sessions} begins");
        _openings = null;
        var all = Parts.Where(part => part != _gateway && part != _connection).Append(_connection).ToArray();
        // First each reads its journal, and nobody hears anything; then each tells the others.
        foreach (var part in all) Recover(part);
        foreach (var part in Parts) part.Begin();
        foreach (var part in all) Recover(part);
        foreach (var gate in _gates) Close(gate);
        if (Mutation == Mutation.SendsAgain)
        {
            foreach (var order in _ledger.LiveInOrder.Where(order => order.State == OrderState.Submitted)) Ask(order.Terms, Now + RequestLife);
        }

        Every(TimeSpan.FromMilliseconds(250), _connection, Tick);
        Every(TimeSpan.FromMilliseconds(250), _beats, () => Move(_switch.Elapsed(Now)));
        Every(TimeSpan.FromMilliseconds(250), _book, LookAtBook);
        Every(TimeSpan.FromSeconds(1), _orders, Chase);
        Every(TimeSpan.FromSeconds(1), _recorder, WriteFrames);
        Every(TimeSpan.FromSeconds(1), _door, () =>
        {
            if (_risk.HasUnproved) _orders.Tell(TellLive);
        });
        Every(Timing.Interval, _beats, BeginBeat);
        Every(TimeSpan.FromSeconds(3), _engine, () => Reconcile(anew: false));
        Every(TimeSpan.FromMilliseconds(400), _strategy, Decide);
        _beats.Tell(BeginBeat);
    }

    public void Crash()
    {
        if (!IsUp) return;
        simulation.Note($"engine: crash");
        IsUp = false;
        _life++;
        _socket = 0;
        _framesWaiting.Clear();
        Crashes++;
        foreach (var part in Parts) part.End();
    }

    /// <summary>Whether one of the parts that a beat needs has been away for good since it stopped, so that a person has to begin anew.</summary>
    public bool IsMaimed => Parts.Any(part => !part.IsUp);

    /// <summary>What the supervisors do, by the table: begin anew at once, or when the journal is back, or never.</summary>
    private void Failed(ModelPart part, bool stops)
    {
        if (part == _engine)
        {
            Crash();
            simulation.After(TimeSpan.FromSeconds(1), () =>
            {
                if (!IsUp) Start();
            });
            return;
        }

        RecorderHasStopped |= part == _recorder && stops;
        _engine.Tell(() => OnFailed(part, stops));
        if (!stops) ComeBack(part);
        else if (IsJournaled(part)) simulation.After(simulation.Milliseconds(1_000, 10_000), Alive(() =>
        {
            if (part.IsUp) return;
            part.Begin();
            ComeBack(part);
        }));
    }

    private void ComeBack(ModelPart part)
    {
        Recover(part);
        _engine.Tell(() => OnReady(part));
    }

    private void OnFailed(ModelPart part, bool stops)
    {
        if (part == _connection)
        {
            _live = false;
            Close(Gate.Connection);
        }

        if (part == _book || part == _gateway || (part == _strategy && !stops)) return;
        _down.Add(part);
        Close(Gate.Start);
    }

    private void OnReady(ModelPart part)
    {
        _down.Remove(part);
        if (part == _door)
        {
            foreach (var gate in _gates) Close(gate);
        }

        if (part == _connection) _connection.Tell(() => Step(_machine.Start(Now)));
        if (_down.Count == 0 && _gates.Contains(Gate.Start)) Reconcile(anew: true);
    }

    private void Close(Gate gate)
    {
        _gates.Add(gate);
        TellDoor(new GateClosed(gate, "not proved"));
    }

    private void Open(Gate gate)
    {
        _gates.Remove(gate);
        TellDoor(new GateOpened(gate));
    }

    /// <summary>What was proved for a door proves nothing for the one that began after it.</summary>
    private void TellDoor(RiskEvent happened)
    {
        var meant = _knownDoor;
        _door.Tell(() =>
        {
            if (meant == _doors || Mutation == Mutation.OpensByOldProof) _risk.Apply(happened);
        });
    }

    /// <summary>What a part does when it begins, or begins anew: it reads its journal, and asks the others for what they know.</summary>
    private void Recover(ModelPart part)
    {
        if (part == _orders) RecoverOrders();
        else if (part == _position) RecoverPosition();
        else if (part == _account) RecoverAccount();
        else if (part == _door) RecoverRisk();
        else if (part == _strategy) _counter = Mutation == Mutation.NumbersAgain ? 0 : _numbered;
        else if (part == _gateway) _orders.Tell(() => Record(OrderDecisions.OnGatewayForgot(_ledger), () => { }));
        else if (part == _book) RecoverBook();
        else if (part == _beats) RecoverSwitch();
        else if (part == _connection) RecoverConnection();
        else if (part == _recorder && Mutation == Mutation.ForgetsFrames) _framesWaiting.Clear();
    }

    /// <summary>What was begun in one life of the process means nothing in the next.</summary>
    private Action Alive(Action action)
    {
        var life = _life;
        return () =>
        {
            if (_life == life) action();
        };
    }

    private void Every(TimeSpan interval, ModelPart part, Action action) => simulation.After(interval, Alive(() =>
    {
        part.Tell(action);
        if (IsUp) Every(interval, part, action);
    }));
}
