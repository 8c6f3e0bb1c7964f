using System.Diagnostics;
using System.Globalization;
using Actors.Bitmex;

namespace Actors.Host.Running;

/// <summary>
/// A clock that runs <see cref="Speed"/> times as fast as the system's, and its timers with it: a day in minutes, for loads. Two processes that are given the same
/// three values have the same time. A system clock that is set moves it so many times as far.
/// </summary>
/// <param name="speed">How many seconds pass in one; 1 to <see cref="SpeedMax"/>.</param>
/// <param name="from">What it shows at <paramref name="since"/>.</param>
/// <param name="since">By the system's clock.</param>
internal sealed class FastClock(int speed, DateTimeOffset from, DateTimeOffset since) : TimeProvider
{
    public const int SpeedMax = 1_000;
    public const string Expected = "a speed from 1 to 1000, the time to begin with and the system's time of that moment, like 60,2026-09-24T19:45:00Z,2026-11-28T12:00:00Z";

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public int Speed => speed;

    public static FastClock? Parse(string text) =>
        text.Split(',') is [var speed, var from, var since]
        && int.TryParse(speed, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times is >= 1 and <= SpeedMax
        && TryMoment(from, out var begin) && TryMoment(since, out var origin)
            ? new FastClock(times, begin, origin)
            : null;

    public override long TimestampFrequency => Stopwatch.Frequency / speed;

    public override DateTimeOffset GetUtcNow() => from + ((base.GetUtcNow() - since) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(base.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    /// <summary>As long as it takes by the system's clock. Rounded up to whole milliseconds, which is what the system's timers know: one that fires early would be set again at once.</summary>
    public TimeSpan Real(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling(time / speed / Millisecond));

    /// <summary>The same connection with its patience with the network as long as it really is.</summary>
    public BitmexOptions Patient(BitmexOptions options) => options with
    {
        RequestTimeout = options.RequestTimeout * speed,
        BeatTimeout = options.BeatTimeout * speed,
        SendTimeout = options.SendTimeout * speed,
        ConnectTimeout = options.ConnectTimeout * speed,
        SignatureLife = options.SignatureLife * speed,
    };

    private static bool TryMoment(string text, out DateTimeOffset moment) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    private sealed class FastTimer(ITimer inner, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
