using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>What a broken, crossed or silent stream does to a whole session: the book it concerns stops, is fetched anew and goes on; others never notice.</summary>
public sealed class MarketDataTests : IDisposable
{
    private readonly List<SessionFixture> _fixtures = [];

    public void Dispose()
    {
        foreach (var fixture in _fixtures) fixture.Dispose();
    }

    [Fact]
    public async Task An_acknowledgement_that_comes_after_its_snapshot_loses_nothing()
    {
        var fixture = Fixture(new SessionFixture());
        fixture.Venue.AcknowledgeLast = true;
        await using var session = await StartAsync(fixture, 4);
        Assert.Equal(0, fixture.Venue.BookRequests);
    }

    [Fact]
    public async Task A_fault_in_one_book_leaves_the_other_instrument_trading()
    {
        var fixture = Fixture(new SessionFixture { TwoInstruments = true });
        await using var session = await StartAsync(fixture, 8);
        fixture.Venue.KeepsSnapshots = true;
        fixture.Venue.SendGap();
        await UntilAsync(() => Book(session, FakeVenue.Symbol).Status == BookStatus.Stale, "a stale book");
        var buy = fixture.Venue.Open.Where(order => order.Symbol == FakeVenue.Other && order.Side == Side.Buy).MaxBy(order => order.Price)!;

        fixture.Venue.Fill(buy.ClientId, 10);

        await UntilAsync(
            () => fixture.Venue.Open.Any(order => order.Symbol == FakeVenue.Other && order.Side == Side.Sell && order.Price == buy.Price + 2m),
            "the other instrument's answer to its fill");
        Assert.Equal((BookStatus.Stale, BookStatus.Live), (Book(session, FakeVenue.Symbol).Status, Book(session, FakeVenue.Other).Status));
        Assert.Equal(SessionPhase.Trading, session.View.Phase);
    }

    [Fact]
    public async Task An_undecodable_book_frame_fetches_that_book_anew_and_no_other()
    {
        var fixture = Fixture(new SessionFixture { TwoInstruments = true });
        await using var session = await StartAsync(fixture, 8);
        fixture.Venue.SendGarbage(MissedTables.Books, FakeVenue.Symbol);
        await UntilAsync(() => fixture.Venue.BookRequests == 1 && Book(session, FakeVenue.Symbol).Status == BookStatus.Live, "one new snapshot");
        Assert.Contains(session.View.Events, line => line.Contains("book PERP is stale: frame", StringComparison.Ordinal));
        Assert.DoesNotContain(session.View.Events, line => line.Contains("book SIDE is stale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_undecodable_order_frame_asks_for_its_table_again_and_compares_with_the_venue()
    {
        var fixture = Fixture(new SessionFixture { ReconcileInterval = TimeSpan.FromHours(1) });
        await using var session = await StartAsync(fixture, 4);
        var before = session.View.LastReconciliation!.At;
        fixture.Venue.SendGarbage(MissedTables.Orders | MissedTables.Executions);
        await UntilAsync(() => session.View.LastReconciliation!.At > before, "a comparison");
        await UntilAsync(() => fixture.Venue.TableRequests.Count == 2, "both tables asked for");
        Assert.Equal([AccountTable.Orders, AccountTable.Executions], fixture.Venue.TableRequests);
    }

    [Fact]
    public async Task A_book_that_stays_crossed_is_fetched_anew_and_one_that_is_crossed_for_a_moment_is_not()
    {
        var fixture = Fixture(new SessionFixture { Changed = [("crossed-max = 2s", "crossed-max = 500ms")] });
        await using var session = await StartAsync(fixture, 4);
        fixture.Venue.SendBook(BookAction.Insert, new BookRow(7, Side.Buy, 5, 200m));
        fixture.Venue.SendBook(BookAction.Delete, new BookRow(7, Side.Buy, null, null));
        fixture.Venue.SendBook(BookAction.Insert, new BookRow(8, Side.Buy, 5, 200m));
        await UntilAsync(() => session.View.Events.Any(line => line.Contains("crossed for more than 0.5 s", StringComparison.Ordinal)), "a stale book");
        await UntilAsync(() => fixture.Venue.BookRequests == 1 && Book(session, FakeVenue.Symbol).Status == BookStatus.Live, "a new snapshot");
        Assert.Single(session.View.Events, line => line.Contains("crossed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_book_that_falls_silent_is_fetched_anew()
    {
        var fixture = Fixture(new SessionFixture { Changed = [("silent-max = 30s", "silent-max = 2s")] });
        await using var session = await StartAsync(fixture, 4);
        await UntilAsync(() => session.View.Events.Any(line => line.Contains("silent for more than 2 s", StringComparison.Ordinal)), "a stale book");
        await UntilAsync(() => fixture.Venue.BookRequests > 0 && Book(session, FakeVenue.Symbol).Status == BookStatus.Live, "a new snapshot");
        Assert.Equal(1, session.View.Connection.Connections);
    }

    [Fact]
    public async Task A_flood_of_frames_that_all_cannot_be_understood_asks_for_few_snapshots()
    {
        var fixture = Fixture(new SessionFixture());
        await using var session = await StartAsync(fixture, 4);
        for (var i = 0; i < 500; i++) fixture.Venue.SendGarbage(MissedTables.Books);
        await UntilAsync(() => session.View.Events.Count >= 200 && Book(session, FakeVenue.Symbol).Status != BookStatus.AwaitingSnapshot, "the flood to pass");
        Assert.InRange(fixture.Venue.BookRequests, 1, 3);
    }

    [Fact]
    public async Task Beats_leave_without_the_socket_when_it_does_not_confirm_them_and_trading_goes_on()
    {
        var fixture = Fixture(new SessionFixture());
        await using var session = await StartAsync(fixture, 4);
        fixture.Venue.KeepsBeats = true;
        var until = session.View.Switch.Until;
        await UntilAsync(() => fixture.Venue.BeatsWithoutSocket >= 5 && session.View.Switch.Until > until + TimeSpan.FromSeconds(8), "beats without the socket");
        // A machine that does other things may make a beat late, and it recovers; that it is in time otherwise is the pure machine's to prove.
        Assert.DoesNotContain(session.View.Events, line => line.Contains("switch is AssumedFired", StringComparison.Ordinal));
        await UntilAsync(() => session.View is { Switch.State: SwitchState.Armed, Phase: SessionPhase.Trading, Connection.Connections: 1 }, "trading on the first connection");
        var summary = await session.StopAsync();
        Assert.True(summary.SwitchDisarmed);
    }

    private SessionFixture Fixture(SessionFixture fixture)
    {
        _fixtures.Add(fixture);
        return fixture;
    }

    private static BookView Book(TradingSession session, Symbol symbol) => session.View.Books.Single(book => book.Symbol == symbol);

    private static async Task<TradingSession> StartAsync(SessionFixture fixture, int orders)
    {
        var session = await fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == orders, $"{orders} orders working");
        return session;
    }
}
