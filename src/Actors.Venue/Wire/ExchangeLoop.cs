using System.Text.Json;
using System.Threading.Channels;
using Actors.Venue.Faults;
using Actors.Venue.Inputs;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>The exchange takes no more requests: its queue is full, or it stopped after a fault.</summary>
internal sealed class OverloadedException(string message) : Exception(message);

/// <summary>
/// The one place where requests, sockets and timers reach the exchange: a bounded queue worked off by one thread at a time, so that the
/// exchange needs no locks and sees one order of events. Whoever brings work does it, and what others bring meanwhile, unless somebody is at it
/// already: a lone request costs no change of thread, and under load many share a turn. At the end of a turn its inputs are written down at once;
/// only then do frames and answers leave. A command that throws leaves the state in doubt: the loop stops, and everything after it is refused.
/// </summary>
internal sealed class ExchangeLoop : IAsyncDisposable, IThreadPoolWorkItem
{
    // A request that came first should not wait for a whole queue: this much is a millisecond or a few.
    private const int TurnMax = 64;

    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly Exchange _exchange;
    private readonly TimeProvider _clock;
    private readonly FaultBox? _faults;
    private readonly InputRecorder? _inputs;
    private readonly TablePublisher? _publisher;
    private readonly SendQueue? _sends;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<WorkItem> _queue;
    private readonly ITimer _timer;
    private readonly List<WorkItem> _turn = new(TurnMax);
    private DateTimeOffset? _armed;
    private int _isStarted;

    // Until the start the exchange is the caller's.
    private int _isWorking = 1;

    /// <param name="exchange">Used by nobody else while the loop runs.</param>
    /// <param name="clock">The true time.</param>
    /// <param name="capacity">Of the queue, in requests.</param>
    /// <param name="faults">May put off the time that clients see.</param>
    /// <param name="inputs">Writes down what enters before its effects leave; null keeps nothing.</param>
    /// <param name="publisher">May hold public rows back for a moment; null without sockets.</param>
    /// <param name="sends">Where frames wait for the end of a turn; null without sockets.</param>
    public ExchangeLoop(
        Exchange exchange, TimeProvider clock, int capacity, FaultBox? faults = null, InputRecorder? inputs = null, TablePublisher? publisher = null, SendQueue? sends = null)
    {
        (_exchange, _clock, _faults, _inputs, _publisher, _sends) = (exchange, clock, faults, inputs, publisher, sends);
        _queue = Channel.CreateBounded<WorkItem>(new BoundedChannelOptions(capacity));
        _timer = clock.CreateTimer(_ => Tick(), null, Never, Never);
    }

