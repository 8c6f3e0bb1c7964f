using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>
/// The fund of one currency that gains when a liquidated position is closed better than at its bankruptcy price and pays when worse. Never
/// negative: what it cannot pay is for auto-deleveraging. Minor units; beyond 2^63-1 <see cref="OverflowException"/> is thrown.
/// </summary>
public readonly record struct InsuranceFund
{
    /// <summary>Throws <see cref="InvalidOperationException"/> for a negative balance.</summary>
    public InsuranceFund(Money balance)
    {
        if (balance.MinorUnits < 0) throw new InvalidOperationException($"the insurance fund cannot owe {balance}");
        Balance = balance;
    }

    public Money Balance { get; }

    /// <summary>Whether a result (a loss is negative) can be settled.</summary>
    public bool CanSettle(long profit) => Balance.MinorUnits + profit >= 0;

    /// <summary>The fund after a result of closing taken-over contracts; throws <see cref="InvalidOperationException"/> when it cannot pay.</summary>
    public InsuranceFund Settle(long profit) => new(new Money(Balance.MinorUnits + profit, Balance.Currency));

    /// <summary>
    /// How many of the contracts taken over at <paramref name="bankruptcy"/> the fund can afford to close at <paramref name="price"/>: all when that
    /// is no worse, else as many whole lots as the balance pays for. <paramref name="held"/> is signed, long positive; the answer is not.
    /// </summary>
    public Quantity Affordable(Instrument instrument, Quantity held, Price bankruptcy, Price price)
    {
        if (CanSettle(Profit(instrument, held, bankruptcy, price))) return held.Absolute;
        var lot = instrument.LotSize.Contracts;
        var sign = Math.Sign(held.Contracts);
        long affordable = 0;
        var beyond = (held.Absolute.Contracts / lot) + 1; // a loss never falls with the quantity, so halving finds the edge
        while (beyond - affordable > 1)
        {
            var middle = affordable + ((beyond - affordable) / 2);
            var part = new Quantity(sign * Math.Min(middle * lot, held.Absolute.Contracts));
            if (CanSettle(Profit(instrument, part, bankruptcy, price))) affordable = middle;
            else beyond = middle;
        }

        return new Quantity(affordable * lot);
    }

    /// <summary>What closing contracts at a price makes when they were taken over at another, in minor units; <paramref name="held"/> is signed.</summary>
    public static long Profit(Instrument instrument, Quantity held, Price takenAt, Price closedAt) =>
        ContractValue.Cost(instrument, held, closedAt) - ContractValue.Cost(instrument, held, takenAt);
}
