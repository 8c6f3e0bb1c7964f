using System.Globalization;

namespace Actors.Venue.Listing;

/// <summary>
/// Dates the rows whose expiry follows from the venue's first start, so that a listing never goes stale: dated contracts end on the last
/// Friday of March, June, September and December at 12:00 UTC, a daily one on the hour.
/// </summary>
internal static class ExpiryCalendar
{
    /// <summary>Stands in a symbol for the month's letter and the year: <c>XBT{expiry}</c> becomes XBTZ26.</summary>
    public const string Placeholder = "{expiry}";

    private const string MonthLetters = "FGHJKMNQUVXZ";
    private const int QuartersMax = 8;

    private static readonly TimeSpan NearestQuarter = TimeSpan.FromDays(7);

    /// <summary>The row with its expiry, symbol and listing date; a contradiction in words instead.</summary>
    public static InstrumentListing Date(InstrumentListing row, DateTimeOffset start, out string? fault)
    {
        fault = Fault(row);
        if (fault is not null) return row;
        var expiry = row.ExpiryQuarter is { } quarter ? Quarter(start, quarter)
            : row.ExpiresAfterHours is { } hours ? FullHour(start).AddHours(hours)
            : row.Expiry;
        return row with
        {
            Expiry = expiry,
            Listed = row.Listed == default ? start : row.Listed,
            Symbol = expiry is { } at ? row.Symbol.Replace(Placeholder, Code(at), StringComparison.Ordinal) : row.Symbol,
        };
    }

    /// <summary>The <paramref name="number"/>-th end of a quarter that is at least a week after <paramref name="start"/>, from 1.</summary>
    public static DateTimeOffset Quarter(DateTimeOffset start, int number)
    {
        var month = new DateTimeOffset(start.UtcDateTime.Year, (((start.UtcDateTime.Month - 1) / 3) * 3) + 3, 1, 12, 0, 0, TimeSpan.Zero);
        while (true)
        {
            var expiry = LastFriday(month);
            if (expiry - start >= NearestQuarter && --number == 0) return expiry;
            month = month.AddMonths(3);
        }
    }

    /// <summary>A month's letter and the last two digits of its year.</summary>
    public static string Code(DateTimeOffset expiry) => MonthLetters[expiry.Month - 1] + expiry.ToString("yy", CultureInfo.InvariantCulture);

    private static string? Fault(InstrumentListing row)
    {
        var ways = (row.Expiry is null ? 0 : 1) + (row.ExpiryQuarter is null ? 0 : 1) + (row.ExpiresAfterHours is null ? 0 : 1);
        if (ways > 1) return "expiry, expiryQuarter, expiresAfterHours: expected at most one of them";
        if (row.ExpiryQuarter is < 1 or > QuartersMax) return $"expiryQuarter: expected 1 to {QuartersMax}";
        if (row.ExpiresAfterHours is < 1 or > 10_000) return "expiresAfterHours: expected 1 to 10000";
        return row.Symbol.Contains(Placeholder, StringComparison.Ordinal) == (row.ExpiryQuarter is not null)
            ? null
            : $"symbol: expected {Placeholder} in it with expiryQuarter, and only there";
    }

    private static DateTimeOffset LastFriday(DateTimeOffset month)
    {
        var day = month.AddMonths(1).AddDays(-1);
        return day.AddDays(-(((int)day.DayOfWeek - (int)DayOfWeek.Friday + 7) % 7));
    }

    private static DateTimeOffset FullHour(DateTimeOffset at) =>
        new((at.UtcTicks + TimeSpan.TicksPerHour - 1) / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
}
