using Actors.Domain.Orders;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Resolves what other streams say of orders by reference: the ledger as it stood at one of its sequence numbers. Moves forward only, with a reader of its own,
/// so that nothing has to be kept.
/// </summary>
internal sealed class OrdersCursor(Story story) : IDisposable
{
    private readonly IEnumerator<(long Sequence, JournalRecord Record)> _records = story.Archive.Read(story.OrdersStream, LedgerFolds.IsOfOrders).GetEnumerator();
    private OrderLedger _ledger = OrderLedger.Empty;
    private OrderEvent? _newest;

    /// <summary>The input with the state it refers to. <paramref name="strategyId"/> null: of all strategies. Null when there is no such state.</summary>
    public Input? Resolve(Input input, string? strategyId, long sinceSequence) => input switch
    {
        OrderSeen seen => At(seen.Sequence)?.Find(seen.Id) is { } order ? seen with { Order = order, Fill = _newest as OrderFilled } : null,
        OrdersSeen seen => At(seen.Sequence) is { } ledger
            ? seen with
            {
                Live = [.. ledger.LiveInOrder.Where(order => strategyId is null || order.Origin.StrategyId == strategyId)],
                Finished = strategyId is null ? [] : [.. ledger.FinishedSince(strategyId, sinceSequence)],
            }
            : null,
        _ => input,
    };

    public void Dispose() => _records.Dispose();

    private OrderLedger? At(long sequence)
    {
        while (_ledger.Sequence < sequence && _records.MoveNext())
        {
            _ledger = _ledger.After(story.Archive, story.OrdersStream, _records.Current.Sequence, _records.Current.Record);
            _newest = _records.Current.Record.Event as OrderEvent ?? _newest;
        }

        return _ledger.Sequence == sequence ? _ledger : null;
    }
}
