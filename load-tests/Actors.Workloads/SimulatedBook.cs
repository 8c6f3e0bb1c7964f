using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Workloads;

/// <summary>
/// Owns the levels of one made-up instrument and changes them at random, mostly near the best price. The mix is that of the two captured
/// sessions of 2021: updates 36 %, inserts and deletes 32 % each, 85 % of the messages with one row, a few with ten.
/// </summary>
internal sealed class SimulatedBook
{
    private readonly string _symbol;
    private readonly Random _random;
    private readonly List<LevelRow> _bids = [];
    private readonly List<LevelRow> _asks = [];
    private long _nextId;

    public SimulatedBook(string symbol, Random random, long middleTicks, int levels)
    {
        (_symbol, _random) = (symbol, random);
        _nextId = 98_876_000_000 + random.Next(1_000_000);
        Fill(_bids, Side.Buy, middleTicks, levels);
        Fill(_asks, Side.Sell, middleTicks + 1, levels);
    }

    /// <summary>The whole book, from the highest price to the lowest as the venue sends it: asks worst first, then bids best first.</summary>
    public LevelMessage Partial() => new(_symbol, BookAction.Snapshot, [.. Enumerable.Reverse(_asks), .. _bids]);

    /// <summary>Makes a message's worth of changes; returns it and the message that undoes it.</summary>
    public (LevelMessage Change, LevelMessage Undo) Change()
    {
        var chance = _random.Next(100);
        var rows = _random.Next(100) switch { < 85 => 1, < 94 => 2, < 97 => 3, < 98 => 4, _ => 10 };
        if (chance < 36) return Update(rows);
        return chance < 68 ? Insert(rows) : Delete(rows);
    }

    private void Fill(List<LevelRow> levels, Side side, long best, int count)
    {
        var ticks = best;
        for (var i = 0; i < count; i++)
        {
            levels.Add(new LevelRow(NextId(), side, Size(), ticks));
            // Dense at the top, sparse behind, as real books are.
            ticks -= side.Sign() * (1 + _random.Next(i < 25 ? 3 : 20));
        }
    }

    private (LevelMessage, LevelMessage) Update(int count)
    {
        var (before, after) = (new List<LevelRow>(), new List<LevelRow>());
        for (var i = 0; i < count; i++)
        {
            var levels = AnySide();
            var at = NearBest(levels.Count);
            before.Add(levels[at]);
            levels[at] = levels[at] with { Size = Size() };
            after.Add(levels[at]);
        }

        before.Reverse();
        return (new LevelMessage(_symbol, BookAction.Update, after), new LevelMessage(_symbol, BookAction.Update, before));
    }

    private (LevelMessage, LevelMessage) Insert(int count)
    {
        var rows = new List<LevelRow>();
        for (var i = 0; i < count; i++)
        {
            var levels = AnySide();
            var at = NearBest(levels.Count - 1);
            // The next free price behind the level chosen.
            while (at < levels.Count - 1 && Math.Abs(levels[at].Ticks - levels[at + 1].Ticks) < 2) at++;
            var near = levels[at];
            var row = new LevelRow(NextId(), near.Side, Size(), near.Ticks - near.Side.Sign());
            levels.Insert(at + 1, row);
            rows.Add(row);
        }

        return InsertedAndDeleted(rows);
    }

    private (LevelMessage, LevelMessage) Delete(int count)
    {
        var rows = new List<LevelRow>();
        for (var i = 0; i < count; i++)
        {
            var levels = AnySide();
            if (levels.Count < 12) continue;
            var at = NearBest(levels.Count);
            rows.Add(levels[at]);
            levels.RemoveAt(at);
        }

        if (rows.Count == 0) return Update(count);
        var (undo, change) = InsertedAndDeleted(rows);
        return (change, undo);
    }

    private (LevelMessage Inserted, LevelMessage Deleted) InsertedAndDeleted(List<LevelRow> rows) =>
        (new LevelMessage(_symbol, BookAction.Insert, rows), new LevelMessage(_symbol, BookAction.Delete, rows));

    private List<LevelRow> AnySide() => _random.Next(2) == 0 ? _bids : _asks;

    /// <summary>An index below <paramref name="count"/>: four in five among the best ten, the rest anywhere.</summary>
    private int NearBest(int count) => _random.Next(5) > 0 ? _random.Next(Math.Min(10, count)) : _random.Next(count);

    private long NextId() => _nextId += 1 + _random.Next(40);

    private long Size() => 100L * (1 + _random.Next(_random.Next(10) == 0 ? 50_000 : 900));
}
