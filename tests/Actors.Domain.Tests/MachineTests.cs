using Actors.Domain.Connection;
using Actors.Domain.Switch;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

public class MachineTests
{
    private static readonly SwitchSettings Timing = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public void A_beat_is_judged_before_the_next_and_quoting_stops_before_the_venue_fires()
    {
        Assert.True(Timing.Deadline < Timing.Interval);
        Assert.True(Timing.Interval + Timing.Deadline < Timing.Timeout);
        var armed = DeadMansSwitch.Idle(Timing).Confirmed(Noon);

        Assert.Equal(SwitchState.Armed, armed.Elapsed(Noon.AddSeconds(8.9)).State);
        Assert.Equal(SwitchState.Late, armed.Elapsed(Noon.AddSeconds(9)).State);
        Assert.Equal(SwitchState.AssumedFired, armed.Elapsed(Noon.AddSeconds(9)).Elapsed(Noon.AddSeconds(20)).State);
        Assert.Equal(Noon.AddSeconds(20), armed.ArmedUntil);
    }

    [Fact]
    public void A_beat_confirmed_after_the_venue_may_have_fired_does_not_keep_the_switch_from_arming_for_ever()
    {
        var fired = DeadMansSwitch.Idle(Timing).Confirmed(Noon).Elapsed(Noon.AddSeconds(25)).Confirmed(Noon.AddSeconds(22));
        var old = fired.Reconciled(Noon.AddSeconds(50), Noon.AddSeconds(41));
        Assert.Equal((SwitchState.AssumedFired, false, Noon.AddSeconds(42)), (old.State, old.MayBeat, old.FiredAt));
        var reconciled = old.Reconciled(Noon.AddSeconds(60), Noon.AddSeconds(59));
        Assert.True(reconciled.MayBeat);
        Assert.Equal(SwitchState.Armed, reconciled.Confirmed(Noon.AddSeconds(61)).State);
    }

    [Fact]
    public void A_clock_that_was_set_back_or_is_not_the_venues_stops_the_beat_until_the_venue_has_fired()
    {
        var setBack = DeadMansSwitch.Idle(Timing).Confirmed(Noon).Elapsed(Noon.AddHours(-1));
        Assert.Equal((SwitchState.AssumedFired, false), (setBack.State, setBack.MayBeat));
        var anew = Noon.AddHours(-1);
        Assert.False(setBack.Reconciled(anew.AddSeconds(19)).MayBeat);
        Assert.Equal(SwitchState.Armed, setBack.Reconciled(anew.AddSeconds(21)).Confirmed(anew.AddSeconds(22)).State);

        var setBackAgain = setBack.Elapsed(Noon.AddHours(-2));
        Assert.True(setBackAgain.Reconciled(Noon.AddHours(-2).AddSeconds(21)).MayBeat);

        var distrusted = DeadMansSwitch.Idle(Timing).Confirmed(Noon).Distrust(Noon.AddSeconds(1));
        Assert.Equal((SwitchState.AssumedFired, Noon.AddSeconds(21)), (distrusted.State, distrusted.FiredAt));
        Assert.Equal(SwitchState.AssumedFired, distrusted.Confirmed(Noon.AddSeconds(2)).State);
    }

    [Fact]
    public void A_late_switch_is_armed_by_the_next_beat_but_one_that_may_have_fired_needs_a_reconciliation_too()
    {
        var late = DeadMansSwitch.Idle(Timing).Confirmed(Noon).Elapsed(Noon.AddSeconds(10));
        Assert.Equal(SwitchState.Armed, late.Confirmed(Noon.AddSeconds(11)).State);

        var fired = late.Elapsed(Noon.AddSeconds(21)).Confirmed(Noon.AddSeconds(22));
        Assert.Equal(SwitchState.AssumedFired, fired.State);
        Assert.Equal(SwitchState.Armed, fired.Reconciled(Noon.AddSeconds(23)).State);
        Assert.Equal(SwitchState.AssumedFired, fired.Reconciled(Noon.AddSeconds(42)).State);
        Assert.Equal(SwitchState.Disarmed, fired.Disarmed().Elapsed(Noon.AddSeconds(60)).State);
    }

