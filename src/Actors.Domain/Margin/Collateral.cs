using System.Collections.Frozen;
using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>One cell of the haircut table: the part of a collateral's value that does not count toward margin settled in another currency.</summary>
public readonly record struct Haircut(Currency Settlement, Currency Collateral, decimal Fraction);

/// <summary>
/// Which currencies stand in for which, and at what loss. A pair that is not in the table is not accepted; a currency always counts fully for
/// itself. Which table holds is the dialect's data. Immutable.
/// </summary>
public sealed class Haircuts
{
    private readonly FrozenDictionary<(Currency, Currency), decimal> _table;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for a fraction outside 0 to 1, <see cref="ArgumentException"/> for a cell given twice.</summary>
    public Haircuts(IEnumerable<Haircut> cells)
    {
        var table = new Dictionary<(Currency, Currency), decimal>();
        foreach (var cell in cells)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(cell.Fraction, nameof(cells));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(cell.Fraction, 1m, nameof(cells));
            table.Add((cell.Settlement, cell.Collateral), cell.Fraction);
        }

        _table = table.ToFrozenDictionary();
    }

    /// <summary>The fraction lost; null when the collateral is not accepted.</summary>
    public decimal? Of(Currency settlement, Currency collateral) => settlement == collateral
        ? 0
        : _table.TryGetValue((settlement, collateral), out var fraction) ? fraction : null;
}

/// <summary>A currency and what one minor unit of it is worth, in any unit that all currencies of the account are priced in; positive.</summary>
public readonly record struct CurrencyValue(Currency Currency, decimal Value);

/// <summary>Lets the spare balance of one currency stand in for what another lacks.</summary>
public static class Collateral
{
    /// <summary>
    /// Covers what is short with what is spare, the cheapest haircut first, and writes it into <see cref="AccountMargin.Collateral"/> of both.
    /// Element i of both spans is one currency. The venue is said to optimise over all currencies, how is not published; taking the cheapest pair
    /// first never counts more than there is, and may leave short what a cleverer split would cover.
    /// </summary>
    public static void Cover(Span<AccountMargin> margins, ReadOnlySpan<CurrencyValue> currencies, Haircuts haircuts)
    {
        if (margins.Length != currencies.Length) throw new ArgumentException("one value for each currency", nameof(currencies));
        foreach (ref var margin in margins) margin = margin with { Collateral = 0 };
        while (Cheapest(margins, currencies, haircuts) is var (shortOf, spare, haircut))
        {
            var worth = currencies[spare].Value * (1 - haircut);
            var needed = decimal.Ceiling(-margins[shortOf].Available * currencies[shortOf].Value / worth);
            var lent = (long)Math.Min(needed, margins[spare].Withdrawable);
            var counted = needed <= lent ? -margins[shortOf].Available : (long)decimal.Floor(lent * worth / currencies[shortOf].Value);
            margins[spare] = margins[spare] with { Collateral = margins[spare].Collateral - lent };
            margins[shortOf] = margins[shortOf] with { Collateral = margins[shortOf].Collateral + counted };
        }
    }

    private static (int Short, int Spare, decimal Haircut)? Cheapest(ReadOnlySpan<AccountMargin> margins, ReadOnlySpan<CurrencyValue> currencies, Haircuts haircuts)
    {
        (int, int, decimal)? best = null;
        var least = 1m;
        for (var lacking = 0; lacking < margins.Length; lacking++)
        {
            if (margins[lacking].Available >= 0) continue;
            for (var spare = 0; spare < margins.Length; spare++)
            {
                if (margins[spare].Withdrawable == 0 || haircuts.Of(currencies[lacking].Currency, currencies[spare].Currency) is not { } haircut) continue;
                if (haircut >= least) continue;
                best = (lacking, spare, haircut);
                least = haircut;
            }
        }

        return best;
    }
}
