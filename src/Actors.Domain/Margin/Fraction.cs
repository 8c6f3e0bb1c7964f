using System.Globalization;
using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>
/// An exact rate as numerator over denominator: one over a leverage of three has no exact decimal, and money multiplied by a rounded one is off
/// by a unit. Not reduced; equal when the values are. The denominator is positive, both are within ±2^63-1.
/// </summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    public static readonly Fraction Zero;

    public static readonly Fraction One = new(1, 1);

    private readonly long _denominatorLessOne;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> when the denominator is not positive.</summary>
    public Fraction(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    public long Numerator { get; }

    public long Denominator => _denominatorLessOne + 1;

    /// <summary>The exact value of a decimal. Throws <see cref="OverflowException"/> beyond 18 digits after the point or 2^63-1 of its last digit.</summary>
    public static Fraction From(decimal rate)
    {
        var normal = rate / 1.0000000000000000000000000000m; // drops trailing zeros
        if (normal.Scale > PowersOfTen.ExponentMax) throw new OverflowException($"{rate.ToString(CultureInfo.InvariantCulture)} has more than 18 decimals");
        var denominator = PowersOfTen.Integer(normal.Scale);
        return new Fraction((long)(normal * denominator), denominator);
    }

    /// <summary>One over a positive value: the margin rate of a leverage.</summary>
    public static Fraction Inverse(decimal value)
    {
        var fraction = From(value);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fraction.Numerator, nameof(value));
        return new Fraction(fraction.Denominator, fraction.Numerator);
    }

    public static Fraction Max(Fraction left, Fraction right) => left.CompareTo(right) >= 0 ? left : right;

    /// <summary>This part of a non-negative amount, rounded up to the minor unit. The rate must not be negative.</summary>
    public long Ceiling(long amount) => Exact.CeilingOfProduct(amount, Numerator, Denominator);

    /// <summary>This part of a non-negative amount, rounded down to the minor unit. The rate must not be negative.</summary>
    public long Floor(long amount) => (long)Exact.Floor((Int128)amount * Numerator, Denominator);

    public int CompareTo(Fraction other) => Denominator == other.Denominator
        ? Numerator.CompareTo(other.Numerator)
        : ((Int128)Numerator * other.Denominator).CompareTo((Int128)other.Numerator * Denominator);

    public bool Equals(Fraction other) => CompareTo(other) == 0;

    public override int GetHashCode()
    {
        var (left, right) = (Math.Abs(Numerator), Denominator);
        while (left != 0) (left, right) = (right % left, left);
        return HashCode.Combine(Numerator / right, Denominator / right);
    }

    public override string ToString() => $"{Numerator.ToString(CultureInfo.InvariantCulture)}/{Denominator.ToString(CultureInfo.InvariantCulture)}";

    public static Fraction operator -(Fraction value) => new(-value.Numerator, value.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) => left + -right;

    /// <summary>The exact sum; throws <see cref="OverflowException"/> when it does not fit.</summary>
    public static Fraction operator +(Fraction left, Fraction right)
    {
        var (coarse, fine) = left.Denominator <= right.Denominator ? (left, right) : (right, left);
        // Rates are decimals: one denominator nearly always divides the other.
        return fine.Denominator % coarse.Denominator == 0
            ? new Fraction((coarse.Numerator * (fine.Denominator / coarse.Denominator)) + fine.Numerator, fine.Denominator)
            : new Fraction((coarse.Numerator * fine.Denominator) + (fine.Numerator * coarse.Denominator), coarse.Denominator * fine.Denominator);
    }

    public static bool operator <(Fraction left, Fraction right) => left.CompareTo(right) < 0;

    public static bool operator >(Fraction left, Fraction right) => left.CompareTo(right) > 0;

    public static bool operator <=(Fraction left, Fraction right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Fraction left, Fraction right) => left.CompareTo(right) >= 0;
}
