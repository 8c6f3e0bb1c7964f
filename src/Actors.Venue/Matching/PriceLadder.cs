using Actors.Domain.Instruments;

namespace Actors.Venue.Matching;

/// <summary>
/// The prices of one side, sorted with the best last because nearly all changes happen near the best and then move few elements.
/// Maps a price to the slot of its level. Allocates only to grow.
/// </summary>
internal sealed class PriceLadder(Side side)
{
    private long[] _keys = new long[256];
    private int[] _slots = new int[256];

    /// <summary>Distinct prices.</summary>
    public int Count { get; private set; }

    /// <summary>How many of the levels display nothing: kept by the book, which knows.</summary>
    public int Invisible { get; set; }

    /// <summary>The slot of the best level; only while <see cref="Count"/> is positive.</summary>
    public int BestSlot => _slots[Count - 1];

    /// <summary>The slot of the level that is <paramref name="depth"/> places behind the best.</summary>
    public int SlotAt(int depth) => _slots[Count - 1 - depth];

    /// <summary>The best price in ticks; only while <see cref="Count"/> is positive.</summary>
    public long BestTicks => Ticks(_keys[Count - 1]);

    public int Find(long ticks)
    {
        var index = Search(Key(ticks));
        return index >= 0 ? _slots[index] : -1;
    }

    public void Insert(long ticks, int slot)
    {
        var key = Key(ticks);
        var index = ~Search(key);
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _slots, Count * 2);
        }

        Array.Copy(_keys, index, _keys, index + 1, Count - index);
        Array.Copy(_slots, index, _slots, index + 1, Count - index);
        _keys[index] = key;
        _slots[index] = slot;
        Count++;
    }

    public void Remove(long ticks)
    {
        var index = Search(Key(ticks));
        Count--;
        Array.Copy(_keys, index + 1, _keys, index, Count - index);
        Array.Copy(_slots, index + 1, _slots, index, Count - index);
    }

    private int Search(long key)
    {
        int low = 0, high = Count - 1;
        // The best price is asked for most: look there first.
        if (high >= 0 && _keys[high] == key) return high;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var found = _keys[middle];
            if (found == key) return middle;
            if (found < key) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private long Key(long ticks) => side == Side.Buy ? ticks : -ticks;

    private long Ticks(long key) => side == Side.Buy ? key : -key;
}
