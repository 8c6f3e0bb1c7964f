using Actors.Domain.Margin;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// What a client may ask of a position's margin. Amounts in minor units of settlement; a leverage of zero is cross margin. Each returns
/// null when it was done, and does nothing otherwise. The words of the refusals are ours: the venue's were never captured.
/// </summary>
internal static class MarginDesk
{
    public static Refusal? SetLeverage(Holding holding, decimal leverage)
    {
        if (!holding.Instrument.Terms.IsMargined || holding.Instrument.Terms.PayoutMax is not null)
            return Refusal.Invalid($"Invalid leverage: {holding.Instrument.Symbol} has no leverage");
        var most = holding.Instrument.Terms.LeverageMax;
        return leverage > most
            ? Refusal.Invalid($"Invalid leverage: expected at most {most:0.##}")
            : Change(holding, holding.Margin.WithLeverage(leverage));
    }

    /// <summary>An isolated position that was given no leverage has the highest.</summary>
    public static Refusal? SetIsolated(Holding holding, bool isIsolated)
    {
        if (isIsolated == holding.Margin.IsIsolated) return null;
        return SetLeverage(holding, isIsolated ? holding.Instrument.Terms.LeverageMax : 0);
    }

    public static Refusal? SetRiskLimit(Holding holding, long riskLimit)
    {
        if (!holding.Instrument.Terms.IsMargined) return Refusal.Invalid($"Invalid riskLimit: {holding.Instrument.Symbol} has none");
        var tier = holding.Instrument.Terms.Tiers.Chosen(riskLimit);
        if (RiskValue(holding) >= tier.Limit) return Refusal.Invalid($"Invalid riskLimit: the value at risk is {RiskValue(holding)}");
        return Change(holding, holding.Margin.WithRiskLimit(riskLimit));
    }

    /// <summary>Moves margin to an isolated position, or away from it when negative.</summary>
    public static Refusal? Transfer(Holding holding, long amount)
    {
        if (!holding.Margin.IsIsolated || holding.Margin.Quantity == 0)
            return Refusal.Invalid("Invalid amount: margin is moved to and from isolated positions only");
        return -amount > holding.Margin.Removable
            ? Refusal.Invalid($"Invalid amount: at most {holding.Margin.Removable} can be taken out")
            : Change(holding, holding.Margin.Transfer(amount));
    }

    private static long RiskValue(Holding holding) => Math.Abs(holding.MarkValue) + holding.Margin.GrossOpenCost;

    /// <summary>Takes the holding over when the account can afford it and it is not due for liquidation then.</summary>
    private static Refusal? Change(Holding holding, in MarginHolding after)
    {
        var before = holding.Margin;
        holding.Margin = after;
        var available = WalletMargin.Of(holding.Wallet).Available;
        if (available >= 0 && !LiquidationPrice.IsDue(after, available)) return null;
        holding.Margin = before;
        return available < 0
            ? Refusal.Invalid($"Account has insufficient Available Balance, {-available} {holding.Wallet.Currency.Currency} more required")
            : Refusal.Invalid("The position would be liquidated at once");
    }
}
