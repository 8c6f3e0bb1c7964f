using System.Globalization;

namespace Actors.Domain.Instruments;

/// <summary>
/// A count of contracts. An order's quantity is positive; a position's is signed, long positive.
/// Bounded by ±2^63-1; arithmetic beyond the bound throws <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Quantity(long Contracts) : IComparable<Quantity>
{
    public static readonly Quantity Zero;

    public bool IsZero => Contracts == 0;

    /// <summary>The count without its sign.</summary>
    public Quantity Absolute => new(Math.Abs(Contracts));

    public int CompareTo(Quantity other) => Contracts.CompareTo(other.Contracts);

    public override string ToString() => Contracts.ToString(CultureInfo.InvariantCulture);

    /// <summary>The change that a fill of <paramref name="contracts"/> on <paramref name="side"/> makes to a position.</summary>
    public static Quantity Signed(Side side, Quantity contracts) => new(side.Sign() * contracts.Contracts);

    public static Quantity Min(Quantity left, Quantity right) => left <= right ? left : right;

    public static Quantity operator +(Quantity left, Quantity right) => new(left.Contracts + right.Contracts);

    public static Quantity operator -(Quantity left, Quantity right) => new(left.Contracts - right.Contracts);

    public static Quantity operator -(Quantity value) => new(-value.Contracts);

    public static bool operator <(Quantity left, Quantity right) => left.Contracts < right.Contracts;

    public static bool operator >(Quantity left, Quantity right) => left.Contracts > right.Contracts;

    public static bool operator <=(Quantity left, Quantity right) => left.Contracts <= right.Contracts;

    public static bool operator >=(Quantity left, Quantity right) => left.Contracts >= right.Contracts;
}
