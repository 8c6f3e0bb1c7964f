using Actors.Domain.Instruments;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Matching;

/// <summary>
/// Runs the book and the oracle under the same seeded operations: displayed, iceberg and hidden orders, orders that rest and that do
/// not, cancels, reductions, changes of price. Every fill is compared, and now and then the whole book and a copy made of what it
/// published.
/// </summary>
internal sealed class RandomMatching(long seed)
{
    private const int RestingMax = 90;

    private readonly SeededRandom _random = new(seed);
    private readonly NaiveBook _naive = new();
    private readonly Dictionary<long, LevelChange> _copy = [];
    private readonly List<LevelChange> _changes = [];
    private MatchingBook<NaiveOrder> _book = null!;
    private long _levels;
    private long _step;

    public long Fills { get; private set; }

    public void Run(long operations, int checkEvery)
    {
        _book = new MatchingBook<NaiveOrder>(() => ++_levels);
        for (_step = 0; _step < operations; _step++)
        {
            Operate();
            if (_random.Chance(40)) Publish();
            if (_step % checkEvery == 0) Compare();
        }

        Compare();
    }

    private void Operate()
    {
        var dice = _random.Between(1, 100);
        if (_naive.Count == 0 || (dice <= 45 && _naive.Count < RestingMax))
        {
            Enter(_random.Chance(50) ? Side.Buy : Side.Sell, 1_000 + _random.Bell(6), _random.Between(1, 50), Peak(), _random.Chance(75));
            return;
        }

        var picked = _naive[(int)_random.Between(0, _naive.Count - 1)];
        if (dice <= 65) Reduce(picked);
        else Withdraw(picked);
        if (dice > 80) Enter(picked.Side, picked.Ticks + _random.Bell(2), picked.Leaves, picked.Peak, rests: true);
    }

    private long Peak() => _random.Between(1, 10) switch
    {
        <= 6 => long.MaxValue,
        <= 8 => _random.Between(1, 15),
        _ => 0,
    };

    private void Enter(Side side, long limit, long quantity, long peak, bool rests)
    {
        var id = ++_levels;
        var enough = _book.Available(side, limit, quantity);
        Check(enough >= quantity == (_naive.Available(side, limit) >= quantity), "what is available differs");
        while (quantity > 0)
        {
            var found = _book.TryMatch(side, limit, quantity, out var fill);
            var expected = _naive.Match(side, limit, quantity);
            Check(found == expected is not null, "one matches and the other does not");
            if (expected is not { } naive) break;
            Check(fill.Maker == naive.Maker && fill.Quantity == naive.Quantity && fill.PriceTicks == naive.Maker.Ticks, $"the fill differs: {fill} for {naive}");
            Check(fill.MakerIsDone == (naive.Maker.Leaves == 0), "whether the maker is done differs");
            quantity -= fill.Quantity;
            Fills++;
        }

        if (quantity == 0 || !rests) return;
        var order = _naive.Rest(new NaiveOrder(id, side, limit) { Leaves = quantity, Peak = peak });
        order.Handle = _book.Rest(order, side, limit, quantity, peak);
    }

    private void Reduce(NaiveOrder order)
    {
        var leaves = _random.Between(1, order.Leaves);
        _book.Reduce(order.Handle, leaves);
        NaiveBook.Reduce(order, leaves);
    }

    private void Withdraw(NaiveOrder order)
    {
        _book.Remove(order.Handle);
        _naive.Remove(order);
    }

    private void Compare()
    {
        foreach (var side in (Side[])[Side.Buy, Side.Sell])
        {
            var levels = Enumerable.Range(0, _book.Depth(side)).Select(depth =>
                $"{_book.Whole(side, depth).PriceTicks}: {string.Join(' ', _book.Queue(side, depth).Select(entry => $"{entry.Order.Id}={entry.Leaves}/{entry.Shown}"))}");
            Check(_naive.Levels(side).SequenceEqual(levels), "queues differ");
            Check(_naive.Displayed(side).SequenceEqual(Views(side).Select(view => (view.PriceTicks, view.Size))), "what is displayed differs");
            Check(_book.Best(side) == _naive.Displayed(side).Select(level => (long?)level.Ticks).FirstOrDefault(), "best prices differ");
        }

        Check(_book.Best(Side.Buy) is not { } bid || !_book.Crosses(Side.Sell, bid + 1) || !_book.Crosses(Side.Buy, bid), "the book is crossed");
        Publish();
        var told = _copy.Values.Select(change => (change.Side, change.PriceTicks, change.Size)).Order();
        Check(told.SequenceEqual(Views(Side.Buy).Concat(Views(Side.Sell)).Select(view => (view.Side, view.PriceTicks, view.Size)).Order()), "the published copy differs");
    }

    private void Publish()
    {
        _book.Publish(_changes);
        foreach (var change in _changes)
        {
            var known = change.Action == LevelAction.Delete ? _copy.Remove(change.Id) : _copy.ContainsKey(change.Id) == (change.Action == LevelAction.Update);
            Check(known, $"{change.Action} of a wrong identifier");
            if (change.Action != LevelAction.Delete) _copy[change.Id] = change;
        }
    }

    private IEnumerable<LevelView> Views(Side side) =>
        Enumerable.Range(0, side == Side.Buy ? _book.BidLevels : _book.AskLevels).Select(depth => _book.Level(side, depth));

    private void Check(bool holds, string what)
    {
        if (!holds) Assert.Fail($"{what}: seed {seed}, step {_step}");
    }
}