    /// <summary>Ends when the loop was disposed, or with the fault that stopped it.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Begins to work off the queue; before that the exchange is still the caller's.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 1) return;
        Wake();
        Volatile.Write(ref _isWorking, 0);
        Work();
    }

    /// <summary>
    /// Changes the exchange. At the queue's bound a request that may be shed throws <see cref="OverloadedException"/>; others wait.
    /// </summary>
    public Task<T> CommandAsync<T>(Func<T> command, bool mayBeShed = false) =>
        EnqueueAsync(new WorkItem<T>(command, isCommand: true, seesAll: true), mayBeShed);

    /// <summary>Changes what is kept: written down first, so that it is done again when the venue comes back.</summary>
    public Task<T> RequestAsync<T>(long account, string method, string path, JsonElement arguments, Func<T> command, bool mayBeShed = false)
    {
        T Run()
        {
            _inputs?.Record(account, method, path, arguments);
            return command();
        }

        return EnqueueAsync(new WorkItem<T>(Run, isCommand: true, seesAll: false), mayBeShed);
    }

    /// <summary>Reads the exchange. Sockets have been told everything that it sees.</summary>
    public Task<T> QueryAsync<T>(Func<T> query) => EnqueueAsync(new WorkItem<T>(query, isCommand: false, seesAll: true), mayBeShed: true);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        Start();
        Work();
        // A fault has been told through Completion.
        await Completion.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _timer.DisposeAsync();
    }

    void IThreadPoolWorkItem.Execute() => Work();

    private async Task<T> EnqueueAsync<T>(WorkItem<T> item, bool mayBeShed)
    {
        if (!_queue.Writer.TryWrite(item))
        {
            if (mayBeShed || Completion.IsCompleted) throw new OverloadedException("The system is currently overloaded. Please try again later.");
            try
            {
                await _queue.Writer.WriteAsync(item);
            }
            catch (ChannelClosedException)
            {
                throw new OverloadedException("The venue is stopping.");
            }
        }

        Work();
        return await item.Result;
    }

    /// <summary>A full queue needs no waking: each request brings the exchange's time up to date.</summary>
    private void Tick()
    {
        _queue.Writer.TryWrite(WorkItem.Tick);
        Work();
    }

    /// <summary>One turn, unless somebody else is at it: who is looks again when done, so that nothing stays behind.</summary>
    private void Work()
    {
        if (Interlocked.CompareExchange(ref _isWorking, 1, 0) != 0) return;
        try
        {
            Turn();
        }
        finally
        {
            Volatile.Write(ref _isWorking, 0);
        }

        if (_queue.Reader.Completion.IsCompleted) _completion.TrySetResult();
        // Not here: this thread has an answer of its own to give.
        else if (_queue.Reader.Count > 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Turn()
    {
        Exception? fault = null;
        _sends?.Hold();
        try
        {
            WireTime.Use(_faults?.ClockOffset ?? TimeSpan.Zero);
            while (_turn.Count < TurnMax && _queue.Reader.TryRead(out var item))
            {
                _turn.Add(item);
                Take(item);
            }

            _publisher?.FlushIfDue();
        }
        catch (Exception thrown)
        {
            fault = thrown;
        }

        WireTime.Use(TimeSpan.Zero);
        if (Commit() is { } lost) fault ??= lost;
        if (fault is not null) Stop(fault);
        else Wake();
        foreach (var item in _turn) item.Answer();
        _turn.Clear();
    }

    private void Take(WorkItem item)
    {
        WireTime.Use(_faults?.ClockOffset ?? TimeSpan.Zero);
        if (_inputs is null) _exchange.Advance(_clock.GetUtcNow());
        else _inputs.Advance(_clock.GetUtcNow());
        if (item.SeesAll) _publisher?.FlushHeld();
        item.Run();
        if (item == WorkItem.Tick) _armed = null;
    }

    /// <summary>Nothing of a turn leaves before its inputs are written; when they cannot be, nothing of it ever leaves.</summary>
    private Exception? Commit()
    {
        try
        {
            _inputs?.Commit();
            _sends?.Release();
            return null;
        }
        catch (Exception problem)
        {
            foreach (var item in _turn) item.Fail();
            _sends?.CutHeld("the venue stopped after a fault");
            return problem;
        }
    }

    private void Stop(Exception fault)
    {
        _completion.TrySetException(fault);
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var item)) _turn.Add(item);
        foreach (var item in _turn) item.FailUnlessDone();
    }

    private void Wake()
    {
        var due = _exchange.NextDue;
        if (_publisher?.HeldUntil is { } held && !(due < held)) due = held;
        if (due is not { } next || due == _armed) return;
        _armed = next;
        // A timer counts whole milliseconds and drops the rest: it would fire before its time, again and again until that has come.
        var wait = Math.Ceiling((next - _clock.GetUtcNow()).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 0)), Never);
    }

    private class WorkItem
    {
        public static readonly WorkItem Tick = new();

        /// <summary>Whether sockets must have been told everything first.</summary>
        public virtual bool SeesAll => false;

        public virtual void Run()
        {
        }

        /// <summary>Gives the answer that <see cref="Run"/> left, or the refusal.</summary>
        public virtual void Answer()
        {
        }

        /// <summary>Replaces whatever answer there is by a refusal.</summary>
        public virtual void Fail()
        {
        }

        public virtual void FailUnlessDone()
        {
        }
    }

    private sealed class WorkItem<T>(Func<T> work, bool isCommand, bool seesAll) : WorkItem
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _value = default!;
        private Exception? _exception;
        private bool _isDone;

        public Task<T> Result => _result.Task;

        public override bool SeesAll => seesAll;

        public override void Run()
        {
            try
            {
                _value = work();
            }
            catch (Exception fault) when (fault is RequestException || !isCommand)
            {
                _exception = fault;
            }
            catch (Exception fault)
            {
                (_exception, _isDone) = (fault, true);
                throw;
            }

            _isDone = true;
        }

        public override void Answer()
        {
            if (_exception is null) _result.SetResult(_value);
            else _result.SetException(_exception);
        }

        public override void Fail() => (_exception, _isDone) = (new OverloadedException("The venue stopped after a fault."), true);

        public override void FailUnlessDone()
        {
            if (!_isDone) Fail();
        }
    }
}
