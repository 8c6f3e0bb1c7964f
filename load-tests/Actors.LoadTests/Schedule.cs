using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Actors.LoadTests;

/// <summary>How a sender waits until the next message is due.</summary>
public enum ScheduleWait
{
    /// <summary>To the microsecond, at the price of a core that nothing else then gets.</summary>
    Spin,

    /// <summary>As a thread that waits for a socket does: it sleeps, and wakes about a tenth of a millisecond late. The core is left to what is measured.</summary>
    Block,

    /// <summary>Up to about a millisecond late, so that several are sent at once. The core is left to what is measured.</summary>
    Sleep,
}

/// <summary>
/// When messages should be sent: an open loop that never waits for the system under test, so that a stall delays nothing but the measurement. What a sender is late
/// counts as latency, or is told beside it.
/// </summary>
/// <param name="unitsPerSecond">The rate.</param>
/// <param name="wait">What the sender does meanwhile.</param>
public sealed class Schedule(double unitsPerSecond, ScheduleWait wait = ScheduleWait.Spin)
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
            if (wait == ScheduleWait.Sleep || intended - now > Stopwatch.Frequency / 400) Thread.Sleep(1);
            else if (wait == ScheduleWait.Block && OperatingSystem.IsLinux()) Block((intended - now) * (1_000_000_000 / Stopwatch.Frequency));
            else Thread.SpinWait(8);
        }

        return intended;
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>The runtime's own sleeps know milliseconds only.</summary>
    private static void Block(long nanoseconds)
    {
        var time = new Timespec { Nanoseconds = nanoseconds };
        // A signal ends it early: the caller looks at the clock again.
        _ = nanosleep(ref time, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int nanosleep(ref Timespec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
