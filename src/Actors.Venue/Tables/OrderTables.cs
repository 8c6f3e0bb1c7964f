using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
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
            new("clOrdLinkID", "symbol", order => FieldValue.Of(order.LinkId)),
            new("account", "long", order => FieldValue.Of(order.Account.Number)),
            new("symbol", "symbol", order => FieldValue.Of(order.Instrument.Symbol)),
            new("side", "symbol", order => FieldValue.Of(order.Side.Name())),
            new("orderQty", "long", order => FieldValue.Of(Total(order, order.Quantity))),
            new("price", "float", order => FieldValue.Of(order.Price)),
            new("displayQty", "long", order => FieldValue.Of(order.DisplayQuantity)),
            new("stopPx", "float", order => FieldValue.Of(order.StopPrice)),
            new("pegOffsetValue", "float", order => FieldValue.Of(order.PegOffset)),
            new("pegPriceType", "symbol", order => FieldValue.Of(Name(order.Peg))),
            new("currency", "symbol", order => FieldValue.Of(order.Instrument.Definition.Quote)),
            new("settlCurrency", "symbol", order => FieldValue.Of(order.Instrument.Definition.Settlement.Code)),
            new("ordType", "symbol", order => FieldValue.Of(order.Type.ToString())),
            new("timeInForce", "symbol", order => FieldValue.Of(order.TimeInForce.Name())),
            new("execInst", "symbol", order => FieldValue.Of(Instructions(order))),
            new("contingencyType", "symbol", order => FieldValue.Of(Name(order.Contingency))),
            new("ordStatus", "symbol", order => FieldValue.Of(order.Status.ToString())),
            new("triggered", "symbol", order => FieldValue.Of(Name(order.Triggered))),
            new("workingIndicator", "boolean", order => FieldValue.Of(order.IsWorking)),
            new("ordRejReason", "symbol", order => FieldValue.Of(order.RejectReason)),
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
            new("clOrdLinkID", "symbol", execution => FieldValue.Of(execution.Order.LinkId)),
            new("account", "long", execution => FieldValue.Of(execution.Order.Account.Number)),
            new("symbol", "symbol", execution => FieldValue.Of(execution.Order.Instrument.Symbol)),
            new("side", "symbol", execution => FieldValue.Of(execution.Order.Side.Name())),
            new("lastQty", "long", execution => FieldValue.Of(execution.Fill?.Quantity)),
            new("lastPx", "float", execution => FieldValue.Of(execution.Fill?.Price)),
            new("lastMkt", "symbol", execution => FieldValue.Of(execution.Fill is null ? null : "XBME")),
            new("lastLiquidityInd", "symbol", execution => FieldValue.Of(execution.Fill is { } fill ? fill.IsMaker ? "AddedLiquidity" : "RemovedLiquidity" : null)),
            new("orderQty", "long", execution => FieldValue.Of(Total(execution.Order, execution.Quantity))),
            new("price", "float", execution => FieldValue.Of(execution.Price)),
            new("displayQty", "long", execution => FieldValue.Of(execution.Order.DisplayQuantity)),
            new("stopPx", "float", execution => FieldValue.Of(execution.StopPrice)),
            new("pegOffsetValue", "float", execution => FieldValue.Of(execution.Order.PegOffset)),
            new("pegPriceType", "symbol", execution => FieldValue.Of(Name(execution.Order.Peg))),
            new("currency", "symbol", execution => FieldValue.Of(execution.Order.Instrument.Definition.Quote)),
            new("settlCurrency", "symbol", execution => FieldValue.Of(execution.Order.Instrument.Definition.Settlement.Code)),
            new("execType", "symbol", execution => FieldValue.Of(Name(execution.Kind))),
            new("ordType", "symbol", execution => FieldValue.Of(execution.Order.Type.ToString())),
            new("timeInForce", "symbol", execution => FieldValue.Of(execution.Order.TimeInForce.Name())),
            new("execInst", "symbol", execution => FieldValue.Of(Instructions(execution.Order))),
            new("contingencyType", "symbol", execution => FieldValue.Of(Name(execution.Order.Contingency))),
            new("ordStatus", "symbol", execution => FieldValue.Of(execution.Status.ToString())),
            new("triggered", "symbol", execution => FieldValue.Of(Name(execution.Triggered))),
            new("workingIndicator", "boolean", execution => FieldValue.Of(execution.IsWorking)),
            new("ordRejReason", "symbol", execution => FieldValue.Of(execution.RejectReason)),
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

    /// <summary>A closing order without a quantity has none until it triggers.</summary>
    private static long? Total(VenueOrder order, long quantity) =>
        quantity == 0 && order.Has(ExecutionInstructions.Close) ? null : quantity;

    private static string? Instructions(VenueOrder order) =>
        order.Instructions == ExecutionInstructions.None ? null : order.Instructions.ToString().Replace(" ", "", StringComparison.Ordinal);

    /// <summary>An enumeration whose members are named as on the wire; its zero is absent.</summary>
    private static string? Name<T>(T value)
        where T : struct, Enum => EqualityComparer<T>.Default.Equals(value, default) ? null : value.ToString();

    private static string Name(ExecutionKind kind) => kind switch
    {
        ExecutionKind.CancelRejected => "CancelReject",
        ExecutionKind.AmendRejected => "AmendReject",
        ExecutionKind.Triggered => "TriggeredOrActivatedBySystem",
        _ => kind.ToString(),
    };

    private static (decimal? Home, decimal? Foreign) Notionals(Execution execution)
    {
        if (execution.Fill is not { } fill) return (null, null);
        var (home, foreign) = Notional.Of(execution.Order.Instrument, fill.Quantity, Math.Abs(fill.Cost));
        var sign = execution.Order.Side.Sign();
        return (home * sign, foreign * -sign);
    }
}
