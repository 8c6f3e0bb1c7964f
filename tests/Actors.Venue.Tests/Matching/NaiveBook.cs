using Actors.Domain.Instruments;

namespace Actors.Venue.Tests.Matching;

/// <summary>
/// The oracle: a list of orders in order of time, searched from the start each time. Of the best price the first displayed order trades,
/// and only when there is none the first hidden one; an iceberg whose displayed part is gone goes to the end of the list.
/// </summary>
internal sealed class NaiveBook
{
    private readonly List<NaiveOrder> _orders = [];

    public int Count => _orders.Count;

    public NaiveOrder this[int index] => _orders[index];

    /// <summary>The next fill of a taker; null when nothing is within its limit.</summary>
    public (NaiveOrder Maker, long Quantity)? Match(Side taker, long limit, long quantity)
    {
        if (First(taker) is not { } maker || (taker == Side.Buy ? maker.Ticks > limit : maker.Ticks < limit)) return null;
        var traded = Math.Min(quantity, maker.IsHidden ? maker.Leaves : maker.Shown);
        maker.Leaves -= traded;
        maker.Shown -= maker.IsHidden ? 0 : traded;
        if (maker.Leaves == 0) _orders.Remove(maker);
        else if (!maker.IsHidden && maker.Shown == 0) Renew(maker);
        return (maker, traded);
    }

    public NaiveOrder Rest(NaiveOrder order)
    {
        order.Shown = Math.Min(order.Peak, order.Leaves);
        _orders.Add(order);
        return order;
    }

    public bool Remove(NaiveOrder order) => _orders.Remove(order);

    public static void Reduce(NaiveOrder order, long leaves)
    {
        order.Leaves = leaves;
        order.Shown = Math.Min(order.Shown, leaves);
    }

    /// <summary>Contracts within a taker's limit, hidden ones included.</summary>
    public long Available(Side taker, long limit)
    {
        var sum = 0L;
        foreach (var order in _orders)
        {
            if (order.Side != taker && (taker == Side.Buy ? order.Ticks <= limit : order.Ticks >= limit)) sum += order.Leaves;
        }

        return sum;
    }

    /// <summary>Price and displayed size of each level that displays something, best first.</summary>
    public IReadOnlyList<(long Ticks, long Size)> Displayed(Side side) =>
    [
        .. _orders.Where(order => order.Side == side && order.Shown > 0)
            .GroupBy(order => order.Ticks)
            .OrderBy(level => side == Side.Buy ? -level.Key : level.Key)
            .Select(level => (level.Key, level.Sum(order => order.Shown))),
    ];

    /// <summary>Price and queue of each level, best first.</summary>
    public IReadOnlyList<string> Levels(Side side) =>
    [
        .. _orders.Where(order => order.Side == side)
            .GroupBy(order => order.Ticks)
            .OrderBy(level => side == Side.Buy ? -level.Key : level.Key)
            .Select(level => $"{level.Key}: {string.Join(' ', level.OrderBy(order => order.IsHidden).Select(order => $"{order.Id}={order.Leaves}/{order.Shown}"))}"),
    ];

    private NaiveOrder? First(Side taker)
    {
        NaiveOrder? best = null;
        foreach (var order in _orders)
        {
            if (order.Side == taker) continue;
            var better = best is null ? 1 : (taker == Side.Buy ? best.Ticks - order.Ticks : order.Ticks - best.Ticks);
            if (better > 0 || (better == 0 && best!.IsHidden && !order.IsHidden)) best = order;
        }

        return best;
    }

    private void Renew(NaiveOrder order)
    {
        _orders.Remove(order);
        Rest(order);
    }
}

/// <summary>An order of the oracle.</summary>
internal sealed class NaiveOrder(long id, Side side, long ticks)
{
    public long Id { get; } = id;

    public Side Side { get; } = side;

    public long Ticks { get; set; } = ticks;

    public long Leaves { get; set; }

    public long Shown { get; set; }

    public long Peak { get; init; } = long.MaxValue;

    public bool IsHidden => Peak == 0;

    /// <summary>The fast book's handle for the same order.</summary>
    public int Handle { get; set; }

    public override string ToString() => $"{Id}";
}
