using System.Globalization;

namespace Actors.Domain.Instruments;

/// <summary>A settlement currency, named by its minor unit's code as the venue spells it.</summary>
public readonly record struct Currency(string Code)
{
    public override string ToString() => Code;
}

/// <summary>
/// An amount in minor units of one currency (a satoshi, a millionth of a dollar). Integer, signed, bounded by ±2^63-1 minor units.
/// Adding two currencies throws <see cref="InvalidOperationException"/>; leaving the bound throws <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Money(long MinorUnits, Currency Currency)
{
    public static Money Zero(Currency currency) => new(0, currency);

    public override string ToString() => $"{MinorUnits.ToString("N0", CultureInfo.InvariantCulture)} {Currency}";

    public static Money operator +(Money left, Money right) => new(left.MinorUnits + Same(left, right).MinorUnits, left.Currency);

    public static Money operator -(Money left, Money right) => new(left.MinorUnits - Same(left, right).MinorUnits, left.Currency);

    public static Money operator -(Money value) => new(-value.MinorUnits, value.Currency);

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} do not add");
}
