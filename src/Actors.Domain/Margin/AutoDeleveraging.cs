using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>An account on the other side of a liquidated position: what it holds, without sign, and how it ranks.</summary>
public readonly record struct DeleveragingCandidate(long Account, long Quantity, decimal Score);

/// <summary>
/// Who has to give up contracts when the insurance fund cannot pay, after the venue's published ranking and its example. Longs and shorts are
/// ranked apart: give each call one side. What is closed is closed at the bankruptcy price of the liquidated position, and the open orders of
/// those accounts in the symbol are cancelled (the caller does both).
/// </summary>
public static class AutoDeleveraging
{
    /// <summary>
    /// Profit as a part of the entry value, multiplied by the effective leverage when there is profit and divided by it when there is none.
    /// All three values carry the sign of the position's cost and are in minor units; to 28 digits. A profitable position whose value at mark is
    /// not above that at bankruptcy has no finite leverage and ranks before all others.
    /// </summary>
    public static decimal Score(long markValue, long entryValue, long bankruptValue)
    {
        if (entryValue == 0 || markValue == 0) return 0;
        var profit = ((decimal)markValue - entryValue) / Math.Abs((decimal)entryValue);
        var margin = (decimal)markValue - bankruptValue;
        if (profit <= 0) return profit * margin / Math.Abs((decimal)markValue);
        return margin <= 0 ? decimal.MaxValue : profit * (Math.Abs((decimal)markValue) / margin);
    }

    /// <summary>The score of a holding whose bankruptcy price, in quote units, is known.</summary>
    public static decimal Score(in MarginHolding holding, decimal bankruptcyPrice) => Score(
        holding.MarkValue,
        holding.Position.UnrealisedCost,
        ContractValue.Cost(holding.Terms.Instrument, holding.Position.Quantity, bankruptcyPrice));

    /// <summary>Sorts the candidates into the order in which they are closed: highest score first, equal scores by account number.</summary>
    public static void Rank(Span<DeleveragingCandidate> candidates) => candidates.Sort(static (left, right) =>
    {
        var byScore = right.Score.CompareTo(left.Score);
        return byScore != 0 ? byScore : left.Account.CompareTo(right.Account);
    });

    /// <summary>
    /// Writes for each ranked candidate the fifth of all contracts that it falls into: 20 for the first to be closed, up to 100. In which direction
    /// the venue's own deleveragePercentile counts is uncertain.
    /// </summary>
    public static void Percentiles(ReadOnlySpan<DeleveragingCandidate> ranked, Span<int> percentiles)
    {
        Int128 total = 0, counted = 0;
        foreach (ref readonly var candidate in ranked) total += candidate.Quantity;
        for (var i = 0; i < ranked.Length; i++)
        {
            counted += ranked[i].Quantity;
            percentiles[i] = total == 0 ? 100 : 20 * (int)Exact.Ceiling(5 * counted, total);
        }
    }

    /// <summary>
    /// Writes for each ranked candidate how many of its contracts are closed, from the top until <paramref name="quantity"/> is reached. Returns
    /// what nobody was left to take: zero on a venue whose longs and shorts are equal.
    /// </summary>
    public static long Close(ReadOnlySpan<DeleveragingCandidate> ranked, long quantity, Span<long> closed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        for (var i = 0; i < ranked.Length; i++)
        {
            closed[i] = Math.Min(quantity, ranked[i].Quantity);
            quantity -= closed[i];
        }

        return quantity;
    }
}
