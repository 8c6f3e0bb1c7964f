using Actors.Domain.Instruments;
using Actors.Venue.Clearing;

namespace Actors.Venue.Tables;

/// <summary>A wallet with its margin as it stands: computed once a row, for it walks all holdings.</summary>
internal readonly record struct MarginRow(Wallet Wallet, MarginState State)
{
    public static MarginRow Of(Wallet wallet) => new(wallet, MarginRules.Of(wallet));
}

/// <summary>Positions, margins and wallets on the wire. Money in minor units.</summary>
internal static class AccountTables
{
    public static readonly Table<Holding> Position = new(
        "position",
        ["account", "symbol", "currency"],
        ["currentQty"],
        [
            new("account", "long", holding => FieldValue.Of(holding.Account.Number)),
            new("symbol", "symbol", holding => FieldValue.Of(holding.Instrument.Symbol)),
            new("currency", "symbol", holding => FieldValue.Of(holding.Instrument.Definition.Settlement.Code)),
            new("underlying", "symbol", holding => FieldValue.Of(holding.Instrument.Definition.Underlying)),
            new("quoteCurrency", "symbol", holding => FieldValue.Of(holding.Instrument.Definition.Quote)),
            new("commission", "float", holding => FieldValue.Of(holding.Instrument.Definition.TakerFeeRate)),
            new("initMarginReq", "float", holding => FieldValue.Of(holding.Instrument.Definition.InitialMarginRate)),
            new("maintMarginReq", "float", holding => FieldValue.Of(holding.Instrument.Definition.MaintenanceMarginRate)),
            new("riskLimit", "long", holding => FieldValue.Of(holding.Instrument.Definition.RiskLimit)),
            new("leverage", "float", holding => FieldValue.Of(decimal.Floor(1 / holding.Instrument.Definition.InitialMarginRate))),
            new("crossMargin", "boolean", _ => FieldValue.Of(true)),
            new("rebalancedPnl", "long", _ => FieldValue.Of(0L)),
            new("prevRealisedPnl", "long", _ => FieldValue.Of(0L)),
            new("openOrderBuyQty", "long", holding => FieldValue.Of(holding.OpenBuyQuantity)),
            new("openOrderBuyCost", "long", holding => FieldValue.Of(CostSign(holding) * holding.OpenBuyCost)),
            new("openOrderSellQty", "long", holding => FieldValue.Of(holding.OpenSellQuantity)),
            new("openOrderSellCost", "long", holding => FieldValue.Of(CostSign(holding) * holding.OpenSellCost)),
            new("currentQty", "long", holding => FieldValue.Of(holding.Position.Quantity.Contracts)),
            new("currentCost", "long", holding => FieldValue.Of(holding.Position.RealisedCost + holding.Position.UnrealisedCost)),
            new("currentComm", "long", holding => FieldValue.Of(holding.Position.Commission)),
            new("realisedCost", "long", holding => FieldValue.Of(holding.Position.RealisedCost)),
            new("unrealisedCost", "long", holding => FieldValue.Of(holding.Position.UnrealisedCost)),
            new("grossOpenCost", "long", holding => FieldValue.Of(MarginRules.GrossOpenCost(holding))),
            new("isOpen", "boolean", holding => FieldValue.Of(!holding.Position.Quantity.IsZero)),
            new("markPrice", "float", holding => FieldValue.Of(holding.Position.Quantity.IsZero ? null : holding.Instrument.MarkPrice)),
            new("markValue", "long", holding => FieldValue.Of(holding.MarkValue)),
            new("riskValue", "long", holding => FieldValue.Of(Math.Abs(holding.MarkValue) + MarginRules.GrossOpenCost(holding))),
            new("homeNotional", "float", holding => FieldValue.Of(Notionals(holding).Home)),
            new("foreignNotional", "float", holding => FieldValue.Of(Notionals(holding).Foreign)),
            new("posCost", "long", holding => FieldValue.Of(holding.Position.UnrealisedCost)),
            new("posMargin", "long", holding => FieldValue.Of(MarginRules.Position(holding))),
            new("initMargin", "long", holding => FieldValue.Of(MarginRules.Orders(holding.Instrument, MarginRules.GrossOpenCost(holding)))),
            new("maintMargin", "long", holding => FieldValue.Of(MarginRules.Position(holding))),
            new("realisedPnl", "long", holding => FieldValue.Of(holding.Position.RealisedPnl)),
            new("unrealisedPnl", "long", holding => FieldValue.Of(holding.UnrealisedPnl)),
            new("unrealisedPnlPcnt", "float", holding => FieldValue.Of(Percent(holding))),
            new("avgCostPrice", "float", holding => FieldValue.Of(Entry(holding))),
            new("avgEntryPrice", "float", holding => FieldValue.Of(Entry(holding))),
            new("timestamp", "timestamp", holding => FieldValue.Of(holding.Timestamp)),
        ]);

