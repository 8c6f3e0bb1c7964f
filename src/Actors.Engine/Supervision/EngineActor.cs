using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Switch;
using Actors.Engine.Accounts;
using Actors.Engine.Books;
using Actors.Engine.Connection;
using Actors.Engine.Dispatch;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Recording;
using Actors.Engine.Risk;
using Actors.Engine.Session;
using Actors.Engine.Strategies;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Supervision;

/// <summary>
/// Owns one account's tree and decides what a person would: restart a part, stop trading, or stop the session. Trading needs every part up, a live connection, an
/// armed switch and a settled reconciliation; each of these is a gate of the risk door, closed until it is proved again.
/// </summary>
public sealed class EngineActor : Supervisor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SessionStarted _manifest;
    private readonly HashSet<string> _down = [];
    private readonly Dictionary<Gate, string> _gates = [];
    private readonly Reconciler _reconciler;
    private readonly OrderlyStop _stop;
    private readonly MailboxWatch _mailboxes;
    private bool _spawned;
    private bool _started;
    private bool _live;
    private bool _doorOpen;

    /// <summary>The newest risk door: the one that gates are closed and opened at.</summary>
    private int _door;
    private string? _latched;
    private Exception? _failure;

    public EngineActor(SessionContext session, SessionStarted manifest, Action<SessionSummary> finished)
        : base(session)
    {
        _manifest = manifest;
        _reconciler = new Reconciler(session, Self, Timers, OnReconciled);
        _stop = new OrderlyStop(session, finished);
        _mailboxes = new MailboxWatch(session);
    }

    protected override void PreStart()
    {
        Session.Directory.Register(PartNames.Engine, Self);
        _down.UnionWith(Session.Parts);
        SetGate(Gate.Start, "the session has not reconciled yet");
        SetGate(Gate.Connection, "not connected");
        SetGate(Gate.Switch, "the dead man's switch is not armed");
        Spawn(PartNames.Chronicle, Props.Create(() => new ChronicleActor(Session, _manifest)));
        Timers.StartPeriodicTimer(MailboxWatch.Due.Instance, MailboxWatch.Due.Instance, MailboxWatch.Interval);
        ShowPhase();
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Take(message);
        }
        catch (Exception cause)
        {
            _failure = cause;
            throw;
        }
    }

    /// <summary>Behind all its parts: nothing is sent any more, and no beat. Whoever waits for the session is told why it ended.</summary>
    protected override void PostStop()
    {
        if (_failure is { } cause) _log.Error(cause, "the engine itself failed; {Told}", SupervisionTable.Row(PartNames.Engine, cause).Told);
        _stop.GiveUp(_failure is { } failure
            ? $"engine: {failure.GetBaseException().Message}: {SupervisionTable.Row(PartNames.Engine, failure).Told}"
            : "engine: it was ended before the session had stopped; the switch was left armed");
    }

    private void Take(object message)
    {
        if (_reconciler.Handled(message) || _stop.Handled(message, Self)) return;
        switch (message)
        {
            case PartMessages.Ready ready:
                OnReady(ready.Part);
                break;
            case PartMessages.Alive { Part: PartNames.Chronicle }:
                SpawnTree();
                break;
            case PartMessages.Failed failed:
                OnFailed(failed);
                break;
            case PartMessages.Probe probe:
                Sender.Tell(new PartMessages.Alive(PartNames.Engine, probe.Beat));
                break;
            case ConnectionMessages.LiveChanged live:
                OnLive(live);
                break;
            case SwitchMessages.StateChanged changed:
                OnSwitch(changed);
                break;
            case RiskMessages.DoorChanged door:
                (_door, _doorOpen, _latched) = (door.Door, door.IsOpen, door.Latched);
                ShowPhase();
                break;
            case BookMessages.StatusChanged:
                // A stale book closes its own instrument at the risk door; the session goes on.
                break;
            case EngineMessages.Stop stop:
                SetGate(Gate.Stopping, stop.Reason);
                _reconciler.Stop();
                _stop.Begin(stop, _down.Contains(PartNames.Orders), Self);
                ShowPhase();
                break;
            case EngineMessages.Suspect suspect:
                if (CanReconcile) _reconciler.Suspect(suspect.Reason);
                break;
            case MailboxWatch.Due:
                if (!_gates.ContainsKey(Gate.Stopping) && _mailboxes.Look() is { } overrun) Self.Tell(new EngineMessages.Stop(overrun, true));
                break;
            case Reconciler.Due:
                Reconcile("clock", anew: false);
                break;
            default:
                if (!HandledByTable(message)) Unhandled(message);
                break;
        }
    }

    /// <summary>
    /// Once the manifest is durable: the first write to a journal takes its time, and parts that write meanwhile would run into the same deadline together and be made anew.
    /// </summary>
    private void SpawnTree()
    {
        if (_spawned) return;
        _spawned = true;
        Spawn(PartNames.Recorder, Props.Create(() => new RecorderActor(Session)).WithDispatcher(TurnExecutor.BehindOrders));
        Spawn(PartNames.Risk, Props.Create(() => new RiskActor(Session)));
        Spawn(PartNames.Orders, Props.Create(() => new OrdersActor(Session)));
        Spawn(PartNames.Account, Props.Create(() => new AccountActor(Session)));
        SpawnGroup(PartNames.Positions, Session.Instruments.Values.ToDictionary(one => PartNames.Position(one.Symbol), one => Props.Create(() => new PositionActor(Session, one))));
        SpawnGroup(PartNames.Books, Session.Instruments.Values.ToDictionary(one => PartNames.Book(one.Symbol), one => Props.Create(() => new BookActor(Session, one))));
        SpawnGroup(PartNames.Strategies, Session.Settings.Strategies.ToDictionary(one => PartNames.Strategy(one.Id), one => Props.Create(() => new StrategyActor(Session, one))));
        Spawn(PartNames.Connection, Props.Create(() => new ConnectionActor(Session)));
    }

    private void SpawnGroup(string part, Dictionary<string, Props> members) => Spawn(part, Props.Create(() => new GroupActor(Session, members)));

    private void OnReady(string part)
    {
        if (_down.Remove(part)) _log.Debug("{Part} is up, {Count} to come", part, _down.Count);
        // It answers when what it wrote at first is durable.
        if (part == PartNames.Chronicle && !_spawned) Session.Directory.Chronicle.Tell(new PartMessages.Probe(0));
        if (part == PartNames.Risk)
        {
            foreach (var (gate, reason) in _gates) Session.Directory.Risk.Tell(new RiskMessages.CloseGate(gate, reason, _door));
        }

        if (part == PartNames.Connection && _started) Session.Directory.Connection.Tell(new ConnectionMessages.Start());
        if (part == PartNames.Switch && _started) Session.Directory.Switch.Tell(new SwitchMessages.Start());
        if (_down.Count > 0) return;
        if (!_started) StartConnecting();
        else if (_gates.ContainsKey(Gate.Start)) Reconcile("a part came back", anew: true);
        ShowPhase();
    }

    private void StartConnecting()
    {
        _started = true;
        Session.Directory.Connection.Tell(new ConnectionMessages.Start());
        Session.Directory.Switch.Tell(new SwitchMessages.Start());
    }

    private void OnFailed(PartMessages.Failed failed)
    {
        var cause = failed.Cause.GetBaseException().Message;
        _log.Error(failed.Cause, "{Part} failed; {Told}", failed.Part, failed.Row.Told);
        Session.Board.CountRestart();
        Session.Board.Say(Session.Now(), $"{failed.Part} failed ({cause}): {failed.Row.Told}");
        Session.Directory.Chronicle.Tell(new ChronicleMessages.Write(new PartRestarted(failed.Part, cause, failed.Row.Told)));
        if (failed.Row.Remedy == Remedy.StopSession)
        {
            _down.Add(failed.Part);
            Self.Tell(new EngineMessages.Stop($"{failed.Part}: {cause}", true));
            return;
        }

        if (failed.Part == PartNames.Connection)
        {
            _live = false;
            SetGate(Gate.Connection, failed.Row.Told);
        }

        // A book is guarded by its own staleness, a strategy by its own synchronisation; whatever else was away must be compared with the venue again.
        if (failed.Part.StartsWith(PartNames.Books, StringComparison.Ordinal) || failed.Part == PartNames.Gateway) return;
        if (failed.Row.Remedy == Remedy.Recreate || !failed.Part.StartsWith(PartNames.Strategies, StringComparison.Ordinal))
        {
            _down.Add(failed.Part);
            SetGate(Gate.Start, failed.Row.Told);
        }

        ShowPhase();
    }

    private void OnLive(ConnectionMessages.LiveChanged live)
    {
        _live = live.IsLive;
        if (_live)
        {
            _log.Info("connected");
            _reconciler.Connection = live.Connection;
            Reconcile("connected", anew: true);
        }
        else
        {
            Session.Board.Say(Session.Now(), $"connection lost: {live.Reason}");
            SetGate(Gate.Connection, $"connection lost: {live.Reason}");
            SetGate(Gate.Start, "not reconciled since the connection was lost");
        }

        ShowPhase();
    }

    private void OnSwitch(SwitchMessages.StateChanged changed)
    {
        _log.Info("the dead man's switch is {State}: {Reason}", changed.State, changed.Reason);
        if (changed.State != SwitchState.Armed) Session.Board.Say(Session.Now(), $"the dead man's switch is {changed.State}: {changed.Reason}");
        if (changed.State == SwitchState.Armed) OpenGate(Gate.Switch);
        else SetGate(Gate.Switch, $"the dead man's switch is {changed.State}: {changed.Reason}");
        if (changed.State == SwitchState.AssumedFired && _live)
        {
            SetGate(Gate.Start, "the venue may have cancelled every order");
            Reconcile("the switch may have fired", anew: true);
        }

        ShowPhase();
    }

    private bool CanReconcile => _live && _down.Count == 0 && !_gates.ContainsKey(Gate.Stopping);

    private void Reconcile(string occasion, bool anew)
    {
        if (!CanReconcile) return;
        _reconciler.Begin(occasion, anew);
        ShowPhase();
    }

    private void OnReconciled(ReconciliationReport report)
    {
        Session.Directory.Chronicle.Tell(new ChronicleMessages.Write(new Reconciled(report)));
        if (!report.IsSettled || !_live || _down.Count > 0)
        {
            SetGate(Gate.Reconciliation, $"{report.Count(Finding.Unknown)} orders or positions are not known");
            if (_live) _reconciler.Again(report.Occasion);
            return;
        }

        OpenGate(Gate.Reconciliation);
        OpenGate(Gate.Connection);
        OpenGate(Gate.Start);
        Session.Directory.Orders.Tell(new OrderMessages.Reconciled(_reconciler.AskedAt));
        Session.Directory.Switch.Tell(new SwitchMessages.Reconciled(_reconciler.AskedAt));
        ShowPhase();
    }

    private void SetGate(Gate gate, string reason)
    {
        _gates[gate] = reason;
        Session.Directory.Risk.Tell(new RiskMessages.CloseGate(gate, reason, _door));
    }

    private void OpenGate(Gate gate)
    {
        _gates.Remove(gate);
        Session.Directory.Risk.Tell(new RiskMessages.OpenGate(gate, _door));
    }

    private void ShowPhase()
    {
        var reason = _gates.Count == 0 ? _latched : string.Join("; ", _gates.OrderBy(gate => gate.Key).Select(gate => gate.Value).Distinct());
        var phase = this switch
        {
            _ when _gates.ContainsKey(Gate.Stopping) => SessionPhase.Stopping,
            { _started: false } => SessionPhase.Recovering,
            { _live: false } => SessionPhase.Connecting,
            _ when _reconciler.IsBusy && _down.Count == 0 && _gates.ContainsKey(Gate.Start) => SessionPhase.Reconciling,
            _ when _gates.Count == 0 && _doorOpen => _latched is null ? SessionPhase.Trading : SessionPhase.Halted,
            _ when _gates.Count == 0 => Session.Board.Phase.Phase,
            _ => SessionPhase.Halted,
        };
        if (Session.Board.Phase == (phase, reason)) return;
        var changed = Session.Board.Phase.Phase != phase;
        Session.Board.Phase = (phase, reason);
        if (!changed) return;
        _log.Info("phase {Phase} {Reason}", phase, reason ?? "");
        Session.Directory.Chronicle.Tell(new ChronicleMessages.Write(new PhaseChanged(Session.SessionId, phase.ToString(), reason)));
    }
}
