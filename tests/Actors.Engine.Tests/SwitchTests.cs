using System.Collections.Concurrent;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>No order can come to rest after the venue's switch has fired, whatever hangs and whatever the clocks say.</summary>
public sealed class SwitchTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { ReconcileInterval = TimeSpan.FromHours(1) };
    private readonly ConcurrentQueue<(DateTimeOffset Until, DateTimeOffset? CancelsAt)> _placed = [];

    public SwitchTests() => Venue.OnPlace = (_, until) => _placed.Enqueue((until, Venue.CancelsAt));

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Every_order_leaves_with_a_life_that_ends_before_the_switch_can_fire()
    {
        await using var session = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var placements = Venue.Placements;
            Venue.Fill(Venue.Open[i % Venue.Open.Count].ClientId, 10);
            await UntilAsync(() => Venue.Placements > placements && session.View.OpenOrders.All(order => order.State == "working"), "the answer to a fill");
        }

        Assert.True(_placed.Count >= 9);
        Assert.All(_placed, one => Assert.True(one.Until <= one.CancelsAt, $"an order could be carried out until {one.Until:O}, the switch fires at {one.CancelsAt:O}"));
    }

    [Fact]
    public async Task When_the_switch_itself_hangs_and_nothing_says_that_it_is_late_no_order_rests_after_the_venue_fired()
    {
        await using var session = await StartAsync();
        var hung = (IInternalActorRef)session.Directory.Switch;
        hung.Suspend();
        var fires = Venue.CancelsAt!.Value;
        // Strategies want orders all the time, and nobody tells them to stop.
        await UntilAsync(
            () =>
            {
                if (Venue.Open is [var order, ..] && session.View.Orders.Unknown == 0) Venue.Fill(order.ClientId, order.Leaves.Contracts);
                return DateTimeOffset.UtcNow > fires + TimeSpan.FromSeconds(2);
            },
            "the venue's switch to fire");
        Assert.Equal(SwitchState.Armed, session.View.Switch.State);
        Assert.True(_placed.Count > 4);
        Assert.All(_placed, one => Assert.True(one.Until <= one.CancelsAt, $"an order could be carried out until {one.Until:O}, the switch fires at {one.CancelsAt:O}"));

        hung.Resume(null!);
        await UntilAsync(() => session.View.Switch.State == SwitchState.Armed && session.View.Phase == SessionPhase.Trading && Venue.CancelsAt > fires, "trading again");
    }

    [Theory]
    [InlineData(-3, "our clock is at least")]
    [InlineData(3, "our clock is at least")]
    public async Task A_venue_whose_clock_is_too_far_from_ours_is_not_traded_on_until_it_is_set_right(int aheadSeconds, string words)
    {
        using var fixture = new SessionFixture();
        fixture.Venue.ClockAhead = TimeSpan.FromSeconds(aheadSeconds);
        await using var session = await fixture.StartAsync();
        await UntilAsync(() => session.View.Switch.LastWithheldReason?.StartsWith(words, StringComparison.Ordinal) == true, "the reason", () => session.View.Switch.ToString());
        Assert.Equal(0, fixture.Venue.Placements);
        Assert.NotEqual(SwitchState.Armed, session.View.Switch.State);
        fixture.Venue.ClockAhead = TimeSpan.Zero;
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4, "trading");
    }

    [Fact]
    public async Task A_start_with_a_switch_that_leaves_a_request_no_time_is_refused_with_one_line()
    {
        using var fixture = new SessionFixture { SwitchTimeout = TimeSpan.FromSeconds(5) };
        var refused = await Assert.ThrowsAsync<EngineConfigurationException>(fixture.StartAsync);
        Assert.StartsWith("accountWideCancelAfter: a switch of 5 s leaves a request 1.65 s before it could rest after the switch has fired", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private async Task<TradingSession> StartAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4 && session.View.OpenOrders.All(order => order.State == "working"), "four orders working");
        return session;
    }
}
