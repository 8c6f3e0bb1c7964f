using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Domain.Risk;

/// <summary>An order that is judged: what it would leave open if it were let through, in place of the one it changes.</summary>
internal readonly record struct Proposal(Symbol Symbol, string StrategyId, ClientOrderId Id, OpenExposure Exposure, Quantity OrderQuantity, Price? Price, bool IsNew, bool ChangesQuantity);

/// <summary>
/// How far a position can get, in contracts: to <see cref="High"/> if every buy were filled and to <see cref="Low"/> if every sell were. Orders that only reduce
/// take it to zero and no further, and count before the others, which is the worst order.
/// </summary>
internal readonly record struct Extent(long Low, long High)
{
    public long Farthest => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>
    /// Of one strategy's orders where it is named, else of all; <paramref name="except"/> does not count. What an order has filled and the account's position has not
    /// counted yet is still counted as open: a strategy's own position counts it at once.
    /// </summary>
    public static Extent Of(InstrumentRisk risk, Quantity position, string? strategyId, ClientOrderId except, OpenExposure? added = null)
    {
        long buys = 0, sells = 0, reducingBuys = 0, reducingSells = 0;
        foreach (var (id, one) in risk.Open)
        {
            if (id == except || (strategyId is not null && one.StrategyId != strategyId)) continue;
            Count(one);
        }

        if (strategyId is null)
        {
            foreach (var one in risk.Awaited.Values) Count(one.Exposure);
        }

        if (added is { } more) Count(more);
        var held = position.Contracts;
        var low = held > 0 ? Math.Max(0, held - reducingSells) : held;
        var high = held < 0 ? Math.Min(0, held + reducingBuys) : held;
        return new Extent(low - sells, high + buys);

        void Count(OpenExposure one)
        {
            var leaves = Math.Max(0, one.Leaves.Contracts);
            if (one.Side == Side.Buy && one.OnlyReduces) reducingBuys += leaves;
            else if (one.Side == Side.Buy) buys += leaves;
            else if (one.OnlyReduces) reducingSells += leaves;
            else sells += leaves;
        }
    }

    /// <summary>
    /// Whether an order can only bring the position nearer to zero, whatever else is filled: the venue sees to it, or it lies against the position and, with all
    /// others of its side, within it.
    /// </summary>
    public static bool Reduces(InstrumentRisk risk, in Proposal proposal) => proposal.Exposure.OnlyReduces || StaysWithin(risk, proposal);

    /// <summary>
    /// Whether all orders of its side together stay within the position. One that only reduces need not: what it closes gives the other orders of its side that
    /// much farther to go.
    /// </summary>
    public static bool StaysWithin(InstrumentRisk risk, in Proposal proposal)
    {
        var position = risk.Position;
        if (Math.Sign(position.Contracts) != -proposal.Exposure.Side.Sign()) return false;
        var total = proposal.Exposure.Leaves.Contracts;
        foreach (var (id, one) in risk.Open)
        {
            if (one.Side != proposal.Exposure.Side) continue;
            if (one.IsUncertain) return false;
            if (id != proposal.Id) total += one.Leaves.Contracts;
        }

        foreach (var (one, _) in risk.Awaited.Values) total += one.Side == proposal.Exposure.Side ? one.Leaves.Contracts : 0;
        return total <= Math.Abs(position.Contracts);
    }
}
