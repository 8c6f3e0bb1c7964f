using System.Globalization;

namespace Actors.Domain.Instruments;

/// <summary>
/// The grid that an instrument's order prices lie on: an exact decimal between 1e-12 and 1e6, kept as <c>Mantissa / 10^Scale</c>.
/// It converts between the venue's decimals and <see cref="Price"/> without rounding.
/// </summary>
public readonly record struct TickSize
{
    private const int ScaleMax = 12;

    /// <summary>
    /// The finest grid a book can be kept on while an instrument's own is not known (a recording without definitions): the finest tick met
    /// (TRXU21, 2021) is 1e-10, and prices up to 9e8 can still be counted in it.
    /// </summary>
    public static readonly TickSize Finest = From(0.0000000001m);

    private TickSize(long mantissa, int scale)
    {
        Mantissa = mantissa;
        Scale = scale;
    }

    /// <summary>Numerator of the tick over <c>10^Scale</c>; positive.</summary>
    public long Mantissa { get; }

    /// <summary>Decimal digits after the point, 0 to 12.</summary>
    public int Scale { get; }

    /// <summary>The tick as a decimal, in the instrument's quote units.</summary>
    public decimal Value => new(unchecked((int)Mantissa), unchecked((int)(Mantissa >> 32)), 0, false, (byte)Scale);

    /// <summary>Makes the grid of a positive decimal step. Throws <see cref="ArgumentOutOfRangeException"/> outside 1e-12 to 1e6.</summary>
    public static TickSize From(decimal step)
    {
        if (step <= 0 || step > 1_000_000m) throw new ArgumentOutOfRangeException(nameof(step), step, "a tick lies between 1e-12 and 1e6");
        var normal = step / 1.0000000000000000000000000000m; // drops trailing zeros
        if (normal.Scale > ScaleMax) throw new ArgumentOutOfRangeException(nameof(step), step, "a tick has at most 12 decimals");
        return new TickSize((long)(normal * PowersOfTen.Decimal(normal.Scale)), normal.Scale);
    }

    /// <summary>The price in ticks; false when <paramref name="price"/> is not on the grid or beyond ±2^63 ticks.</summary>
    public bool TryToPrice(decimal price, out Price result)
    {
        result = default;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(price, bits);
        if (bits[2] != 0 || bits[1] < 0) return false;
        // As most prices are written: with the tick's own decimals, and small.
        if (bits[1] == 0 && bits[3] == Scale << 16)
        {
            long small = unchecked((uint)bits[0]);
            var (whole, left) = Mantissa == 1 ? (small, 0L) : Math.DivRem(small, Mantissa);
            if (left == 0) result = new Price(whole);
            return left == 0;
        }

        var units = (Int128)(((long)bits[1] << 32) | unchecked((uint)bits[0]));
        var shift = Scale - ((bits[3] >> 16) & 0xFF);
        var divisor = (Int128)Mantissa;
        if (shift >= 0) units *= PowersOfTen.Integer(shift);
        else if (-shift <= PowersOfTen.ExponentMax) divisor *= PowersOfTen.Integer(-shift);
        else return false;
        var (ticks, rest) = units <= long.MaxValue && divisor <= long.MaxValue
            ? Divide((long)units, (long)divisor)
            : (units / divisor, units % divisor);
        if (rest != 0 || ticks > long.MaxValue) return false;
        result = new Price(bits[3] < 0 ? -(long)ticks : (long)ticks);
        return true;

        static (Int128, Int128) Divide(long left, long right) => (left / right, left % right);
    }

    /// <summary>The price in ticks. Throws <see cref="ArgumentException"/> when it is not on the grid.</summary>
    public Price ToPrice(decimal price) => TryToPrice(price, out var result)
        ? result
        : throw new ArgumentException($"{price.ToString(CultureInfo.InvariantCulture)} is not a multiple of the tick {this}", nameof(price));

    /// <summary>The greatest price on the grid that is not above <paramref name="price"/>.</summary>
    public Price Floor(decimal price) => new((long)decimal.Floor(price / Value));

    /// <summary>The smallest price on the grid that is not below <paramref name="price"/>.</summary>
    public Price Ceiling(decimal price) => new((long)decimal.Ceiling(price / Value));

    /// <summary>The nearest price on the grid; a half goes away from zero.</summary>
    public Price Nearest(decimal price) => new((long)decimal.Round(price / Value, 0, MidpointRounding.AwayFromZero));

    /// <summary>The price in quote units, exact.</summary>
    public decimal ToDecimal(Price price) => price.Ticks * Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
