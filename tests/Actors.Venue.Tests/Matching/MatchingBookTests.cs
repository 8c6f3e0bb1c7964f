using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Venue.Matching;
using Xunit.Abstractions;

namespace Actors.Venue.Tests.Matching;

public class MatchingBookTests(ITestOutputHelper output)
{
    /// <summary>Raises how many operations the book and the oracle are run through.</summary>
    private const string Operations = "ACTORS_VENUE_MATCHING_OPERATIONS";

    public static TheoryData<long> Seeds => [.. Enumerable.Range(1, 20).Select(seed => (long)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Book_agrees_with_the_naive_one_in_fills_priority_and_levels_at_each_step(long seed) => new RandomMatching(seed).Run(2_000, checkEvery: 1);

    [Fact]
    public void Book_agrees_with_the_naive_one_in_a_long_run()
    {
        var operations = long.Parse(Environment.GetEnvironmentVariable(Operations) ?? "300000", CultureInfo.InvariantCulture);
        var seed = 20_261_122L;
        var run = new RandomMatching(seed);
        run.Run(operations, checkEvery: 500);
        output.WriteLine($"seed {seed}: {operations} operations, {run.Fills} fills, all the same");
        Assert.True(run.Fills > operations / 10, $"only {run.Fills} fills");
    }

    [Fact]
    public void Oldest_order_of_the_best_level_trades_first_and_keeps_its_place_when_reduced()
    {
        var book = NewBook();
        var first = book.Rest("first", Side.Sell, 100, 50);
        book.Rest("second", Side.Sell, 100, 50);
        book.Rest("better", Side.Sell, 99, 10);
        book.Reduce(first, 20);
        var fills = new List<Fill<string>>();
        Assert.Equal(0, Sweep(book, Side.Buy, 100, 40, fills));
        Assert.Equal(["better 10@99 True", "first 20@100 True", "second 10@100 False"], fills.Select(fill => $"{fill.Maker} {fill.Quantity}@{fill.PriceTicks} {fill.MakerIsDone}"));
    }

    [Fact]
    public void A_level_that_empties_and_returns_is_deleted_and_inserted_under_a_new_identifier()
    {
        var book = NewBook();
        var changes = new List<LevelChange>();
        var handle = book.Rest("a", Side.Buy, 100, 5);
        book.Publish(changes);
        var id = Assert.Single(changes).Id;
        book.Remove(handle);
        book.Rest("b", Side.Buy, 100, 5);
        book.Publish(changes);
        Assert.Equal([LevelAction.Delete, LevelAction.Insert], changes.Select(change => change.Action));
        Assert.Equal(id, changes[0].Id);
        Assert.NotEqual(id, changes[1].Id);
    }

    [Fact]
    public void Hidden_orders_stand_behind_what_is_displayed_at_their_price_and_before_worse_prices()
    {
        var book = NewBook();
        book.Rest("hidden", Side.Sell, 100, 10, peak: 0);
        book.Rest("displayed", Side.Sell, 100, 10);
        book.Rest("worse", Side.Sell, 101, 10);
        var fills = new List<Fill<string>>();
        Sweep(book, Side.Buy, 101, 25, fills);
        Assert.Equal(["displayed 10@100", "hidden 10@100", "worse 5@101"], fills.Select(fill => $"{fill.Maker} {fill.Quantity}@{fill.PriceTicks}"));
    }

    [Fact]
    public void An_iceberg_displays_its_part_and_queues_again_with_each_new_one()
    {
        var book = NewBook();
        book.Rest("iceberg", Side.Sell, 100, 25, peak: 10);
        book.Rest("plain", Side.Sell, 100, 10);
        book.Rest("hidden", Side.Sell, 100, 10, peak: 0);
        Assert.Equal((20L, 45L), (book.Level(Side.Sell, 0).Size, book.Whole(Side.Sell, 0).Quantity));
        var fills = new List<Fill<string>>();
        Sweep(book, Side.Buy, 100, 12, fills);
        Assert.Equal(18, book.Level(Side.Sell, 0).Size);
        Sweep(book, Side.Buy, 100, 33, fills);
        Assert.Equal(
            ["iceberg 10", "plain 2", "plain 8", "iceberg 10", "iceberg 5", "hidden 10"],
            fills.Select(fill => $"{fill.Maker} {fill.Quantity}"));
    }

    [Fact]
    public void A_level_of_hidden_orders_trades_and_is_never_told()
    {
        var book = NewBook();
        var changes = new List<LevelChange>();
        book.Rest("hidden", Side.Sell, 100, 10, peak: 0);
        book.Rest("displayed", Side.Sell, 102, 10);
        book.Publish(changes);
        Assert.Equal(102, Assert.Single(changes).PriceTicks);
        Assert.Equal((102L, 1), (book.Best(Side.Sell), book.AskLevels));
        Assert.True(book.Crosses(Side.Buy, 100));
        var shown = book.Rest("shown", Side.Sell, 100, 10);
        book.Publish(changes);
        var first = Assert.Single(changes).Id;
        book.Remove(shown);
        book.Publish(changes);
        Assert.Equal((LevelAction.Delete, first), (Assert.Single(changes).Action, changes[0].Id));
        book.Rest("again", Side.Sell, 100, 10);
        book.Publish(changes);
        Assert.Equal(LevelAction.Insert, Assert.Single(changes).Action);
        Assert.NotEqual(first, changes[0].Id);
    }

    [Fact]
    public void A_reduced_iceberg_gives_up_what_it_does_not_display_first()
    {
        var book = NewBook();
        var handle = book.Rest("iceberg", Side.Buy, 100, 30, peak: 10);
        book.Reduce(handle, 15);
        Assert.Equal((10L, 15L), (book.Level(Side.Buy, 0).Size, book.Whole(Side.Buy, 0).Quantity));
        book.Reduce(handle, 4);
        Assert.Equal((4L, 4L), (book.Level(Side.Buy, 0).Size, book.Whole(Side.Buy, 0).Quantity));
    }

    [Fact]
    public void A_level_that_came_and_went_between_publications_is_never_told()
    {
        var book = NewBook();
        var changes = new List<LevelChange>();
        book.Remove(book.Rest("a", Side.Buy, 100, 5));
        book.Publish(changes);
        Assert.Empty(changes);
    }

    [Fact]
    public void Operations_do_not_allocate_once_the_pools_have_grown()
    {
        var book = NewBook();
        var fills = new List<Fill<string>>(64);
        var changes = new List<LevelChange>(64);
        Work(book, fills, changes, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work(book, fills, changes, 2_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Work(MatchingBook<string> book, List<Fill<string>> fills, List<LevelChange> changes, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var bid = book.Rest("bid", Side.Buy, 100 - (round % 7), 10);
            var ask = book.Rest("ask", Side.Sell, 101 + (round % 5), 10, round % 3 == 0 ? 2 : long.MaxValue);
            book.Reduce(ask, 5);
            fills.Clear();
            Sweep(book, Side.Buy, 110, 5, fills);
            book.Remove(bid);
            book.Publish(changes);
        }
    }

    private static long Sweep(MatchingBook<string> book, Side taker, long limit, long quantity, List<Fill<string>> fills)
    {
        while (quantity > 0 && book.TryMatch(taker, limit, quantity, out var fill))
        {
            fills.Add(fill);
            quantity -= fill.Quantity;
        }

        return quantity;
    }

    private static MatchingBook<string> NewBook()
    {
        var id = 0L;
        return new MatchingBook<string>(() => ++id);
    }
}
