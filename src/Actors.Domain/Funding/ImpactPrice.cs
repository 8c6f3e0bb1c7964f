using Actors.Domain.Instruments;

namespace Actors.Domain.Funding;

/// <summary>One level of a side of a book, best first: its price in quote units and its size in contracts.</summary>
public readonly record struct ImpactLevel(decimal Price, Quantity Quantity);

/// <summary>
/// The average price at which a given value would be filled against one side of the book (the published definition). The last level counts with
/// the part that is needed, as a real number of contracts. How the venue rounds it was never captured: it is not rounded here.
/// </summary>
public static class ImpactPrice
{
    /// <summary>
    /// The price in quote units for <paramref name="notional"/> minor units of value (above 0); null when the side does not hold as much.
    /// Levels come best first, at prices above zero.
    /// </summary>
    public static decimal? Of(Instrument instrument, IEnumerable<ImpactLevel> levels, long notional)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(notional);
        ArgumentNullException.ThrowIfNull(levels);
        decimal left = notional, contracts = 0, points = 0;
        foreach (var level in levels)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level.Price, nameof(levels));
            var perContract = instrument.Kind == ContractKind.Inverse
                ? instrument.Multiplier / level.Price
                : instrument.Multiplier * level.Price / instrument.Divisor;
            var here = Math.Min(level.Quantity.Contracts, left / perContract);
            contracts += here;
            points += here * level.Price;
            if (here < level.Quantity.Contracts || here * perContract >= left) return Average(instrument, contracts, points, notional);
            left -= here * perContract;
        }

        return null;
    }

    /// <summary>Middle of the two impact prices; null when either is missing.</summary>
    public static decimal? Middle(decimal? bid, decimal? ask) => (bid + ask) / 2;

    // The same average as of entries: an inverse contract's is the price at which all contracts together are worth the notional.
    private static decimal Average(Instrument instrument, decimal contracts, decimal points, long notional) =>
        instrument.Kind == ContractKind.Inverse ? instrument.Multiplier * contracts / notional : points / contracts;
}
