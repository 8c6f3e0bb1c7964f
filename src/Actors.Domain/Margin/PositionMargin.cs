namespace Actors.Domain.Margin;

/// <summary>
/// The raw figures a position's margin follows from, in minor units. <see cref="Cost"/> and <see cref="CommissionCost"/> count without their sign
/// (the venue's posCost and posCost2, equal unless there is a <see cref="Loss"/>). <see cref="FundingRate"/> is what this side pays at the next
/// funding, zero when it receives. <see cref="Cross"/> is margin beyond the initial, <see cref="Loss"/> margin already lost.
/// </summary>
public readonly record struct PositionMarginInputs(
    long Cost,
    long CommissionCost,
    Fraction InitialRate,
    Fraction MaintenanceRate,
    Fraction TakerFee,
    Fraction FundingRate,
    long Cross,
    long Loss,
    long UnrealisedPnl);

/// <summary>
/// What one position locks up, in minor units. The rules reproduce the published position rows of 2018 to 2022, with one row whose commission is
/// 4 units higher for no known reason. Beyond ±2^63-1 <see cref="OverflowException"/> is thrown, and nothing may be traded on.
/// </summary>
public readonly record struct PositionMargin
{
    /// <summary>Initial margin: cost times the required rate, rounded up (posInit).</summary>
    public long Initial { get; private init; }

    /// <summary>Reserved to close the position: fee on its cost and on the initial margin together, which is its value at bankruptcy (posComm).</summary>
    public long Commission { get; private init; }

    /// <summary>The least that margin and unrealised profit may come to: maintenance, next funding and the reserved fee (posMaint).</summary>
    public long Maintenance { get; private init; }

    /// <summary>Margin beyond the initial: moved in by the owner (isolated), or covering the present loss (cross) (posCross).</summary>
    public long Cross { get; private init; }

    /// <summary>All the margin the position holds (posMargin).</summary>
    public long Margin { get; private init; }

    public long UnrealisedPnl { get; private init; }

    /// <summary>Margin and unrealised profit. The venue's rows call this maintMargin, though it is no requirement.</summary>
    public long Equity => Margin + UnrealisedPnl;

    /// <summary>The requirement without the reserved fee, which stands on both sides of the inequality.</summary>
    internal long Requirement => Maintenance - Commission;

    /// <summary>The margin of a position from raw figures. Negative rates or amounts throw <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static PositionMargin Of(in PositionMarginInputs inputs)
    {
        var cost = Math.Abs(inputs.Cost);
        var initial = inputs.InitialRate.Ceiling(cost);
        return Of(
            initial,
            (inputs.MaintenanceRate + inputs.FundingRate).Ceiling(cost),
            inputs.TakerFee.Ceiling(Math.Abs(inputs.CommissionCost) + initial),
            inputs.Cross - inputs.Loss,
            inputs.UnrealisedPnl) with
        { Cross = inputs.Cross };
    }

    /// <summary>The margin of a position as an account holds it; nothing when it is flat or its instrument has no margin.</summary>
    public static PositionMargin Of(in MarginHolding holding) => Of(holding, holding.GrossOpenCost);

    internal static PositionMargin Of(in MarginHolding holding, long grossOpenCost)
    {
        var cost = holding.Cost;
        if (cost == 0 || !holding.Terms.IsMargined) return default;
        var profit = holding.UnrealisedPnl;
        if (holding.Terms.PayoutMax is { } payout)
        {
            var risk = holding.Quantity > 0 ? cost : (payout * -holding.Quantity) - cost;
            return Of(risk, 0, holding.Terms.TakerFee.Ceiling(cost + risk), 0, profit);
        }

        var (initialRate, maintenanceRate) = holding.RatesWith(grossOpenCost);
        var initial = initialRate.Ceiling(cost);
        return Of(
            initial,
            (maintenanceRate + holding.FundingPaid).Ceiling(cost),
            holding.Terms.TakerFee.Ceiling(cost + initial),
            holding.IsIsolated ? holding.Transferred : Math.Max(0, -profit),
            profit);
    }

    private static PositionMargin Of(long initial, long requirement, long commission, long cross, long profit) => new()
    {
        Initial = initial,
        Commission = commission,
        Maintenance = requirement + commission,
        Cross = cross,
        Margin = initial + commission + cross,
        UnrealisedPnl = profit,
    };
}
