using Actors.Domain.Orders;

namespace Actors.Journal.Audit;

/// <summary>The ledger of orders at one of its sequence numbers, and the newest event in it.</summary>
internal readonly record struct OrdersMoment(OrderLedger Ledger, OrderEvent? Newest)
{
    public static readonly OrdersMoment Beginning = new(OrderLedger.Empty, null);
}

/// <summary>
/// The moments of the orders' ledger that those who look at it have not all come to yet, read once for all of them: a ledger is large, and they are never far apart. Bounded: whoever is
/// left behind by more reads for itself. An event that cannot be applied is told to the first who comes to it.
/// </summary>
internal sealed class OrdersHistory(Story story) : IDisposable
{
    public const int KeptMax = 1_024;

    private readonly IEnumerator<(long Sequence, JournalRecord Record)> _records = story.Archive.Read(story.OrdersStream, LedgerFolds.IsOfOrders).GetEnumerator();
    private readonly OrdersMoment?[] _kept = new OrdersMoment?[KeptMax];
    private readonly List<OrdersCursor> _cursors = [];
    private OrdersMoment _last = OrdersMoment.Beginning;

    /// <summary>Nothing before it is kept.</summary>
    private long _first;

    public void Add(OrdersCursor cursor) => _cursors.Add(cursor);

    public void Remove(OrdersCursor cursor) => _cursors.Remove(cursor);

    /// <summary>False when it is not kept any more. <paramref name="found"/>: the first moment at or behind the number, the last of all where there is none.</summary>
    public bool TryFind(long sequence, out OrdersMoment found)
    {
        while (_last.Ledger.Sequence < sequence && _records.MoveNext()) Keep(After(_last, story, _records.Current));
        found = _last;
        if (sequence < _first) return false;
        for (; sequence < _last.Ledger.Sequence; sequence++)
        {
            if (_kept[sequence % KeptMax] is not { } kept || kept.Ledger.Sequence != sequence) continue;
            found = kept;
            break;
        }

        return true;
    }

    /// <summary>Lets go of what all have come by.</summary>
    public void Trim()
    {
        var least = long.MaxValue;
        foreach (var cursor in _cursors) least = Math.Min(least, cursor.Place);
        for (; _first < least && _first < _last.Ledger.Sequence; _first++) _kept[_first % KeptMax] = null;
    }

    public static OrdersMoment After(OrdersMoment last, Story story, (long Sequence, JournalRecord Record) next) =>
        new(last.Ledger.After(story.Archive, story.OrdersStream, next.Sequence, next.Record), next.Record.Event as OrderEvent ?? last.Newest);

    public void Dispose() => _records.Dispose();

    private void Keep(OrdersMoment next)
    {
        _last = next;
        _kept[next.Ledger.Sequence % KeptMax] = next;
        _first = Math.Max(_first, next.Ledger.Sequence - KeptMax + 1);
    }
}
