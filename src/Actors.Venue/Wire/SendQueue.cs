using System.Collections.Concurrent;

namespace Actors.Venue.Wire;

/// <summary>
/// Brings frames to sockets. What the exchange's thread sends during a turn is kept back until the turn's inputs are written, and then handed on at
/// once, so that a socket gets it in one write. All sockets are served by one task of the thread pool after the other: a hundred sockets cost one
/// wake. A socket whose client does not take what it is sent waits by itself.
/// </summary>
internal sealed class SendQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<RealtimeSocket> _ready = [];
    private readonly List<(RealtimeSocket Socket, ReadOnlyMemory<byte> Frame, long NotBefore)> _held = [];
    private int _holder;
    private int _isRunning;

    /// <summary>Keeps back what this thread sends from now on.</summary>
    public void Hold() => Volatile.Write(ref _holder, Environment.CurrentManagedThreadId);

    /// <summary>Hands on what was kept back; by the thread that held it.</summary>
    public void Release()
    {
        Volatile.Write(ref _holder, 0);
        foreach (var (socket, frame, notBefore) in _held)
        {
            if (socket.Put(frame, notBefore)) _ready.Enqueue(socket);
        }

        _held.Clear();
        Run();
    }

    /// <summary>Drops what was kept back, and cuts off whoever would have got it.</summary>
    public void CutHeld(string reason)
    {
        Volatile.Write(ref _holder, 0);
        foreach (var (socket, _, _) in _held) socket.Cut(reason);
        _held.Clear();
    }

    /// <summary>Queues a frame for a socket, no earlier than <paramref name="notBefore"/>, a time stamp of the venue's clock, or zero.</summary>
    public void Send(RealtimeSocket socket, ReadOnlyMemory<byte> frame, long notBefore)
    {
        if (Volatile.Read(ref _holder) == Environment.CurrentManagedThreadId)
        {
            _held.Add((socket, frame, notBefore));
            return;
        }

        if (!socket.Put(frame, notBefore)) return;
        _ready.Enqueue(socket);
        Run();
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (_ready.TryDequeue(out var socket)) socket.BeginSending();
        Volatile.Write(ref _isRunning, 0);
        Interlocked.MemoryBarrier();
        Run();
    }

    private void Run()
    {
        if (!_ready.IsEmpty && Interlocked.Exchange(ref _isRunning, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
