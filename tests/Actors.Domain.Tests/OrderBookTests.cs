using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Domain.Tests;

public class OrderBookTests
{
    private static readonly Symbol Symbol = new("XBTUSD");
    private readonly OrderBook _book = new(Symbol, TickSize.From(0.5m));

    [Fact]
    public void Changes_before_the_snapshot_are_dropped_and_the_snapshot_makes_it_live()
    {
        Assert.Null(_book.Apply(BookAction.Update, [new BookRow(1, Side.Buy, 10, 100m)]));
        Assert.Equal(BookStatus.AwaitingSnapshot, _book.Status);

        _book.Apply(BookAction.Snapshot, [new BookRow(1, Side.Buy, 10, 100m), new BookRow(2, Side.Sell, 20, 100.5m)]);

        Assert.Equal(BookStatus.Live, _book.Status);
        Assert.Equal(new BookTop(Level(200, 10), Level(201, 20)), _book.Top);
        Assert.Equal(0, _book.UnknownRows);
    }

    [Fact]
    public void A_level_that_is_inserted_again_before_its_old_row_is_deleted_is_never_lost()
    {
        Snapshot();
        _book.Apply(BookAction.Insert, [new BookRow(9, Side.Buy, 7, 100m)]);
        Assert.Equal(Level(200, 17), _book.Top.Bid);

        _book.Apply(BookAction.Delete, [new BookRow(1, Side.Buy, null, 100m)]);

        Assert.Equal(Level(200, 7), _book.Top.Bid);
        Assert.Equal(1, _book.BidLevels);
    }

    [Fact]
    public void An_update_without_a_price_keeps_it_and_one_with_another_price_moves_the_level()
    {
        Snapshot();
        _book.Apply(BookAction.Update, [new BookRow(1, Side.Buy, 5, null)]);
        Assert.Equal(Level(200, 5), _book.Top.Bid);

        _book.Apply(BookAction.Update, [new BookRow(1, Side.Buy, null, 99.5m)]);
        Assert.Equal(Level(199, 5), _book.Top.Bid);
    }

    [Theory]
    [InlineData(BookAction.Update, 77L, 5L, "100")]
    [InlineData(BookAction.Delete, 77L, null, "100")]
    [InlineData(BookAction.Insert, 77L, 5L, "100.25")]
    [InlineData(BookAction.Insert, 77L, -5L, "100")]
    [InlineData(BookAction.Insert, 1L, 5L, "100")]
    public void An_impossible_row_makes_the_book_stale_until_the_next_snapshot(BookAction action, long id, long? size, string price)
    {
        Snapshot();

        var fault = _book.Apply(action, [new BookRow(id, Side.Buy, size, decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture))]);

        Assert.NotNull(fault);
        Assert.Equal(BookStatus.Stale, _book.Status);
        Assert.Equal(action is BookAction.Update or BookAction.Delete ? 1 : 0, _book.UnknownRows);
        Snapshot();
        Assert.Equal(BookStatus.Live, _book.Status);
        Assert.Null(_book.Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_equals_a_naive_book_over_random_changes(int seed)
    {
        var random = new Random(seed);
        var naive = new Dictionary<(Side, long), (long Ticks, long Size)>();
        _book.Apply(BookAction.Snapshot, []);
        for (var step = 0; step < 20_000; step++)
        {
            var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
            var id = random.Next(300);
            var ticks = 10_000 + random.Next(60);
            var size = random.Next(1, 1000);
            var known = naive.ContainsKey((side, id));
            var action = !known ? BookAction.Insert : random.Next(3) == 0 ? BookAction.Delete : BookAction.Update;
            var fault = _book.Apply(action, [new BookRow(id, side, action == BookAction.Delete ? null : size, ticks * 0.5m)]);
            Assert.True(fault is null, $"seed {seed}, step {step}: {fault}");
            if (action == BookAction.Delete) naive.Remove((side, id));
            else naive[(side, id)] = (ticks, size);
            if (step % 500 == 0) Compare(naive, seed, step);
        }

        Compare(naive, seed, 20_000);
    }

    private void Compare(Dictionary<(Side Side, long Id), (long Ticks, long Size)> naive, int seed, int step)
    {
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var expected = naive.Where(one => one.Key.Side == side)
                .GroupBy(one => one.Value.Ticks)
                .Select(group => Level(group.Key, group.Sum(one => one.Value.Size)))
                .OrderBy(level => side == Side.Buy ? -level.Price.Ticks : level.Price.Ticks)
                .ToArray();
            var actual = _book.Levels(side, int.MaxValue).ToArray();
            Assert.True(expected.SequenceEqual(actual), $"seed {seed}, step {step}, {side}");
        }
    }

    private static BookLevel Level(long ticks, long size) => new(new Price(ticks), new Quantity(size));

    private void Snapshot() => _book.Apply(BookAction.Snapshot, [new BookRow(1, Side.Buy, 10, 100m), new BookRow(2, Side.Sell, 20, 100.5m)]);
}
