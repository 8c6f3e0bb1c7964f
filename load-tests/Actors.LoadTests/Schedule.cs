using System.Diagnostics;

namespace Actors.LoadTests;

/// <summary>
/// When messages should be sent: an open loop that never waits for the system under test, so that a stall delays nothing but the measurement.
/// </summary>
/// <param name="unitsPerSecond">The rate.</param>
/// <param name="spin">
/// Waits to the microsecond, at the price of a core. Without it messages are up to about a millisecond late, which counts as their latency, and the core
/// is left to what is measured.
/// </param>
public sealed class Schedule(double unitsPerSecond, bool spin = true)
{
    private readonly double _ticksPerUnit = Stopwatch.Frequency / unitsPerSecond;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _units;

    /// <summary>Waits until the next message is due, unless it is due already; returns its intended time.</summary>
    public long Next(int units)
    {
        var intended = _start + (long)(_units * _ticksPerUnit);
        _units += units;
        while (Stopwatch.GetTimestamp() is var now && now < intended)
        {
            // A sleep overshoots by about a millisecond: only a longer wait may be slept through.
            if (!spin || intended - now > Stopwatch.Frequency / 400) Thread.Sleep(1);
            else Thread.SpinWait(8);
        }

        return intended;
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);
}
