using Actors.Domain.Sessions;
using Actors.Domain.Switch;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Connection;

/// <summary>
/// Beats only while the whole decision path lives: for every beat the books, risk, orders and strategies must answer in turn with their other work,
/// and the journal must have made a record of this very beat durable. One part that hangs withholds the beat.
/// </summary>
public sealed class DeadMansSwitchActor : UntypedActor, IWithTimers
{
    private readonly SessionContext _session;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<string> _missing = [];
    private DeadMansSwitch _switch;
    private long _beat;
    private DateTimeOffset? _sentAt;
    private long _confirmed;
    private long _withheld;
    private string? _withheldReason;
    private bool _disarming;

    public DeadMansSwitchActor(SessionContext session)
    {
        _session = session;
        _switch = DeadMansSwitch.Idle(session.Settings.Switch);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _session.Directory.Register(PartNames.Switch, Self);
        _session.Directory.Engine.Tell(new PartMessages.Ready(PartNames.Switch));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SwitchMessages.Start:
                Timers.StartPeriodicTimer(BeatDue.Instance, BeatDue.Instance, TimeSpan.Zero, _session.Settings.Switch.Interval);
                Timers.StartPeriodicTimer(Look.Instance, Look.Instance, TimeSpan.FromMilliseconds(100));
                break;
            case BeatDue when !_disarming:
                BeginBeat();
                break;
            case PartMessages.Alive alive when alive.Beat == _beat:
                _missing.Remove(alive.Part);
                if (_missing.Count == 0 && !_disarming) Send(_session.Settings.Switch.Timeout);
                break;
            case Deadline deadline when deadline.Beat == _beat && _missing.Count > 0:
                Withhold($"no sign of life from {string.Join(", ", _missing.Order())}");
                break;
            case ConnectionMessages.BeatConfirmed confirmed:
                OnConfirmed(confirmed);
                break;
            case SwitchMessages.BeatFailed failed:
                _log.Warning("a beat failed: {Reason}", failed.Reason);
                break;
            case SwitchMessages.Reconciled:
                Move(_switch.Reconciled(_session.Now()), "reconciled");
                break;
            case SwitchMessages.Disarm:
                _disarming = true;
                Timers.Cancel(BeatDue.Instance);
                Send(TimeSpan.Zero);
                break;
            case Look:
                Move(_switch.Elapsed(_session.Now()), _withheldReason ?? "no beat was confirmed in time");
                Show();
                break;
        }
    }

    private void BeginBeat()
    {
        _beat++;
        _missing.Clear();
        _missing.UnionWith(_session.ProbedParts);
        var probe = new PartMessages.Probe(_beat);
        foreach (var part in _session.ProbedParts) _session.Directory.Find(part).Tell(probe);
        _missing.Add(PartNames.Chronicle);
        _session.Directory.Chronicle.Tell(new ChronicleMessages.ProveBeat(_beat));
        Timers.StartSingleTimer(Deadline.Key, new Deadline(_beat), _session.Settings.Switch.Deadline);
    }

    private void Send(TimeSpan timeout)
    {
        _sentAt = _session.Now();
        _session.Directory.Connection.Tell(new ConnectionMessages.SendBeat(timeout));
    }

    private void Withhold(string reason)
    {
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
            Move(_switch.Disarmed(), "orderly stop");
            _session.Directory.Engine.Tell(new SwitchMessages.Disarmed());
            return;
        }

        if (_sentAt is not { } sentAt) return;
        _confirmed++;
        _sentAt = null;
        Move(_switch.Confirmed(sentAt), "beat confirmed");
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
}
