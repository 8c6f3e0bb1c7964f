namespace Actors.Domain.Margin;

/// <summary>
/// Figures that the venue shows beside a position and that nothing is computed from; recomputed on the published rows of 2018 to 2022.
/// </summary>
public static class PositionReturns
{
    /// <summary>Unrealised profit as a part of the cost, to four decimals; zero when nothing is held.</summary>
    public static decimal UnrealisedPercent(long unrealisedPnl, long cost) => Share(unrealisedPnl, cost, Fraction.One);

    /// <summary>Unrealised profit as a part of the initial margin that the rate asks for the cost, to four decimals.</summary>
    public static decimal UnrealisedReturnOnEquity(long unrealisedPnl, long cost, Fraction initialRate) => Share(unrealisedPnl, cost, initialRate);

    /// <summary>
    /// The price at which closing would leave neither profit nor loss, in quote units: where unrealised profit, realised profit and profit already
    /// moved out (rebalanced) cancel; rounded against the owner. 100000000 where a short cannot lose any more, one tick where a long cannot.
    /// </summary>
    public static decimal BreakEvenPrice(MarginTerms terms, long quantity, long cost, long realisedPnl, long rebalancedPnl) =>
        ProfitPrice.Shown(terms, quantity, cost, realisedPnl + rebalancedPnl, Fraction.Zero);

    private static decimal Share(long profit, long cost, Fraction rate) => cost == 0 || rate.Numerator == 0
        ? 0
        : decimal.Round(profit / Math.Abs((decimal)cost) * rate.Denominator / rate.Numerator, 4, MidpointRounding.AwayFromZero);
}
