using System.Globalization;

namespace Actors.Venue.Wire;

/// <summary>
/// Parts of a time that a filter may ask for, by the names of the database that the venue was built on; <c>ww</c> is the day of the week
/// with Saturday as 0, so that 6 is Friday. Source: memory of the venue's documents, not verified.
/// </summary>
internal static class TimeParts
{
    private static readonly string[] Names = ["date", "time", "minute", "second", "month", "year", "mm", "dd", "hh", "uu", "ss", "ww", "week"];

    public static bool IsPart(string part) => Names.Contains(part);

    /// <summary>Whether the part of the time is the value; a time of day may be given as exactly as one likes.</summary>
    public static bool Matches(DateTimeOffset time, string part, string value) => part switch
    {
        "date" => value == time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "month" => value == time.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        "minute" => value == time.ToString("HH:mm", CultureInfo.InvariantCulture),
        "second" => value == time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        "time" => value.Length >= 5 && time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture).StartsWith(value, StringComparison.Ordinal),
        "week" => value == time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number == Number(time, part),
    };

    private static int Number(DateTimeOffset time, string part) => part switch
    {
        "year" => time.Year,
        "mm" => time.Month,
        "dd" => time.Day,
        "hh" => time.Hour,
        "uu" => time.Minute,
        "ss" => time.Second,
        _ => ((int)time.DayOfWeek + 1) % 7,
    };
}