    public static readonly Table<MarginRow> Margin = new(
        "margin",
        ["account", "currency"],
        [],
        [
            new("account", "long", row => FieldValue.Of(row.Wallet.Account.Number)),
            new("currency", "symbol", row => FieldValue.Of(row.Wallet.Currency.Currency.Code)),
            new("amount", "long", row => FieldValue.Of(row.Wallet.Deposited)),
            new("grossOpenCost", "long", row => FieldValue.Of(row.State.GrossOpenCost)),
            new("grossMarkValue", "long", row => FieldValue.Of(row.State.GrossMarkValue)),
            new("riskValue", "long", row => FieldValue.Of(row.State.GrossMarkValue + row.State.GrossOpenCost)),
            new("initMargin", "long", row => FieldValue.Of(row.State.OrderMargin)),
            new("maintMargin", "long", row => FieldValue.Of(row.State.PositionMargin)),
            new("realisedPnl", "long", row => FieldValue.Of(row.Wallet.RealisedPnl)),
            new("unrealisedPnl", "long", row => FieldValue.Of(row.State.UnrealisedPnl)),
            new("walletBalance", "long", row => FieldValue.Of(row.Wallet.Balance)),
            new("marginBalance", "long", row => FieldValue.Of(row.State.MarginBalance)),
            new("marginLeverage", "float", row => FieldValue.Of(Ratio(row.State, row.State.GrossMarkValue + row.State.GrossOpenCost))),
            new("marginUsedPcnt", "float", row => FieldValue.Of(Ratio(row.State, row.State.OrderMargin + row.State.PositionMargin))),
            new("excessMargin", "long", row => FieldValue.Of(row.State.Available)),
            new("availableMargin", "long", row => FieldValue.Of(row.State.Available)),
            new("withdrawableMargin", "long", row => FieldValue.Of(Math.Max(0, Math.Min(row.Wallet.Balance, row.State.Available)))),
            new("timestamp", "timestamp", row => FieldValue.Of(row.Wallet.Timestamp)),
        ]);

    /// <summary>
    /// The amount is without the running session's profit, which is in the margin row, as the venue's own wallet rows are.
    /// </summary>
    public static readonly Table<Wallet> Wallet = new(
        "wallet",
        ["account", "currency"],
        [],
        [
            new("account", "long", wallet => FieldValue.Of(wallet.Account.Number)),
            new("currency", "symbol", wallet => FieldValue.Of(wallet.Currency.Currency.Code)),
            new("deposited", "long", wallet => FieldValue.Of(wallet.Deposited)),
            new("withdrawn", "long", _ => FieldValue.Of(0L)),
            new("transferIn", "long", _ => FieldValue.Of(0L)),
            new("transferOut", "long", _ => FieldValue.Of(0L)),
            new("amount", "long", wallet => FieldValue.Of(wallet.Deposited)),
            new("pendingCredit", "long", _ => FieldValue.Of(0L)),
            new("pendingDebit", "long", _ => FieldValue.Of(0L)),
            new("confirmedDebit", "long", _ => FieldValue.Of(0L)),
            new("timestamp", "timestamp", wallet => FieldValue.Of(wallet.Opened)),
        ]);

    private static int CostSign(Holding holding) => holding.Instrument.Definition.Kind == ContractKind.Inverse ? -1 : 1;

    private static decimal? Entry(Holding holding) =>
        holding.Position.AverageEntryPrice(holding.Instrument.Definition) is { } price ? decimal.Round(price, 4) : null;

    private static decimal? Percent(Holding holding) =>
        holding.Position.UnrealisedCost == 0 ? null : decimal.Round(holding.UnrealisedPnl / (decimal)Math.Abs(holding.Position.UnrealisedCost), 4);

    private static (decimal Home, decimal Foreign) Notionals(Holding holding)
    {
        var quantity = holding.Position.Quantity.Contracts;
        var (home, foreign) = Notional.Of(holding.Instrument, Math.Abs(quantity), Math.Abs(holding.MarkValue));
        return (home * Math.Sign(quantity), foreign * -Math.Sign(quantity));
    }

    private static decimal? Ratio(in MarginState state, long part) =>
        state.MarginBalance <= 0 ? null : decimal.Round(part / (decimal)state.MarginBalance, 8);
}
