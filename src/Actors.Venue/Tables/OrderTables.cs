using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>Orders and executions on the wire.</summary>
internal static class OrderTables
{
    public static readonly Table<VenueOrder> Order = new(
        "order",
        ["orderID"],
        ["clOrdID", "account", "symbol", "timestamp"],
        [
            new("orderID", "guid", order => FieldValue.Of(order.Id)),
            new("clOrdID", "symbol", order => FieldValue.Of(order.ClientId)),
            new("account", "long", order => FieldValue.Of(order.Account.Number)),
            new("symbol", "symbol", order => FieldValue.Of(order.Instrument.Symbol)),
            new("side", "symbol", order => FieldValue.Of(order.Side.Name())),
            new("orderQty", "long", order => FieldValue.Of(order.Quantity)),
            new("price", "float", order => FieldValue.Of(order.PriceTicks is { } ticks ? order.Instrument.Decimal(ticks) : null)),
            new("currency", "symbol", order => FieldValue.Of(order.Instrument.Definition.Quote)),
            new("settlCurrency", "symbol", order => FieldValue.Of(order.Instrument.Definition.Settlement.Code)),
            new("ordType", "symbol", order => FieldValue.Of(order.Type.Name())),
            new("timeInForce", "symbol", order => FieldValue.Of(order.TimeInForce.Name())),
            new("execInst", "symbol", order => FieldValue.Of(Instructions(order))),
            new("ordStatus", "symbol", order => FieldValue.Of(order.Status.ToString())),
            new("workingIndicator", "boolean", order => FieldValue.Of(order.IsWorking)),
            new("leavesQty", "long", order => FieldValue.Of(order.Leaves)),
            new("cumQty", "long", order => FieldValue.Of(order.Filled)),
            new("avgPx", "float", order => FieldValue.Of(order.AveragePrice)),
            new("text", "symbol", order => FieldValue.Of(order.Text)),
            new("transactTime", "timestamp", order => FieldValue.Of(order.Timestamp)),
            new("timestamp", "timestamp", order => FieldValue.Of(order.Timestamp)),
        ]);

    public static readonly Table<Execution> Execution = new(
        "execution",
        ["execID"],
        [],
        [
            new("execID", "guid", execution => FieldValue.Of(execution.Id)),
            new("orderID", "guid", execution => FieldValue.Of(execution.Order.Id)),
            new("clOrdID", "symbol", execution => FieldValue.Of(execution.ClientId)),
            new("account", "long", execution => FieldValue.Of(execution.Order.Account.Number)),
            new("symbol", "symbol", execution => FieldValue.Of(execution.Order.Instrument.Symbol)),
            new("side", "symbol", execution => FieldValue.Of(execution.Order.Side.Name())),
            new("lastQty", "long", execution => FieldValue.Of(execution.Fill?.Quantity)),
            new("lastPx", "float", execution => FieldValue.Of(execution.Fill?.Price)),
            new("lastLiquidityInd", "symbol", execution => FieldValue.Of(execution.Fill is { } fill ? fill.IsMaker ? "AddedLiquidity" : "RemovedLiquidity" : null)),
            new("orderQty", "long", execution => FieldValue.Of(execution.Quantity)),
            new("price", "float", execution => FieldValue.Of(execution.Price)),
            new("currency", "symbol", execution => FieldValue.Of(execution.Order.Instrument.Definition.Quote)),
            new("settlCurrency", "symbol", execution => FieldValue.Of(execution.Order.Instrument.Definition.Settlement.Code)),
            new("execType", "symbol", execution => FieldValue.Of(execution.Kind.ToString())),
            new("ordType", "symbol", execution => FieldValue.Of(execution.Order.Type.Name())),
            new("timeInForce", "symbol", execution => FieldValue.Of(execution.Order.TimeInForce.Name())),
            new("execInst", "symbol", execution => FieldValue.Of(Instructions(execution.Order))),
            new("ordStatus", "symbol", execution => FieldValue.Of(execution.Status.ToString())),
            new("workingIndicator", "boolean", execution => FieldValue.Of(execution.IsWorking)),
            new("leavesQty", "long", execution => FieldValue.Of(execution.Leaves)),
            new("cumQty", "long", execution => FieldValue.Of(execution.Filled)),
            new("avgPx", "float", execution => FieldValue.Of(execution.AveragePrice)),
            new("commission", "float", execution => FieldValue.Of(execution.Fill?.Rate)),
            new("feeType", "symbol", execution => FieldValue.Of(execution.Fill is { } fill ? fill.IsMaker ? "Maker" : "Taker" : null)),
            new("tradePublishIndicator", "symbol", execution => FieldValue.Of(execution.Fill is null ? null : "PublishTrade")),
            new("text", "symbol", execution => FieldValue.Of(execution.Text)),
            new("trdMatchID", "guid", execution => execution.Fill is { } fill ? FieldValue.Of(fill.TradeId) : default),
            new("trdType", "symbol", execution => FieldValue.Of(execution.Fill is null ? null : "Regular")),
            new("execCost", "long", execution => FieldValue.Of(execution.Fill?.Cost)),
            new("execComm", "long", execution => FieldValue.Of(execution.Fill?.Commission)),
            new("realisedPnl", "long", execution => FieldValue.Of(execution.Fill?.RealisedPnl)),
            new("homeNotional", "float", execution => FieldValue.Of(Notionals(execution).Home)),
            new("foreignNotional", "float", execution => FieldValue.Of(Notionals(execution).Foreign)),
            new("transactTime", "timestamp", execution => FieldValue.Of(execution.Timestamp)),
            new("timestamp", "timestamp", execution => FieldValue.Of(execution.Timestamp)),
        ]);

    private static string? Instructions(VenueOrder order) => order.Flags switch
    {
        OrderFlags.None => null,
        OrderFlags.PostOnly => WireNames.PostOnly,
        OrderFlags.ReduceOnly => WireNames.ReduceOnly,
        _ => $"{WireNames.PostOnly},{WireNames.ReduceOnly}",
    };

    private static (decimal? Home, decimal? Foreign) Notionals(Execution execution)
    {
        if (execution.Fill is not { } fill) return (null, null);
        var (home, foreign) = Notional.Of(execution.Order.Instrument, fill.Quantity, Math.Abs(fill.Cost));
        var sign = execution.Order.Side.Sign();
        return (home * sign, foreign * -sign);
    }
}
