using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Switch;
using Actors.Engine.Connection;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>What happens when more waits than may: the table of bounds in the map.</summary>
public sealed class BoundTests : IDisposable
{
    private readonly List<SessionFixture> _fixtures = [];

    public void Dispose()
    {
        foreach (var fixture in _fixtures) fixture.Dispose();
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("risk")]
    [InlineData("account")]
    [InlineData("positions/PERP")]
    [InlineData("recorder")]
    [InlineData("strategies/grid")]
    [InlineData("chronicle")]
    [InlineData("gateway")]
    [InlineData("connection")]
    [InlineData("dead-mans-switch")]
    public async Task Too_many_messages_for_a_part_stop_the_session_in_the_safe_order_and_none_is_left_out(string part)
    {
        var fixture = Fixture(("waiting-max = 100000", "waiting-max = 500"), ("max = 20s", "max = 3s"));
        await using var session = await StartAsync(fixture);
        var hung = (IInternalActorRef)session.Directory.Find(part);
        hung.Suspend();
        for (var i = 0; i < 600; i++)
        {
            // What the venue says comes to all of them, and on a machine that does other things another part may fall behind before this one is named.
            if (part == PartNames.Connection) fixture.Venue.SayRows();
            else hung.Tell(new PartMessages.Probe(0), ActorRefs.NoSender);
        }

        var summary = await session.Completion.WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Contains(summary.Problems, problem => problem.Contains($"messages wait for {part}, more than 500", StringComparison.Ordinal));
        Assert.Empty(fixture.Venue.Open);
        hung.Resume(null!);
    }

    [Fact]
    public async Task A_book_that_falls_behind_is_told_less_says_so_and_fetches_itself_anew()
    {
        var fixture = Fixture(("waiting-max = 20000", "waiting-max = 100"));
        await using var session = await StartAsync(fixture);
        var hung = (IInternalActorRef)session.Directory.Book(FakeVenue.Symbol);
        hung.Suspend();
        for (var i = 0; i < 300; i++) fixture.Venue.SendBook(BookAction.Update, new BookRow(1, Side.Buy, 50 + i, null));
        // A frame behind them that another part has seen proves that all were routed.
        var frames = session.View.Connection.Frames;
        fixture.Venue.SayRows();
        await UntilAsync(() => session.View.Connection.Frames > frames, "the frames to be routed");
        hung.Resume(null!);
        await UntilAsync(() => session.View.Events.Any(line => line.Contains("fell behind: more than 100 changes waited", StringComparison.Ordinal)), "the words");
        await UntilAsync(() => fixture.Venue.BookRequests > 0 && session.View.Books[0].Status == BookStatus.Live && session.View.Phase == SessionPhase.Trading, "a live book");
    }

    [Fact]
    public async Task Too_many_frames_before_the_connection_give_it_up_and_everything_is_asked_for_again()
    {
        var fixture = Fixture(("waiting-max = 50000", "waiting-max = 200"));
        await using var session = await StartAsync(fixture);
        var hung = (IInternalActorRef)session.Directory.Connection;
        hung.Suspend();
        for (var i = 0; i < 300; i++) fixture.Venue.SayRows();
        hung.Resume(null!);
        await UntilAsync(() => session.View.Events.Any(line => line.Contains("more than 200 frames waited to be decoded", StringComparison.Ordinal)), "the words", () => string.Join(" | ", session.View.Events));
        await UntilAsync(() => session.View.Connection.Connections == 2 && session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4, "trading again");
    }

