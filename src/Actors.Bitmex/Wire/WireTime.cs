using System.Globalization;
using System.Text;

namespace Actors.Bitmex.Wire;

/// <summary>Reads the venue's timestamps: ISO 8601, UTC, usually exactly milliseconds and Z.</summary>
internal static class WireTime
{
    private const int UsualLength = 24;

    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time) => TryUsual(text, out time) || TryAny(text, out time);

    /// <summary><c>2021-07-22T22:36:10.087Z</c> without a detour through text.</summary>
    internal static bool TryUsual(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != UsualLength || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || text[19] != '.' || text[23] != 'Z') return false;
        if (!Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day)
            || !Digits(text, 11, 2, out var hour) || !Digits(text, 14, 2, out var minute) || !Digits(text, 17, 2, out var second)
            || !Digits(text, 20, 3, out var millisecond)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        time = new DateTimeOffset(year, month, day, hour, minute, second, millisecond, TimeSpan.Zero);
        return true;
    }

    private static bool TryAny(ReadOnlySpan<byte> text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        Encoding.UTF8.GetString(text),
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out time);

    private static bool Digits(ReadOnlySpan<byte> text, int start, int count, out int value)
    {
        value = 0;
        for (var i = start; i < start + count; i++)
        {
            var digit = text[i] - '0';
            if (digit is < 0 or > 9) return false;
            value = (value * 10) + digit;
        }

        return true;
    }
}
