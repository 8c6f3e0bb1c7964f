using Actors.Host.Configuration;
using Actors.Host.Running;
using Akka.Configuration;

namespace Actors.Host.Tests.Running;

/// <summary>The clock of loads: two processes agree on it, its timers are as much faster, and what waits for the machine stays as long.</summary>
public sealed class FastClockTests
{
    private static readonly DateTimeOffset From = new(2026, 9, 24, 19, 50, 0, TimeSpan.Zero);

    [Fact]
    public void Shows_the_same_time_wherever_it_was_given_the_same_values()
    {
        var text = $"60,{From:O},{DateTimeOffset.UtcNow.AddMinutes(-10):O}";
        var (one, other) = (FastClock.Parse(text)!, FastClock.Parse(text)!);
        var (before, between, after) = (one.GetUtcNow(), other.GetUtcNow(), one.GetUtcNow());
        Assert.InRange(between, before, after);
        Assert.True(before >= From.AddHours(10));
    }

    [Theory]
    [InlineData(60_000, 1_000)]
    [InlineData(100, 2)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-1, -1)]
    public void Shortens_waits_and_rounds_them_up(int milliseconds, int real) =>
        Assert.Equal(TimeSpan.FromMilliseconds(real), FastClock.Parse($"60,{From:O},{From:O}")!.Real(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task Fires_a_timer_early_by_the_system_and_not_by_its_own_time()
    {
        var clock = FastClock.Parse($"1000,{From:O},{DateTimeOffset.UtcNow:O}")!;
        var due = clock.GetUtcNow() + TimeSpan.FromMinutes(5);
        var fired = new TaskCompletionSource();
        using var timer = clock.CreateTimer(_ => fired.TrySetResult(), null, due - clock.GetUtcNow(), Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(clock.GetUtcNow() >= due - TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("fast")]
    public void Refuses_another_speed(string speed) => Assert.Null(FastClock.Parse($"{speed},{From:O},{From:O}"));

    [Fact]
    public void Keeps_the_patience_with_the_machine()
    {
        var (engine, persistence) = (HoconFiles.Read(HoconFiles.Default, "engine.conf", []), HoconFiles.Read(HoconFiles.Default, "persistence.conf", []));
        var clock = FastClock.Parse($"60,{From:O},{From:O}")!;
        var (before, after) = (ConfigurationFactory.ParseString(engine), ConfigurationFactory.ParseString(FastScheduler.Over(engine, clock)));
        var journal = ConfigurationFactory.ParseString(FastScheduler.OverJournal(persistence, clock));
        Assert.Equal(before.GetTimeSpan("actors.connection.ping-timeout") * 60, after.GetTimeSpan("actors.connection.ping-timeout"));
        Assert.Equal(before.GetTimeSpan("actors.strategies.refused-pause"), after.GetTimeSpan("actors.strategies.refused-pause"));
        Assert.Equal(TimeSpan.FromMinutes(4), journal.GetTimeSpan("akka.persistence.journal-plugin-fallback.circuit-breaker.call-timeout"));
        Assert.Equal(typeof(FastScheduler), Type.GetType(after.GetString("akka.scheduler.implementation"), throwOnError: true));
    }
}
