using System.Globalization;

namespace Actors.Host.CommandLine;

/// <summary>Durations as people write them: a whole number and a unit, <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    public const string Expected = "a duration like 500ms, 30s, 10m or 1h";

    /// <summary>Longer runs than this are mistakes of a unit.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Positive durations up to a year; false for anything else.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        var ticksPerUnit = text[digits..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => 0,
        };
        if (ticksPerUnit == 0 || count == 0 || count > Longest.Ticks / ticksPerUnit) return false;
        duration = TimeSpan.FromTicks(count * ticksPerUnit);
        return true;
    }
}
