using Actors.Domain.Books;
using Actors.Domain.Instruments;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>The market's side of the venue: a book kept as plainly as can be, whose changes are published as the venue publishes them.</summary>
internal sealed class ModelMarket(Simulation simulation)
{
    private readonly SortedDictionary<long, BookRow> _rows = [];
    private long _ids;

    public Action<BookAction, BookRow[]> Publish { get; set; } = (_, _) => { };

    public BookRow[] Snapshot => [.. _rows.Values];

    /// <summary>The levels of a side by price, as anybody would add them up.</summary>
    public IEnumerable<BookLevel> Levels(Side side) => _rows.Values.Where(row => row.Side == side).GroupBy(row => row.Price!.Value)
        .Select(level => new BookLevel(Inverse.Tick.TryToPrice(level.Key, out var price) ? price : default, new Quantity(level.Sum(row => row.Size!.Value))))
        .OrderBy(level => side == Side.Buy ? -level.Price.Ticks : level.Price.Ticks);

    /// <summary>Something changes: a level comes, changes its size, or goes; one that goes comes back under another identifier at once.</summary>
    public void Happen()
    {
        if (_rows.Count < 6 || simulation.Chance(200)) Insert(simulation.Chance(500) ? Side.Buy : Side.Sell, simulation.Random.Next(1, 40));
        else if (simulation.Chance(600)) Resize(Some());
        else Replace(Some());
    }

    private BookRow Some() => _rows.Values.ElementAt(simulation.Random.Next(_rows.Count));

    private void Insert(Side side, int steps)
    {
        var row = new BookRow(++_ids, side, simulation.Random.Next(1, 1000), 50_000m + (side == Side.Buy ? -steps : steps));
        _rows[row.Id] = row;
        Publish(BookAction.Insert, [row]);
    }

    private void Resize(BookRow row)
    {
        _rows[row.Id] = row with { Size = simulation.Random.Next(1, 1000) };
        Publish(BookAction.Update, [_rows[row.Id] with { Price = null }]);
    }

    private void Replace(BookRow row)
    {
        _rows.Remove(row.Id);
        Publish(BookAction.Delete, [row with { Size = null, Price = null }]);
        if (!simulation.Chance(500)) return;
        var again = row with { Id = ++_ids };
        _rows[again.Id] = again;
        Publish(BookAction.Insert, [again]);
    }
}