    [Fact]
    public async Task A_strategy_that_falls_behind_is_told_the_newest_top_alone_and_those_between_are_counted()
    {
        var fixture = Fixture();
        await using var session = await StartAsync(fixture);
        var hung = (IInternalActorRef)session.Directory.Strategy("grid");
        hung.Suspend();
        for (var i = 0; i < 300; i++) fixture.Venue.Quote(100 + (i % 2));
        await UntilAsync(() => session.View.Books[0].Conflated >= 290, "tops left out", () => session.View.Books[0].ToString());
        Assert.InRange(((ActorRefWithCell)hung).Underlying.NumberOfMessages, 0, 20);
        hung.Resume(null!);
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4, "trading");
    }

    [Fact]
    public async Task No_more_than_three_beats_without_the_socket_are_out_at_once()
    {
        var fixture = Fixture();
        await using var session = await StartAsync(fixture);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Venue.AnswersHeldUntil = held.Task;
        var before = fixture.Venue.BeatsWithoutSocket;
        for (var i = 0; i < 10; i++) session.Directory.Connection.Tell(new ConnectionMessages.SendBeat(TimeSpan.FromSeconds(8), DateTimeOffset.UtcNow, WithoutSocket: true));
        // A frame behind them that another part has seen proves that all were taken.
        var frames = session.View.Connection.Frames;
        fixture.Venue.SayRows();
        await UntilAsync(() => session.View.Connection.Frames > frames, "the beats to be taken");
        Assert.Equal(3, fixture.Venue.BeatsOut);
        held.SetResult();
        await UntilAsync(() => fixture.Venue.BeatsOut == 0, "the beats to be answered");
        Assert.Equal(before + 3, fixture.Venue.BeatsWithoutSocket);
    }

    /// <summary>The engine looks at the mailboxes of the others, and at its own nobody: it is told little, however much the venue says, and without it no beat leaves.</summary>
    [Fact]
    public async Task What_waits_for_a_hung_engine_stays_little_and_the_beat_is_withheld_for_it()
    {
        var fixture = Fixture();
        await using var session = await StartAsync(fixture);
        // It cannot be suspended without all below it: it hangs in what it is told.
        using var release = new ManualResetEventSlim();
        var engine = (ActorRefWithCell)session.Directory.Engine;
        engine.Tell(new PartMessages.Failed(PartNames.Book(FakeVenue.Symbol), new Blocking(release), SupervisionTable.Row(PartNames.Books, new InvalidOperationException())));
        for (var i = 0; i < 2_000; i++) fixture.Venue.SayRows();
        for (var i = 0; i < 2_000; i++) fixture.Venue.Quote(100 + (i % 2));
        await UntilAsync(() => session.View.Switch is { State: SwitchState.Late, LastWithheldReason: { } reason } && reason.Contains("engine", StringComparison.Ordinal), "a beat that is withheld for the engine", () => session.View.Switch.ToString());
        Assert.InRange(engine.Underlying.NumberOfMessages, 1, 200);
        release.Set();
        await UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4, Restarts: 1, Switch.State: SwitchState.Armed }, "trading again", () => $"{session.View.Phase} {session.View.Reason}: {string.Join(" | ", session.View.Events)}");
    }

    [Fact]
    public async Task Many_cancellations_leave_together_in_one_request()
    {
        var fixture = Fixture();
        await using var session = await StartAsync(fixture);
        await session.StopAsync();
        // The first leaves at once; what came meanwhile leaves together.
        Assert.Equal(4, fixture.Venue.CancelRequests.Sum());
        Assert.InRange(fixture.Venue.CancelRequests.Count, 1, 3);
    }

    private sealed class Blocking(ManualResetEventSlim release) : Exception("hangs")
    {
        public override Exception GetBaseException()
        {
            release.Wait(TimeSpan.FromMinutes(5));
            return this;
        }
    }

    private SessionFixture Fixture(params (string, string)[] changed)
    {
        var fixture = new SessionFixture { ReconcileInterval = TimeSpan.FromHours(1), Changed = changed };
        _fixtures.Add(fixture);
        return fixture;
    }

    private static async Task<TradingSession> StartAsync(SessionFixture fixture)
    {
        var session = await fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4 && session.View.OpenOrders.All(order => order.State == "working"), "four orders working");
        return session;
    }
}
