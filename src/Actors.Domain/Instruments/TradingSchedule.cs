using System.Collections.Immutable;

namespace Actors.Domain.Instruments;

/// <summary>A weekly session as minutes from Monday 00:00 UTC, the end not included; 0 to 10080. One over the end of a week is written as two.</summary>
public readonly record struct WeeklySession(int OpensAtMinute, int ClosesAtMinute);

/// <summary>A stretch of time, the end not included, in which the week does not hold: a holiday (closed) or an extra session (open).</summary>
public readonly record struct ScheduleException(DateTimeOffset From, DateTimeOffset To, bool IsOpen);

/// <summary>
/// When an instrument may be traded, as data: a week of sessions in UTC and exceptions from it, of which the first that covers an instant holds.
/// Where the underlying market moves its clock, the schedule is replaced; no time zone is known here.
/// </summary>
public sealed record TradingSchedule
{
    private const int WeekMinutes = 7 * 24 * 60;

    /// <summary>The weeks looked through for the next change before it is said that there is none.</summary>
    private const int WeeksMax = 60;

    /// <summary>Never closed: every crypto contract.</summary>
    public static readonly TradingSchedule Always = new([new WeeklySession(0, WeekMinutes)], []);

    private readonly ImmutableArray<WeeklySession> _week;
    private readonly ImmutableArray<ScheduleException> _exceptions;

    /// <summary>Throws <see cref="ArgumentException"/> when a session or an exception ends before it begins, or leaves the week.</summary>
    public TradingSchedule(ImmutableArray<WeeklySession> week, ImmutableArray<ScheduleException> exceptions)
    {
        foreach (var session in week)
        {
            if (session.OpensAtMinute < 0 || session.OpensAtMinute >= session.ClosesAtMinute || session.ClosesAtMinute > WeekMinutes)
                throw new ArgumentException($"{session} is no stretch of a week of {WeekMinutes} minutes", nameof(week));
        }

        foreach (var exception in exceptions)
        {
            if (exception.From >= exception.To) throw new ArgumentException($"{exception} ends before it begins", nameof(exceptions));
        }

        (_week, _exceptions) = (week, exceptions);
    }

    /// <summary>Closed until an instant and open from it on: what a row that names its next opening tells.</summary>
    public static TradingSchedule ClosedUntil(DateTimeOffset opens) =>
        new([new WeeklySession(0, WeekMinutes)], [new ScheduleException(DateTimeOffset.MinValue, opens, false)]);

    public bool IsOpen(DateTimeOffset at)
    {
        foreach (var exception in _exceptions)
        {
            if (exception.From <= at && at < exception.To) return exception.IsOpen;
        }

        var minutes = (at - Monday(at)).Ticks / TimeSpan.TicksPerMinute;
        return _week.Any(session => session.OpensAtMinute <= minutes && minutes < session.ClosesAtMinute);
    }

    /// <summary>The first instant after <paramref name="at"/> at which it opens or closes; null when none comes within 60 weeks.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset at)
    {
        var isOpen = IsOpen(at);
        var edges = new SortedSet<DateTimeOffset>();
        foreach (var exception in _exceptions)
        {
            edges.Add(exception.From);
            edges.Add(exception.To);
        }

        for (var week = 0; week < WeeksMax; week++)
        {
            foreach (var session in _week)
            {
                edges.Add(Monday(at).AddMinutes((week * WeekMinutes) + session.OpensAtMinute));
                edges.Add(Monday(at).AddMinutes((week * WeekMinutes) + session.ClosesAtMinute));
            }
        }

        foreach (var edge in edges)
        {
            if (edge > at && IsOpen(edge) != isOpen) return edge;
        }

        return null;
    }

    private static DateTimeOffset Monday(DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
    }
}
