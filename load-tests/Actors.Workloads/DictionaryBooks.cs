using Actors.Bitmex;
using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Workloads;

/// <summary>The engine's decoder, and books as they would otherwise be kept: levels in a dictionary by identifier, sizes by price in a <see cref="SortedDictionary{TKey, TValue}"/> a side, and a look at the best of both after every message.</summary>
public sealed class DictionaryBooks : BooksAlone
{
    private static readonly Comparer<decimal> Descending = Comparer<decimal>.Create((left, right) => right.CompareTo(left));

    private readonly BitmexDecoder _decoder = new();
    private readonly Dictionary<Symbol, Levels> _books = [];

    /// <summary>The best bid and ask seen last; keeps the work from being optimised away.</summary>
    public (decimal Bid, decimal Ask) LastTop { get; private set; }

    public void Apply(IReadOnlyList<Frame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        for (var i = 0; i < frames.Count; i++) _decoder.Decode(frames[i].Bytes, this);
    }

    public override void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
    {
        if (!_books.TryGetValue(symbol, out var book)) _books[symbol] = book = new Levels();
        if (action == BookAction.Snapshot) book.Clear();
        foreach (ref readonly var row in rows)
        {
            if (action == BookAction.Delete) book.Delete(row.Side, row.Id);
            else book.Set(row);
        }

        LastTop = book.Top;
    }

    private sealed class Levels
    {
        private readonly Dictionary<(Side Side, long Id), (decimal Price, long Size)> _byId = [];
        private readonly SortedDictionary<decimal, long> _bids = new(Descending);
        private readonly SortedDictionary<decimal, long> _asks = [];

        public (decimal, decimal) Top => (First(_bids), First(_asks));

        public void Clear()
        {
            _byId.Clear();
            _bids.Clear();
            _asks.Clear();
        }

        public void Set(in BookRow row)
        {
            var (price, size) = (row.Price, row.Size);
            if (_byId.TryGetValue((row.Side, row.Id), out var known))
            {
                Take(row.Side, known);
                price ??= known.Price;
                size ??= known.Size;
            }

            _byId[(row.Side, row.Id)] = (price ?? 0, size ?? 0);
            var levels = Of(row.Side);
            levels[price ?? 0] = levels.GetValueOrDefault(price ?? 0) + (size ?? 0);
        }

        public void Delete(Side side, long id)
        {
            if (_byId.Remove((side, id), out var known)) Take(side, known);
        }

        private void Take(Side side, (decimal Price, long Size) known)
        {
            var levels = Of(side);
            var left = levels.GetValueOrDefault(known.Price) - known.Size;
            if (left > 0) levels[known.Price] = left;
            else levels.Remove(known.Price);
        }

        private SortedDictionary<decimal, long> Of(Side side) => side == Side.Buy ? _bids : _asks;

        private static decimal First(SortedDictionary<decimal, long> levels)
        {
            using var enumerator = levels.GetEnumerator();
            return enumerator.MoveNext() ? enumerator.Current.Key : 0;
        }
    }
}
