using Actors.Domain.Instruments;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Matching;

internal sealed partial class MatchingBook<TOrder>
{
    /// <summary>
    /// Passes every level with its identifier and its queues. When reading the book is new, and <paramref name="placed"/> gets each order with
    /// its handle. Throws <see cref="InvalidOperationException"/> when changes have not been published yet.
    /// </summary>
    public void Pass(StateStream state, Func<TOrder?, TOrder> pass, Action<TOrder, int> placed)
    {
        if (_publication.Dirty.Length > 0) throw new InvalidOperationException("changes of the book have not been published");
        foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            var ladder = Ladder(side);
            var count = state.Count(ladder.Count);
            // The worst first, so that each one that is read is put behind those before it.
            for (var depth = count - 1; depth >= 0; depth--) PassLevel(state, side, state.IsReading ? None : ladder.SlotAt(depth), pass, placed);
        }
    }

    private void PassLevel(StateStream state, Side side, int slot, Func<TOrder?, TOrder> pass, Action<TOrder, int> placed)
    {
        var known = slot == None ? default : _levels[slot];
        var (id, ticks) = (state.Pass(known.Id), state.Pass(known.PriceTicks));
        if (slot == None) slot = NewLevel(side, ticks, id);
        PassQueue(state, slot, isDark: false, pass, placed);
        PassQueue(state, slot, isDark: true, pass, placed);
        ref var level = ref _levels[slot];
        level.IsPublished = state.Pass(level.IsPublished);
        level.PublishedSize = state.Pass(level.PublishedSize);
    }

    private void PassQueue(StateStream state, int slot, bool isDark, Func<TOrder?, TOrder> pass, Action<TOrder, int> placed)
    {
        var count = state.Count(Length(slot, isDark));
        var next = isDark ? _levels[slot].Dark.Head : _levels[slot].Displayed.Head;
        for (var i = 0; i < count; i++)
        {
            var node = state.IsReading ? default : _orders[next];
            var order = pass(node.Order);
            var (leaves, shown, peak) = (state.Pass(node.Leaves), state.Pass(node.Shown), state.Pass(node.Peak));
            next = node.Next;
            if (state.IsReading) placed(order, Put(slot, isDark, order, leaves, shown, peak));
        }
    }

    private int Put(int slot, bool isDark, TOrder order, long leaves, long shown, long peak)
    {
        ref var level = ref _levels[slot];
        var handle = NewOrder();
        _orders[handle] = new OrderNode<TOrder> { Order = order, Leaves = leaves, Level = slot, Peak = peak };
        Append(ref isDark ? ref level.Dark : ref level.Displayed, handle);
        level.Orders++;
        level.Hidden += leaves;
        Show(ref level, ref _orders[handle], shown);
        return handle;
    }

    private int Length(int slot, bool isDark)
    {
        var length = 0;
        for (var handle = isDark ? _levels[slot].Dark.Head : _levels[slot].Displayed.Head; handle != None; handle = _orders[handle].Next) length++;
        return length;
    }
}
