using System.Text.Json;
using System.Threading.Channels;
using Actors.Venue.Faults;
using Actors.Venue.Inputs;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>The exchange takes no more requests: its queue is full, or it stopped after a fault.</summary>
internal sealed class OverloadedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The one place where requests, sockets and timers reach the exchange: a bounded queue read by one task, so that the exchange needs no
/// locks and sees one order of events. A command that throws leaves the state in doubt: the loop stops, and everything after it is
/// refused.
/// </summary>
internal sealed class ExchangeLoop : IAsyncDisposable
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly Exchange _exchange;
    private readonly TimeProvider _clock;
    private readonly FaultBox? _faults;
    private readonly InputRecorder? _inputs;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<WorkItem> _queue;
    private readonly ITimer _timer;
    private readonly Task _task;

    /// <param name="exchange">Used by nobody else while the loop runs.</param>
    /// <param name="clock">The true time.</param>
    /// <param name="capacity">Of the queue, in requests.</param>
    /// <param name="faults">May put off the time that clients see.</param>
    /// <param name="inputs">Writes down what enters before it takes effect; null keeps nothing.</param>
    public ExchangeLoop(Exchange exchange, TimeProvider clock, int capacity, FaultBox? faults = null, InputRecorder? inputs = null)
    {
        _exchange = exchange;
        _clock = clock;
        _faults = faults;
        _inputs = inputs;
        _queue = Channel.CreateBounded<WorkItem>(new BoundedChannelOptions(capacity) { SingleReader = true });
        // A full queue needs no waking: each request brings the exchange's time up to date.
        _timer = clock.CreateTimer(_ => _queue.Writer.TryWrite(WorkItem.Tick), null, Never, Never);
        _task = Task.Run(LoopAsync);
    }

    /// <summary>Begins to work off the queue; before that the exchange is still the caller's.</summary>
    public void Start() => _started.TrySetResult();

    /// <summary>Ends when the loop was disposed, or with the fault that stopped it.</summary>
    public Task Completion => _task;

    /// <summary>
    /// Changes the exchange. At the queue's bound a request that may be shed throws <see cref="OverloadedException"/>; others wait.
    /// </summary>
    public Task<T> CommandAsync<T>(Func<T> command, bool mayBeShed = false) =>
        EnqueueAsync(new WorkItem<T>(command, isCommand: true), mayBeShed);

    /// <summary>Changes what is kept: written down first, so that it is done again when the venue comes back.</summary>
    public Task<T> RequestAsync<T>(long account, string method, string path, JsonElement arguments, Func<T> command, bool mayBeShed = false) =>
        CommandAsync(
            () =>
            {
                Record(account, method, path, arguments);
                return command();
            },
            mayBeShed);

    /// <summary>Reads the exchange.</summary>
    public Task<T> QueryAsync<T>(Func<T> query) => EnqueueAsync(new WorkItem<T>(query, isCommand: false), mayBeShed: true);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        Start();
        // A fault has been told through Completion.
        await _task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _timer.DisposeAsync();
    }

    private async Task<T> EnqueueAsync<T>(WorkItem<T> item, bool mayBeShed)
    {
        if (!_queue.Writer.TryWrite(item))
        {
            if (mayBeShed || _task.IsCompleted)
                throw new OverloadedException("The system is currently overloaded. Please try again later.");
            try
            {
                await _queue.Writer.WriteAsync(item);
            }
            catch (ChannelClosedException)
            {
                throw new OverloadedException("The venue is stopping.");
            }
        }

        return await item.Result;
    }

    /// <summary>What cannot be written down is not carried out: whoever asked gets 503, and the loop ends.</summary>
    private void Record(long account, string method, string path, JsonElement arguments)
    {
        try
        {
            _inputs?.Record(account, method, path, arguments);
        }
        catch (IOException problem)
        {
            throw new OverloadedException("The venue cannot write down what it is asked, and stops.", problem);
        }
    }

    private async Task LoopAsync()
    {
        DateTimeOffset? armed = null;
        WorkItem? current = null;
        await _started.Task;
        try
        {
            Wake(ref armed);
            await foreach (var item in _queue.Reader.ReadAllAsync())
            {
                current = item;
                WireTime.Use(_faults?.ClockOffset ?? TimeSpan.Zero);
                if (_inputs is null) _exchange.Advance(_clock.GetUtcNow());
                else _inputs.Advance(_clock.GetUtcNow());
                item.Run();
                if (item == WorkItem.Tick) armed = null;
                Wake(ref armed);
            }
        }
        catch (Exception fault)
        {
            _queue.Writer.TryComplete();
            // The one that was being worked on has its answer already, unless time could not be written down before it.
            current?.Fail(fault);
            while (_queue.Reader.TryRead(out var item)) item.Fail(fault);
            throw;
        }
    }

    private void Wake(ref DateTimeOffset? armed)
    {
        if (_exchange.NextDue is not { } due || due == armed) return;
        armed = due;
        var wait = due - _clock.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Never);
    }

    private class WorkItem
    {
        public static readonly WorkItem Tick = new();

        public virtual void Run()
        {
        }

        public virtual void Fail(Exception fault)
        {
        }
    }

    private sealed class WorkItem<T>(Func<T> work, bool isCommand) : WorkItem
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _result.Task;

        public override void Run()
        {
            try
            {
                _result.SetResult(work());
            }
            catch (RequestException refusal)
            {
                _result.SetException(refusal);
            }
            catch (Exception fault) when (!isCommand)
            {
                _result.SetException(fault);
            }
            catch (Exception fault)
            {
                _result.SetException(fault);
                throw;
            }
        }

        public override void Fail(Exception fault) => _result.TrySetException(new OverloadedException("The venue stopped after a fault."));
    }
}
