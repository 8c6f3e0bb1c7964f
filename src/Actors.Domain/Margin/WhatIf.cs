using System.Collections.Immutable;
using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>Something that could be done to an account or happen to it.</summary>
public abstract record AccountChange;

/// <summary>Money leaves the wallet; a negative amount is a deposit.</summary>
public sealed record Withdrawal(Money Amount) : AccountChange;

/// <summary>Isolated margin at another leverage, or zero for cross.</summary>
public sealed record LeverageChange(Symbol Symbol, decimal Leverage) : AccountChange;

/// <summary>Another risk limit in minor units, or zero for automatic.</summary>
public sealed record RiskLimitChange(Symbol Symbol, long RiskLimit) : AccountChange;

/// <summary>Margin moved into an isolated position, or out of it when negative, in minor units.</summary>
public sealed record MarginTransfer(Symbol Symbol, long Amount) : AccountChange;

/// <summary>One more order rests.</summary>
public sealed record OrderAdded(Symbol Symbol, Side Side, Quantity Quantity, Price Price) : AccountChange;

/// <summary>The mark of one symbol moves, in quote units; for several symbols give several of these.</summary>
public sealed record MarkMoved(Symbol Symbol, decimal Mark) : AccountChange;

/// <summary>An account before and after a change, and in words why the change would not be granted (empty when it would).</summary>
public sealed record WhatIfAnswer(MarginAccount Account, MarginReport Before, MarginReport After, ImmutableArray<string> Objections);

/// <summary>Answers what a change would do to every margin, balance and liquidation price of an account. Pure.</summary>
public static class WhatIf
{
    /// <summary>
    /// Makes the changes one after the other. Throws <see cref="ArgumentException"/> for a symbol or currency that the account does not have and
    /// <see cref="OverflowException"/> when a figure leaves its bound; a change that cannot be made at all is an objection and is left out.
    /// </summary>
    public static WhatIfAnswer Of(MarginAccount account, params ReadOnlySpan<AccountChange> changes)
    {
        var objections = ImmutableArray.CreateBuilder<string>();
        var before = account.Report();
        var after = account;
        foreach (var change in changes)
        {
            if (Refuse(after, change) is { } impossible) objections.Add(impossible);
            else after = Make(after, change);
        }

        var report = after.Report();
        foreach (var (currency, margin) in report.Currencies)
        {
            if (margin.Available < 0) objections.Add($"{-margin.Available} {currency} would be missing");
        }

        foreach (var holding in report.Holdings)
        {
            if (holding.IsDue) objections.Add($"{holding.Symbol} would be liquidated");
        }

        return new WhatIfAnswer(after, before, report, objections.ToImmutable());
    }

    private static string? Refuse(MarginAccount account, AccountChange change) => change switch
    {
        Withdrawal { Amount: var amount } when amount.MinorUnits > account.Report().Of(amount.Currency).Withdrawable =>
            $"{account.Report().Of(amount.Currency).Withdrawable} {amount.Currency} may be withdrawn, not {amount.MinorUnits}",
        LeverageChange leverage => RefuseLeverage(account.Holding(leverage.Symbol), leverage.Leverage),
        RiskLimitChange { RiskLimit: < 0 } limit => $"a risk limit is not negative: {limit.RiskLimit}",
        RiskLimitChange { RiskLimit: > 0 } limit when account.Holding(limit.Symbol) is var holding
            && holding.Cost + holding.GrossOpenCost >= holding.WithRiskLimit(limit.RiskLimit).Tier.Limit =>
            $"{limit.Symbol} holds and orders {holding.Cost + holding.GrossOpenCost}, which needs a higher risk limit than {limit.RiskLimit}",
        MarginTransfer transfer when account.Holding(transfer.Symbol) is { } holding && (!holding.IsIsolated || holding.Quantity == 0) =>
            $"{transfer.Symbol} is no isolated position",
        MarginTransfer transfer when -transfer.Amount > account.Holding(transfer.Symbol).Removable =>
            $"{account.Holding(transfer.Symbol).Removable} may be moved out of {transfer.Symbol}, not {-transfer.Amount}",
        OrderAdded order => account.Holding(order.Symbol).Terms.Instrument.RefuseQuantity(order.Quantity),
        _ => null,
    };

    private static string? RefuseLeverage(in MarginHolding holding, decimal leverage)
    {
        if (leverage < 0) return $"a leverage is not negative: {leverage}";
        if (leverage == 0) return null;
        return Fraction.Inverse(leverage) < holding.Tier.InitialRate
            ? $"leverage {leverage} is more than {holding.Terms.Instrument.Symbol} allows at its size"
            : null;
    }

    private static MarginAccount Make(MarginAccount account, AccountChange change) => change switch
    {
        Withdrawal { Amount: var amount } => account.WithWallet(account.Wallet(amount.Currency) - amount),
        LeverageChange { Symbol: var symbol, Leverage: var leverage } => account.With(account.Holding(symbol).WithLeverage(leverage)),
        RiskLimitChange { Symbol: var symbol, RiskLimit: var limit } => account.With(account.Holding(symbol).WithRiskLimit(limit)),
        MarginTransfer { Symbol: var symbol, Amount: var amount } => account.With(account.Holding(symbol).Transfer(amount)),
        MarkMoved { Symbol: var symbol, Mark: var mark } => account.With(account.Holding(symbol).WithMark(mark)),
        OrderAdded order => account.With(Added(account.Holding(order.Symbol), order)),
        _ => throw new InvalidOperationException($"no rule makes {change.GetType().Name}"),
    };

    private static MarginHolding Added(in MarginHolding holding, OrderAdded order)
    {
        var instrument = holding.Terms.Instrument;
        var cost = ContractValue.Value(instrument, order.Quantity, order.Price);
        var premium = holding.Mark == 0 ? 0 : OrderMargin.PremiumOf(instrument, order.Side, order.Quantity, order.Price, holding.Mark);
        return holding.WithOrders(holding.Orders.Plus(order.Side, order.Quantity, cost, premium));
    }
}
