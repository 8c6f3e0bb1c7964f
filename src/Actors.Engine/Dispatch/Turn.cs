using System.Diagnostics;
using Akka.Dispatch;

namespace Actors.Engine.Dispatch;

/// <summary>
/// What one thread of the pool carries on from a first message to all that follows from it. To hand a message to another thread costs waking it, some 10 to 50
/// microseconds each time; between a frame and its order lie a dozen and a half.
/// An actor's mailbox is run by one thread at a time as ever, one after the other and never within each other, and several turns go on beside each other. None waits for
/// another for long: a turn that has gone on for <see cref="LongestTurn"/>, or has <see cref="WaitingMax"/> mailboxes waiting, leaves them to the pool; and where one
/// actor does not come to an end, what waits behind it is taken from it within twice <see cref="RescueInterval"/>.
/// </summary>
internal sealed class Turn
{
    /// <summary>Mailboxes that may wait for one thread; further ones are for the pool's other threads.</summary>
    public const int WaitingMax = 32;

    /// <summary>After it the next mailbox is for another thread: many times what a frame and its orders take.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(2);

    public static readonly TimeSpan RescueInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>One of each thread that has had any and is still there: threads of the pool come and go.</summary>
    private static readonly List<Turn> Turns = [];

    [ThreadStatic]
    private static Turn? _ofThread;

    private readonly Lock _lock = new();
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly Queue<IRunnable> _waiting = new();
    private readonly Queue<IRunnable> _later = new();

    /// <summary>Numbers what is being run, so that the rescuer knows whether it is still the same.</summary>
    private long _runs;
    private long _seen;
    private bool _isRunning;

    /// <summary>Adds to the turn of this thread; begins one on the pool where there is none, or it has enough to do.</summary>
    /// <param name="run">A mailbox, mostly. It must not throw: that ends the process, as it does on the pool.</param>
    /// <param name="isForLater">Whether all else of the turn goes first.</param>
    public static void Execute(IRunnable run, bool isForLater)
    {
        if (_ofThread is { } turn && turn.TryAdd(run, isForLater)) return;
        // On a thread of the pool it is next, unless another is idle: a socket's thread, which has nothing to do until the next frame, goes on with what this one sets off.
        Begin(run, preferLocal: true);
    }

    /// <summary>Runs it and all that it sets off. What is left when it throws goes to the pool.</summary>
    public static void RunHere(IRunnable first) => (_ofThread ??= OfThisThread()).Run(first);

    private static Turn OfThisThread()
    {
        var turn = new Turn();
        lock (Turns) Turns.Add(turn);
        return turn;
    }

    private static void Begin(IRunnable run, bool preferLocal) => ThreadPool.UnsafeQueueUserWorkItem(RunHere, run, preferLocal);

    private bool TryAdd(IRunnable run, bool isForLater)
    {
        lock (_lock)
        {
            if (!_isRunning || _waiting.Count + _later.Count >= WaitingMax) return false;
            (isForLater ? _later : _waiting).Enqueue(run);
            return true;
        }
    }

    private void Run(IRunnable first)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            for (var next = Next(first); next is not null; next = Stopwatch.GetElapsedTime(begun) < LongestTurn ? Next() : null) next.Run();
        }
        finally
        {
            End();
        }
    }

    private IRunnable? Next(IRunnable? first = null)
    {
        lock (_lock)
        {
            _isRunning = true;
            _runs++;
            return first ?? (_waiting.TryDequeue(out var next) || _later.TryDequeue(out next) ? next : null);
        }
    }

    /// <summary>What is left goes to the pool, and nothing more is added.</summary>
    private void End()
    {
        lock (_lock)
        {
            _isRunning = false;
            GiveAway();
        }
    }

    private void GiveAway()
    {
        while (_waiting.TryDequeue(out var next) || _later.TryDequeue(out next)) Begin(next, preferLocal: false);
    }

    /// <summary>To be called every <see cref="RescueInterval"/>, from outside the turns.</summary>
    public static void RescueAll()
    {
        Turn[] turns;
        lock (Turns)
        {
            // A thread that ended has ended its turn before.
            Turns.RemoveAll(static turn => !turn._thread.IsAlive);
            turns = [.. Turns];
        }

        foreach (var turn in turns) turn.Rescue();
    }

    /// <summary>An actor that was at work at the last look and still is holds nobody up any longer.</summary>
    private void Rescue()
    {
        lock (_lock)
        {
            if (_isRunning && _seen == _runs) GiveAway();
            _seen = _runs;
        }
    }
}
