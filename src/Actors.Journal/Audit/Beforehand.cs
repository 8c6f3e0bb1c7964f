namespace Actors.Journal.Audit;

/// <summary>
/// Work that is begun on a thread of its own before it is known whether anybody will want it. Disposed without being taken it is told to stop, and waited for; what it threw then is
/// nobody's.
/// </summary>
internal sealed class Beforehand<T> : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<T> _work;

    public Beforehand(Func<CancellationToken, T> work) => _work = Task.Factory.StartNew(() => work(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for it. Throws what it threw.</summary>
    public T Take() => _work.GetAwaiter().GetResult();

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_work).AsyncWaitHandle.WaitOne();
        _ = _work.Exception;
        _stop.Dispose();
    }
}
