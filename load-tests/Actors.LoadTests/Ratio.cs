namespace Actors.LoadTests;

/// <summary>
/// Measures one piece of work as a multiple of another. The two take turns, and CPU time is counted and not the clock, so that what else the
/// machine does falls on both or on neither.
/// </summary>
public static class Ratio
{
    private static readonly TimeSpan RoundLeast = TimeSpan.FromMilliseconds(20);

    /// <summary>The work must be warm already: the runtime compiles what is often called a second time, in the background.</summary>
    public static RatioRow Measure(string name, Action baseline, Action candidate, int rounds)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        var ratios = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var under = Cost(baseline);
            ratios[i] = Cost(candidate) / under;
        }

        Array.Sort(ratios);
        return new RatioRow(name, ratios[rounds / 2], ratios[rounds / 4], ratios[rounds * 3 / 4]);
    }

    /// <summary>Repeats the work until the runtime has compiled it for good.</summary>
    public static void Warm(Action work, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(work);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < time) work();
    }

    /// <summary>Seconds of CPU for one call.</summary>
    private static double Cost(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        var calls = 0;
        TimeSpan spent;
        do
        {
            work();
            calls++;
            spent = Environment.CpuUsage.TotalTime - before;
        }
        while (spent < RoundLeast);
        return spent.TotalSeconds / calls;
    }
}
