using Actors.Domain.Sessions;
using Actors.Domain.Switch;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Connection;

/// <summary>
/// Beats only while the whole decision path lives: for every beat engine, books, risk, orders, gateway, positions, account, strategies and recorder must answer in
/// turn with their other work, and the journal must have made a record of this very beat durable. One part that hangs, or answers too late, withholds the beat.
/// </summary>
public sealed class DeadMansSwitchActor : UntypedActor, IWithTimers
{
    /// <summary>A clock that is set back by more makes the waits of a session wrong.</summary>
    private static readonly TimeSpan SetBackMax = TimeSpan.FromSeconds(5);

    private readonly SessionContext _session;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<string> _missing = [];
    private DeadMansSwitch _switch;
    private VenueClock _clock;
    private string? _clockFault;
    private long _beat;
    private bool _proving;
    private DateTimeOffset _askedAt;
    private DateTimeOffset? _unconfirmedSince;
    private long _confirmed;
    private long _withheld;
    private string? _withheldReason;
    private bool _disarming;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    public DeadMansSwitchActor(SessionContext session)
    {
        _session = session;
        _switch = DeadMansSwitch.Idle(session.Settings.Switch);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private SwitchSettings Settings => _session.Settings.Switch;

    protected override void PreStart()
    {
        _session.Directory.Register(PartNames.Switch, Self);
        // One that was restarted knows of no beat: whoever thought that it is armed must not go on.
        _session.Directory.Engine.Tell(new SwitchMessages.StateChanged(_switch.State, "no beat has been confirmed since the switch started"));
        _session.Directory.Engine.Tell(new PartMessages.Ready(PartNames.Switch));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SwitchMessages.Start:
                Timers.StartPeriodicTimer(BeatDue.Instance, BeatDue.Instance, TimeSpan.Zero, Settings.Interval);
                Timers.StartPeriodicTimer(Look.Instance, Look.Instance, SwitchSettings.Look);
                break;
            case BeatDue when !_disarming && _switch.MayBeat:
                BeginBeat();
                break;
            case PartMessages.Alive alive when alive.Beat == _beat && _proving:
                _missing.Remove(alive.Part);
                if (_missing.Count == 0 && !_disarming) Prove();
                break;
            case Deadline deadline when deadline.Beat == _beat && _proving:
                Withhold($"no sign of life from {string.Join(", ", _missing.Order())}");
                break;
            case ConfirmationDue due when due.Beat == _beat && _unconfirmedSince is not null:
                SendAgain();
                break;
            case ConnectionMessages.BeatConfirmed confirmed:
                OnConfirmed(confirmed);
                break;
            case SwitchMessages.BeatFailed failed:
                _log.Warning("a beat failed: {Reason}", failed.Reason);
                break;
            case SwitchMessages.Reconciled reconciled:
                Move(_switch.Reconciled(_session.Now(), reconciled.AskedAt), "reconciled");
                if (_switch.State == SwitchState.AssumedFired && _switch.MayBeat && !_disarming && !_proving) BeginBeat();
                break;
            case SwitchMessages.Disarm:
                _disarming = true;
                _session.Lease.End();
                Timers.Cancel(BeatDue.Instance);
                Send(TimeSpan.Zero);
                break;
            case Look:
                WatchClock();
                Move(_switch.Elapsed(_session.Now()), _withheldReason ?? "no beat was confirmed in time");
                Show();
                break;
        }
    }

    private void BeginBeat()
    {
        if (_proving) Withhold($"no sign of life from {string.Join(", ", _missing.Order())}");
        _beat++;
        _proving = true;
        _askedAt = _session.Now();
        _missing.Clear();
        _missing.UnionWith(_session.ProbedParts);
        var probe = new PartMessages.Probe(_beat);
        foreach (var part in _session.ProbedParts) _session.Directory.Find(part).Tell(probe);
        _missing.Add(PartNames.Chronicle);
        _session.Directory.Chronicle.Tell(new ChronicleMessages.ProveBeat(_beat));
        Timers.StartSingleTimer(Deadline.Key, new Deadline(_beat), Settings.Deadline);
    }

    private void Prove()
    {
        // Where this part hung itself, the answers waited here, before the message that their time is over.
        if (_session.Now() - _askedAt > Settings.Deadline)
        {
            Withhold("the signs of life are too old");
            return;
        }

        _proving = false;
        Send(Settings.Timeout);
    }

