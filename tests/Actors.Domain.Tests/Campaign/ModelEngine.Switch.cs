using Actors.Domain.Port;
using Actors.Domain.Risk;
using Actors.Domain.Switch;

namespace Actors.Domain.Tests.Campaign;

/// <summary>The dead man's switch: every part proves itself alive, and the chronicle that it writes, before a beat leaves.</summary>
internal sealed partial class ModelEngine
{
    private readonly HashSet<ModelPart> _missing = [];
    private readonly HashSet<long> _proved = [];
    private DeadMansSwitch _switch = null!;
    private DateTimeOffset? _beatOnSocket;
    private DateTimeOffset? _unconfirmedSince;

    /// <summary>The moment at which the venue itself said that it will fire; read by the gateway whatever becomes of the switch.</summary>
    private DateTimeOffset? _lease;
    private bool _proving;
    private long _beat;

    public SwitchState Switch => _switch.State;

    private void RecoverSwitch()
    {
        (_switch, _unconfirmedSince, _proving) = (DeadMansSwitch.Idle(Timing), null, false);
        _engine.Tell(() => OnSwitch(SwitchState.Disarmed));
    }

    private void BeginBeat()
    {
        if (!_switch.MayBeat) return;
        var beat = ++_beat;
        _proving = true;
        _missing.Clear();
        _missing.UnionWith(Parts.Where(part => part != _connection && part != _beats));
        var asked = Now;
        foreach (var part in _missing.ToArray())
        {
            part.Tell(() =>
            {
                if (part == _chronicle) _proved.Add(beat);
                part.Durable();
                _beats.Tell(() => OnAlive(part, beat, asked));
            });
        }

        if (Mutation == Mutation.BeatsWhileHung && _proving) Prove();
    }

    private void OnAlive(ModelPart part, long beat, DateTimeOffset asked)
    {
        if (beat != _beat || !_proving || IsOld(asked)) return;
        _missing.Remove(part);
        if (_missing.Count == 0) Prove();
    }

    private bool IsOld(DateTimeOffset at) => Now - at > Timing.Deadline && Mutation != Mutation.SendsOldBeats;

    private void Prove()
    {
        _proving = false;
        _unconfirmedSince = Now;
        if (!_proved.Contains(_beat) && Mutation != Mutation.BeatsWhileHung) Violations.Add($"beat {_beat} left and the journal had not proved it");
        SendBeat(Now, withoutSocket: false);
        simulation.After(Timing.Deadline / 2, Alive(() => _beats.Tell(() =>
        {
            if (_unconfirmedSince is { } since && !IsOld(since)) SendBeat(Now, withoutSocket: true);
        })));
    }

    private void SendBeat(DateTimeOffset sentAt, bool withoutSocket) => _connection.Tell(() =>
    {
        // One that had to wait here proves nothing any more.
        if (IsOld(sentAt)) return;
        var socket = _socket;
        if (!withoutSocket && _machine.IsLive && _beatOnSocket is null)
        {
            _beatOnSocket = sentAt;
            ToVenue(socket, () =>
            {
                var confirmation = venue.Beat(Timing.Timeout);
                ToEngine(socket, () =>
                {
                    if (_beatOnSocket is not { } at) return;
                    _beatOnSocket = null;
                    _beats.Tell(() => Confirm(at, confirmation));
                });
            });
            return;
        }

        network.Ask(() => venue.Beat(Timing.Timeout), _beats.Reply<BeatConfirmation>(confirmation => Confirm(sentAt, confirmation)), _ => { });
    });

    private void Confirm(DateTimeOffset sentAt, BeatConfirmation confirmation)
    {
        if (_unconfirmedSince <= sentAt) _unconfirmedSince = null;
        if (_lease is null || confirmation.CancelTime > _lease) _lease = confirmation.CancelTime;
        Move(_switch.Confirmed(sentAt));
    }

    private void Move(DeadMansSwitch next)
    {
        var changed = next.State != _switch.State;
        _switch = next;
        if (!changed) return;
        simulation.Note($"engine: switch {next.State}");
        _engine.Tell(() => OnSwitch(next.State));
    }

    private void OnSwitch(SwitchState state)
    {
        if (state == SwitchState.Armed) Open(Gate.Switch);
        else Close(Gate.Switch);
        if (state != SwitchState.AssumedFired || !_live) return;
        Close(Gate.Start);
        Reconcile(anew: true);
    }

    private void OnReconciled(DateTimeOffset askedAt)
    {
        var fired = _switch.State == SwitchState.AssumedFired;
        Move(_switch.Reconciled(Now, askedAt));
        if (fired && _switch is { State: SwitchState.AssumedFired, MayBeat: true } && !_proving) BeginBeat();
    }
}
