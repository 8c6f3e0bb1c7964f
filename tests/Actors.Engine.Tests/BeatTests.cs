using Actors.Domain.Switch;
using Actors.Engine.Connection;
using Actors.Engine.Session;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>The beat goes out only while the whole decision path lives.</summary>
public sealed class BeatTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { ReconcileInterval = TimeSpan.FromHours(1) };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Whichever_part_hangs_the_beat_is_withheld_and_names_it()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        // The connection and the switch carry the beat: without them there is none.
        foreach (var part in session.Parts.Where(part => part is not (PartNames.Connection or PartNames.Switch)))
        {
            // With the orders hangs what they own.
            var words = part == PartNames.Orders ? "no sign of life from gateway, orders" : $"no sign of life from {part}";
            var hung = (IInternalActorRef)session.Directory.Find(part);
            hung.Suspend();
            await UntilAsync(() => session.View.Switch.LastWithheldReason == words, words, () => Show(session));
            var (beats, withheld) = (Venue.Beats.Count, session.View.Switch.BeatsWithheld);
            await UntilAsync(() => session.View.Switch.BeatsWithheld > withheld, $"another beat withheld for {part}", () => Show(session));
            Assert.Equal(beats, Venue.Beats.Count);
            Assert.NotEqual(SwitchState.Armed, session.View.Switch.State);
            hung.Resume(null!);
            await TradesAsync(session);
        }
    }

    [Fact]
    public async Task A_beat_that_waited_before_a_connection_which_hung_does_not_leave_when_the_rest_has_died_since()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        // With the connection hangs the switch, which it owns: what waits there is a beat that was proved before.
        var (connection, strategy) = ((IInternalActorRef)session.Directory.Connection, (IInternalActorRef)session.Directory.Strategy("grid"));
        connection.Suspend();
        connection.Tell(new ConnectionMessages.SendBeat(TimeSpan.FromSeconds(8), session.View.Now));
        strategy.Suspend();
        var (since, beats) = (session.View.Now, Venue.Beats.Count);
        await UntilAsync(() => session.View.Now - since > TimeSpan.FromSeconds(2.5), "the deadline of a beat to pass");
        connection.Resume(null!);
        await UntilAsync(() => session.View.Switch.LastWithheldReason == "no sign of life from strategies/grid", "a beat withheld", () => Show(session));
        Assert.Equal(beats, Venue.Beats.Count);
        strategy.Resume(null!);
        await TradesAsync(session);
    }

    [Fact]
    public async Task A_part_that_keeps_its_thread_holds_up_no_other_part_and_no_frame_and_the_beat_is_withheld_for_it()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        using var released = new ManualResetEvent(false);
        Venue.Blocks = released;
        var placements = Venue.Placements;
        try
        {
            Venue.Fill(Venue.Open[0].ClientId, Venue.Open[0].Leaves.Contracts);
            await UntilAsync(() => session.View.Switch.LastWithheldReason == "no sign of life from gateway", "a beat withheld", () => Show(session));
            // Frames are still read, told the book and recorded, and the other parts answer: it is named alone, once more.
            var (withheld, bid) = (session.View.Switch.BeatsWithheld, session.View.Books[0].Bid);
            Venue.Quote(101);
            await UntilAsync(() => session.View.Books[0].Bid != bid, "the book to follow", () => Show(session));
            await UntilAsync(() => session.View.Switch.BeatsWithheld > withheld && session.View.Switch.State != SwitchState.Armed, "another beat withheld", () => Show(session));
            Assert.Equal("no sign of life from gateway", session.View.Switch.LastWithheldReason);
            Assert.Equal(1, session.View.Connection.Connections);
        }
        finally
        {
            Venue.Blocks = null;
            released.Set();
        }

        await UntilAsync(() => session.View is { Phase: SessionPhase.Trading, Switch.State: SwitchState.Armed } && Venue.Placements > placements, "trading again", () => Show(session));
    }

    private static Task TradesAsync(TradingSession session) =>
        UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4, Switch.State: SwitchState.Armed }, "trading", () => Show(session));

    private static string Show(TradingSession session) => $"{session.View.Phase} {session.View.Reason}; {session.View.Switch}; {string.Join(" | ", session.View.Events)}";
}
