using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Actors.Host.Running;

/// <summary>
/// Akka's own scheduler with every wait shortened as a <see cref="FastClock"/> shortens them. Akka makes it by the name in <see cref="Over"/>; what reads its
/// <see cref="MonotonicClock"/> (deadlines inside Akka) keeps the real time.
/// </summary>
internal sealed class FastScheduler(Config scheduler, ILoggingAdapter log) : SchedulerBase(scheduler, log), IDisposable
{
    private const string SpeedKey = "akka.scheduler.speed";

    // What waits for the machine and not for the market: the network, the disk, the processor. It keeps its real length.
    private static readonly string[] Patience =
    [
        "actors.orders.request-life", "actors.books.crossed-max", "actors.books.silent-max", "actors.stop.max", "actors.recorder.batch-age",
        "actors.connection.step-timeout", "actors.connection.silence-max", "actors.connection.ping-timeout",
    ];

    private static readonly string[] JournalPatience =
    [
        "akka.persistence.journal-plugin-fallback.recovery-event-timeout", "akka.persistence.journal-plugin-fallback.circuit-breaker.call-timeout",
        "akka.persistence.journal-plugin-fallback.circuit-breaker.reset-timeout", "akka.persistence.snapshot-store-plugin-fallback.circuit-breaker.call-timeout",
        "akka.persistence.snapshot-store-plugin-fallback.circuit-breaker.reset-timeout",
    ];

    private readonly HashedWheelTimerScheduler _wheel = new(scheduler, log);
    private readonly int _speed = scheduler.GetInt(SpeedKey);

    /// <summary>The text of <c>engine.conf</c> with this scheduler, and with the patience with the machine as long as it really is.</summary>
    public static string Over(string engine, FastClock clock)
    {
        var name = $"{typeof(FastScheduler).FullName}, {typeof(FastScheduler).Assembly.GetName().Name}";
        return string.Create(CultureInfo.InvariantCulture, $"{engine}\nakka.scheduler {{ implementation = \"{name}\", speed = {clock.Speed}, tick-duration = 10ms }}\n{Longer(engine, Patience, clock.Speed)}");
    }

    /// <summary>The same for <c>persistence.conf</c>.</summary>
    public static string OverJournal(string persistence, FastClock clock) => persistence + "\n" + Longer(persistence, JournalPatience, clock.Speed);

    protected override DateTimeOffset TimeNow => ((ITimeProvider)_wheel).Now;

    public override TimeSpan MonotonicClock => _wheel.MonotonicClock;

    public override TimeSpan HighResMonotonicClock => _wheel.HighResMonotonicClock;

    public void Dispose() => _wheel.Dispose();

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        ((ITellScheduler)_wheel).ScheduleTellOnce(delay / _speed, receiver, message, sender, cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        ((ITellScheduler)_wheel).ScheduleTellRepeatedly(initialDelay / _speed, interval / _speed, receiver, message, sender, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        ((IActionScheduler)_wheel).ScheduleOnce(delay / _speed, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => _wheel.ScheduleOnce(delay / _speed, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        ((IActionScheduler)_wheel).ScheduleRepeatedly(initialDelay / _speed, interval / _speed, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        _wheel.ScheduleRepeatedly(initialDelay / _speed, interval / _speed, action, cancelable);

    private static string Longer(string text, IEnumerable<string> keys, int speed)
    {
        var config = ConfigurationFactory.ParseString(text);
        return string.Concat(keys.Select(key => string.Create(CultureInfo.InvariantCulture, $"{key} = {(config.GetTimeSpan(key) * speed).TotalMilliseconds:0}ms\n")));
    }
}
