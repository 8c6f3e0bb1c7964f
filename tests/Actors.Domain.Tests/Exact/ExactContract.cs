using System.Numerics;
using Actors.Domain.Instruments;

namespace Actors.Domain.Tests.Exact;

/// <summary>
/// The contracts once more, from their definitions and with exact fractions: what a contract is worth, what it costs, what a position made of
/// fills is, what it shows. No line of it is shared with the code it judges.
/// </summary>
internal static class ExactContract
{
    /// <summary>What so many contracts are worth if nothing were rounded.</summary>
    public static Rational Unrounded(Instrument contract, Rational quantity, Rational price) => contract.Kind == ContractKind.Inverse
        ? contract.Multiplier * quantity / price
        : contract.Multiplier * quantity * price / contract.Divisor;

    /// <summary>Value in whole minor units: of an inverse contract each lot for itself, of others the sum.</summary>
    public static BigInteger Value(Instrument contract, long quantity, Rational price)
    {
        if (contract.Kind != ContractKind.Inverse) return Unrounded(contract, quantity, price).Nearest();
        var lot = Unrounded(contract, contract.LotSize.Contracts, price).Nearest();
        return (new Rational(lot, 1) * quantity / contract.LotSize.Contracts).Nearest();
    }

    public static BigInteger Cost(Instrument contract, long position, Rational price) =>
        Value(contract, Math.Abs(position), price) * Math.Sign(position) * (contract.Kind == ContractKind.Inverse ? -1 : 1);

    /// <summary>The farthest that rounding can carry a value from the truth: half a unit a lot, and half for the rest.</summary>
    public static Rational Slack(Instrument contract, long quantity) => contract.Kind == ContractKind.Inverse
        ? new Rational(Math.Abs(quantity), 2 * contract.LotSize.Contracts) + new Rational(1, 2)
        : new Rational(1, 2);

    public static BigInteger Commission(BigInteger value, Rational rate) => (new Rational(BigInteger.Abs(value), 1) * rate).Truncate();

    public static Rational? EntryShown(Instrument contract, long quantity, long cost)
    {
        if (quantity == 0 || cost == 0) return null;
        if (contract.Kind != ContractKind.Inverse)
        {
            var mean = (Rational)cost * contract.Divisor / ((Rational)contract.Multiplier * quantity);
            return OnGrid(contract, mean) ? mean : mean.Rounded(Math.Max(4, contract.Tick.Scale));
        }

        Rational lot = contract.LotSize.Contracts;
        var perLot = (Rational)Math.Abs(cost) * lot / Math.Abs(quantity);
        if (perLot.Denominator.IsOne) return new Rational((contract.Multiplier * lot / perLot / contract.Tick.Value).Nearest(), 1) * contract.Tick.Value;
        var against = quantity > 0 ? perLot.Floor() : perLot.Ceiling();
        return against.IsZero ? 100_000_000 : (contract.Multiplier * lot / new Rational(against, 1)).Rounded(4);
    }

    /// <summary>The price at which the position's value makes up for its cost and for what was made already.</summary>
    public static Rational? BreakEven(Instrument contract, long quantity, long cost, long made)
    {
        if (quantity == 0) return null;
        var isLong = quantity > 0;
        var sign = isLong == (contract.Kind != ContractKind.Inverse) ? 1 : -1;
        var value = ((Rational)cost - made) * sign;
        if (value.Sign <= 0 && contract.Kind != ContractKind.CalendarSpread) return 100_000_000;
        Rational price;
        if (contract.Kind == ContractKind.Inverse)
        {
            var perLot = value * contract.LotSize.Contracts / Math.Abs(quantity);
            var against = isLong ? perLot.Floor() : perLot.Ceiling();
            if (against.IsZero) return 100_000_000;
            price = contract.Multiplier * (Rational)contract.LotSize.Contracts / new Rational(against, 1);
        }
        else
        {
            price = value * contract.Divisor / ((Rational)contract.Multiplier * Math.Abs(quantity));
        }

        var ticks = price / contract.Tick.Value;
        return new Rational(isLong ? ticks.Ceiling() : ticks.Floor(), 1) * contract.Tick.Value;
    }

    private static bool OnGrid(Instrument contract, Rational price) => (price / contract.Tick.Value).Denominator.IsOne;
}

/// <summary>A position by average cost in exact fractions, without any rounding of the split.</summary>
internal sealed class ExactPosition
{
    public Rational Quantity { get; private set; } = 0;

    public Rational Cost { get; private set; } = 0;

    public Rational Realised { get; private set; } = 0;

    /// <summary>The fills that closed something: each may have been rounded by less than a unit.</summary>
    public int Reductions { get; private set; }

    public void Fill(long change, long cost)
    {
        Rational closing = 0;
        if (Quantity.Sign == -Math.Sign(change)) closing = Quantity.Abs() < Math.Abs(change) ? Quantity.Abs() : Math.Abs(change);
        if (closing.Sign > 0)
        {
            Reductions++;
            var released = Cost * closing / Quantity.Abs();
            var atClose = cost * closing / Math.Abs(change);
            Realised -= released + atClose;
            Cost += cost - atClose - released;
        }
        else
        {
            Cost += cost;
        }

        Quantity += change;
    }
}
