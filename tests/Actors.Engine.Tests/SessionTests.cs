using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Domain.Switch;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>Whole sessions, real journal, a venue in memory.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly SessionFixture _fixture = new();

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task It_trades_answers_a_fill_and_stops_with_no_order_left_and_the_switch_disarmed()
    {
        await using var session = await StartTradingAsync();
        var buy = Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!;

        Venue.Fill(buy.ClientId, 10);

        await UntilAsync(() => session.View.Orders.Fills == 1 && session.View.Positions[0].Quantity == 10, "the fill and the position");
        await UntilAsync(() => Venue.Open.Any(order => order.Side == Side.Sell && order.Price == buy.Price + 2m), "the answering sell one step higher", () => Show(session));
        var summary = await session.StopAsync();
        Assert.Empty(summary.Problems);
        Assert.Equal(0, summary.OrdersLeft);
        Assert.Empty(Venue.Open);
        Assert.True(summary.SwitchDisarmed);
        Assert.Equal(TimeSpan.Zero, Venue.Beats.Last());
        Assert.Equal(10, summary.Last.Positions[0].Quantity);
    }

    [Fact]
    public async Task An_order_is_in_the_journal_before_the_venue_sees_it()
    {
        var missing = new List<ClientOrderId>();
        Venue.OnPlace = (terms, _) =>
        {
            var submitted = Read("orders-").Select(record => record.Event).OfType<OrderSubmitted>().Any(one => one.Id == terms.Id);
            if (!submitted) missing.Add(terms.Id);
        };
        await using var session = await StartTradingAsync();
        await session.StopAsync();

        Assert.True(Venue.Placements >= 4);
        Assert.Empty(missing);
    }

    [Fact]
    [Trait("Regression", "a live order marked rejected on a timeout")]
    public async Task A_lost_answer_is_looked_up_and_never_placed_twice()
    {
        Venue.LoseNextAnswer = true;
        await using var session = await StartTradingAsync();

        await UntilAsync(() => session.View.Orders.Unknown == 0 && session.View.OpenOrders.All(order => order.State == "working"), "every order known", () => Show(session));
        Assert.Equal(4, Venue.Placements);
        Assert.Equal(4, Venue.Open.Count);
    }

    [Fact]
    public async Task A_lost_request_is_found_lost_and_its_place_filled_again()
    {
        Venue.LoseNextRequest = true;
        await using var session = await StartTradingAsync();

        await UntilAsync(() => Venue.Open.Count == 4, "four orders at the venue", () => Show(session));
        Assert.Equal(5, Venue.Placements);
        Assert.Contains(Read("orders-"), record => record.Event is OrderLost);
    }

    [Fact]
    public async Task A_session_that_was_cut_off_goes_on_with_its_orders_fills_and_position()
    {
        var first = await StartTradingAsync();
        var cut = first.View.OpenOrders;
        await first.DisposeAsync();
        var filled = Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!;
        Venue.Fill(filled.ClientId, 10);

        await using var second = await StartTradingAsync();

        await UntilAsync(() => second.View.Positions[0].Quantity == 10, "the fill made while it was away", () => Show(second));
        await UntilAsync(() => Same(second), "the same orders on both sides", () => Show(second));
        Assert.Contains(second.View.OpenOrders, order => cut.Any(old => old.ClientOrderId == order.ClientOrderId));
        Assert.Equal(0, second.View.LastReconciliation!.Unknown);
        await second.StopAsync();
        Assert.Equal(2, Read("session-").Count(record => record.Event is SessionStarted));
    }

    [Fact]
    public async Task A_gap_makes_the_book_stale_and_a_snapshot_heals_it()
    {
        await using var session = await StartTradingAsync();
        Venue.SendGap();
        await UntilAsync(() => Venue.BookRequests > 0 && session.View.Books[0].Status == BookStatus.Live, "a new snapshot", () => Show(session));
        Assert.Equal(SessionPhase.Trading, session.View.Phase);
    }

    [Fact]
    public async Task A_lost_connection_halts_reconnects_and_reconciles()
    {
        await using var session = await StartTradingAsync();
        var before = session.View.LastReconciliation!.At;
        Venue.DropSocket("reset by peer");
        await UntilAsync(() => session.View.Connection.Connections == 2 && session.View.Phase == SessionPhase.Trading, "trading again", () => Show(session));
        Assert.True(session.View.LastReconciliation!.At > before);
        Assert.True(Same(session), Show(session));
    }

    [Fact]
    public async Task A_book_that_crashes_restarts_stale_and_trading_goes_on()
    {
        await using var session = await StartTradingAsync();
        Find(session, PartNames.Book(FakeVenue.Symbol)).Tell(Kill.Instance);
        await UntilAsync(() => session.View.Restarts == 1 && Venue.BookRequests > 0, "the restart and the request for a snapshot", () => Show(session));
        await UntilAsync(() => session.View.Books[0].Status == BookStatus.Live && session.View.Phase == SessionPhase.Trading, "a live book", () => Show(session));
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("risk")]
    [InlineData("account")]
    [InlineData("chronicle")]
    [InlineData("recorder")]
    [InlineData("connection")]
    [InlineData("dead-mans-switch")]
    [InlineData("positions/PERP")]
    [InlineData("strategies/grid")]
    [InlineData("gateway")]
    public async Task A_part_that_crashes_comes_back_and_loses_nothing(string part)
    {
        await using var session = await StartTradingAsync();
        var buy = Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!;
        Venue.Fill(buy.ClientId, 10);
        await UntilAsync(() => session.View.Positions[0].Quantity == 10, "the position");

        Find(session, part).Tell(Kill.Instance);

        await UntilAsync(() => session.View.Restarts == 1, "the restart", () => Show(session));
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && Same(session), "trading with the same orders", () => Show(session));
        var sell = Venue.Open.Where(order => order.Side == Side.Sell).MinBy(order => order.Price)!;
        Venue.Fill(sell.ClientId, 10);
        await UntilAsync(() => session.View.Positions[0].Quantity == 0 && Same(session), "the answer to another fill", () => Show(session));
        var summary = await session.StopAsync();
        Assert.Empty(summary.Problems);
        Assert.Empty(Venue.Open);
        Assert.Contains(Read("session-"), record => record.Event is PartRestarted);
        // No frame is missing from the recording between the first and the last.
        foreach (var connection in Read("frames-", "frames.db").Select(record => record.Event).OfType<FramesRecorded>().GroupBy(batch => batch.Connection))
            Assert.Equal(connection.SkipLast(1).Select(batch => batch.FirstFrame + batch.Count), connection.Skip(1).Select(batch => batch.FirstFrame));
    }

    [Fact]
    public async Task One_hung_part_withholds_the_beat_and_quoting_stops_before_the_venue_would_fire()
    {
        await using var session = await StartTradingAsync();
        var hung = (IInternalActorRef)Find(session, PartNames.Strategy("grid"));
        hung.Suspend();

        await UntilAsync(() => session.View.Switch.State == SwitchState.Late, "a late switch", () => Show(session));
        var beats = Venue.Beats.Count;
        await UntilAsync(() => session.View.Phase == SessionPhase.Halted, "a halt", () => Show(session));
        await UntilAsync(() => session.View.Switch.LastWithheldReason?.Contains("strategies/grid", StringComparison.Ordinal) == true, "the reason", () => Show(session));
        Assert.True(session.View.Now < session.View.Switch.Until, "late comes before the venue fires");
        await UntilAsync(() => session.View.Switch.State == SwitchState.AssumedFired, "an assumed fire");
        Assert.Equal(beats, Venue.Beats.Count);

        hung.Resume(null!);
        await UntilAsync(() => session.View.Switch.State == SwitchState.Armed && session.View.Phase == SessionPhase.Trading, "trading again", () => Show(session));
    }

    [Fact]
    public async Task Beats_go_on_without_the_socket_while_it_is_down()
    {
        await using var session = await StartTradingAsync();
        Venue.Hang();
        var before = Venue.Beats.Count;
        await UntilAsync(() => session.View.Connection.Connections >= 2, "a reconnect", () => Show(session));
        await UntilAsync(() => Venue.Beats.Count > before && session.View.Phase == SessionPhase.Trading, "beats and trading", () => Show(session));
    }

    [Fact]
    public async Task Every_stream_of_the_journal_is_one_whole_chain()
    {
        var first = await StartTradingAsync();
        await first.DisposeAsync();
        await using (var second = await StartTradingAsync()) await second.StopAsync();

        Assert.True(Read("").Select(record => record.Event.GetType()).Distinct().Count() >= 7);
        Assert.Contains(Read("frames-", "frames.db"), record => record.Event is FramesRecorded { Count: > 0 });
    }

    /// <summary>However long it is since the recorder was last asked to write: on a loaded machine decisions are made between that and the end.</summary>
    [Fact]
    public async Task What_was_decided_before_the_end_has_its_frames_recorded_and_nothing_follows_the_last_checkpoint()
    {
        _fixture.Changed = [("batch-age = 1s", "batch-age = 1h"), ("batch-frames = 2048", "batch-frames = 60000")];
        Domain.Cursor decided;
        await using (var session = await StartTradingAsync())
        {
            Venue.Fill(Venue.Open.First(order => order.Side == Side.Buy).ClientId, 10);
            await UntilAsync(() => Read("orders-").Any(record => record.Event is OrderFilled), "the fill", () => Show(session));
            decided = Read("orders-").Last(record => record.Event is OrderFilled).Cursor;
            await session.Directory.Chronicle.Ask<ChronicleMessages.Closed>(new ChronicleMessages.Close(new SessionEnded(session.SessionId, "orderly", 0)), TimeSpan.FromSeconds(60));
            // A new connection begins a new batch.
            Venue.DropSocket("gone");
            await UntilAsync(() => session.View.Connection.Connections >= 2 && session.View.Connection.State == "live", "a reconnect", () => Show(session));
        }

        var recorded = Read("frames-", "frames.db");
        var batches = recorded.Select(record => record.Event).OfType<FramesRecorded>().ToList();
        Assert.True(batches.Exists(batch => batch.Connection == decided.Connection && batch.FirstFrame <= decided.Frame && decided.Frame < batch.FirstFrame + batch.Count), $"frame {decided} is not recorded");
        var last = Read("session-").Select(record => record.Event).SkipWhile(happened => happened is not SessionEnded).OfType<Checkpoint>().First();
        Assert.Equal(recorded.Length, last.Heads.Single(head => head.Stream.StartsWith("frames-", StringComparison.Ordinal)).Sequence);
    }

    private async Task<TradingSession> StartTradingAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.Orders.Unknown == 0 && session.View.OpenOrders.Count == 4, "four orders working", () => Show(session));
        return session;
    }

    private bool Same(TradingSession session)
    {
        var ours = session.View.OpenOrders.Select(order => order.ClientOrderId).Order().ToArray();
        var theirs = Venue.Open.Select(order => order.ClientId.Value).Order().ToArray();
        return ours.SequenceEqual(theirs) && theirs.Length >= 3 && session.View.Positions[0].Quantity == Venue.Position.Contracts;
    }

    private static IActorRef Find(TradingSession session, string part) => session.Directory.Find(part);

    private JournalRecord[] Read(string prefix, string file = "journal.db")
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, file));
        return [.. reader.ListStreams().Select(one => one.Stream).Where(stream => stream.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(reader.Read)];
    }

    private static string Show(TradingSession session)
    {
        var view = session.View;
        return $"phase {view.Phase} ({view.Reason}); connection {view.Connection}; switch {view.Switch}; orders {view.Orders}; open {string.Join(", ", view.OpenOrders)}; "
            + $"positions {string.Join(", ", view.Positions)}; strategies {string.Join(", ", view.Strategies)}; reconciliation {view.LastReconciliation}; events {string.Join(" | ", view.Events)}";
    }
}
