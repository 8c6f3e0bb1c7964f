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

/// <summary>A change of one price level since the last publication. The size is zero for a delete.</summary>
internal readonly record struct LevelChange(LevelAction Action, long Id, Side Side, long PriceTicks, long Size);

/// <summary>One price level as it stands.</summary>
internal readonly record struct LevelView(long Id, Side Side, long PriceTicks, long Size, int Orders);

/// <summary>A resting order inside a level's queue: an index-linked node, so that no operation allocates.</summary>
internal struct OrderNode<TOrder>
    where TOrder : class
{
    public TOrder? Order;
    public long Leaves;
    public int Level;
    public int Next;
    public int Previous;
}

/// <summary>A price level: its queue's ends, its size, and what of it has been published.</summary>
internal struct LevelNode
{
    public long Id;
    public long PriceTicks;
    public long Size;
    public long PublishedSize;
    public int Head;
    public int Tail;
    public int Orders;
    public Side Side;
    public bool IsPublished;
    public bool IsDirty;
    public bool IsDetached;
}
