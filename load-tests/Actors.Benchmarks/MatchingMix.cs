using Actors.Domain.Instruments;
using Actors.Venue.Matching;

namespace Actors.Benchmarks;

/// <summary>What a step of the mix asks of a book.</summary>
internal enum MatchingStep
{
    Rest,
    Take,
    Cancel,
    Move,
}

/// <summary>One step: a new order's side, price and contracts, and for a cancel or a move the number of the order among the resting ones.</summary>
internal readonly record struct MatchingOperation(MatchingStep Step, Side Side, long Ticks, long Quantity, int Pick);

/// <summary>
/// The mix of a busy derivatives book: of a hundred operations nine are new limit orders, three take at once, six cancel and
/// eighty-two move an order to another price. Made once from a fixed seed, so that every book does the same.
/// </summary>
internal static class MatchingMix
{
    /// <summary>Resting orders at the start. Takes are large enough that the mix keeps them in the same order of magnitude.</summary>
    public const int Resting = 1_000;

    private const long Middle = 200_000;
    private const int Levels = 400;

    public static MatchingOperation[] Make(int count)
    {
        var random = new Random(20_261_122);
        var operations = new MatchingOperation[count];
        for (var i = 0; i < count; i++)
        {
            var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
            var dice = random.Next(100);
            var step = dice < 9 ? MatchingStep.Rest : dice < 12 ? MatchingStep.Take : dice < 18 ? MatchingStep.Cancel : MatchingStep.Move;
            operations[i] = new MatchingOperation(step, side, Price(random, side, step), random.Next(1, step == MatchingStep.Take ? 200 : 100), random.Next());
        }

        return operations;
    }

    public static MatchingOperation[] Start()
    {
        var random = new Random(7);
        var operations = new MatchingOperation[Resting];
        for (var i = 0; i < Resting; i++)
        {
            var side = i % 2 == 0 ? Side.Buy : Side.Sell;
            operations[i] = new MatchingOperation(MatchingStep.Rest, side, Price(random, side, MatchingStep.Rest), random.Next(1, 100), 0);
        }

        return operations;
    }

    /// <summary>Mostly near the touch; one move in some hundreds reaches through it.</summary>
    private static long Price(Random random, Side side, MatchingStep step)
    {
        var distance = step == MatchingStep.Take ? -random.Next(1, 12) : Math.Min(random.Next(Levels), random.Next(Levels));
        return side == Side.Buy ? Middle - 1 - distance : Middle + distance;
    }
}

/// <summary>A book under the mix: what is the same for every implementation.</summary>
internal interface IMixBook
{
    void Apply(in MatchingOperation operation);

    /// <summary>Contracts traded so far: books that did the same have the same.</summary>
    long Traded { get; }
}

/// <summary>An order of the mix; <see cref="Slot"/> is its place among the resting ones.</summary>
internal sealed class MixOrder
{
    public Side Side { get; set; }

    public long Ticks { get; set; }

    public long Leaves { get; set; }

    public int Slot { get; set; }

    public int Handle { get; set; }

    public LinkedListNode<MixOrder>? Node { get; set; }
}

/// <summary>The orders that rest, to be picked from by number; those that ended are used again, so that the mix itself allocates nothing.</summary>
internal sealed class MixOrders
{
    private readonly List<MixOrder> _resting = new(8 * MatchingMix.Resting);
    private readonly Stack<MixOrder> _free = new(8 * MatchingMix.Resting);

    public MixOrders()
    {
        for (var i = 0; i < 8 * MatchingMix.Resting; i++) _free.Push(new MixOrder());
    }

    public MixOrder Add(Side side, long ticks, long leaves)
    {
        if (!_free.TryPop(out var order)) order = new MixOrder();
        (order.Side, order.Ticks, order.Leaves, order.Slot) = (side, ticks, leaves, _resting.Count);
        _resting.Add(order);
        return order;
    }

    public MixOrder? Pick(int number) => _resting.Count == 0 ? null : _resting[number % _resting.Count];

    public void Remove(MixOrder order)
    {
        var last = _resting[^1];
        _resting[order.Slot] = last;
        last.Slot = order.Slot;
        _resting.RemoveAt(_resting.Count - 1);
        _free.Push(order);
    }
}

