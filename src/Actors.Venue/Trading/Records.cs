using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Venue.Trading;

/// <summary>A print on the tape. Value is unsigned, in minor units of settlement.</summary>
internal sealed record Trade(
    ListedInstrument Instrument, Guid Id, Side Taker, long Quantity, decimal Price, long Value, string TickDirection, DateTimeOffset Timestamp);

/// <summary>A best bid and offer; null where a side is empty.</summary>
internal sealed record QuoteRow(
    ListedInstrument Instrument, decimal? BidPrice, long? BidSize, decimal? AskPrice, long? AskSize, DateTimeOffset Timestamp);

/// <summary>What a fill cost one side of it. Cost is signed, commission positive when paid; minor units of settlement.</summary>
internal sealed record FillMoney(
    long Quantity,
    decimal Price,
    long Cost,
    long Commission,
    decimal Rate,
    bool IsMaker,
    Guid TradeId,
    long RealisedPnl);

/// <summary>One event of an order, with the order as it stood right after it.</summary>
internal sealed record Execution(
    Guid Id,
    ExecutionKind Kind,
    VenueOrder Order,
    string ClientId,
    long Quantity,
    decimal? Price,
    VenueOrderStatus Status,
    bool IsWorking,
    long Leaves,
    long Filled,
    decimal? AveragePrice,
    string Text,
    FillMoney? Fill,
    DateTimeOffset Timestamp)
{
    public static Execution Of(Guid id, ExecutionKind kind, VenueOrder order, FillMoney? fill = null) => new(
        id,
        kind,
        order,
        order.ClientId,
        order.Quantity,
        order.PriceTicks is { } ticks ? order.Instrument.Decimal(ticks) : null,
        order.Status,
        order.IsWorking,
        order.Leaves,
        order.Filled,
        order.AveragePrice,
        order.Text,
        fill,
        order.Timestamp);
}

/// <summary>An order as asked for, before any check of its content. Null where the client said nothing.</summary>
internal sealed record NewOrder(
    string Symbol,
    Side Side,
    long? Quantity,
    decimal? Price,
    OrderType Type,
    TimeInForce TimeInForce,
    OrderFlags Flags,
    string ClientId,
    string Text);

/// <summary>A change to an open order; null leaves a term as it is.</summary>
internal sealed record OrderAmendment(
    long? Quantity = null,
    decimal? Price = null,
    long? Leaves = null,
    string? NewClientId = null,
    string? Text = null);

/// <summary>The order after a request, or why the request was refused: an HTTP status and the venue's words.</summary>
internal readonly record struct OrderOutcome(VenueOrder? Order, Refusal? Refusal)
{
    public static implicit operator OrderOutcome(VenueOrder order) => new(order, null);

    public static implicit operator OrderOutcome(Refusal refusal) => new(null, refusal);
}

/// <summary>Why a request was not executed.</summary>
internal sealed record Refusal(int Status, string Message)
{
    public static Refusal Invalid(string message) => new(400, message);
}
