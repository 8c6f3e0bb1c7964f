using Actors.Domain.Instruments;

namespace Actors.Venue.Matching;

/// <summary>
/// Owns the resting orders of one instrument in price-time priority. Levels and orders live in pooled arrays linked by index, so that no
/// operation allocates once the pools have grown. Not thread-safe. It knows quantities and ticks and nothing of money or accounts.
/// </summary>
internal sealed class MatchingBook<TOrder>(Func<long> nextLevelId)
    where TOrder : class
{
    private const int None = -1;

    private readonly PriceLadder _bids = new(Side.Buy);
    private readonly PriceLadder _asks = new(Side.Sell);
    private OrderNode<TOrder>[] _orders = new OrderNode<TOrder>[1024];
    private LevelNode[] _levels = new LevelNode[256];
    private int[] _dirty = new int[256];
    private int _dirtyCount;
    private int _ordersUsed;
    private int _levelsUsed;
    private int _freeOrder = None;
    private int _freeLevel = None;

    public int BidLevels => _bids.Count;

    public int AskLevels => _asks.Count;

    /// <summary>The best price of a side in ticks, or null when the side is empty.</summary>
    public long? Best(Side side)
    {
        var ladder = Ladder(side);
        return ladder.Count == 0 ? null : ladder.BestTicks;
    }

    /// <summary>The level at <paramref name="depth"/> places behind the best of its side; depth must be below the side's levels.</summary>
    public LevelView Level(Side side, int depth) => View(Ladder(side).SlotAt(depth));

    /// <summary>Whether an order on <paramref name="side"/> at <paramref name="limitTicks"/> would trade at once.</summary>
    public bool Crosses(Side side, long limitTicks)
    {
        var opposite = Ladder(side.Opposite());
        return opposite.Count > 0 && Reaches(side, limitTicks, opposite.BestTicks);
    }

    /// <summary>
    /// Contracts that a taker could have up to <paramref name="limitTicks"/>, counted no further than <paramref name="enough"/>.
    /// </summary>
    public long Available(Side taker, long limitTicks, long enough)
    {
        var opposite = Ladder(taker.Opposite());
        var sum = 0L;
        for (var depth = 0; depth < opposite.Count && sum < enough; depth++)
        {
            ref var level = ref _levels[opposite.SlotAt(depth)];
            if (!Reaches(taker, limitTicks, level.PriceTicks)) break;
            sum += level.Size;
        }

        return sum;
    }

    /// <summary>
    /// Trades up to <paramref name="quantity"/> against the other side, best price and oldest order first; returns what is left.
    /// </summary>
    public long Match(Side taker, long limitTicks, long quantity, List<Fill<TOrder>> fills)
    {
        var opposite = Ladder(taker.Opposite());
        while (quantity > 0 && opposite.Count > 0)
        {
            var slot = opposite.BestSlot;
            ref var level = ref _levels[slot];
            if (!Reaches(taker, limitTicks, level.PriceTicks)) break;
            ref var node = ref _orders[level.Head];
            var traded = Math.Min(quantity, node.Leaves);
            quantity -= traded;
            node.Leaves -= traded;
            level.Size -= traded;
            MarkDirty(slot);
            fills.Add(new Fill<TOrder>(node.Order!, level.PriceTicks, traded, node.Leaves == 0));
            if (node.Leaves == 0) Unlink(level.Head);
        }

        return quantity;
    }

    /// <summary>Adds an order at the end of its level's queue; returns the handle to change or remove it by.</summary>
    public int Rest(TOrder order, Side side, long priceTicks, long quantity)
    {
        var slot = Ladder(side).Find(priceTicks);
        if (slot == None) slot = NewLevel(side, priceTicks);
        ref var level = ref _levels[slot];
        var handle = NewOrder();
        _orders[handle] = new OrderNode<TOrder> { Order = order, Leaves = quantity, Level = slot, Next = None, Previous = level.Tail };
        if (level.Tail == None) level.Head = handle;
        else _orders[level.Tail].Next = handle;
        level.Tail = handle;
        level.Orders++;
        level.Size += quantity;
        MarkDirty(slot);
        return handle;
    }

    /// <summary>Takes a resting order out of the book.</summary>
    public void Remove(int handle)
    {
        ref var node = ref _orders[handle];
        ref var level = ref _levels[node.Level];
        level.Size -= node.Leaves;
        MarkDirty(node.Level);
        Unlink(handle);
    }

    /// <summary>Makes a resting order smaller; it keeps its place in the queue. The new size is positive and not above the old.</summary>
    public void Reduce(int handle, long leaves)
    {
        ref var node = ref _orders[handle];
        if (leaves <= 0 || leaves > node.Leaves)
            throw new ArgumentOutOfRangeException(nameof(leaves), leaves, "only to a smaller positive size");
        _levels[node.Level].Size -= node.Leaves - leaves;
        node.Leaves = leaves;
        MarkDirty(node.Level);
    }

    /// <summary>
    /// Hands over what changed since the last call, a level once: deletes, then updates, then inserts, so that a copy that applies them
    /// in this order is never crossed. A level that emptied and came back is a delete and an insert under a new identifier.
    /// </summary>
    public void Publish(List<LevelChange> changes)
    {
        changes.Clear();
        Collect(changes, LevelAction.Delete);
        Collect(changes, LevelAction.Update);
        Collect(changes, LevelAction.Insert);
        for (var i = 0; i < _dirtyCount; i++) Settle(_dirty[i]);
        _dirtyCount = 0;
    }

    /// <summary>The orders of a level, oldest first, with what is left of each. Allocates: for inspection only.</summary>
    public IEnumerable<(TOrder Order, long Leaves)> Queue(Side side, int depth)
    {
        for (var handle = _levels[Ladder(side).SlotAt(depth)].Head; handle != None; handle = _orders[handle].Next)
        {
            yield return (_orders[handle].Order!, _orders[handle].Leaves);
        }
    }

    private static bool Reaches(Side taker, long limitTicks, long ticks) => taker == Side.Buy ? ticks <= limitTicks : ticks >= limitTicks;

    private PriceLadder Ladder(Side side) => side == Side.Buy ? _bids : _asks;

    private LevelView View(int slot)
    {
        ref var level = ref _levels[slot];
        return new LevelView(level.Id, level.Side, level.PriceTicks, level.Size, level.Orders);
    }

    private void Unlink(int handle)
    {
        ref var node = ref _orders[handle];
        ref var level = ref _levels[node.Level];
        if (node.Previous == None) level.Head = node.Next;
        else _orders[node.Previous].Next = node.Next;
        if (node.Next == None) level.Tail = node.Previous;
        else _orders[node.Next].Previous = node.Previous;
        node.Order = null;
        node.Next = _freeOrder;
        _freeOrder = handle;
        if (--level.Orders > 0) return;
        Ladder(level.Side).Remove(level.PriceTicks);
        // The slot is freed when its end has been published.
        level.IsDetached = true;
    }

    private int NewOrder()
    {
        if (_freeOrder == None)
        {
            if (_ordersUsed == _orders.Length) Array.Resize(ref _orders, _ordersUsed * 2);
            return _ordersUsed++;
        }

        var handle = _freeOrder;
        _freeOrder = _orders[handle].Next;
        return handle;
    }

    private int NewLevel(Side side, long priceTicks)
    {
        int slot;
        if (_freeLevel == None)
        {
            if (_levelsUsed == _levels.Length) Array.Resize(ref _levels, _levelsUsed * 2);
            slot = _levelsUsed++;
        }
        else
        {
            slot = _freeLevel;
            _freeLevel = _levels[slot].Head;
        }

        _levels[slot] = new LevelNode { Id = nextLevelId(), PriceTicks = priceTicks, Side = side, Head = None, Tail = None };
        Ladder(side).Insert(priceTicks, slot);
        return slot;
    }

    private void MarkDirty(int slot)
    {
        if (_levels[slot].IsDirty) return;
        _levels[slot].IsDirty = true;
        if (_dirtyCount == _dirty.Length) Array.Resize(ref _dirty, _dirtyCount * 2);
        _dirty[_dirtyCount++] = slot;
    }

    private void Collect(List<LevelChange> changes, LevelAction action)
    {
        for (var i = 0; i < _dirtyCount; i++)
        {
            ref var level = ref _levels[_dirty[i]];
            if (Pending(level) == action) changes.Add(new LevelChange(action, level.Id, level.Side, level.PriceTicks, level.Size));
        }
    }

    private static LevelAction? Pending(in LevelNode level)
    {
        if (level.IsDetached) return level.IsPublished ? LevelAction.Delete : null;
        if (!level.IsPublished) return LevelAction.Insert;
        return level.Size == level.PublishedSize ? null : LevelAction.Update;
    }

    private void Settle(int slot)
    {
        ref var level = ref _levels[slot];
        level.IsDirty = false;
        level.IsPublished = true;
        level.PublishedSize = level.Size;
        if (!level.IsDetached) return;
        level.Head = _freeLevel;
        _freeLevel = slot;
    }
}
