namespace Actors.Domain.Instruments;

/// <summary>Exact powers of ten for scaling decimals and integers.</summary>
internal static class PowersOfTen
{
    /// <summary>The largest exponent that fits a signed 64-bit integer.</summary>
    public const int ExponentMax = 18;

    private static readonly long[] Integers = Enumerable.Range(0, ExponentMax + 1).Select(Raise).ToArray();

    public static long Integer(int exponent) => Integers[exponent];

    public static decimal Decimal(int exponent) => Integers[exponent];

    private static long Raise(int exponent)
    {
        var result = 1L;
        for (var i = 0; i < exponent; i++) result *= 10;
        return result;
    }
}
