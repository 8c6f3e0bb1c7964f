using Actors.Domain.Orders;
using Actors.Domain.Positions;

namespace Actors.Journal.Audit;

/// <summary>What the records of a stream add up to, one after the other, from nothing or from the state that its retention left it to begin with.</summary>
internal static class LedgerFolds
{
    /// <summary>The types of events that change the ledger of orders.</summary>
    public static bool IsOfOrders(Type type) => type.IsSubclassOf(typeof(OrderEvent)) || type == typeof(OrdersKept);

    /// <summary>The types of events that change the ledger of a position.</summary>
    public static bool IsOfPosition(Type type) => type.IsSubclassOf(typeof(PositionEvent)) || type == typeof(PositionKept);

    /// <summary>The ledger after a record of its stream.</summary>
    public static OrderLedger After(this OrderLedger ledger, JournalArchive archive, string stream, long sequence, JournalRecord record) => record.Event switch
    {
        OrderEvent happened => ledger.Apply(happened, record.At),
        OrdersKept kept when archive.IsBeginning(stream, sequence) => OrderLedger.Restore(kept),
        _ => ledger,
    };

    /// <inheritdoc cref="After(OrderLedger, JournalArchive, string, long, JournalRecord)"/>
    public static PositionLedger After(this PositionLedger ledger, JournalArchive archive, string stream, long sequence, JournalRecord record) => record.Event switch
    {
        PositionEvent happened => ledger.Apply(happened),
        PositionKept kept when archive.IsBeginning(stream, sequence) => PositionLedger.Restore(kept),
        _ => ledger,
    };
}
