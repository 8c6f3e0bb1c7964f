namespace Actors.EndToEnd.Tests.Support;

/// <summary>The lines of one stream of a process, with waiters for lines that have not come yet. Thread-safe.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock _changing = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Accept, TaskCompletionSource<string> Found)> _waiters = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_changing) return [.. _lines];
        }
    }

    /// <summary>Adds a line; null is the end of the stream, which fails every waiter.</summary>
    public void Add(string? line)
    {
        lock (_changing)
        {
            if (line is not null) _lines.Add(line);
            foreach (var (_, found) in _waiters.Where(waiter => line is not null && waiter.Accept(line))) found.TrySetResult(line!);
            if (line is not null) return;
            foreach (var (_, found) in _waiters) found.TrySetException(new InvalidOperationException($"the process ended before; it said:\n{string.Join('\n', _lines)}"));
        }
    }

    /// <summary>The first line that is accepted, of those after the first <paramref name="after"/>.</summary>
    public Task<string> FirstAsync(Func<string, bool> accept, int after = 0)
    {
        lock (_changing)
        {
            if (_lines.Skip(after).FirstOrDefault(accept) is { } line) return Task.FromResult(line);
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((accept, found));
            return found.Task;
        }
    }
}
