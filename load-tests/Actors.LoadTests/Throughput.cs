using System.Diagnostics;

namespace Actors.LoadTests;

/// <summary>Counts what came in each second of a run. Thread-safe, allocates only when it is made.</summary>
public sealed class Throughput(TimeSpan duration)
{
    // What comes after the end of a run still counts, for as long as a run may be late.
    private readonly long[] _seconds = new long[(int)duration.TotalSeconds + 60];
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Add(int units)
    {
        var second = (int)((Stopwatch.GetTimestamp() - _start) / Stopwatch.Frequency);
        if (second < _seconds.Length) Interlocked.Add(ref _seconds[second], units);
    }

    /// <summary>One point a second, up to the last in which anything came.</summary>
    public IReadOnlyList<SeriesPoint> Points()
    {
        var last = Array.FindLastIndex(_seconds, count => count > 0);
        return [.. _seconds.Take(last + 1).Select((count, second) => new SeriesPoint(second, count))];
    }
}
