using Actors.Domain.Instruments;

namespace Actors.Venue.Tests.Matching;

/// <summary>The oracle: a list of orders in order of arrival, searched from the start each time.</summary>
internal sealed class NaiveBook
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<(string Maker, long Ticks, long Quantity)> Match(Side taker, long limit, ref long quantity)
    {
        var fills = new List<(string, long, long)>();
        while (quantity > 0)
        {
            var side = _entries.Where(entry => entry.Side != taker).ToList();
            var best = taker == Side.Buy ? side.MinBy(entry => entry.Ticks) : side.MaxBy(entry => entry.Ticks);
            if (best is null || (taker == Side.Buy ? best.Ticks > limit : best.Ticks < limit)) break;
            var traded = Math.Min(quantity, best.Leaves);
            quantity -= traded;
            best.Leaves -= traded;
            fills.Add((best.Name, best.Ticks, traded));
            if (best.Leaves == 0) _entries.Remove(best);
        }

        return fills;
    }

    public void Rest(string name, Side side, long ticks, long quantity) => _entries.Add(new Entry(name, side, ticks) { Leaves = quantity });

    public void Remove(string name) => _entries.RemoveAll(entry => entry.Name == name);

    public void Reduce(string name, long leaves) => _entries.Single(entry => entry.Name == name).Leaves = leaves;

    public bool Has(string name) => _entries.Any(entry => entry.Name == name);

    public long Leaves(string name) => _entries.Single(entry => entry.Name == name).Leaves;

    /// <summary>Side, price and queue of each level, best first.</summary>
    public IReadOnlyList<string> Levels(Side side) =>
    [
        .. _entries.Where(entry => entry.Side == side)
            .GroupBy(entry => entry.Ticks)
            .OrderBy(level => side == Side.Buy ? -level.Key : level.Key)
            .Select(level => $"{level.Key}: {string.Join(' ', level.Select(entry => $"{entry.Name}={entry.Leaves}"))}"),
    ];

    private sealed record Entry(string Name, Side Side, long Ticks)
    {
        public long Leaves { get; set; }
    }
}
