using Actors.Domain.Orders;

namespace Actors.Journal.Codec.Kept;

/// <summary>How a kept ledger of orders is stored.</summary>
internal static class OrdersKeptFormat
{
    /// <summary>Compact from version 2 on: thousands of orders and executions in a third of the bytes.</summary>
    public static RecordFormat Format { get; } = new JsonFormat<OrdersKept>("orders-kept", Write, Read).Compact();

    private static void Write(FieldWriter to, OrdersKept kept) => to
        .Number("sequence", kept.Sequence)
        .OptionalTime("lastFillAt", kept.LastFillAt)
        .OptionalTime("executionsReconciledUntil", kept.ExecutionsReconciledUntil)
        .List("live", kept.Live, WriteOrder)
        .List("finished", kept.Finished, WriteOrder)
        .TextList("executions", kept.Executions);

    private static OrdersKept Read(FieldReader from) => new(
        from.Number("sequence"),
        from.OptionalTime("lastFillAt"),
        from.OptionalTime("executionsReconciledUntil"),
        from.List("live", ReadOrder),
        from.List("finished", ReadOrder),
        from.TextList("executions"));

    /// <summary>Terms are what was asked for; the fields beside them are the order as it is now.</summary>
    private static void WriteOrder(FieldWriter to, Order order) => to
        .Object("terms", order.Terms, OrderFormats.WriteTerms)
        .Object("origin", order.Origin, OrderFormats.WriteOrigin)
        .Word("state", order.State, Vocabulary.OrderStates)
        .OptionalWord("pending", order.Pending == PendingChange.None ? null : order.Pending, Vocabulary.PendingChanges)
        .Contracts("contracts", order.Quantity)
        .Ticks("ticks", order.Price)
        .Contracts("filled", order.Filled)
        .OptionalText("venueId", order.VenueOrderId)
        .OptionalText("reason", order.Reason)
        .Time("updatedAt", order.UpdatedAt)
        .Time("venueTime", order.VenueTime)
        .Number("finishedSequence", order.FinishedSequence)
        .OptionalTime("submittedAt", order.SubmittedAt);

    private static Order ReadOrder(FieldReader from) => new(
        OrderFormats.ReadTerms(from.Object("terms")),
        OrderFormats.ReadOrigin(from.Object("origin")),
        from.Word("state", Vocabulary.OrderStates),
        from.OptionalWord("pending", Vocabulary.PendingChanges) ?? PendingChange.None,
        from.Contracts("contracts"),
        from.OptionalTicks("ticks"),
        from.Contracts("filled"),
        from.OptionalText("venueId"),
        from.OptionalText("reason"),
        from.Time("updatedAt"),
        from.Time("venueTime"),
        from.Number("finishedSequence"))
    {
        SubmittedAt = from.OptionalTime("submittedAt"),
    };
}
