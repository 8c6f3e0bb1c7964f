using System.Runtime.InteropServices;
using Actors.Domain.Instruments;

namespace Actors.Domain.Books;

/// <summary>
/// Owns one side of a book: levels by identifier, and their sizes summed by price in an array sorted with the best price last, because
/// nearly all changes happen near the best and then move few elements. Allocates only to grow.
/// </summary>
internal sealed class BookSide(Side side)
{
    private readonly Dictionary<long, Entry> _byId = [];
    private Aggregate[] _sorted = new Aggregate[64];
    private int _count;

    /// <summary>Distinct prices.</summary>
    public int Levels => _count;

    public BookLevel? Best => _count == 0 ? null : Level(_count - 1);

    public IEnumerable<BookLevel> FromBest(int depth)
    {
        for (var i = _count - 1; i >= 0 && depth > 0; i--, depth--) yield return Level(i);
    }

    public void Clear()
    {
        _byId.Clear();
        _count = 0;
    }

    public bool Find(long id, out Price price, out long size)
    {
        var found = _byId.TryGetValue(id, out var entry);
        (price, size) = (entry.Price, entry.Size);
        return found;
    }

    public bool Insert(long id, Price price, long size)
    {
        if (!_byId.TryAdd(id, new Entry(price, size))) return false;
        Add(price, size);
        return true;
    }

    public void Change(long id, Price price, long size)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byId, id);
        if (entry.Price == price)
        {
            _sorted[Search(Key(price))].Size += size - entry.Size;
        }
        else
        {
            Remove(entry.Price, entry.Size);
            Add(price, size);
        }

        entry = new Entry(price, size);
    }

    public bool Delete(long id)
    {
        if (!_byId.Remove(id, out var entry)) return false;
        Remove(entry.Price, entry.Size);
        return true;
    }

    private void Add(Price price, long size)
    {
        var key = Key(price);
        var index = Search(key);
        if (index >= 0)
        {
            _sorted[index].Size += size;
            _sorted[index].Entries++;
            return;
        }

        index = ~index;
        if (_count == _sorted.Length) Array.Resize(ref _sorted, _count * 2);
        Array.Copy(_sorted, index, _sorted, index + 1, _count - index);
        _sorted[index] = new Aggregate { Key = key, Size = size, Entries = 1 };
        _count++;
    }

    private void Remove(Price price, long size)
    {
        var index = Search(Key(price));
        ref var level = ref _sorted[index];
        level.Size -= size;
        if (--level.Entries > 0) return;
        _count--;
        Array.Copy(_sorted, index + 1, _sorted, index, _count - index);
    }

    private int Search(long key)
    {
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var found = _sorted[middle].Key;
            if (found == key) return middle;
            if (found < key) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private long Key(Price price) => side == Side.Buy ? price.Ticks : -price.Ticks;

    private BookLevel Level(int index) =>
        new(new Price(side == Side.Buy ? _sorted[index].Key : -_sorted[index].Key), new Quantity(_sorted[index].Size));

    private readonly record struct Entry(Price Price, long Size);

    private struct Aggregate
    {
        public long Key;
        public long Size;
        public int Entries;
    }
}
