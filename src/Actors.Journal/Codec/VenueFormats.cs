using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Journal.Codec;

/// <summary>The shapes of what a venue says: reports of orders, executions, and the outcome of a request.</summary>
internal static class VenueFormats
{
    public static void WriteOrder(FieldWriter to, OrderReport report)
    {
        to.Text("venueId", report.VenueOrderId).Order(report.ClientId).Symbol(report.Symbol)
            .Word("side", report.Side, Vocabulary.Sides).Word("type", report.Type, Vocabulary.OrderTypes)
            .Contracts("contracts", report.Quantity).OptionalDecimal("price", report.Price)
            .Word("status", report.Status, Vocabulary.VenueOrderStatuses)
            .Contracts("filled", report.Filled).Contracts("leaves", report.Leaves).OptionalDecimal("averagePrice", report.AveragePrice)
            .Text("text", report.Text).Time("venueTime", report.Timestamp)
            .OptionalDecimal("stopPrice", report.StopPrice).OptionalWord("timeInForce", report.TimeInForce, Vocabulary.TimesInForce);
        if (report.Flags != OrderFlags.None) to.WordList("flags", OrderFormats.Split(report.Flags), Vocabulary.Flags);
        to.Contracts("displayContracts", report.DisplayQuantity)
            .OptionalWord("trigger", report.Trigger == TriggerKind.VenueDefault ? null : report.Trigger, Vocabulary.Triggers)
            .OptionalWord("peg", report.Peg, Vocabulary.Pegs).OptionalDecimal("pegOffset", report.PegOffset)
            .OptionalText("link", report.Link?.Id).OptionalWord("contingency", report.Link?.Contingency, Vocabulary.Contingencies);
        if (report.IsTriggered) to.Word("triggered", Answer.Yes, Vocabulary.Answers);
        if (report.IsWorking is { } working) to.Word("working", working ? Answer.Yes : Answer.No, Vocabulary.Answers);
    }

    public static OrderReport ReadOrder(FieldReader from) => new(
        from.Text("venueId"),
        from.Order(),
        from.Symbol(),
        from.Word("side", Vocabulary.Sides),
        from.Word("type", Vocabulary.OrderTypes),
        from.Contracts("contracts"),
        from.OptionalDecimal("price"),
        from.Word("status", Vocabulary.VenueOrderStatuses),
        from.Contracts("filled"),
        from.Contracts("leaves"),
        from.OptionalDecimal("averagePrice"),
        from.Text("text"),
        from.Time("venueTime"))
    {
        StopPrice = from.OptionalDecimal("stopPrice"),
        TimeInForce = from.OptionalWord("timeInForce", Vocabulary.TimesInForce),
        Flags = from.Has("flags") ? OrderFormats.Join(from.WordList("flags", Vocabulary.Flags)) : OrderFlags.None,
        DisplayQuantity = from.OptionalContracts("displayContracts"),
        Trigger = from.OptionalWord("trigger", Vocabulary.Triggers) ?? TriggerKind.VenueDefault,
        Peg = from.OptionalWord("peg", Vocabulary.Pegs),
        PegOffset = from.OptionalDecimal("pegOffset"),
        Link = OrderFormats.ReadLink(from),
        IsTriggered = from.OptionalWord("triggered", Vocabulary.Answers) == Answer.Yes,
        IsWorking = from.OptionalWord("working", Vocabulary.Answers) is { } working ? working == Answer.Yes : null,
    };

    public static void WriteExecution(FieldWriter to, ExecutionReport report)
    {
        to.Text("executionId", report.ExecutionId).Word("execution", report.Kind, Vocabulary.ExecutionKinds)
            .Text("venueId", report.VenueOrderId).Order(report.ClientId).Symbol(report.Symbol);
        if (report.Side is { } side) to.Word("side", side, Vocabulary.Sides);
        to.Contracts("contracts", report.LastQuantity).OptionalDecimal("price", report.LastPrice).Text("settlement", report.Settlement.Code)
            .Number("cost", report.Cost).Number("commission", report.Commission).Decimal("rate", report.CommissionRate);
        if (report.AddedLiquidity is { } added) to.Word("addedLiquidity", added ? Answer.Yes : Answer.No, Vocabulary.Answers);
        to.Word("status", report.OrderStatus, Vocabulary.VenueOrderStatuses)
            .Contracts("filled", report.Filled).Contracts("leaves", report.Leaves)
            .Text("text", report.Text).Time("venueTime", report.Timestamp);
    }

    public static ExecutionReport ReadExecution(FieldReader from) => new(
        from.Text("executionId"),
        from.Word("execution", Vocabulary.ExecutionKinds),
        from.Text("venueId"),
        from.Order(),
        from.Symbol(),
        from.Has("side") ? from.Word("side", Vocabulary.Sides) : null,
        from.Contracts("contracts"),
        from.OptionalDecimal("price"),
        new Currency(from.Text("settlement")),
        from.Number("cost"),
        from.Number("commission"),
        from.Decimal("rate"),
        from.Has("addedLiquidity") ? from.Word("addedLiquidity", Vocabulary.Answers) == Answer.Yes : null,
        from.Word("status", Vocabulary.VenueOrderStatuses),
        from.Contracts("filled"),
        from.Contracts("leaves"),
        from.Text("text"),
        from.Time("venueTime"));

    public static void WriteMargin(FieldWriter to, MarginReport report) => to
        .Text("currency", report.Currency.Code).Number("wallet", report.WalletBalance).Number("margin", report.MarginBalance)
        .Number("available", report.AvailableMargin).Number("ofOrders", report.InitialMargin).Number("ofPositions", report.MaintenanceMargin)
        .Number("realised", report.RealisedPnl).Number("unrealised", report.UnrealisedPnl).Time("venueTime", report.Timestamp);

    public static MarginReport ReadMargin(FieldReader from) => new(
        new Currency(from.Text("currency")),
        from.Number("wallet"),
        from.Number("margin"),
        from.Number("available"),
        from.Number("ofOrders"),
        from.Number("ofPositions"),
        from.Number("realised"),
        from.Number("unrealised"),
        from.Time("venueTime"));

    public static void WriteOutcome(FieldWriter to, OrderEntryOutcome outcome)
    {
        switch (outcome)
        {
            case OrderEntryOutcome.Accepted accepted:
                to.Text("kind", "accepted");
                if (accepted.Order is { } order) to.Object("order", order, WriteOrder);
                break;
            case OrderEntryOutcome.Refused refused:
                to.Text("kind", "refused").Text("reason", refused.Reason).Word("retryable", refused.Retryable ? Answer.Yes : Answer.No, Vocabulary.Answers);
                break;
            case OrderEntryOutcome.Unknown unknown:
                to.Text("kind", "unknown").Text("reason", unknown.Reason);
                break;
            default:
                throw new JournalFormatException($"no format is known for outcomes of type {outcome.GetType().Name}");
        }
    }

    public static OrderEntryOutcome ReadOutcome(FieldReader from) => from.Text("kind") switch
    {
        "accepted" => new OrderEntryOutcome.Accepted(from.Has("order") ? ReadOrder(from.Object("order")) : null),
        "refused" => new OrderEntryOutcome.Refused(from.Text("reason"), from.Word("retryable", Vocabulary.Answers) == Answer.Yes),
        "unknown" => new OrderEntryOutcome.Unknown(from.Text("reason")),
        _ => throw from.Bad("kind", "one of accepted, refused, unknown"),
    };
}
