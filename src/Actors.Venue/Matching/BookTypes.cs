using Actors.Domain.Instruments;

namespace Actors.Venue.Matching;

/// <summary>One trade of a match: the resting order, the price it rested at in ticks, and the contracts exchanged.</summary>
internal readonly record struct Fill<TOrder>(TOrder Maker, long PriceTicks, long Quantity, bool MakerIsDone)
    where TOrder : class;

/// <summary>What the publication of a level does to a client's copy of it.</summary>
internal enum LevelAction
{
    Delete = 1,
    Update = 2,
    Insert = 3,
}

/// <summary>A change of one price level since the last publication. The size is what is displayed; zero for a delete.</summary>
internal readonly record struct LevelChange(LevelAction Action, long Id, Side Side, long PriceTicks, long Size);

/// <summary>One price level as everybody may see it: what its orders display.</summary>
internal readonly record struct LevelView(long Id, Side Side, long PriceTicks, long Size);

/// <summary>
/// A resting order inside a level's queue: an index-linked node, so that no operation allocates. <see cref="Leaves"/> is all of it,
/// <see cref="Shown"/> the part that is displayed now, <see cref="Peak"/> the most that is displayed at once: zero for a hidden order.
/// </summary>
internal struct OrderNode<TOrder>
    where TOrder : class
{
    public TOrder? Order;
    public long Leaves;
    public long Shown;
    public long Peak;
    public int Level;
    public int Next;
    public int Previous;
}

/// <summary>One first-in-first-out queue of a level, as the indices of its ends.</summary>
internal struct OrderQueue
{
    public int Head;
    public int Tail;
}

/// <summary>
/// A price level: its two queues, what they display and what they keep back, and what of it has been published.
/// </summary>
internal struct LevelNode
{
    public long Id;
    public long PriceTicks;
    public long Size;
    public long Hidden;
    public long PublishedSize;
    public OrderQueue Displayed;
    public OrderQueue Dark;
    public int Orders;
    public Side Side;
    public bool IsPublished;
    public bool IsDirty;
    public bool IsDetached;

    /// <summary>Whether anybody may know of it.</summary>
    public readonly bool IsVisible => !IsDetached && Size > 0;
}
