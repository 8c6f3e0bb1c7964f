using Actors.Domain.Switch;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

/// <summary>A request is dead before the switch can fire, whatever the clocks say.</summary>
public class SwitchBoundTests
{
    [Fact]
    public void A_request_of_the_longest_life_is_dead_before_the_venue_fires()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var settings = new SwitchSettings { Timeout = TimeSpan.FromMilliseconds(random.Next(2_000, 600_000)) };
            // The venue's clock against ours, within what is allowed; a request dies by the venue's clock, at the moment that ours named.
            var behind = VenueClock.DifferenceMax * random.Next(-1_000, 1_001) / 1_000;
            var life = settings.RequestLifeMax;

            // The last decision: the switch looks at the time every so often, and quoting stops when it sees that a beat is late.
            var beat = Noon;
            var armed = DeadMansSwitch.Idle(settings).Confirmed(beat);
            var look = beat + (SwitchSettings.Look * random.NextDouble());
            while (armed.Elapsed(look).State == SwitchState.Armed) look += SwitchSettings.Look;
            var diesByOurClock = look + life + behind;
            Assert.True(diesByOurClock <= beat + settings.Timeout, $"seed {seed}: a request of {life} dies at {diesByOurClock - beat} of {settings.Timeout}");
        }
    }

    [Theory]
    [InlineData(8, 3.3)]
    [InlineData(15, 7.15)]
    [InlineData(60, 31.9)]
    [InlineData(2, 0)]
    public void A_request_may_live_for_a_little_more_than_half_of_the_switch(int timeout, double life) =>
        Assert.Equal(TimeSpan.FromSeconds(life), new SwitchSettings { Timeout = TimeSpan.FromSeconds(timeout) }.RequestLifeMax);

    [Fact]
    public void A_clock_that_was_set_back_behind_the_newest_beat_means_that_the_venue_may_have_fired()
    {
        var settings = new SwitchSettings { Timeout = TimeSpan.FromSeconds(20) };
        var setBack = DeadMansSwitch.Idle(settings).Confirmed(Noon).Elapsed(Noon.AddHours(-1));
        Assert.Equal((SwitchState.AssumedFired, false), (setBack.State, setBack.MayBeat));
        Assert.False(setBack.Reconciled(Noon.AddHours(-1).AddSeconds(19)).MayBeat);
        var again = setBack.Reconciled(Noon.AddHours(-1).AddSeconds(21)).Confirmed(Noon.AddHours(-1).AddSeconds(22));
        Assert.Equal((SwitchState.Armed, Noon.AddHours(-1).AddSeconds(42)), (again.State, again.ArmedUntil!.Value));
    }

    [Theory]
    // Ahead of the venue by so many milliseconds; the round trip of each beat in milliseconds; what is said.
    [InlineData(0, "5", null)]
    [InlineData(900, "5", null)]
    [InlineData(1500, "5", "our clock is at least 1.5 s ahead of the venue's")]
    [InlineData(-1500, "5", "our clock is at least 1.5 s behind the venue's")]
    [InlineData(0, "2500", "not known to be within 1 s")]
    [InlineData(0, "2500 5", null)]
    [InlineData(0, "5 2500 2500", null)]
    public void The_difference_of_the_clocks_is_what_beats_prove(int ahead, string roundTrips, string? words)
    {
        var clock = default(VenueClock);
        var now = Noon;
        foreach (var roundTrip in roundTrips.Split(' ').Select(double.Parse))
        {
            clock = clock.Heard(now, now.AddMilliseconds((roundTrip / 2) - ahead), now.AddMilliseconds(roundTrip));
            now = now.AddSeconds(4);
        }

        if (words is null) Assert.Null(clock.Fault);
        else Assert.Contains(words, clock.Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_set_while_beats_go_on_is_noticed_by_the_next_beat_and_forgotten_when_it_is_set_right()
    {
        var right = default(VenueClock).Heard(Noon, Noon, Noon.AddMilliseconds(5));
        var ahead = right.Heard(Noon.AddHours(1), Noon.AddSeconds(4), Noon.AddHours(1).AddMilliseconds(5));
        Assert.Contains("3600.0 s ahead", default(VenueClock).Heard(Noon.AddHours(1), Noon, Noon.AddHours(1)).Fault!, StringComparison.Ordinal);
        Assert.NotNull(ahead.Fault);
        Assert.Null(ahead.Heard(Noon.AddSeconds(8), Noon.AddSeconds(8), Noon.AddSeconds(8)).Fault);
        Assert.NotNull(default(VenueClock).Fault);
    }
}
