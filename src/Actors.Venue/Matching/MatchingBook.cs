using Actors.Domain.Instruments;

namespace Actors.Venue.Matching;

/// <summary>
/// Owns the resting orders of one instrument in priority of price, then display, then time: hidden orders stand behind everything that is
/// displayed at their price. An iceberg displays a part; when that is traded it displays the next, at the end of the queue. That hidden
/// quantity stands behind, and that a renewed part is the youngest, is our choice: the venue never published either. Levels and orders
/// live in pooled arrays linked by index, so that no operation allocates once the pools have grown. Not thread-safe. It knows quantities
/// and ticks and nothing of money or accounts.
/// </summary>
internal sealed partial class MatchingBook<TOrder>(Func<long> nextLevelId)
    where TOrder : class
{
    /// <summary>The peak of an order that displays all of itself.</summary>
    public const long AllDisplayed = long.MaxValue;

    private const int None = -1;

    private readonly PriceLadder _bids = new(Side.Buy);
    private readonly PriceLadder _asks = new(Side.Sell);
    private readonly LevelPublication _publication = new();
    private OrderNode<TOrder>[] _orders = new OrderNode<TOrder>[1024];
    private LevelNode[] _levels = new LevelNode[256];
    private int _ordersUsed;
    private int _levelsUsed;
    private int _freeOrder = None;
    private int _freeLevel = None;

    /// <summary>Bid levels that display something.</summary>
    public int BidLevels => _bids.Count - _bids.Invisible;

    /// <summary>Ask levels that display something.</summary>
    public int AskLevels => _asks.Count - _asks.Invisible;

    /// <summary>The best displayed price of a side in ticks, or null when the side displays nothing.</summary>
    public long? Best(Side side)
    {
        var ladder = Ladder(side);
        return ladder.Count == ladder.Invisible ? null : _levels[VisibleSlot(ladder, 0)].PriceTicks;
    }

    /// <summary>
    /// The displayed level at <paramref name="depth"/> places behind the best of its side; depth must be below the side's levels.
    /// </summary>
    public LevelView Level(Side side, int depth)
    {
        ref var level = ref _levels[VisibleSlot(Ladder(side), depth)];
        return new LevelView(level.Id, level.Side, level.PriceTicks, level.Size);
    }

    /// <summary>Levels of a side, those that display nothing included.</summary>
    public int Depth(Side side) => Ladder(side).Count;

    /// <summary>
    /// Price in ticks and contracts, hidden ones included, of the level at <paramref name="depth"/>, which is below <see cref="Depth"/>.
    /// </summary>
    public (long PriceTicks, long Quantity) Whole(Side side, int depth)
    {
        ref var level = ref _levels[Ladder(side).SlotAt(depth)];
        return (level.PriceTicks, level.Size + level.Hidden);
    }

    /// <summary>Whether an order on <paramref name="side"/> at <paramref name="limitTicks"/> would trade at once.</summary>
    public bool Crosses(Side side, long limitTicks)
    {
        var opposite = Ladder(side.Opposite());
        return opposite.Count > 0 && Reaches(side, limitTicks, opposite.BestTicks);
    }

    /// <summary>
    /// Contracts that a taker could have up to <paramref name="limitTicks"/>, hidden ones included, counted no further than
    /// <paramref name="enough"/>.
    /// </summary>
    public long Available(Side taker, long limitTicks, long enough)
    {
        var sum = 0L;
        for (var depth = 0; depth < Depth(taker.Opposite()) && sum < enough; depth++)
        {
            var (ticks, quantity) = Whole(taker.Opposite(), depth);
            if (!Reaches(taker, limitTicks, ticks)) break;
            sum += quantity;
        }

        return sum;
    }

    /// <summary>
    /// Trades at most <paramref name="quantity"/> against the one resting order that is first in line; false when none is within the
    /// limit. Between two calls anything in the book may change.
    /// </summary>
    public bool TryMatch(Side taker, long limitTicks, long quantity, out Fill<TOrder> fill)
    {
        var opposite = Ladder(taker.Opposite());
        if (opposite.Count == 0 || !Reaches(taker, limitTicks, opposite.BestTicks))
        {
            fill = default;
            return false;
        }

        var slot = opposite.BestSlot;
        ref var level = ref _levels[slot];
        var isDark = level.Displayed.Head == None;
        var handle = isDark ? level.Dark.Head : level.Displayed.Head;
        ref var node = ref _orders[handle];
        var traded = Math.Min(quantity, isDark ? node.Leaves : node.Shown);
        fill = new Fill<TOrder>(node.Order!, level.PriceTicks, traded, traded == node.Leaves);
        node.Leaves -= traded;
        if (isDark) level.Hidden -= traded;
        else Display(ref level, ref node, node.Shown - traded);
        MarkDirty(slot);
        if (node.Leaves == 0) Unlink(handle);
        else if (!isDark && node.Shown == 0) Renew(ref level, handle);
        return true;
    }

    /// <summary>
    /// Adds an order at the end of its queue; returns the handle to change or remove it by. It displays <paramref name="peak"/> contracts
    /// at a time; zero hides it.
    /// </summary>
    public int Rest(TOrder order, Side side, long priceTicks, long quantity, long peak = AllDisplayed)
    {
        var slot = Ladder(side).Find(priceTicks);
        if (slot == None) slot = NewLevel(side, priceTicks, nextLevelId());
        ref var level = ref _levels[slot];
        var handle = NewOrder();
        _orders[handle] = new OrderNode<TOrder> { Order = order, Leaves = quantity, Level = slot, Peak = peak };
        Append(ref peak == 0 ? ref level.Dark : ref level.Displayed, handle);
        level.Orders++;
        level.Hidden += quantity;
        Show(ref level, ref _orders[handle], Math.Min(peak, quantity));
        MarkDirty(slot);
        return handle;
    }

    /// <summary>Takes a resting order out of the book.</summary>
    public void Remove(int handle)
    {
        ref var node = ref _orders[handle];
        ref var level = ref _levels[node.Level];
        level.Hidden -= node.Leaves - node.Shown;
        Display(ref level, ref node, 0);
        MarkDirty(node.Level);
        Unlink(handle);
    }

    /// <summary>
    /// Makes a resting order smaller, what is not displayed first; it keeps its place in the queue. The new size is positive and not
    /// above the old.
    /// </summary>
    public void Reduce(int handle, long leaves)
    {
        ref var node = ref _orders[handle];
        if (leaves <= 0 || leaves > node.Leaves)
            throw new ArgumentOutOfRangeException(nameof(leaves), leaves, "only to a smaller positive size");
        ref var level = ref _levels[node.Level];
        var shown = Math.Min(node.Shown, leaves);
        level.Hidden += leaves - shown - (node.Leaves - node.Shown);
        node.Leaves = leaves;
        Display(ref level, ref node, shown);
        MarkDirty(node.Level);
    }

    /// <summary>
    /// Hands over what changed of what is displayed since the last call, a level once: deletes, then updates, then inserts, so that a
    /// copy that applies them in this order is never crossed. A level that emptied and came back is a delete and an insert under a new
    /// identifier.
    /// </summary>
    public void Publish(List<LevelChange> changes)
    {
        _publication.Collect(_levels, changes);
        foreach (var slot in _publication.Dirty) Settle(slot);
        _publication.Clear();
    }

    /// <summary>
    /// The orders of a level in priority, with what is left of each and what it displays. Allocates: for inspection only.
    /// </summary>
    public IEnumerable<(TOrder Order, long Leaves, long Shown)> Queue(Side side, int depth)
    {
        var slot = Ladder(side).SlotAt(depth);
        for (var dark = false; ; dark = true)
        {
            for (var handle = dark ? _levels[slot].Dark.Head : _levels[slot].Displayed.Head; handle != None; handle = _orders[handle].Next)
            {
                yield return (_orders[handle].Order!, _orders[handle].Leaves, _orders[handle].Shown);
            }

            if (dark) yield break;
        }
    }

    private static bool Reaches(Side taker, long limitTicks, long ticks) => taker == Side.Buy ? ticks <= limitTicks : ticks >= limitTicks;

    private PriceLadder Ladder(Side side) => side == Side.Buy ? _bids : _asks;

    private int VisibleSlot(PriceLadder ladder, int depth)
    {
        if (ladder.Invisible == 0) return ladder.SlotAt(depth);
        for (var at = 0; ; at++)
        {
            var slot = ladder.SlotAt(at);
            if (_levels[slot].Size > 0 && depth-- == 0) return slot;
        }
    }

    /// <summary>Moves quantity that was kept back onto the display.</summary>
    private void Show(ref LevelNode level, ref OrderNode<TOrder> node, long shown)
    {
        level.Hidden -= shown;
        Display(ref level, ref node, shown);
    }

    /// <summary>Sets what an order displays, and keeps count of levels that display nothing.</summary>
    private void Display(ref LevelNode level, ref OrderNode<TOrder> node, long shown)
    {
        var wasVisible = level.Size > 0;
        level.Size += shown - node.Shown;
        node.Shown = shown;
        if (wasVisible != level.Size > 0) Ladder(level.Side).Invisible += wasVisible ? 1 : -1;
    }

    private void Renew(ref LevelNode level, int handle)
    {
        ref var node = ref _orders[handle];
        Show(ref level, ref node, Math.Min(node.Peak, node.Leaves));
        if (level.Displayed.Tail == handle) return;
        Detach(ref level.Displayed, handle);
        Append(ref level.Displayed, handle);
    }

    private void Append(ref OrderQueue queue, int handle)
    {
        ref var node = ref _orders[handle];
        node.Next = None;
        node.Previous = queue.Tail;
        if (queue.Tail == None) queue.Head = handle;
        else _orders[queue.Tail].Next = handle;
        queue.Tail = handle;
    }

    private void Detach(ref OrderQueue queue, int handle)
    {
        ref var node = ref _orders[handle];
        if (node.Previous == None) queue.Head = node.Next;
        else _orders[node.Previous].Next = node.Next;
        if (node.Next == None) queue.Tail = node.Previous;
        else _orders[node.Next].Previous = node.Previous;
    }

    private void Unlink(int handle)
    {
        ref var node = ref _orders[handle];
        ref var level = ref _levels[node.Level];
        Detach(ref node.Peak == 0 ? ref level.Dark : ref level.Displayed, handle);
        node.Order = null;
        node.Next = _freeOrder;
        _freeOrder = handle;
        if (--level.Orders > 0) return;
        var ladder = Ladder(level.Side);
        ladder.Invisible--;
        ladder.Remove(level.PriceTicks);
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

    private int NewLevel(Side side, long priceTicks, long id)
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
            _freeLevel = _levels[slot].Displayed.Head;
        }

        var empty = new OrderQueue { Head = None, Tail = None };
        _levels[slot] = new LevelNode { Id = id, PriceTicks = priceTicks, Side = side, Displayed = empty, Dark = empty };
        var ladder = Ladder(side);
        ladder.Insert(priceTicks, slot);
        ladder.Invisible++;
        return slot;
    }

    private void MarkDirty(int slot)
    {
        if (_levels[slot].IsDirty) return;
        _levels[slot].IsDirty = true;
        _publication.Add(slot);
    }

    private void Settle(int slot)
    {
        ref var level = ref _levels[slot];
        level.IsDirty = false;
        // What comes back to a level that was deleted is a new level to whoever sees only the display.
        if (level is { IsPublished: true, IsVisible: false, IsDetached: false }) level.Id = nextLevelId();
        level.IsPublished = level.IsVisible;
        level.PublishedSize = level.Size;
        if (!level.IsDetached) return;
        level.Displayed.Head = _freeLevel;
        _freeLevel = slot;
    }
}
