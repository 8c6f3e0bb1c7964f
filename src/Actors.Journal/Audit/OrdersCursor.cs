using Actors.Domain.Orders;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Resolves what other streams say of orders by reference: the ledger as it stood at one of its sequence numbers. Moves forward only, by the story's <see cref="OrdersHistory"/>, or with a
/// reader of its own once it is too far behind the others, so that nothing else has to be kept.
/// </summary>
internal sealed class OrdersCursor : IDisposable
{
    private readonly Story _story;
    private IEnumerator<(long Sequence, JournalRecord Record)>? _own;
    private OrdersMoment _at = OrdersMoment.Beginning;

    public OrdersCursor(Story story)
    {
        _story = story;
        story.Orders.Add(this);
    }

    /// <summary>The sequence number it has come to.</summary>
    public long Place => _at.Ledger.Sequence;

    /// <summary>The input with the state it refers to. <paramref name="strategyId"/> null: of all strategies. Null when there is no such state.</summary>
    public Input? Resolve(Input input, string? strategyId, long sinceSequence) => input switch
    {
        OrderSeen seen => At(seen.Sequence)?.Find(seen.Id) is { } order ? seen with { Order = order, Fill = _at.Newest as OrderFilled } : null,
        OrdersSeen seen => At(seen.Sequence) is { } ledger
            ? seen with
            {
                Live = [.. ledger.LiveInOrder.Where(order => strategyId is null || order.Origin.StrategyId == strategyId)],
                Finished = strategyId is null ? [] : [.. ledger.FinishedSince(strategyId, sinceSequence)],
            }
            : null,
        _ => input,
    };

    public void Dispose()
    {
        _story.Orders.Remove(this);
        _own?.Dispose();
    }

    private OrderLedger? At(long sequence)
    {
        if (Place < sequence && _own is null) Follow(sequence);
        while (_own is not null && Place < sequence && _own.MoveNext()) _at = OrdersHistory.After(_at, _story, _own.Current);
        return Place == sequence ? _at.Ledger : null;
    }

    private void Follow(long sequence)
    {
        var history = _story.Orders;
        if (history.TryFind(sequence, out var found))
        {
            _at = found;
            history.Trim();
            return;
        }

        history.Remove(this);
        _own = _story.Archive.Read(_story.OrdersStream, LedgerFolds.IsOfOrders).GetEnumerator();
        _at = OrdersMoment.Beginning;
    }
}
