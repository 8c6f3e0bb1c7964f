using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>A print on the tape. Value is unsigned, in minor units of settlement.</summary>
internal sealed record Trade(
    ListedInstrument Instrument, Guid Id, Side Taker, long Quantity, decimal Price, long Value, string TickDirection, DateTimeOffset Timestamp)
{
    public static Trade Pass(StateStream state, Trade? trade) => new(
        state.Pass(trade?.Instrument),
        state.Pass(trade?.Id ?? default),
        state.Pass(trade?.Taker ?? default),
        state.Pass(trade?.Quantity ?? 0),
        state.Pass(trade?.Price ?? 0),
        state.Pass(trade?.Value ?? 0),
        state.Pass(trade?.TickDirection ?? ""),
        state.Pass(trade?.Timestamp ?? default));
}

/// <summary>A best bid and offer; null where a side is empty.</summary>
internal sealed record QuoteRow(
    ListedInstrument Instrument, decimal? BidPrice, long? BidSize, decimal? AskPrice, long? AskSize, DateTimeOffset Timestamp)
{
    public static QuoteRow Pass(StateStream state, QuoteRow? quote) => new(
        state.Pass(quote?.Instrument),
        state.Pass(quote?.BidPrice),
        state.Pass(quote?.BidSize),
        state.Pass(quote?.AskPrice),
        state.Pass(quote?.AskSize),
        state.Pass(quote?.Timestamp ?? default));
}

/// <summary>What a fill cost one side of it. Cost is signed, commission positive when paid; minor units of settlement.</summary>
internal sealed record FillMoney(
    long Quantity,
    decimal Price,
    long Cost,
    long Commission,
    decimal Rate,
    bool IsMaker,
    Guid TradeId,
    long RealisedPnl)
{
    public static FillMoney Pass(StateStream state, FillMoney? fill) => new(
        state.Pass(fill?.Quantity ?? 0),
        state.Pass(fill?.Price ?? 0),
        state.Pass(fill?.Cost ?? 0),
        state.Pass(fill?.Commission ?? 0),
        state.Pass(fill?.Rate ?? 0),
        state.Pass(fill?.IsMaker ?? false),
        state.Pass(fill?.TradeId ?? default),
        state.Pass(fill?.RealisedPnl ?? 0));
}

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

    public static Execution Pass(StateStream state, Execution? execution) => new(
        state.Pass(execution?.Id ?? default),
        state.Pass(execution?.Kind ?? default),
        state.Pass(execution?.Order),
        state.Pass(execution?.ClientId ?? ""),
        state.Pass(execution?.Quantity ?? 0),
        state.Pass(execution?.Price),
        state.Pass(execution?.StopPrice),
        state.Pass(execution?.Status ?? default),
        state.Pass(execution?.Triggered ?? default),
        state.Pass(execution?.IsWorking ?? false),
        state.Pass(execution?.RejectReason ?? ""),
        state.Pass(execution?.Leaves ?? 0),
        state.Pass(execution?.Filled ?? 0),
        state.Pass(execution?.AveragePrice),
        state.Pass(execution?.Text ?? ""),
        state.Pass(execution?.Fill is not null) ? FillMoney.Pass(state, execution?.Fill) : null,
        state.Pass(execution?.Timestamp ?? default));
}
