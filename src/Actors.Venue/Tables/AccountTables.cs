using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;
using Actors.Venue.Clearing;

namespace Actors.Venue.Tables;

/// <summary>A wallet with its margin as it stands: computed once a row, for it walks all holdings.</summary>
internal readonly record struct MarginRow(Wallet Wallet, AccountMargin State, long GrossOpenCost, long GrossMarkValue)
{
    public static MarginRow Of(Wallet wallet)
    {
        var (open, mark) = WalletMargin.Gross(wallet);
        return new MarginRow(wallet, WalletMargin.Of(wallet), open, mark);
    }
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
            new("initMarginReq", "float", holding => FieldValue.Of(decimal.Round(Rate(holding.Margin.Rates.Initial), 16))),
            new("maintMarginReq", "float", holding => FieldValue.Of(Rate(holding.Margin.Rates.Maintenance))),
            new("riskLimit", "long", holding => FieldValue.Of(holding.Margin.RiskLimit > 0 ? holding.Margin.RiskLimit : Math.Max(holding.Instrument.Definition.RiskLimit, holding.Margin.Tier.Steps == 0 ? 0 : holding.Margin.Tier.Limit))),
            new("leverage", "float", holding => FieldValue.Of(holding.Margin.IsIsolated ? holding.Margin.Leverage : decimal.Floor(holding.Instrument.Terms.LeverageMax))),
            new("crossMargin", "boolean", holding => FieldValue.Of(!holding.Margin.IsIsolated)),
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
            new("grossOpenCost", "long", holding => FieldValue.Of(holding.Margin.GrossOpenCost)),
            new("isOpen", "boolean", holding => FieldValue.Of(!holding.Position.Quantity.IsZero)),
            new("markPrice", "float", holding => FieldValue.Of(holding.Position.Quantity.IsZero ? null : holding.Instrument.MarkPrice)),
            new("markValue", "long", holding => FieldValue.Of(holding.MarkValue)),
            new("riskValue", "long", holding => FieldValue.Of(Math.Abs(holding.MarkValue) + holding.Margin.GrossOpenCost)),
            new("homeNotional", "float", holding => FieldValue.Of(Notionals(holding).Home)),
            new("foreignNotional", "float", holding => FieldValue.Of(Notionals(holding).Foreign)),
            new("posCost", "long", holding => FieldValue.Of(holding.Position.UnrealisedCost)),
            new("posCross", "long", holding => FieldValue.Of(PositionMargin.Of(holding.Margin).Cross)),
            new("posComm", "long", holding => FieldValue.Of(PositionMargin.Of(holding.Margin).Commission)),
            new("posLoss", "long", _ => FieldValue.Of(0L)),
            new("posMargin", "long", holding => FieldValue.Of(PositionMargin.Of(holding.Margin).Margin)),
            new("posMaint", "long", holding => FieldValue.Of(PositionMargin.Of(holding.Margin).Maintenance)),
            new("initMargin", "long", holding => FieldValue.Of(holding.Margin.OpenOrderMargin)),
            new("maintMargin", "long", holding => FieldValue.Of(PositionMargin.Of(holding.Margin).Equity)),
            new("realisedPnl", "long", holding => FieldValue.Of(holding.Position.RealisedPnl)),
            new("unrealisedPnl", "long", holding => FieldValue.Of(holding.UnrealisedPnl)),
            new("unrealisedPnlPcnt", "float", holding => FieldValue.Of(IfHeld(holding, holding.Position.UnrealisedPnlFraction(holding.Instrument.Definition, holding.Instrument.MarkPrice)))),
            new("unrealisedRoePcnt", "float", holding => FieldValue.Of(IfHeld(holding, holding.Position.UnrealisedReturn(holding.Instrument.Definition, holding.Instrument.MarkPrice, Rate(holding.Margin.Rates.Initial))))),
            new("avgCostPrice", "float", holding => FieldValue.Of(Entry(holding))),
            new("avgEntryPrice", "float", holding => FieldValue.Of(Entry(holding))),
            new("breakEvenPrice", "float", holding => FieldValue.Of(ShownPrices.BreakEven(holding.Instrument.Definition, holding.Position))),
            new("marginCallPrice", "float", holding => FieldValue.Of(Liquidated(holding)?.Shown)),
            new("liquidationPrice", "float", holding => FieldValue.Of(Liquidated(holding)?.Shown)),
            new("bankruptPrice", "float", holding => FieldValue.Of(Liquidated(holding)?.Bankruptcy)),
            new("timestamp", "timestamp", holding => FieldValue.Of(holding.Timestamp)),
        ]);

    public static readonly Table<MarginRow> Margin = new(
        "margin",
        ["account", "currency"],
        [],
        [
            new("account", "long", row => FieldValue.Of(row.Wallet.Account.Number)),
            new("currency", "symbol", row => FieldValue.Of(row.Wallet.Currency.Currency.Code)),
            new("amount", "long", row => FieldValue.Of(row.Wallet.Amount)),
            new("grossOpenCost", "long", row => FieldValue.Of(row.GrossOpenCost)),
            new("grossMarkValue", "long", row => FieldValue.Of(row.GrossMarkValue)),
            new("riskValue", "long", row => FieldValue.Of(row.GrossMarkValue + row.GrossOpenCost)),
            new("initMargin", "long", row => FieldValue.Of(row.State.OrderMargin)),
            new("maintMargin", "long", row => FieldValue.Of(row.State.PositionMargin)),
            new("realisedPnl", "long", row => FieldValue.Of(row.Wallet.RealisedPnl)),
            new("unrealisedPnl", "long", row => FieldValue.Of(row.State.UnrealisedPnl)),
            new("walletBalance", "long", row => FieldValue.Of(row.Wallet.Balance)),
            new("marginBalance", "long", row => FieldValue.Of(row.State.MarginBalance)),
            new("marginLeverage", "float", row => FieldValue.Of(Ratio(row.State, row.GrossMarkValue + row.GrossOpenCost))),
            new("marginUsedPcnt", "float", row => FieldValue.Of(Ratio(row.State, row.State.OrderMargin + row.State.PositionMargin))),
            new("excessMargin", "long", row => FieldValue.Of(row.State.Available)),
            new("availableMargin", "long", row => FieldValue.Of(row.State.Available)),
            new("withdrawableMargin", "long", row => FieldValue.Of(Math.Max(0, Math.Min(row.Wallet.Balance, row.State.Withdrawable)))),
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
            new("withdrawn", "long", wallet => FieldValue.Of(wallet.Withdrawn)),
            new("transferIn", "long", wallet => FieldValue.Of(wallet.TransferIn)),
            new("transferOut", "long", wallet => FieldValue.Of(wallet.TransferOut)),
            new("amount", "long", wallet => FieldValue.Of(wallet.Amount)),
            new("pendingCredit", "long", _ => FieldValue.Of(0L)),
            new("pendingDebit", "long", wallet => FieldValue.Of(wallet.PendingDebit)),
            new("confirmedDebit", "long", _ => FieldValue.Of(0L)),
            new("timestamp", "timestamp", wallet => FieldValue.Of(wallet.Opened)),
        ]);

    private static int CostSign(Holding holding) => holding.Instrument.Definition.Kind == ContractKind.Inverse ? -1 : 1;

    private static decimal? Entry(Holding holding) => ShownPrices.AverageEntry(holding.Instrument.Definition, holding.Position);

    private static decimal? IfHeld(Holding holding, decimal value) => holding.Position.Quantity.IsZero ? null : value;

    private static decimal Rate(Fraction rate) => (decimal)rate.Numerator / rate.Denominator;

    private static LiquidationPrice? Liquidated(Holding holding) =>
        holding.Position.Quantity.IsZero || LiquidationPrice.Of(holding.Margin, WalletMargin.Of(holding.Wallet).Available) is not { Exists: true } price ? null : price;

    private static (decimal Home, decimal Foreign) Notionals(Holding holding)
    {
        var quantity = holding.Position.Quantity.Contracts;
        var (home, foreign) = Notional.Of(holding.Instrument, Math.Abs(quantity), Math.Abs(holding.MarkValue));
        return (home * Math.Sign(quantity), foreign * -Math.Sign(quantity));
    }

    private static decimal? Ratio(in AccountMargin state, long part) =>
        state.MarginBalance <= 0 ? null : decimal.Round(part / (decimal)state.MarginBalance, 8);
}
