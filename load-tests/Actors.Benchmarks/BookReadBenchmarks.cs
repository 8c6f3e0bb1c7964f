using Actors.Domain.Books;
using Actors.Domain.Instruments;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>What strategies and displays ask of a book of 2,844 levels a side, against the best of a sorted dictionary of the same levels.</summary>
[MemoryDiagnoser]
public class BookReadBenchmarks
{
    private const int Levels = 2_844;

    private readonly OrderBook _book = new(Inputs.Inverse.Symbol, Inputs.Inverse.Tick);
    private readonly SortedDictionary<decimal, long> _bids = new(Comparer<decimal>.Create(static (left, right) => right.CompareTo(left)));
    private readonly SortedDictionary<decimal, long> _asks = [];

    [GlobalSetup]
    public void Fill()
    {
        var rows = new List<BookRow>();
        for (var i = 0; i < Levels; i++)
        {
            rows.Add(new BookRow(2 * i, Side.Buy, 100 + i, 50_000m - (i * 0.1m)));
            rows.Add(new BookRow((2 * i) + 1, Side.Sell, 100 + i, 50_000.1m + (i * 0.1m)));
            _bids[50_000m - (i * 0.1m)] = _asks[50_000.1m + (i * 0.1m)] = 100 + i;
        }

        if (_book.Apply(BookAction.Snapshot, rows.ToArray()) is { } fault) throw new InvalidOperationException(fault);
    }

    [Benchmark(Baseline = true)]
    public decimal Best_of_sorted_dictionaries() => First(_bids) + First(_asks);

    [Benchmark]
    public BookTop Top() => _book.Top;

    [Benchmark]
    public long Ten_levels_a_side()
    {
        var size = 0L;
        foreach (var level in _book.Levels(Side.Buy, 10)) size += level.Size.Contracts;
        foreach (var level in _book.Levels(Side.Sell, 10)) size += level.Size.Contracts;
        return size;
    }

    private static decimal First(SortedDictionary<decimal, long> levels)
    {
        using var enumerator = levels.GetEnumerator();
        enumerator.MoveNext();
        return enumerator.Current.Key;
    }
}
