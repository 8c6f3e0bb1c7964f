using Actors.Domain.Books;
using Actors.Domain.Connection;
using Actors.Domain.Instruments;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

public class BookWatchTests
{
    private static readonly BookTop Sound = new(new BookLevel(new Price(10), new Quantity(1)), new BookLevel(new Price(11), new Quantity(1)));
    private static readonly BookTop Crossed = new(new BookLevel(new Price(11), new Quantity(1)), new BookLevel(new Price(11), new Quantity(1)));
    private readonly BookWatch _watch = new(new BookWatchSettings());

    [Fact]
    public void A_book_crossed_between_two_frames_of_one_change_is_sound_and_one_that_stays_crossed_is_not()
    {
        var crossed = _watch.Heard(Crossed, Noon).Heard(Crossed, Noon.AddSeconds(1));
        Assert.Null(crossed.Fault(Noon.AddSeconds(1.9)));
        Assert.Equal("crossed for more than 2 s", crossed.Fault(Noon.AddSeconds(2)));
        Assert.Null(crossed.Heard(Sound, Noon.AddSeconds(1.5)).Heard(Crossed, Noon.AddSeconds(1.9)).Fault(Noon.AddSeconds(3.8)));
    }

    [Fact]
    public void A_silent_book_is_given_up_and_one_that_was_never_heard_is_not_silent()
    {
        Assert.Null(_watch.Fault(Noon.AddHours(1)));
        Assert.Null(_watch.Heard(Sound, Noon).Fault(Noon.AddSeconds(29)));
        Assert.Equal("silent for more than 30 s", _watch.Heard(Sound, Noon).Fault(Noon.AddSeconds(30)));
    }

    [Fact]
    public void A_stale_book_is_asked_for_at_once_and_then_less_and_less_often_until_it_has_stayed_sound()
    {
        Assert.True(_watch.MustAsk(BookStatus.Stale, Noon));
        Assert.False(_watch.MustAsk(BookStatus.Live, Noon));
        Assert.False(_watch.MustAsk(BookStatus.AwaitingSnapshot, Noon));
        var watch = _watch;
        var asked = new List<double>();
        for (var second = 0; second < 600; second++)
        {
            if (!watch.MustAsk(BookStatus.Stale, Noon.AddSeconds(second))) continue;
            asked.Add(second);
            watch = watch.Asked(Noon.AddSeconds(second));
        }

        Assert.Equal([0, 5, 15, 35, 75, 135, 195, 255, 315, 375, 435, 495, 555], asked);
        Assert.False(watch.Elapsed(BookStatus.Live, Noon.AddSeconds(600)).MustAsk(BookStatus.Stale, Noon.AddSeconds(600)));
        Assert.True(watch.Elapsed(BookStatus.Live, Noon.AddSeconds(615)).MustAsk(BookStatus.Stale, Noon.AddSeconds(615)));
    }

    [Fact]
    public void A_snapshot_that_a_new_connection_owes_is_asked_for_when_it_is_late()
    {
        var watch = _watch.Asked(Noon);
        Assert.False(watch.MustAsk(BookStatus.AwaitingSnapshot, Noon.AddSeconds(4)));
        Assert.True(watch.MustAsk(BookStatus.AwaitingSnapshot, Noon.AddSeconds(5)));
    }

    [Fact]
    public void A_bucket_allows_a_burst_and_then_as_many_as_come_back()
    {
        var bucket = TokenBucket.Full(4, TimeSpan.FromHours(1));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(TimeSpan.Zero, bucket.Wait(Noon));
            bucket = bucket.Take(Noon);
        }

        Assert.Equal(TimeSpan.FromMinutes(15), bucket.Wait(Noon));
        Assert.Equal(TimeSpan.FromMinutes(5), bucket.Wait(Noon.AddMinutes(10)));
        Assert.Equal(TimeSpan.Zero, bucket.Wait(Noon.AddMinutes(15)));
        Assert.Equal(TimeSpan.FromMinutes(30), bucket.Take(Noon).Wait(Noon));
        Assert.Equal(TimeSpan.FromMinutes(15), bucket.Wait(Noon.AddDays(-1)));
        Assert.Equal(TimeSpan.Zero, bucket.Take(Noon.AddDays(9)).Take(Noon.AddDays(9)).Wait(Noon.AddDays(9)));
    }

    [Fact]
    public void A_connection_that_never_lives_long_keeps_to_the_number_of_openings_an_hour()
    {
        var machine = ConnectionMachine.Idle(new ConnectionSettings());
        var now = Noon;
        var openings = 0;
        while (now < Noon.AddHours(1))
        {
            machine = machine.Start(now).Next.Opened(now).Next.Authenticated(now).Next.Awaiting([], now);
            openings++;
            var (next, _, retry) = machine.Failed(now, 0);
            machine = next;
            now += retry;
        }

        // The burst, and what comes back within the hour.
        Assert.InRange(openings, 40, 80);
    }

    [Fact]
    public void Rows_of_a_snapshot_may_come_in_any_order()
    {
        BookRow[] rows = [new(1, Side.Buy, 1, 99m), new(2, Side.Buy, 2, 100m), new(3, Side.Sell, 3, 101m), new(4, Side.Sell, 4, 102m)];
        var random = new Random(5);
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(rows);
            var book = new OrderBook(new Symbol("X"), TickSize.From(1m));
            Assert.Null(book.Apply(BookAction.Snapshot, rows));
            Assert.Equal([100, 99], book.Levels(Side.Buy, 9).Select(level => level.Price.Ticks));
            Assert.Equal([101, 102], book.Levels(Side.Sell, 9).Select(level => level.Price.Ticks));
        }
    }

    [Fact]
    public void A_level_that_disappears_and_returns_under_another_identifier_is_one_level()
    {
        var book = new OrderBook(new Symbol("X"), TickSize.From(1m));
        book.Apply(BookAction.Snapshot, [new BookRow(719_357, Side.Buy, 1, 100m), new BookRow(3, Side.Sell, 3, 101m)]);
        Assert.Null(book.Apply(BookAction.Delete, [new BookRow(719_357, Side.Buy, null, 100m)]));
        Assert.Null(book.Top.Bid);
        Assert.Null(book.Apply(BookAction.Insert, [new BookRow(719_497, Side.Buy, 5, 100m)]));
        Assert.Equal(new BookLevel(new Price(100), new Quantity(5)), book.Top.Bid);
    }

    [Fact]
    public void A_stale_book_takes_no_change_before_its_snapshot()
    {
        var book = new OrderBook(new Symbol("X"), TickSize.From(1m));
        book.Apply(BookAction.Snapshot, [new BookRow(1, Side.Buy, 1, 100m)]);
        book.MarkStale("a frame is missing");
        Assert.Null(book.Apply(BookAction.Delete, [new BookRow(1, Side.Buy, null, null)]));
        Assert.Equal(("a frame is missing", 100L), (book.Fault, book.Top.Bid!.Value.Price.Ticks));
        Assert.Null(book.Apply(BookAction.Snapshot, []));
        Assert.Equal(BookStatus.Live, book.Status);
    }
}
