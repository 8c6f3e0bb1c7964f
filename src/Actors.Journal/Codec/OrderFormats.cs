using Actors.Domain.Orders;

namespace Actors.Journal.Codec;

/// <summary>How the events of orders are stored, and the shapes they share with others: terms and origin.</summary>
internal static class OrderFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<OrderSubmitted>(
            "order-submitted",
            (to, happened) => to.Object("terms", happened.Terms, WriteTerms).Object("origin", happened.Origin, WriteOrigin),
            from => new OrderSubmitted(ReadTerms(from.Object("terms")), ReadOrigin(from.Object("origin")))).Compact(),
        new JsonFormat<OrderAcknowledged>(
            "order-acknowledged",
            (to, happened) => to.Order(happened.Id).Text("venueId", happened.VenueOrderId).Time("venueTime", happened.VenueTime),
            from => new OrderAcknowledged(from.Order(), from.Text("venueId"), from.Time("venueTime"))).Compact(),
        new JsonFormat<OrderFilled>("order-filled", WriteFilled, ReadFilled).Compact(),
        new JsonFormat<OrderAmendRequested>(
            "order-amend-requested",
            (to, happened) => to.Order(happened.Id).Ticks("ticks", happened.Price).Contracts("contracts", happened.Quantity)
                .Ticks("stopTicks", happened.StopPrice).OptionalNumber("pegOffsetTicks", happened.PegOffsetTicks),
            from => new OrderAmendRequested(
                from.Order(), from.OptionalTicks("ticks"), from.OptionalContracts("contracts"), from.OptionalTicks("stopTicks"), from.OptionalNumber("pegOffsetTicks"))).Compact(),
        new JsonFormat<OrderAmended>(
            "order-amended",
            (to, happened) => to.Order(happened.Id)
                .Ticks("ticks", happened.Price).Contracts("contracts", happened.Quantity).Time("venueTime", happened.VenueTime),
            from => new OrderAmended(from.Order(), from.OptionalTicks("ticks"), from.Contracts("contracts"), from.Time("venueTime"))).Compact(),
        new JsonFormat<OrderCancelRequested>(
            "order-cancel-requested", (to, happened) => to.Order(happened.Id), from => new OrderCancelRequested(from.Order())).Compact(),
        WithReason("order-change-refused", happened => happened.Reason, (id, reason) => new OrderChangeRefused(id, reason)),
        WithReason("order-cancelled", happened => happened.Reason, (id, reason) => new OrderCancelled(id, reason)).Compact(),
        WithReason("order-expired", happened => happened.Reason, (id, reason) => new OrderExpired(id, reason)),
        WithReason("order-rejected", happened => happened.Reason, (id, reason) => new OrderRejected(id, reason)),
        WithReason("order-outcome-unknown", happened => happened.Reason, (id, reason) => new OrderOutcomeUnknown(id, reason)),
        new JsonFormat<OrderLost>("order-lost", (to, happened) => to.Order(happened.Id), from => new OrderLost(from.Order())),
        new JsonFormat<ExecutionsReconciled>(
            "executions-reconciled", (to, happened) => to.Time("until", happened.Until), from => new ExecutionsReconciled(from.Time("until"))),
        new JsonFormat<OrderTransitionRefused>(
            "order-transition-refused",
            (to, happened) => to.Order(happened.Id).Word("state", happened.State, Vocabulary.OrderStates).Text("report", happened.Report),
            from => new OrderTransitionRefused(from.Order(), from.Word("state", Vocabulary.OrderStates), from.Text("report"))),
    ];

    public static void WriteTerms(FieldWriter to, OrderTerms terms) => to
        .Order(terms.Id)
        .Symbol(terms.Symbol)
        .Word("side", terms.Side, Vocabulary.Sides)
        .Contracts("contracts", terms.Quantity)
        .Word("type", terms.Type, Vocabulary.OrderTypes)
        .Ticks("ticks", terms.Price)
        .Ticks("stopTicks", terms.StopPrice)
        .Word("timeInForce", terms.TimeInForce, Vocabulary.TimesInForce)
        .WordList("flags", Split(terms.Flags), Vocabulary.Flags)
        .Contracts("displayContracts", terms.DisplayQuantity)
        .OptionalWord("trigger", terms.Trigger == TriggerKind.VenueDefault ? null : terms.Trigger, Vocabulary.Triggers)
        .OptionalWord("peg", terms.Peg?.Kind, Vocabulary.Pegs)
        .OptionalNumber("pegOffsetTicks", terms.Peg?.OffsetTicks)
        .OptionalText("link", terms.Link?.Id)
        .OptionalWord("contingency", terms.Link?.Contingency, Vocabulary.Contingencies);

    public static OrderTerms ReadTerms(FieldReader from) => new(
        from.Order(),
        from.Symbol(),
        from.Word("side", Vocabulary.Sides),
        from.Contracts("contracts"),
        from.Word("type", Vocabulary.OrderTypes),
        from.OptionalTicks("ticks"),
        from.OptionalTicks("stopTicks"),
        from.Word("timeInForce", Vocabulary.TimesInForce),
        Join(from.WordList("flags", Vocabulary.Flags)),
        from.OptionalContracts("displayContracts"),
        from.OptionalWord("trigger", Vocabulary.Triggers) ?? TriggerKind.VenueDefault,
        from.OptionalWord("peg", Vocabulary.Pegs) is { } peg ? new OrderPeg(peg, from.Number("pegOffsetTicks")) : null,
        ReadLink(from));

    public static OrderLink? ReadLink(FieldReader from) =>
        from.OptionalText("link") is { } link ? new OrderLink(link, from.Word("contingency", Vocabulary.Contingencies)) : null;

    /// <summary>The single bits of the flags. A bit without a word is refused when it is written.</summary>
    public static IEnumerable<OrderFlags> Split(OrderFlags flags)
    {
        for (var left = (int)flags; left != 0; left &= left - 1) yield return (OrderFlags)(left & -left);
    }

    public static OrderFlags Join(IEnumerable<OrderFlags> flags) => flags.Aggregate(OrderFlags.None, (all, one) => all | one);

    private static JsonFormat<T> WithReason<T>(string name, Func<T, string> reason, Func<ClientOrderId, string, T> make)
        where T : OrderEvent => new(
            name,
            (to, happened) => to.Order(happened.Id).Text("reason", reason(happened)),
            from => make(from.Order(), from.Text("reason")));

    public static void WriteOrigin(FieldWriter to, OrderOrigin origin) => to.Text("strategy", origin.StrategyId).Number("slot", origin.Slot);

    public static OrderOrigin ReadOrigin(FieldReader from) => new(from.Text("strategy"), from.SmallNumber("slot"));

    private static void WriteFilled(FieldWriter to, OrderFilled happened) => to
        .Order(happened.Id)
        .Text("executionId", happened.ExecutionId)
        .Contracts("contracts", happened.Quantity)
        .Decimal("price", happened.Price)
        .Number("cost", happened.Cost)
        .Number("commission", happened.Commission)
        .Time("venueTime", happened.VenueTime);

    private static OrderFilled ReadFilled(FieldReader from) => new(
        from.Order(),
        from.Text("executionId"),
        from.Contracts("contracts"),
        from.Decimal("price"),
        from.Number("cost"),
        from.Number("commission"),
        from.Time("venueTime"));
}
