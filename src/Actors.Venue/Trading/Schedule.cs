namespace Actors.Venue.Trading;

/// <summary>
/// What the exchange does by itself at a given moment: earliest first, and in the order of asking when moments are equal.
/// </summary>
internal sealed class Schedule
{
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> _tasks = new();
    private long _order;

    /// <summary>When the next task is due; null when there is none.</summary>
    public DateTimeOffset? Next => _tasks.TryPeek(out _, out var priority) ? priority.Due : null;

    public void At(DateTimeOffset due, Action task) => _tasks.Enqueue(task, (due, _order++));

    /// <summary>Takes the next task that is due at <paramref name="now"/>.</summary>
    public bool TryTake(DateTimeOffset now, out DateTimeOffset due, out Action task)
    {
        due = default;
        task = static () => { };
        if (!_tasks.TryPeek(out _, out var priority) || priority.Due > now) return false;
        due = priority.Due;
        task = _tasks.Dequeue();
        return true;
    }
}
