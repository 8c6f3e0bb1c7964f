namespace Actors.Domain.Margin;

/// <summary>
/// Products and quotients of integers with their rounding named. A product that fits 64 bits, as nearly all do, is divided by the machine; the
/// rest goes the long way. A result beyond ±2^63-1 throws <see cref="OverflowException"/>.
/// </summary>
internal static class Exact
{
    /// <summary><c>amount * numerator / denominator</c> rounded up; no argument is negative and the denominator is positive.</summary>
    public static long CeilingOfProduct(long amount, long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        var high = Math.BigMul((ulong)amount, (ulong)numerator, out var low);
        if (high != 0) return (long)Ceiling((Int128)amount * numerator, denominator);
        var quotient = low / (ulong)denominator;
        return (long)(quotient * (ulong)denominator == low ? quotient : quotient + 1);
    }

    /// <summary>The greatest integer not above the quotient; the denominator is positive.</summary>
    public static Int128 Floor(Int128 numerator, Int128 denominator)
    {
        var (quotient, rest) = Int128.DivRem(numerator, denominator);
        return rest < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The smallest integer not below the quotient; the denominator is positive.</summary>
    public static Int128 Ceiling(Int128 numerator, Int128 denominator)
    {
        var (quotient, rest) = Int128.DivRem(numerator, denominator);
        return rest > 0 ? quotient + 1 : quotient;
    }
}