    [Fact]
    public void After_it_may_have_fired_nothing_is_armed_before_engine_and_venue_agree_again()
    {
        var fired = DeadMansSwitch.Idle(Timing).Confirmed(Noon).Elapsed(Noon.AddSeconds(25));
        Assert.Equal((SwitchState.AssumedFired, Noon.AddSeconds(20), false), (fired.State, fired.FiredAt!.Value, fired.MayBeat));

        var reconciled = fired.Reconciled(Noon.AddSeconds(30));
        Assert.Equal((SwitchState.AssumedFired, true), (reconciled.State, reconciled.MayBeat));
        Assert.Equal((SwitchState.Armed, Noon.AddSeconds(51)), (reconciled.Confirmed(Noon.AddSeconds(31)).State, reconciled.Confirmed(Noon.AddSeconds(31)).ArmedUntil!.Value));
    }

    [Fact]
    public void What_the_venue_said_before_it_may_have_fired_proves_nothing()
    {
        var fired = DeadMansSwitch.Idle(Timing).Confirmed(Noon).Elapsed(Noon.AddSeconds(25));
        Assert.False(fired.Reconciled(Noon.AddSeconds(26), Noon.AddSeconds(19)).MayBeat);
        Assert.True(fired.Reconciled(Noon.AddSeconds(26), Noon.AddSeconds(20)).MayBeat);
    }

    [Fact]
    public void An_older_confirmation_does_not_move_the_deadline_back() =>
        Assert.Equal(Noon.AddSeconds(25), DeadMansSwitch.Idle(Timing).Confirmed(Noon.AddSeconds(5)).Confirmed(Noon).ArmedUntil);

    [Fact]
    public void A_connection_goes_live_when_every_topic_is_acknowledged_in_any_order()
    {
        var subscribing = Subscribing();
        Assert.Equal(ConnectionState.Live, subscribing.Awaiting(["a", "b"], Noon).Subscribed("b", Noon).Subscribed("a", Noon).State);
        Assert.Equal(ConnectionState.Live, subscribing.Subscribed("b", Noon).Subscribed("a", Noon).Awaiting(["a", "b"], Noon).State);
        Assert.Equal(ConnectionState.Subscribing, subscribing.Awaiting(["a", "b"], Noon).Subscribed("b", Noon).State);
    }

    [Fact]
    public void A_half_open_socket_is_found_within_ten_seconds()
    {
        var live = Subscribing().Awaiting([], Noon).Frame(Noon);
        var (pinged, actions) = live.Elapsed(Noon.AddSeconds(5), out var failure);
        Assert.Equal((ConnectionState.Degraded, ConnectionAction.Ping, null), (pinged.State, Assert.Single(actions), failure));
        Assert.Equal(ConnectionState.Live, pinged.Frame(Noon.AddSeconds(6)).State);

        pinged.Elapsed(Noon.AddSeconds(9.9), out failure);
        Assert.Contains("ping", failure!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_makes_no_progress_is_given_up()
    {
        Subscribing().Elapsed(Noon.AddSeconds(10), out var failure);
        Assert.Contains("Subscribing", failure!, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_are_random_below_a_bound_that_doubles_to_its_maximum_and_starts_over_once_live()
    {
        var machine = Subscribing();
        var waits = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var (next, _, wait) = machine.Failed(Noon, 999);
            waits.Add(wait.TotalSeconds);
            machine = next;
        }

        Assert.InRange(waits[0], 0.24, 0.25);
        Assert.InRange(waits[1], 0.49, 0.5);
        Assert.InRange(waits[9], 29, 30);
        Assert.Equal(TimeSpan.Zero, machine.Failed(Noon, 0).Retry);
        var (started, actions) = machine.Start(Noon);
        Assert.Equal(ConnectionAction.OpenSocket, Assert.Single(actions));
        Assert.Equal(0, started.Opened(Noon).Next.Authenticated(Noon).Next.Awaiting([], Noon).Attempt);
    }

    [Fact]
    public void A_venue_that_bans_us_is_left_alone_for_as_long_as_it_says()
    {
        Assert.Equal(TimeSpan.FromSeconds(47), Subscribing().Failed(Noon, 999, TimeSpan.FromSeconds(47)).Retry);
        Assert.InRange(Subscribing().Failed(Noon, 999, TimeSpan.FromMilliseconds(1)).Retry.TotalSeconds, 0.24, 0.25);
    }

    private static ConnectionMachine Subscribing() =>
        ConnectionMachine.Idle(new ConnectionSettings()).Start(Noon).Next.Opened(Noon).Next.Authenticated(Noon).Next;
}
