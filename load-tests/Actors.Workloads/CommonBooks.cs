using System.Text.Json;

namespace Actors.Workloads;

/// <summary>
/// What would otherwise be written: <see cref="JsonSerializer"/> into classes, levels in a dictionary by identifier, sizes by price in a
/// <see cref="SortedDictionary{TKey, TValue}"/> a side, and a look at the best of both after every message.
/// </summary>
public sealed class CommonBooks
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private static readonly Comparer<decimal> Descending = Comparer<decimal>.Create((left, right) => right.CompareTo(left));

    private readonly Dictionary<string, Book> _books = [];

    /// <summary>The best bid seen last; keeps the work from being optimised away.</summary>
    public decimal LastBid { get; private set; }

    public void Apply(IReadOnlyList<Frame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        for (var i = 0; i < frames.Count; i++) Apply(frames[i].Bytes);
    }

    public void Apply(ReadOnlySpan<byte> frame)
    {
        var message = JsonSerializer.Deserialize<Message>(frame, Options);
        if (message is not { Data: [var first, ..] rows }) return;
        if (!_books.TryGetValue(first.Symbol, out var book)) _books[first.Symbol] = book = new Book();
        if (message.Action == "partial") book.Clear();
        foreach (var row in rows)
        {
            if (message.Action == "delete") book.Delete(row);
            else book.Set(row);
        }

        LastBid = book.BestBid;
    }

    internal sealed class Message
    {
        public string Table { get; set; } = string.Empty;

        public string Action { get; set; } = string.Empty;

        public List<Row> Data { get; set; } = [];
    }

    internal sealed class Row
    {
        public string Symbol { get; set; } = string.Empty;

        public long Id { get; set; }

        public string Side { get; set; } = string.Empty;

        public long? Size { get; set; }

        public decimal? Price { get; set; }

        public DateTimeOffset Timestamp { get; set; }
    }

    private sealed class Book
    {
        private readonly Dictionary<(string Side, long Id), Row> _byId = [];
        private readonly SortedDictionary<decimal, long> _bids = new(Descending);
        private readonly SortedDictionary<decimal, long> _asks = [];

        public decimal BestBid => _bids.Count > 0 && _asks.Count > 0 ? Math.Min(_bids.First().Key, _asks.First().Key) : 0;

        public void Clear()
        {
            _byId.Clear();
            _bids.Clear();
            _asks.Clear();
        }

        public void Set(Row row)
        {
            if (_byId.TryGetValue((row.Side, row.Id), out var known))
            {
                Take(known);
                row.Price ??= known.Price;
                row.Size ??= known.Size;
            }

            _byId[(row.Side, row.Id)] = row;
            var side = Side(row);
            side[row.Price ?? 0] = side.GetValueOrDefault(row.Price ?? 0) + (row.Size ?? 0);
        }

        public void Delete(Row row)
        {
            if (_byId.Remove((row.Side, row.Id), out var known)) Take(known);
        }

        private void Take(Row row)
        {
            var side = Side(row);
            var left = side.GetValueOrDefault(row.Price ?? 0) - (row.Size ?? 0);
            if (left > 0) side[row.Price ?? 0] = left;
            else side.Remove(row.Price ?? 0);
        }

        private SortedDictionary<decimal, long> Side(Row row) => row.Side == "Buy" ? _bids : _asks;
    }
}
