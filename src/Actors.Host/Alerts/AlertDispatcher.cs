using System.Globalization;
using System.Threading.Channels;
using Serilog;

namespace Actors.Host.Alerts;

/// <summary>
/// Takes alerts in and never makes whoever raises them wait: each goes to the log at once, and to a queue for each channel, which a worker
/// of its own empties. A full queue drops the newest; what was dropped or held back is counted and told with the next one, and at the end.
/// </summary>
internal sealed class AlertDispatcher : IAsyncDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>How long the end of a process may wait for its last alerts to go out.</summary>
    private static readonly TimeSpan FlushMax = TimeSpan.FromSeconds(10);

    private readonly AlertRate _rate;
    private readonly List<Lane> _lanes;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _raising = new();
    private readonly CancellationTokenSource _ending = new();
    private bool _closed;

    /// <param name="channels">Owned from now on.</param>
    /// <param name="queueMax">Alerts that may wait for one channel.</param>
    /// <param name="perMinuteMax">Alerts of one kind that may go out in a minute.</param>
    /// <param name="time">Time of the rate limit and of pauses.</param>
    /// <param name="log">Has every alert, held back or not.</param>
    public AlertDispatcher(IReadOnlyList<IAlertChannel> channels, int queueMax, int perMinuteMax, TimeProvider time, ILogger log)
    {
        (_rate, _time, _log) = (new AlertRate(perMinuteMax), time, log.ForContext<AlertDispatcher>());
        _lanes = channels.Select(channel => new Lane(channel, queueMax, _time, _log, _ending.Token)).ToList();
    }

    /// <summary>Alerts that a full queue or a channel that does not work has lost, each channel's counted.</summary>
    public long Lost => _lanes.Sum(lane => lane.Lost);

    /// <summary>Never blocks and never throws for what a channel does. What is raised after the end is logged alone.</summary>
    public void Raise(Alert alert)
    {
        _log.Write(alert.IsUrgent ? Serilog.Events.LogEventLevel.Error : Serilog.Events.LogEventLevel.Warning, "alert {Kind}: {Text:l}", alert.Kind, alert.Text);
        lock (_raising)
        {
            if (_closed || !_rate.TryTake(alert.Kind, alert.At, out var held)) return;
            var told = held == 0 ? alert : alert with { Text = string.Create(CultureInfo.InvariantCulture, $"{alert.Text} ({held} more of this kind were held back before)") };
            foreach (var lane in _lanes) lane.Post(told);
        }
    }

    /// <summary>Waits a while for what is queued to go out, and says what did not.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_raising)
        {
            _closed = true;
            foreach (var lane in _lanes) lane.Complete();
        }

        using var patience = new CancellationTokenSource(FlushMax, _time);
        using var registration = patience.Token.Register(_ending.Cancel);
        await Task.WhenAll(_lanes.Select(lane => lane.Sending)).ConfigureAwait(false);
        if (_rate.Held > 0) _log.Warning("{Count} alerts were held back by the rate limit; the log has them all", _rate.Held);
        foreach (var lane in _lanes)
        {
            if (lane.Lost > 0) _log.Warning("{Count} alerts did not go out by {Channel:l}", lane.Lost, lane.Name);
            lane.Dispose();
        }

        _ending.Dispose();
    }

    /// <summary>One channel with its queue and its worker.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly Channel<Alert> _queue;
        private readonly IAlertChannel _channel;
        private readonly TimeProvider _time;
        private readonly ILogger _log;
        private readonly CancellationToken _ending;
        private long _dropped;
        private long _untold;
        private long _failed;

        public Lane(IAlertChannel channel, int queueMax, TimeProvider time, ILogger log, CancellationToken ending)
        {
            (_channel, _time, _log, _ending) = (channel, time, log, ending);
            _queue = Channel.CreateBounded<Alert>(new BoundedChannelOptions(queueMax) { SingleReader = true });
            Sending = Task.Run(SendAllAsync, CancellationToken.None);
        }

        public string Name => _channel.Name;

        public Task Sending { get; }

        public long Lost => Interlocked.Read(ref _dropped) + Interlocked.Read(ref _failed);

        public void Post(Alert alert)
        {
            if (_queue.Writer.TryWrite(alert)) return;
            Interlocked.Increment(ref _untold);
            if (Interlocked.Increment(ref _dropped) == 1) _log.Warning("the queue of alerts for {Channel:l} is full; alerts are dropped and counted", Name);
        }

        public void Complete() => _queue.Writer.Complete();

        public void Dispose() => _channel.Dispose();

        private async Task SendAllAsync()
        {
            await foreach (var alert in _queue.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                var dropped = Interlocked.Exchange(ref _untold, 0);
                var told = dropped == 0 ? alert : alert with { Text = string.Create(CultureInfo.InvariantCulture, $"{alert.Text} ({dropped} alerts were dropped before, the queue was full)") };
                if (!await SendAsync(told).ConfigureAwait(false)) Interlocked.Increment(ref _failed);
            }
        }

        private async Task<bool> SendAsync(Alert alert)
        {
            var pause = FirstPause;
            for (var attempt = 1; ; attempt++, pause *= 4)
            {
                try
                {
                    _ending.ThrowIfCancellationRequested();
                    await _channel.SendAsync(alert, _ending).ConfigureAwait(false);
                    return true;
                }
                catch (AlertNotSentException problem) when (attempt < Attempts)
                {
                    _log.Debug("an alert did not go out by {Channel:l} and is tried again: {Reason:l}", Name, problem.Message);
                }
                catch (Exception problem)
                {
                    // Whatever a channel does must not end this worker: the next alert may get through.
                    if (!_ending.IsCancellationRequested) _log.Warning("an alert did not go out by {Channel:l}: {Reason:l}", Name, problem.Message.ReplaceLineEndings(" "));
                    return false;
                }

                await Task.Delay(pause, _time, _ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
