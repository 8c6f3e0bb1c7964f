using System.Globalization;

namespace Actors.Domain.Tests.Campaign;

/// <summary>A virtual clock, the things that are due on it, and the one source of chance: the same seed gives the same run.</summary>
internal sealed class Simulation(int seed)
{
    private const int TraceMax = 400;

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _due = new();
    private readonly Queue<string> _trace = [];
    private long _order;

    public int Seed => seed;

    public Random Random { get; } = new(seed);

    public DateTimeOffset Now { get; private set; } = Samples.Noon;

    /// <summary>The last things that happened, for whoever has to find out why a seed failed.</summary>
    public string Trace => string.Join(Environment.NewLine, _trace);

    public bool KeepsTrace { get; init; }

    public bool Chance(int permille) => Random.Next(1000) < permille;

    public TimeSpan Milliseconds(int from, int to) => TimeSpan.FromMilliseconds(Random.Next(from, to));

    public void After(TimeSpan wait, Action action) => _due.Enqueue(action, (Now + wait, _order++));

    public void RunUntil(DateTimeOffset end)
    {
        while (_due.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _due.Dequeue();
            Now = next.At;
            action();
        }

        Now = end;
    }

    public void Note(FormattableString what)
    {
        if (!KeepsTrace) return;
        _trace.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{(Now - Samples.Noon).TotalSeconds:0.000} {FormattableString.Invariant(what)}"));
        if (_trace.Count > TraceMax) _trace.Dequeue();
    }
}