/// <summary>The venue's book under the mix.</summary>
internal sealed class VenueMixBook : IMixBook
{
    private readonly MixOrders _orders = new();
    private readonly MatchingBook<MixOrder> _book;
    private readonly List<LevelChange> _changes = new(64);
    private long _level;

    public VenueMixBook() => _book = new MatchingBook<MixOrder>(() => ++_level);

    public long Traded { get; private set; }

    public void Apply(in MatchingOperation operation)
    {
        switch (operation.Step)
        {
            case MatchingStep.Rest: Enter(operation.Side, operation.Ticks, operation.Quantity, true); break;
            case MatchingStep.Take: Enter(operation.Side, operation.Ticks, operation.Quantity, false); break;
            default: Change(operation); break;
        }

        _book.Publish(_changes);
    }

    private void Change(in MatchingOperation operation)
    {
        if (_orders.Pick(operation.Pick) is not { } order) return;
        var (side, leaves) = (order.Side, order.Leaves);
        _book.Remove(order.Handle);
        _orders.Remove(order);
        if (operation.Step == MatchingStep.Move) Enter(side, side == operation.Side ? operation.Ticks : Mirror(operation.Ticks), leaves, true);
    }

    private void Enter(Side side, long ticks, long quantity, bool rests)
    {
        while (quantity > 0 && _book.TryMatch(side, ticks, quantity, out var fill))
        {
            quantity -= fill.Quantity;
            Traded += fill.Quantity;
            fill.Maker.Leaves -= fill.Quantity;
            if (fill.MakerIsDone) _orders.Remove(fill.Maker);
        }

        if (quantity == 0 || !rests) return;
        var order = _orders.Add(side, ticks, quantity);
        order.Handle = _book.Rest(order, side, ticks, quantity);
    }

    /// <summary>The same distance on the other side of the middle.</summary>
    internal static long Mirror(long ticks) => 399_999 - ticks;
}

/// <summary>The book that one writes first: a sorted dictionary of prices a side, a linked list of orders a price.</summary>
internal sealed class SortedDictionaryMixBook : IMixBook
{
    private readonly MixOrders _orders = new();
    private readonly SortedDictionary<long, LinkedList<MixOrder>> _bids = new(Comparer<long>.Create(static (left, right) => right.CompareTo(left)));
    private readonly SortedDictionary<long, LinkedList<MixOrder>> _asks = [];

    public long Traded { get; private set; }

    public void Apply(in MatchingOperation operation)
    {
        switch (operation.Step)
        {
            case MatchingStep.Rest: Enter(operation.Side, operation.Ticks, operation.Quantity, true); break;
            case MatchingStep.Take: Enter(operation.Side, operation.Ticks, operation.Quantity, false); break;
            default: Change(operation); break;
        }
    }

    private void Change(in MatchingOperation operation)
    {
        if (_orders.Pick(operation.Pick) is not { } order) return;
        var (side, leaves) = (order.Side, order.Leaves);
        Remove(order);
        if (operation.Step == MatchingStep.Move)
            Enter(side, side == operation.Side ? operation.Ticks : VenueMixBook.Mirror(operation.Ticks), leaves, true);
    }

    private void Remove(MixOrder order)
    {
        var levels = order.Side == Side.Buy ? _bids : _asks;
        var level = levels[order.Ticks];
        level.Remove(order.Node!);
        if (level.Count == 0) levels.Remove(order.Ticks);
        _orders.Remove(order);
    }

    private void Enter(Side side, long ticks, long quantity, bool rests)
    {
        var opposite = side == Side.Buy ? _asks : _bids;
        while (quantity > 0 && First(opposite) is { } maker && (side == Side.Buy ? maker.Ticks <= ticks : maker.Ticks >= ticks))
        {
            var traded = Math.Min(quantity, maker.Leaves);
            quantity -= traded;
            maker.Leaves -= traded;
            Traded += traded;
            if (maker.Leaves == 0) Remove(maker);
        }

        if (quantity == 0 || !rests) return;
        var order = _orders.Add(side, ticks, quantity);
        var own = side == Side.Buy ? _bids : _asks;
        if (!own.TryGetValue(ticks, out var level)) own.Add(ticks, level = []);
        order.Node = level.AddLast(order);
    }

    private static MixOrder? First(SortedDictionary<long, LinkedList<MixOrder>> levels)
    {
        using var enumerator = levels.GetEnumerator();
        return enumerator.MoveNext() ? enumerator.Current.Value.First!.Value : null;
    }
}
