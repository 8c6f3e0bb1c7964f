using Actors.Domain.Instruments;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Matching;

public class MatchingBookTests
{
    public static TheoryData<long> Seeds => [.. Enumerable.Range(1, 40).Select(seed => (long)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Book_agrees_with_the_naive_one_in_fills_priority_and_levels(long seed)
    {
        var run = new RandomRun(seed);
        for (var step = 0; step < 2_000; step++) run.Step(step);
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
        Assert.Equal(0, book.Match(Side.Buy, 100, 40, fills));
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
            var ask = book.Rest("ask", Side.Sell, 101 + (round % 5), 10);
            book.Reduce(ask, 5);
            fills.Clear();
            book.Match(Side.Buy, 110, 5, fills);
            book.Remove(bid);
            book.Publish(changes);
        }
    }

    private static MatchingBook<string> NewBook()
    {
        var id = 0L;
        return new MatchingBook<string>(() => ++id);
    }

    private sealed class RandomRun(long seed)
    {
        private readonly SeededRandom _random = new(seed);
        private readonly MatchingBook<string> _book = NewBook();
        private readonly NaiveBook _naive = new();
        private readonly Dictionary<string, int> _handles = [];
        private readonly Dictionary<long, LevelChange> _copy = [];
        private readonly List<LevelChange> _changes = [];

        public void Step(int step)
        {
            var known = _handles.Keys.ToList();
            var dice = _random.Between(1, 100);
            if (dice <= 50 || known.Count == 0) Add($"o{step}");
            else Change(known[(int)_random.Between(0, known.Count - 1)], dice, step);
            Assert.True(_book.Best(Side.Buy) is not { } bid || _book.Best(Side.Sell) is not { } ask || bid < ask, $"crossed, seed {seed} step {step}");
            foreach (var side in (Side[])[Side.Buy, Side.Sell]) Assert.True(_naive.Levels(side).SequenceEqual(Levels(side)), $"levels differ, seed {seed} step {step}");
            if (dice % 3 == 0) Publish(step);
        }

        private void Add(string name)
        {
            var side = _random.Chance(50) ? Side.Buy : Side.Sell;
            Trade(name, side, 1_000 + _random.Bell(6), _random.Between(1, 50), _random.Chance(70));
        }

        private void Change(string name, long dice, int step)
        {
            if (dice <= 70)
            {
                _book.Remove(_handles[name]);
                _naive.Remove(name);
                _handles.Remove(name);
            }
            else if (dice <= 80)
            {
                var leaves = _random.Between(1, _naive.Leaves(name));
                _book.Reduce(_handles[name], leaves);
                _naive.Reduce(name, leaves);
            }
            else
            {
                Change(name, 60, step);
                Add(name);
            }
        }

        private void Trade(string name, Side side, long limit, long quantity, bool rests)
        {
            var enough = _book.Available(side, limit, quantity);
            var fills = new List<Fill<string>>();
            var naiveLeft = quantity;
            var left = _book.Match(side, limit, quantity, fills);
            var expected = _naive.Match(side, limit, ref naiveLeft);
            Assert.True(expected.SequenceEqual(fills.Select(fill => (fill.Maker, fill.PriceTicks, fill.Quantity))), $"fills differ, seed {seed}");
            Assert.True(left == naiveLeft && (left == 0) == (enough >= quantity), $"remainder differs, seed {seed}");
            foreach (var fill in fills.Where(fill => fill.MakerIsDone)) _handles.Remove(fill.Maker);
            if (left == 0 || !rests) return;
            _handles[name] = _book.Rest(name, side, limit, left);
            _naive.Rest(name, side, limit, left);
        }

        private void Publish(int step)
        {
            _book.Publish(_changes);
            foreach (var change in _changes)
            {
                var known = change.Action == LevelAction.Delete ? _copy.Remove(change.Id) : _copy.ContainsKey(change.Id) == (change.Action == LevelAction.Update);
                Assert.True(known, $"{change.Action} of a wrong identifier, seed {seed} step {step}");
                if (change.Action != LevelAction.Delete) _copy[change.Id] = change;
            }

            var told = _copy.Values.Select(change => (change.Side, change.PriceTicks, change.Size)).Order();
            var actual = Views(Side.Buy).Concat(Views(Side.Sell)).Select(view => (view.Side, view.PriceTicks, view.Size)).Order();
            Assert.True(told.SequenceEqual(actual), $"the published copy differs, seed {seed} step {step}");
        }

        private IEnumerable<LevelView> Views(Side side) =>
            Enumerable.Range(0, side == Side.Buy ? _book.BidLevels : _book.AskLevels).Select(depth => _book.Level(side, depth));

        private IEnumerable<string> Levels(Side side) => Views(side).Select((view, depth) =>
            $"{view.PriceTicks}: {string.Join(' ', _book.Queue(side, depth).Select(entry => $"{entry.Order}={entry.Leaves}"))}");
    }
}
