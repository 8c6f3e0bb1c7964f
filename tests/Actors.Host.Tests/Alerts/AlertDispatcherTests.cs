using System.Collections.Concurrent;
using Actors.Host.Alerts;
using Actors.Host.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Actors.Host.Tests.Alerts;

/// <summary>Nobody who raises an alert waits, nothing is lost without being counted, and one channel does not hold another.</summary>
public sealed class AlertDispatcherTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly Said _said = new();

    [Fact]
    public async Task Every_alert_is_logged_and_goes_to_every_channel()
    {
        var (one, other) = (new Channel(), new Channel());
        await using (var alerts = Open(10, 10, one, other)) Raise(alerts, 3);
        Assert.Equal(["0", "1", "2"], one.Sent.Select(alert => alert.Text));
        Assert.Equal(one.Sent, other.Sent);
        Assert.Equal(3, _said.Lines.Count(line => line.StartsWith("alert Halted", StringComparison.Ordinal)));
        Assert.True(one.Disposed && other.Disposed);
    }

    [Fact]
    public async Task A_channel_that_hangs_holds_neither_the_other_nor_whoever_raises_and_what_is_dropped_is_counted()
    {
        var (hanging, other) = (new Channel { Holds = true }, new Channel());
        var alerts = Open(5, 1_000, hanging, other);
        Raise(alerts, 1);
        await Eventually.TrueAsync(() => hanging.Begun == 1, "the first sending");
        Raise(alerts, 100); // returns though nothing goes out
        await Eventually.TrueAsync(() => other.Sent.Count + (alerts.Lost - 95) == 101, "the other channel's sending");
        Assert.True(alerts.Lost >= 95);
        hanging.Release.SetResult();
        await Eventually.TrueAsync(() => hanging.Sent.Count == 6, "what was queued");
        Assert.Contains("95 alerts were dropped before", hanging.Sent.ElementAt(1).Text, StringComparison.Ordinal);
        await alerts.DisposeAsync();
        Assert.Contains(_said.Lines, line => line.Contains("did not go out by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_is_tried_three_times_and_then_counted()
    {
        var channel = new Channel { Failures = 2 };
        var alerts = Open(10, 10, channel);
        Raise(alerts, 1);
        await Advancing(() => channel.Sent.Count == 1, "the third attempt");
        channel.Failures = 3;
        Raise(alerts, 1);
        await Advancing(() => alerts.Lost == 1, "giving up");
        channel.Unexpected = true;
        Raise(alerts, 1);
        await Advancing(() => alerts.Lost == 2, "the end of what nobody expected");
        channel.Unexpected = false;
        Raise(alerts, 1);
        await Advancing(() => channel.Sent.Count == 2, "the next alert");
        await alerts.DisposeAsync();
    }

    [Fact]
    public async Task The_end_does_not_wait_for_ever()
    {
        var hanging = new Channel { Holds = true };
        var alerts = Open(10, 10, hanging);
        Raise(alerts, 3);
        var ended = alerts.DisposeAsync().AsTask();
        await Advancing(() => ended.IsCompleted, "the end");
        await ended;
        Assert.Empty(hanging.Sent);
        Raise(alerts, 1); // after the end: logged alone
        Assert.Equal(4, _said.Lines.Count(line => line.StartsWith("alert Halted", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_rate_is_kept_for_each_kind_by_itself_and_what_was_held_is_told()
    {
        var rate = new AlertRate(2);
        Assert.True(rate.TryTake(AlertKind.Halted, Start, out var held));
        Assert.True(rate.TryTake(AlertKind.Halted, Start.AddSeconds(30), out held));
        Assert.False(rate.TryTake(AlertKind.Halted, Start.AddSeconds(59), out held));
        Assert.False(rate.TryTake(AlertKind.Halted, Start.AddSeconds(59.999), out held));
        Assert.True(rate.TryTake(AlertKind.KeyRefused, Start.AddSeconds(59), out held));
        Assert.Equal((0, 2), (held, rate.Held));
        Assert.True(rate.TryTake(AlertKind.Halted, Start.AddSeconds(60), out held));
        Assert.Equal((2, 0), (held, rate.Held));
        Assert.False(rate.TryTake(AlertKind.Halted, Start.AddSeconds(61), out held));
    }

    [Fact]
    public async Task What_is_held_back_is_logged_and_told_with_the_next()
    {
        var channel = new Channel();
        await using var alerts = Open(10, 2, channel);
        Raise(alerts, 5);
        _time.Advance(TimeSpan.FromMinutes(1));
        Raise(alerts, 1);
        await Eventually.TrueAsync(() => channel.Sent.Count == 3, "sending");
        Assert.EndsWith("(3 more of this kind were held back before)", channel.Sent.Last().Text, StringComparison.Ordinal);
        Assert.Equal(6, _said.Lines.Count(line => line.StartsWith("alert Halted", StringComparison.Ordinal)));
    }

    private AlertDispatcher Open(int queue, int perMinute, params IAlertChannel[] channels) =>
        new(channels, queue, perMinute, _time, new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(_said).CreateLogger());

    private void Raise(AlertDispatcher alerts, int count)
    {
        for (var i = 0; i < count; i++) alerts.Raise(new Alert(_time.GetUtcNow(), AlertKind.Halted, "s1", $"{i}"));
    }

    private Task Advancing(Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return condition();
        },
        what);

    private sealed class Channel : IAlertChannel
    {
        public string Name => "double";

        public ConcurrentQueue<Alert> Sent { get; } = [];

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Holds { get; init; }

        public int Begun { get; private set; }

        public int Failures { get; set; }

        public bool Unexpected { get; set; }

        public bool Disposed { get; private set; }

        public async Task SendAsync(Alert alert, CancellationToken cancellation)
        {
            Begun++;
            if (Holds) await Release.Task.WaitAsync(cancellation);
            if (Unexpected) throw new InvalidOperationException("a bug");
            if (Failures > 0 && Failures-- > 0) throw new AlertNotSentException("no", new IOException("no"));
            Sent.Enqueue(alert);
        }

        public void Dispose() => Disposed = true;
    }

    private sealed class Said : ILogEventSink
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent) => Lines.Enqueue(logEvent.RenderMessage());
    }
}