    private void Send(TimeSpan timeout)
    {
        _unconfirmedSince = _session.Now();
        _session.Directory.Connection.Tell(new ConnectionMessages.SendBeat(timeout, _session.Now()));
        Timers.StartSingleTimer(ConfirmationDue.Key, new ConfirmationDue(_beat), Settings.Deadline / 2);
    }

    /// <summary>A socket that looks alive may be dead: what it did not confirm in half the time goes out without it, unless so much time has passed that nothing is proved any more.</summary>
    private void SendAgain()
    {
        if (!_disarming && _session.Now() - _unconfirmedSince > Settings.Deadline) return;
        _session.Directory.Connection.Tell(new ConnectionMessages.SendBeat(_disarming ? TimeSpan.Zero : Settings.Timeout, _session.Now(), WithoutSocket: true));
    }

    private void Withhold(string reason)
    {
        _proving = false;
        _withheld++;
        _withheldReason = reason;
        _log.Warning("beat {Beat} withheld: {Reason}", _beat, reason);
        _session.Board.Say(_session.Now(), $"beat {_beat} withheld: {reason}");
    }

    private void OnConfirmed(ConnectionMessages.BeatConfirmed confirmed)
    {
        if (_disarming)
        {
            // A beat that was on its way when the disarm was sent confirms with a time: only no time, or the present one, is a disarm.
            if (confirmed.Confirmation.CancelTime is { } until && until > confirmed.Confirmation.VenueTime) return;
            _unconfirmedSince = null;
            Move(_switch.Disarmed(), "orderly stop");
            _session.Directory.Engine.Tell(new SwitchMessages.Disarmed());
            return;
        }

        // An answer that names no time in the future does not say that anything is armed.
        if (confirmed.Confirmation.CancelTime is not { } armedUntil || armedUntil <= confirmed.Confirmation.VenueTime) return;
        if (_unconfirmedSince <= confirmed.SentAt) _unconfirmedSince = null;
        if (!ClocksAgree(confirmed)) return;
        _session.Lease.Extend(armedUntil);
        _confirmed++;
        Move(_switch.Confirmed(confirmed.SentAt), "beat confirmed");
    }

    /// <summary>A beat arms nothing while the venue's clock is too far from ours: requests would live longer there than the switch allows, or be dead before they leave.</summary>
    private bool ClocksAgree(ConnectionMessages.BeatConfirmed confirmed)
    {
        _clock = _clock.Heard(confirmed.SentAt, confirmed.Confirmation.VenueTime, _session.Now());
        if (_clock.Fault is not { } fault)
        {
            if (_clockFault is not null) _withheldReason = null;
            _clockFault = null;
            return true;
        }

        _session.Lease.End();
        _withheldReason = _clockFault = fault;
        if (_clock.IsTooFar) Distrust(fault);
        else _log.Warning("a confirmed beat arms nothing: {Fault}", fault);
        return false;
    }

    /// <summary>
    /// A clock that is set back far makes every wait of this session wrong: limits, lookups and pauses would last until the old time comes again. The session stops in the
    /// safe order, and the next one begins with the new time.
    /// </summary>
    private void WatchClock()
    {
        var now = _session.Now();
        var setBack = _lookedAt - now;
        _lookedAt = now;
        if (setBack <= SetBackMax) return;
        var reason = $"the clock was set back by {setBack.TotalSeconds:0} s";
        Distrust(reason);
        _session.Directory.Engine.Tell(new EngineMessages.Stop(reason, true));
    }

    private void Distrust(string reason)
    {
        _log.Error("no beat until the venue has fired: {Reason}", reason);
        _session.Board.Say(_session.Now(), reason);
        Move(_switch.Distrust(_session.Now()), reason);
    }

    private void Move(DeadMansSwitch next, string reason)
    {
        var changed = next.State != _switch.State;
        _switch = next;
        if (!changed) return;
        Show();
        _session.Directory.Chronicle.Tell(new ChronicleMessages.Write(new SwitchMoved(next.State.ToString(), reason)));
        _session.Directory.Engine.Tell(new SwitchMessages.StateChanged(next.State, reason));
    }

    private void Show() =>
        _session.Board.Switch = new SwitchView(_switch.State, _switch.ArmedUntil, _confirmed, _withheld, _withheldReason);

    private sealed record BeatDue
    {
        public static readonly BeatDue Instance = new();
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Deadline(long Beat)
    {
        public const string Key = "deadline";
    }

    private sealed record ConfirmationDue(long Beat)
    {
        public const string Key = "confirmation-due";
    }
}
