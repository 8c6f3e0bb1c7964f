namespace Actors.Host.Running;

/// <summary>Owns what was started, and ends it in the reverse order, whether or not the rest came up.</summary>
internal sealed class StartedParts : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _endings = [];

    public T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _endings.Push(part.DisposeAsync);
        return part;
    }

    /// <summary>Owns a part that ends at once.</summary>
    public void Own(IDisposable part) => _endings.Push(() =>
    {
        part.Dispose();
        return ValueTask.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        while (_endings.TryPop(out var end)) await end().ConfigureAwait(false);
    }
}
