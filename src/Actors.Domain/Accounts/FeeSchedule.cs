using System.Collections.Immutable;

namespace Actors.Domain.Accounts;

/// <summary>Commission as fractions of value; a negative maker rate is a rebate.</summary>
public readonly record struct FeeRates(decimal Maker, decimal Taker);

/// <summary>The rates of accounts whose average daily volume over 30 days is at least <paramref name="VolumeFrom"/> dollars.</summary>
public readonly record struct FeeTier(decimal VolumeFrom, FeeRates Rates);

/// <summary>Takes <paramref name="Fraction"/> off the taker fee of accounts that hold at least <paramref name="BalanceFrom"/> of the venue's token.</summary>
public readonly record struct TokenDiscount(decimal BalanceFrom, decimal Fraction);

/// <summary>What lowers an account's fees beside its volume: fractions off, 0 to 1.</summary>
public readonly record struct FeeDiscounts(decimal Affiliate, decimal Token);

/// <summary>
/// A table of commission rates as data: tiers by volume, and the bounds that discounts may not pass. Pure; which table holds when stands in
/// <see cref="FeeHistory"/>.
/// </summary>
public sealed record FeeSchedule
{
    private readonly ImmutableArray<FeeTier> _tiers;

    /// <summary>Tiers in rising order, the first from zero; else <see cref="ArgumentException"/>.</summary>
    public FeeSchedule(ImmutableArray<FeeTier> tiers)
    {
        if (tiers.IsDefaultOrEmpty || tiers[0].VolumeFrom != 0) throw new ArgumentException("the first tier holds from no volume at all", nameof(tiers));
        for (var i = 1; i < tiers.Length; i++)
        {
            if (tiers[i].VolumeFrom <= tiers[i - 1].VolumeFrom) throw new ArgumentException("tiers rise in volume", nameof(tiers));
        }

        _tiers = tiers;
    }

    /// <summary>No discount takes the taker fee below this; null when nothing is known.</summary>
    public decimal? TakerMin { get; init; }

    /// <summary>The rates before discounts. Volume is the 30-day total over 30, in dollars, not negative.</summary>
    public FeeRates For(decimal averageDailyVolume)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(averageDailyVolume);
        var rates = _tiers[0].Rates;
        foreach (var tier in _tiers)
        {
            if (averageDailyVolume >= tier.VolumeFrom) rates = tier.Rates;
        }

        return rates;
    }

    /// <summary>
    /// The rates after discounts. An affiliate's shows on rows as 0.000675 instead of 0.00075, a tenth off the taker fee; rebates were not
    /// seen to change. That the two discounts multiply is our choice: rows with both were never captured.
    /// </summary>
    public FeeRates For(decimal averageDailyVolume, FeeDiscounts discounts)
    {
        Fraction(discounts.Affiliate);
        Fraction(discounts.Token);
        var rates = For(averageDailyVolume);
        if (rates.Taker <= 0) return rates;
        var taker = rates.Taker * (1 - discounts.Affiliate) * (1 - discounts.Token);
        return rates with { Taker = TakerMin is { } least && taker < least ? Math.Min(least, rates.Taker) : taker };
    }

    /// <summary>The discount of a token balance: the highest level reached, nothing below the first. Levels in any order.</summary>
    public static decimal DiscountOf(IEnumerable<TokenDiscount> levels, decimal balance) =>
        levels.Where(level => balance >= level.BalanceFrom).Select(level => level.Fraction).DefaultIfEmpty(0).Max();

    private static void Fraction(decimal discount)
    {
        if (discount is < 0 or > 1) throw new ArgumentOutOfRangeException(nameof(discount), discount, "a discount is a fraction between 0 and 1");
    }
}
