using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Actors.Domain.Instruments;

namespace Actors.Domain.Books;

/// <summary>
/// Owns one side of a book: levels by identifier, and their sizes summed by price in arrays sorted with the best price last, because
/// nearly all changes happen near the best and then move few elements. There is room at both ends of the arrays, so that a snapshot sent best
/// first moves none at all. Allocates only to grow.
/// </summary>
internal sealed class BookSide(Side side)
{
    private const int NearStep = 8;
    private const int NearTries = 4;

    private readonly Dictionary<long, Entry> _byId = [];
    private long[] _keys = new long[64];
    private Amount[] _amounts = new Amount[64];
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

    public bool Insert(long id, Price price, long size)
    {
        var key = Key(price);
        if (!_byId.TryAdd(id, new Entry(key, size))) return false;
        Add(key, size);
        return true;
    }

    /// <summary>Changes a level: false when it is not there. What is null stays as it is.</summary>
    public bool Change(long id, Price? newPrice, long? newSize)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byId, id);
        if (Unsafe.IsNullRef(ref entry)) return false;
        var key = newPrice is { } price ? Key(price) : entry.Key;
        var size = newSize ?? entry.Size;
        if (entry.Key == key)
        {
            _amounts[_start + Search(key)].Size += size - entry.Size;
        }
        else
        {
            Remove(entry.Key, entry.Size);
            Add(key, size);
        }

        entry = new Entry(key, size);
        return true;
    }

    public bool Contains(long id) => _byId.ContainsKey(id);

    public bool Delete(long id)
    {
        if (!_byId.Remove(id, out var entry)) return false;
        Remove(entry.Key, entry.Size);
        return true;
    }

    private void Add(long key, long size)
    {
        var index = Search(key);
        if (index >= 0)
        {
            ref var amount = ref _amounts[_start + index];
            amount.Size += size;
            amount.Entries++;
            return;
        }

        Open(~index);
        (_keys[_start + ~index], _amounts[_start + ~index]) = (key, new Amount { Size = size, Entries = 1 });
    }

    private void Remove(long key, long size)
    {
        var index = Search(key);
        ref var amount = ref _amounts[_start + index];
        amount.Size -= size;
        if (--amount.Entries > 0) return;
        _count--;
        if (index < _count - index) Move(_start, ++_start, index);
        else Move(_start + index + 1, _start + index, _count - index);
    }

    /// <summary>Makes a gap at <paramref name="index"/> by moving the shorter part of the arrays aside.</summary>
    private void Open(int index)
    {
        var before = index < _count - index;
        if (before ? _start == 0 : _start + _count == _keys.Length) Centre();
        if (before) Move(_start, --_start, index);
        else Move(_start + index, _start + index + 1, _count - index);
        _count++;
    }

    /// <summary>By one place, up or down. Near the best price there is so little to move that calling for it costs more than the moving.</summary>
    private void Move(int from, int to, int count)
    {
        var (keys, amounts) = (_keys, _amounts);
        if (count > NearStep)
        {
            keys.AsSpan(from, count).CopyTo(keys.AsSpan(to));
            amounts.AsSpan(from, count).CopyTo(amounts.AsSpan(to));
        }
        else if (to < from)
        {
            for (var i = from; i < from + count; i++) (keys[i - 1], amounts[i - 1]) = (keys[i], amounts[i]);
        }
        else
        {
            for (var i = from + count; i > from; i--) (keys[i], amounts[i]) = (keys[i - 1], amounts[i - 1]);
        }
    }

    /// <summary>Puts the levels in the middle of arrays of at least twice their number: room for as many again before the next move.</summary>
    private void Centre()
    {
        var length = _count * 2 > _keys.Length ? _keys.Length * 2 : _keys.Length;
        var (keys, amounts) = length > _keys.Length ? (new long[length], new Amount[length]) : (_keys, _amounts);
        var start = (length - _count) / 2;
        Array.Copy(_keys, _start, keys, start, _count);
        Array.Copy(_amounts, _start, amounts, start, _count);
        (_keys, _amounts, _start) = (keys, amounts, start);
    }

    /// <summary>
    /// Index of the price, or the complement of where it belongs. Looks at the best prices eight at a time, as most changes are near them: how many are not worse is
    /// counted without a branch that could be guessed wrong.
    /// </summary>
    private int Search(long key)
    {
        var keys = _keys.AsSpan(_start, _count);
        var (end, wanted) = (keys.Length, Vector256.Create(key));
        for (var tries = 0; tries < NearTries && end >= NearStep; tries++)
        {
            var near = keys.Slice(end - NearStep, NearStep);
            var notWorse = BitOperations.PopCount(
                Vector256.GreaterThanOrEqual(Vector256.Create(near), wanted).ExtractMostSignificantBits()
                | (Vector256.GreaterThanOrEqual(Vector256.Create(near[(NearStep / 2)..]), wanted).ExtractMostSignificantBits() << (NearStep / 2)));
            end -= notWorse;
            if (notWorse < NearStep) return (uint)end < (uint)keys.Length && keys[end] == key ? end : ~end;
        }

        var found = keys[..end].BinarySearch(key);
        return ~found == end && end < keys.Length && keys[end] == key ? end : found;
    }

    private long Key(Price price) => side == Side.Buy ? price.Ticks : -price.Ticks;

    private BookLevel Level(int index)
    {
        var key = _keys[_start + index];
        return new(new Price(side == Side.Buy ? key : -key), new Quantity(_amounts[_start + index].Size));
    }

    private readonly record struct Entry(long Key, long Size);

    private struct Amount
    {
        public long Size;
        public int Entries;
    }
}
