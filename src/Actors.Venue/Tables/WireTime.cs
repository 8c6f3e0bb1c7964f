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

    public static DateTimeOffset Shown(DateTimeOffset time) => Shift(time, _offset);

    /// <summary>The true time of one that a client named.</summary>
    public static DateTimeOffset True(DateTimeOffset shown) => Shift(shown, -_offset);

    private static DateTimeOffset Shift(DateTimeOffset time, TimeSpan by)
    {
        if (by == TimeSpan.Zero) return time;
        var ticks = Math.Clamp(time.UtcTicks + by.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
