using Actors.Domain.Instruments;
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
    decimal? StopPrice,
    VenueOrderStatus Status,
    OrderTrigger Triggered,
    bool IsWorking,
    string RejectReason,
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
        order.Price,
        order.StopPrice,
        order.Status,
        order.Triggered,
        order.IsWorking,
        order.RejectReason,
        order.Leaves,
        order.Filled,
        order.AveragePrice,
        order.Text,
        fill,
        order.Timestamp);
}
