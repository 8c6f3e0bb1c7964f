using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>
/// Where a position is liquidated and where its margin is gone, all other marks standing still. The shown prices follow the venue's rule as found
/// on published rows (isolated: three rows exact; inverse longs and linear shorts by symmetry); the trigger is the exact first tick at which the
/// margin arithmetic of this folder falls below maintenance. The two may be a tick or a few apart, because the shown rule rounds against the owner.
/// </summary>
public readonly record struct LiquidationPrice
{
    /// <summary>False when there is nothing to liquidate: flat, spot, or fully funded.</summary>
    public bool Exists { get; private init; }

    /// <summary>As the venue shows it, in quote units: 100000000 when a short's cannot be reached, one tick when a long's cannot.</summary>
    public decimal Shown { get; private init; }

    /// <summary>The price at which the margin at risk is lost, as the venue shows it, with the same ends as <see cref="Shown"/>.</summary>
    public decimal Bankruptcy { get; private init; }

    /// <summary>
    /// The first tick at which equity is below maintenance: at it and beyond, liquidation is due. Null when no price between one tick and 100000000
    /// is; when every price is, the last of these that a fall (long) or a rise (short) would come from.
    /// </summary>
    public Price? Trigger { get; private init; }

    /// <summary>
    /// The prices of one holding. <paramref name="available"/> is the available balance of its currency at the same marks; it only counts for cross
    /// positions. Open orders count as they stand: their margin is not at the position's disposal until they are cancelled.
    /// </summary>
    public static LiquidationPrice Of(in MarginHolding holding, long available, MarginEngine engine = MarginEngine.Separate)
    {
        if (!CanBeLiquidated(holding)) return default;
        var margin = PositionMargin.Of(holding);
        var extra = Beyond(holding, margin, available, engine);
        var (initial, maintenance) = holding.Rates;
        var cost = holding.Position.UnrealisedCost;
        return new LiquidationPrice
        {
            Exists = true,
            Shown = ProfitPrice.Shown(holding.Terms, holding.Quantity, cost, extra, initial - (maintenance + holding.FundingPaid)),
            Bankruptcy = ProfitPrice.Shown(holding.Terms, holding.Quantity, cost, extra, initial),
            Trigger = ProfitPrice.Breach(holding.Terms, holding.Quantity, cost, margin.Initial + extra, margin.Requirement),
        };
    }

    /// <summary>Whether the position's equity, with what the account lends it, is below its maintenance at the present marks.</summary>
    public static bool IsDue(in MarginHolding holding, long available, MarginEngine engine = MarginEngine.Separate)
    {
        if (!CanBeLiquidated(holding)) return false;
        var margin = PositionMargin.Of(holding);
        return margin.Initial + Beyond(holding, margin, available, engine) + margin.UnrealisedPnl < margin.Requirement;
    }

    /// <summary>
    /// How far the mark is from the trigger, as a part of the mark: zero or less when liquidation is due, null when it cannot be reached.
    /// </summary>
    public decimal? Distance(in MarginHolding holding)
    {
        if (Trigger is not { } trigger || holding.Mark == 0) return null;
        var gap = holding.Mark - holding.Terms.Instrument.Tick.ToDecimal(trigger);
        return (holding.Quantity > 0 ? gap : -gap) / Math.Abs(holding.Mark);
    }

    internal static bool CanBeLiquidated(in MarginHolding holding) =>
        holding.Quantity != 0 && holding.Terms is { IsMargined: true, PayoutMax: null };

    /// <summary>
    /// Margin at risk beyond the initial. Isolated: what was moved in. Cross, separate: what covers the present loss, and the free balance. Cross,
    /// shared: whatever makes the trigger the point where the account's available balance is gone.
    /// </summary>
    private static long Beyond(in MarginHolding holding, in PositionMargin margin, long available, MarginEngine engine)
    {
        if (holding.IsIsolated) return holding.Transferred;
        return engine == MarginEngine.Separate
            ? margin.Cross + available
            : available + margin.Requirement - margin.UnrealisedPnl - margin.Initial;
    }
}
