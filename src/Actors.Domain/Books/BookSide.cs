using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Actors.Domain.Instruments;

namespace Actors.Domain.Books;

/// <summary>
/// Owns one side of a book: levels by identifier, and their sizes summed by price in an array sorted with the best price last, because
/// nearly all changes happen near the best and then move few elements. There is room at both ends of the array, so that a snapshot sent best
/// first moves none at all. Allocates only to grow.
/// </summary>
internal sealed class BookSide(Side side)
{
    private readonly Dictionary<long, Entry> _byId = [];
    private Aggregate[] _sorted = new Aggregate[64];
    private int _start;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Find(long id, out Price price, out long size)
    {
        var found = _byId.TryGetValue(id, out var entry);
        (price, size) = (entry.Price, entry.Size);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Insert(long id, Price price, long size)
    {
        if (!_byId.TryAdd(id, new Entry(price, size))) return false;
        Add(price, size);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Change(long id, Price price, long size)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byId, id);
        if (entry.Price == price)
        {
            At(Search(Key(price))).Size += size - entry.Size;
        }
        else
        {
            Remove(entry.Price, entry.Size);
            Add(price, size);
        }

        entry = new Entry(price, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Delete(long id)
    {
        if (!_byId.Remove(id, out var entry)) return false;
        Remove(entry.Price, entry.Size);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Price price, long size)
    {
        var key = Key(price);
        var index = Search(key);
        if (index >= 0)
        {
            ref var level = ref At(index);
            level.Size += size;
            level.Entries++;
            return;
        }

        Open(~index);
        At(~index) = new Aggregate { Key = key, Size = size, Entries = 1 };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Remove(Price price, long size)
    {
        var index = Search(Key(price));
        ref var level = ref At(index);
        level.Size -= size;
        if (--level.Entries > 0) return;
        _count--;
        if (index < _count - index)
        {
            Array.Copy(_sorted, _start, _sorted, _start + 1, index);
            _start++;
        }
        else
        {
            Array.Copy(_sorted, _start + index + 1, _sorted, _start + index, _count - index);
        }
    }

    /// <summary>Makes a gap at <paramref name="index"/> by moving the shorter part of the array aside.</summary>
    private void Open(int index)
    {
        var before = index < _count - index;
        if (before ? _start == 0 : _start + _count == _sorted.Length) Centre();
        if (before)
        {
            Array.Copy(_sorted, _start, _sorted, _start - 1, index);
            _start--;
        }
        else
        {
            Array.Copy(_sorted, _start + index, _sorted, _start + index + 1, _count - index);
        }

        _count++;
    }

    /// <summary>Puts the levels in the middle of an array of at least twice their number: room for as many again before the next move.</summary>
    private void Centre()
    {
        var to = _count * 2 > _sorted.Length ? new Aggregate[_sorted.Length * 2] : _sorted;
        var start = (to.Length - _count) / 2;
        Array.Copy(_sorted, _start, to, start, _count);
        (_sorted, _start) = (to, start);
    }

    /// <summary>Index of the price, or the complement of where it belongs. Looks from the best price in doubling steps, as most changes are near it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Search(long key)
    {
        int low = 0, high = _count;
        for (var step = 1; high > 0; step *= 2)
        {
            var probe = Math.Max(high - step, 0);
            var found = At(probe).Key;
            if (found == key) return probe;
            if (found < key)
            {
                low = probe + 1;
                break;
            }

            high = probe;
        }

        for (high--; low <= high;)
        {
            var middle = (low + high) >> 1;
            var found = At(middle).Key;
            if (found == key) return middle;
            if (found < key) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    /// <summary>The aggregate at an index; zero is the worst price.</summary>
    private ref Aggregate At(int index) => ref _sorted[_start + index];

    private long Key(Price price) => side == Side.Buy ? price.Ticks : -price.Ticks;

    private BookLevel Level(int index) =>
        new(new Price(side == Side.Buy ? At(index).Key : -At(index).Key), new Quantity(At(index).Size));

    private readonly record struct Entry(Price Price, long Size);

    private struct Aggregate
    {
        public long Key;
        public long Size;
        public int Entries;
    }
}
