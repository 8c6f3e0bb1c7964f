namespace Actors.Host.Alerts;

/// <summary>Counts what goes out a minute, each kind by itself. Pure: time comes in.</summary>
internal sealed class AlertRate(int perMinuteMax)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<AlertKind, Queue<DateTimeOffset>> _sent = [];
    private readonly Dictionary<AlertKind, long> _held = [];

    /// <summary>Held back so far and not told yet, of all kinds.</summary>
    public long Held => _held.Values.Sum();

    /// <summary>Whether one more may go out now; if so, <paramref name="held"/> is how many of its kind were held back before it, to be told with it.</summary>
    public bool TryTake(AlertKind kind, DateTimeOffset now, out long held)
    {
        held = 0;
        if (!_sent.TryGetValue(kind, out var times)) _sent[kind] = times = [];
        while (times.TryPeek(out var oldest) && now - oldest >= Window) times.Dequeue();
        if (times.Count >= perMinuteMax)
        {
            _held[kind] = _held.GetValueOrDefault(kind) + 1;
            return false;
        }

        times.Enqueue(now);
        _held.Remove(kind, out held);
        return true;
    }
}
