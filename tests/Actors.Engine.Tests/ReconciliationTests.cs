using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>Engine and venue are compared on start, after every reconnect and on a clock; what was found is in the journal and in the view.</summary>
public sealed class ReconciliationTests : IDisposable
{
    private readonly SessionFixture _fixture = new();

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Every_finding_of_the_five_is_journaled_and_shown_in_words()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);

        Venue.PlaceByHand("theirs");
        await UntilAsync(() => Differs(session, "theirs: Foreign: Buy 1 PERP at 1 is not ours"), "what is not ours", () => Show(session));

        var cancelled = Venue.Open.First(order => order.ClientId.Value != "theirs").ClientId;
        Venue.LoseNextRequest = true;
        Venue.CancelUnheard(cancelled);
        await UntilAsync(() => Found(Finding.Adopted).Any(row => row.Subject == cancelled.Value && row.Words == "we had Working, the venue has Canceled"), "what the venue knew", () => Show(session));
        // The place is filled again, and that request never arrives.
        await UntilAsync(() => Found(Finding.Lost).Any(row => row.Words == "we had Unknown, the venue never had it"), "what was lost", () => Show(session));
        await TradesAsync(session);

        Venue.QueryFailure = "down";
        var unheard = Venue.Open.First(order => order.ClientId.Value != "theirs").ClientId;
        Venue.CancelUnheard(unheard);
        await UntilAsync(
            () => Differs(session, $"{unheard}: Unknown: the venue could not be asked, or has not answered") && session.View.Phase != SessionPhase.Trading,
            "what nobody knows, and no trading on it",
            () => Show(session));
        Assert.Contains("1 orders or positions are not known", session.View.Reason!, StringComparison.Ordinal);
        Venue.QueryFailure = null;
        await TradesAsync(session);

        Venue.DropSocket("reset by peer");
        await UntilAsync(() => session.View.Connection.Connections == 2, "another connection", () => Show(session));
        await TradesAsync(session);
        var summary = await session.StopAsync();
        Assert.Empty(summary.Problems);
        Assert.Contains(Found(Finding.Agreed), row => row.Subject == FakeVenue.Symbol.Value);
        Assert.Contains(Found(Finding.Unknown), row => row.Subject == unheard.Value);
        // On start and after the reconnect, and on a clock.
        Assert.Equal(2, Reports().Count(report => report is { Occasion: "connected", IsSettled: true }));
        Assert.Contains(Reports(), report => report.Occasion == "clock");
    }

    [Fact]
    public async Task A_position_that_threw_at_an_execution_does_not_take_over_what_was_asked_for_before_it_began_anew()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var position = (IInternalActorRef)session.Directory.Position(FakeVenue.Symbol);
        var (askedAt, restarts) = (session.View.Now, session.View.Restarts);
        var row = new PositionReport(FakeVenue.Symbol, FakeVenue.Settlement, new Quantity(30), null, null, null, -3_000_000, 0, 0, 1m, true, askedAt);
        position.Suspend();
        position.Tell(new PositionMessages.Executed(default, null!));
        position.Tell(new PositionMessages.Compare(row, true, null) { AskedAt = askedAt });
        position.Resume(null!);
        await UntilAsync(() => session.View.Restarts == restarts + 1, "the restart", () => Show(session));
        await TradesAsync(session);
        await session.StopAsync();
        Assert.Equal(0, session.View.Positions[0].Quantity);
        Assert.DoesNotContain(Reports().SelectMany(report => report.Rows), one => one is { Finding: Finding.Adopted } && one.Subject == FakeVenue.Symbol.Value);
        Assert.Empty(Events("position-").OfType<PositionAdopted>());
    }

    [Fact]
    public async Task What_a_new_connection_tells_is_counted_after_what_was_executed_before_it()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var (first, second) = (Venue.Open[0].ClientId, Venue.Open[1].ClientId);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.ComparisonsHeldUntil = held.Task;
        Venue.DropSocket("reset by peer");
        Venue.Fill(first, 3);
        await UntilAsync(() => session.View is { Connection: { Connections: 2, State: "live" } }, "another connection", () => Show(session));
        await CountsAfterAsync(session, held, second, "fill-of-the-new-connection");
        Assert.Equal([first, second], Events("orders-").OfType<OrderFilled>().Select(filled => filled.Id).Take(2));
    }

    [Fact]
    public async Task What_a_position_hears_after_it_began_anew_is_counted_after_what_it_lost()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var (first, second, restarts) = (Venue.Open[0].ClientId, Venue.Open[1].ClientId, session.View.Restarts);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.ComparisonsHeldUntil = held.Task;
        var position = (IInternalActorRef)session.Directory.Position(FakeVenue.Symbol);
        position.Suspend();
        position.Tell(new PositionMessages.Executed(default, null!));
        position.Resume(null!);
        await UntilAsync(() => session.View.Restarts == restarts + 1, "the restart", () => Show(session));
        Venue.WithholdsExecutions = true;
        Venue.Fill(first, 3);
        Venue.WithholdsExecutions = false;
        await CountsAfterAsync(session, held, second, "fill-of-the-new-part");
    }

    /// <summary>An order that is looked up while there is no connection misses fills, and is not the one that was filled first.</summary>
    [Fact]
    public async Task What_is_asked_for_beside_a_comparison_is_counted_after_what_was_executed_before_it()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var (first, second) = (Venue.Open[0].ClientId, Venue.Open[1].ClientId);
        Venue.ConnectRefusal = "closed";
        Venue.DropSocket("reset by peer");
        Venue.Fill(first, 3);
        Venue.Fill(second, 4);
        session.Directory.Orders.Tell(new OrderMessages.Looked(second, await Venue.FindOrderAsync(second, default), null, DateTimeOffset.UtcNow));
        await UntilAsync(() => Events("orders-").OfType<OrderFilled>().Any(), "fills that were asked for", () => Show(session));
        Venue.ConnectRefusal = null;
        await CountedInOrderAsync(session);
    }

    [Fact]
    public async Task What_a_comparison_brought_to_a_position_that_lost_a_part_of_it_is_counted_after_that_part()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var (first, second, restarts) = (Venue.Open[0].ClientId, Venue.Open[1].ClientId, session.View.Restarts);
        Venue.Unreachable = true;
        Venue.DropSocket("reset by peer");
        Venue.Fill(first, 3);
        Venue.Fill(second, 4);
        var position = (IInternalActorRef)session.Directory.Position(FakeVenue.Symbol);
        position.Suspend();
        position.Tell(Kill.Instance, ActorRefs.NoSender);
        var newest = (await Venue.ExecutionsAsync(default, default))[^1];
        position.Tell(new PositionMessages.Executed(default, newest) { ComparedAt = DateTimeOffset.UtcNow }, ActorRefs.NoSender);
        var asked = position.Ask<PositionMessages.Changed>(new PositionMessages.Ask(), TimeSpan.FromSeconds(60));
        position.Resume(null!);
        Assert.Equal(0, (await asked).Position.Quantity.Contracts);
        Assert.Equal(restarts + 1, session.View.Restarts);
        Venue.Unreachable = false;
        await CountedInOrderAsync(session);
    }

    [Fact]
    public async Task An_answer_to_a_comparison_that_was_given_up_ends_no_later_one()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var askedAt = session.View.Now;
        var position = (IInternalActorRef)session.Directory.Position(FakeVenue.Symbol);
        position.Suspend();
        Venue.DropSocket("reset by peer");
        await UntilAsync(() => session.View is { Connection: { Connections: 2, State: "live" } }, "another connection", () => Show(session));
        var reports = Reports().Length;
        var row = new ReconciliationRow(FakeVenue.Symbol.Value, Finding.Agreed, "");
        // Sooner than the orders compare, and between that and the position's answer.
        var told = 0;
        await UntilAsync(
            () =>
            {
                session.Directory.Engine.Tell(new PositionMessages.Compared(row, askedAt));
                return ++told == 40;
            },
            "the last of them",
            () => Show(session));
        Assert.Equal(reports, Reports().Length);
        Assert.NotEqual(SessionPhase.Trading, session.View.Phase);
        position.Resume(null!);
        await TradesAsync(session);
        await session.StopAsync();
    }

    private async Task CountedInOrderAsync(TradingSession session)
    {
        await TradesAsync(session);
        await UntilAsync(() => session.View.Positions[0].Quantity == Venue.Position.Contracts, "the venue's position", () => Show(session));
        await session.StopAsync();
        Assert.Equal([3, 4], Events("position-").OfType<PositionFilled>().Select(filled => filled.Change.Absolute.Contracts).Take(2));
        Assert.DoesNotContain(Reports().SelectMany(report => report.Rows), one => one is { Finding: Finding.Adopted } && one.Subject == FakeVenue.Symbol.Value);
    }

    /// <summary>Fills another order while the comparison waits, and sees both counted as the venue executed them when it no longer does.</summary>
    private async Task CountsAfterAsync(TradingSession session, TaskCompletionSource held, ClientOrderId second, string what)
    {
        var frames = session.View.Connection.Frames;
        Venue.Fill(second, 4);
        Venue.SendMark(100.5m);
        await UntilAsync(() => session.View.Connection.Frames >= frames + 2 && session.View.Positions[0].Mark == 100.5m, what, () => Show(session));
        Assert.NotEqual(SessionPhase.Trading, session.View.Phase);
        Assert.Equal(0, session.View.Positions[0].Quantity);
        held.SetResult();
        await CountedInOrderAsync(session);
    }

    private static bool Differs(TradingSession session, string words) => session.View.LastReconciliation!.Differences.Contains(words);

    private Task TradesAsync(TradingSession session) => UntilAsync(
        () => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4, Orders.Unknown: 0 } && Venue.Open.Count(order => order.ClientId.Value != "theirs") == 4,
        "trading",
        () => Show(session));

    private IEnumerable<ReconciliationRow> Found(Finding finding) => Reports().SelectMany(report => report.Rows).Where(row => row.Finding == finding);

    private ReconciliationReport[] Reports() => [.. Events("session-").OfType<Reconciled>().Select(one => one.Report)];

    private object[] Events(string prefix)
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, "journal.db"));
        return [.. reader.ListStreams().Select(one => one.Stream).Where(stream => stream.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(reader.Read).Select(record => record.Event)];
    }

    private static string Show(TradingSession session) =>
        $"{session.View.Phase} {session.View.Reason}; {string.Join(", ", session.View.OpenOrders)}; {session.View.LastReconciliation} {string.Join("; ", session.View.LastReconciliation?.Differences ?? [])}; {string.Join(" | ", session.View.Events)}";
}
