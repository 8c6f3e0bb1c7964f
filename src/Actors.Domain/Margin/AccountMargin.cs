using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>How unrealised profit and cross positions of an account are counted.</summary>
public enum MarginEngine
{
    /// <summary>
    /// As the published rows of 2018 to 2022 compute: every position holds its own margin, a cross position draws the wallet's free balance for its
    /// losses, and nobody's unrealised profit supports anything else.
    /// </summary>
    Separate = 0,

    /// <summary>
    /// As the venue describes its engine since March 2024: cross positions share unrealised profit, lock only their maintenance margin, and are
    /// liquidated together. Uncertain: no row computed by it was ever published, only this description.
    /// </summary>
    Shared = 1,
}

/// <summary>
/// An account's money in one currency, in minor units, as it stands at the present marks. The identities hold on the published margin rows of 2018
/// and 2019. Beyond ±2^63-1 <see cref="OverflowException"/> is thrown; a caller must then refuse whatever it was asked.
/// </summary>
public readonly record struct AccountMargin
{
    /// <summary>Deposits, withdrawals and realised profit.</summary>
    public required long WalletBalance { get; init; }

    public required long UnrealisedPnl { get; init; }

    /// <summary>Locked by open orders (initMargin).</summary>
    public required long OrderMargin { get; init; }

    /// <summary>Locked by positions (maintMargin).</summary>
    public required long PositionMargin { get; init; }

    /// <summary>Values at mark and open cost, summed without sign (riskValue).</summary>
    public required long RiskValue { get; init; }

    /// <summary>Unrealised profit that is available to trade on but not to withdraw: none under <see cref="MarginEngine.Separate"/>.</summary>
    public long UnrealisedAvailable { get; init; }

    /// <summary>What other currencies lend to this one (positive) or this one to others (negative), after haircuts.</summary>
    public long Collateral { get; init; }

    public long MarginBalance => WalletBalance + UnrealisedPnl;

    /// <summary>What is left of the balance; negative when more is locked than there is. The venue's excess margin is the same figure.</summary>
    public long Available => MarginBalance - OrderMargin - PositionMargin + Collateral;

    /// <summary>What may leave the wallet and leave nothing short; never negative.</summary>
    public long Withdrawable => Math.Max(0, Available - Math.Max(0, Collateral) - UnrealisedAvailable);

    /// <summary>Value at risk over balance; null when there is no balance.</summary>
    public decimal? Leverage => MarginBalance <= 0 ? null : (decimal)RiskValue / MarginBalance;

    /// <summary>Part of the balance that is locked, to four decimals as the venue shows it; null when there is no balance.</summary>
    public decimal? Used => MarginBalance <= 0
        ? null
        : decimal.Round(((decimal)OrderMargin + PositionMargin) / MarginBalance, 4, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Adds up everything that an account holds and settles in the wallet's currency; holdings of other currencies are passed over. Computes each
    /// holding anew and allocates nothing.
    /// </summary>
    public static AccountMargin Of(Money wallet, ReadOnlySpan<MarginHolding> holdings, MarginEngine engine = MarginEngine.Separate)
    {
        long unrealised = 0, orders = 0, positions = 0, risk = 0, shared = 0;
        foreach (ref readonly var holding in holdings)
        {
            if (holding.Terms.Instrument.Settlement != wallet.Currency) continue;
            var open = holding.GrossOpenCost;
            orders += holding.OrderMarginWith(open);
            risk += open;
            if (holding.Quantity == 0) continue;
            var margin = Margin.PositionMargin.Of(holding, open);
            unrealised += margin.UnrealisedPnl;
            positions += Locked(holding, margin, engine);
            risk += Math.Abs(holding.MarkValue);
            if (engine == MarginEngine.Shared && !holding.IsIsolated) shared += margin.UnrealisedPnl;
        }

        return new AccountMargin
        {
            WalletBalance = wallet.MinorUnits,
            UnrealisedPnl = unrealised,
            OrderMargin = orders,
            PositionMargin = positions,
            RiskValue = risk,
            UnrealisedAvailable = Math.Max(0, shared),
        };
    }

    /// <summary>
    /// What the available balance would lose by one more order resting, in minor units: its margin, and what a higher risk tier asks of the position
    /// and of the other orders. Zero for an order that only reduces. <paramref name="cost"/> is unsigned.
    /// </summary>
    public static long Required(in MarginHolding holding, Side side, Quantity quantity, long cost, long premium, MarginEngine engine = MarginEngine.Separate)
    {
        var after = holding.WithOrders(holding.Orders.Plus(side, quantity, cost, premium));
        return LockedBy(after, engine) - LockedBy(holding, engine);
    }

    private static long LockedBy(in MarginHolding holding, MarginEngine engine) =>
        holding.OpenOrderMargin + Locked(holding, Margin.PositionMargin.Of(holding), engine);

    private static long Locked(in MarginHolding holding, in PositionMargin margin, MarginEngine engine) =>
        engine == MarginEngine.Shared && !holding.IsIsolated && holding.Terms.PayoutMax is null ? margin.Maintenance : margin.Equity;
}
