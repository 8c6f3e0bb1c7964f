using Akka.Actor.Internal;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>
/// The system's clock, that can be set wrong, and in which one actor can be made to hang: its thread stays in the call with which it reads the time. Thread-safe.
/// </summary>
internal sealed class FaultyClock : TimeProvider, IDisposable
{
    private readonly ManualResetEventSlim _released = new(true);
    private TaskCompletionSource<DateTimeOffset> _hung = new();
    private volatile string? _part;
    private long _offset;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow()
    {
        if (_part is { } part && InternalCurrentActorCellKeeper.Current is { } cell && cell.Self.Path.ToString().EndsWith("/" + part, StringComparison.Ordinal)) Hang();
        return base.GetUtcNow() + Offset;
    }

    /// <summary>Hangs a part at the next moment at which it looks at the clock; the real time of that moment.</summary>
    public Task<DateTimeOffset> HangAsync(string part)
    {
        _released.Reset();
        _hung = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        _part = part;
        return _hung.Task;
    }

    public void Release()
    {
        _part = null;
        _released.Set();
    }

    public void Dispose()
    {
        Release();
        _released.Dispose();
    }

    private void Hang()
    {
        _hung.TrySetResult(System.GetUtcNow());
        _released.Wait();
    }
}
