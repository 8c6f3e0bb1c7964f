using System.Text.Json;
using Actors.Bitmex;

namespace Actors.Venue.Tables;

/// <summary>
/// Times as clients see them. The exchange keeps the true time, so that timers and the order of events stay right whatever a fault does to
/// the clock; the offset is added where a time is written and taken off where one is read. The exchange's loop sets it for its own thread
/// before each piece of work.
/// </summary>
internal static class WireTime
{
    [ThreadStatic]
    private static TimeSpan _offset;

    public static void Use(TimeSpan offset) => _offset = offset;

    public static string Text(DateTimeOffset time) => WireNames.Timestamp(Shown(time));

    /// <summary>Writes what <see cref="Text"/> says, without making a text of it.</summary>
    public static void Write(Utf8JsonWriter writer, DateTimeOffset time)
    {
        // yyyy-MM-ddTHH:mm:ss.fffZ
        Span<byte> text = stackalloc byte[24];
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        var shown = Shown(time).UtcDateTime;
        var (year, month, day) = DateOnly.FromDateTime(shown);
        var milliseconds = (int)(shown.TimeOfDay.Ticks / TimeSpan.TicksPerMillisecond);
        Digits(text[..4], year);
        Digits(text[5..7], month);
        Digits(text[8..10], day);
        Digits(text[11..13], milliseconds / 3_600_000);
        Digits(text[14..16], milliseconds / 60_000 % 60);
        Digits(text[17..19], milliseconds / 1_000 % 60);
        Digits(text[20..23], milliseconds % 1_000);
        writer.WriteStringValue(text);
    }

    public static DateTimeOffset Shown(DateTimeOffset time) => Shift(time, _offset);

    /// <summary>The true time of one that a client named.</summary>
    public static DateTimeOffset True(DateTimeOffset shown) => Shift(shown, -_offset);

    private static void Digits(Span<byte> to, int number)
    {
        for (var i = to.Length - 1; i >= 0; i--, number /= 10) to[i] = (byte)('0' + (number % 10));
    }

    private static DateTimeOffset Shift(DateTimeOffset time, TimeSpan by)
    {
        if (by == TimeSpan.Zero) return time;
        var ticks = Math.Clamp(time.UtcTicks + by.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
