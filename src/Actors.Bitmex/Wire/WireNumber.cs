using System.Buffers.Text;
using System.Globalization;

namespace Actors.Bitmex.Wire;

/// <summary>
/// Reads JSON number text exactly, never through binary floating point. The venue writes <c>6370</c>, <c>219.0</c> and <c>1e-8</c> alike.
/// </summary>
internal static class WireNumber
{
    /// <summary>Digits that a 64-bit mantissa holds without overflow.</summary>
    private const int FastDigits = 18;

    /// <summary>The largest scale of a decimal.</summary>
    private const int ScaleMax = 28;

    /// <summary>The decimal that <paramref name="text"/> spells; false beyond the range of a decimal.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out decimal value)
    {
        if (TryPlain(text, out var mantissa, out var scale, out var negative))
        {
            value = new decimal(unchecked((int)mantissa), unchecked((int)(mantissa >> 32)), 0, negative, (byte)scale);
            return true;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// The integer that <paramref name="text"/> spells, also as <c>100.0</c> or <c>1e5</c>; false when it has a fraction or leaves ±2^63-1.
    /// </summary>
    public static bool TryInteger(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length) return value != long.MinValue;
        value = 0;
        if (!TryDecimal(text, out var exact) || decimal.Truncate(exact) != exact || Math.Abs(exact) > long.MaxValue) return false;
        value = (long)exact;
        return true;
    }

    /// <summary>Sign, digits and one point only, few enough for the mantissa: nearly every number on the wire.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> text, out long mantissa, out int scale, out bool negative)
    {
        (mantissa, scale) = (0, 0);
        negative = text.Length > 0 && text[0] == (byte)'-';
        var digits = 0;
        var point = false;
        for (var i = negative ? 1 : 0; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if (digit is >= 0 and <= 9)
            {
                if (++digits > FastDigits) return false;
                mantissa = (mantissa * 10) + digit;
                if (point) scale++;
            }
            else if (text[i] == (byte)'.' && !point)
            {
                point = true;
            }
            else
            {
                return digits > 0 && (text[i] | 0x20) == 'e' && TryExponent(text[(i + 1)..], ref mantissa, ref scale);
            }
        }

        return digits > 0;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, ref long mantissa, ref int scale)
    {
        if (text.Length > 1 && text[0] == (byte)'+') text = text[1..];
        if (!Utf8Parser.TryParse(text, out int exponent, out var used) || used != text.Length || exponent is > FastDigits or < -ScaleMax) return false;
        scale -= exponent;
        for (; scale < 0; scale++)
        {
            if (mantissa > long.MaxValue / 10) return false;
            mantissa *= 10;
        }

        return scale <= ScaleMax;
    }
}
