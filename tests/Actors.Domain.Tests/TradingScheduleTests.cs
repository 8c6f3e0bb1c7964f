using Actors.Domain.Instruments;

namespace Actors.Domain.Tests;

/// <summary>Weeks with hours, holidays and extra sessions. 2026-11-02 is a Monday.</summary>
public class TradingScheduleTests
{
    /// <summary>Monday to Friday, 14:30 to 21:00 UTC; closed on Thursday the 26th, a session on Saturday the 28th.</summary>
    private static readonly TradingSchedule Shares = new(
        [.. Enumerable.Range(0, 5).Select(day => new WeeklySession((day * 1440) + 870, (day * 1440) + 1260))],
        [new ScheduleException(At("2026-11-26T00:00"), At("2026-11-27T00:00"), false), new ScheduleException(At("2026-11-28T10:00"), At("2026-11-28T12:00"), true)]);

    [Theory]
    [InlineData("2026-11-02T14:29", false, "2026-11-02T14:30")]
    [InlineData("2026-11-02T14:30", true, "2026-11-02T21:00")]
    [InlineData("2026-11-06T20:59", true, "2026-11-06T21:00")]
    [InlineData("2026-11-06T21:00", false, "2026-11-09T14:30")]
    [InlineData("2026-11-08T23:59", false, "2026-11-09T14:30")]
    [InlineData("2026-11-25T22:00", false, "2026-11-27T14:30")]
    [InlineData("2026-11-26T15:00", false, "2026-11-27T14:30")]
    [InlineData("2026-11-27T22:00", false, "2026-11-28T10:00")]
    [InlineData("2026-11-28T11:00", true, "2026-11-28T12:00")]
    public void It_is_open_or_closed_and_says_when_that_changes(string at, bool isOpen, string next)
    {
        Assert.Equal(isOpen, Shares.IsOpen(At(at)));
        Assert.Equal(At(next), Shares.NextChange(At(at)));
    }

    [Fact]
    public void What_never_closes_never_changes()
    {
        Assert.True(TradingSchedule.Always.IsOpen(Samples.Noon));
        Assert.Null(TradingSchedule.Always.NextChange(Samples.Noon));
        var closed = TradingSchedule.ClosedUntil(Samples.Noon);
        Assert.Equal((false, true), (closed.IsOpen(Samples.Noon.AddTicks(-1)), closed.IsOpen(Samples.Noon)));
        Assert.Equal(Samples.Noon, closed.NextChange(Samples.Noon.AddDays(-3)));
    }

    /// <summary>The next change against asking every minute of ten weeks.</summary>
    [Fact]
    public void The_next_change_is_the_one_that_asking_every_minute_finds()
    {
        var start = At("2026-10-26T00:00");
        var promised = Shares.NextChange(start)!.Value;
        for (var minute = 1; minute < 10 * 7 * 1440; minute++)
        {
            var at = start.AddMinutes(minute);
            if (Shares.IsOpen(at) == Shares.IsOpen(at.AddMinutes(-1))) continue;
            Assert.Equal(promised, at);
            promised = Shares.NextChange(at)!.Value;
        }
    }

    [Fact]
    public void A_stretch_that_ends_before_it_begins_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TradingSchedule([new WeeklySession(10, 10)], []));
        Assert.Throws<ArgumentException>(() => new TradingSchedule([new WeeklySession(0, 10_081)], []));
        Assert.Throws<ArgumentException>(() => new TradingSchedule([], [new ScheduleException(Samples.Noon, Samples.Noon, true)]));
    }

    [Fact]
    public void An_instrument_is_open_in_its_state_in_its_hours_and_before_its_end()
    {
        var instrument = Kinds.InverseFuture with { Schedule = Shares, Expiry = At("2026-11-27T16:00") };
        Assert.True(instrument.IsOpenAt(At("2026-11-27T15:59")));
        Assert.False(instrument.IsOpenAt(At("2026-11-27T16:00")));
        Assert.False(instrument.IsOpenAt(At("2026-11-27T14:00")));
        Assert.False((instrument with { State = InstrumentState.Closed }).IsOpenAt(At("2026-11-27T15:59")));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time + ":00Z", System.Globalization.CultureInfo.InvariantCulture);
}
