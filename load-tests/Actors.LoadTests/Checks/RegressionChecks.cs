using Actors.Benchmarks;
using Actors.Workloads;

namespace Actors.LoadTests.Checks;

/// <summary>
/// What must not get worse: allocations, which are exact, and ratios of CPU time taken in turns, with margins that a busy machine does not trip. No
/// time is judged. The pieces are those of the benchmarks, so that a figure found here can be looked into there.
/// </summary>
public static class RegressionChecks
{
    private const int Repeats = 2_000;
    private const int Rounds = 15;
    private const int Attempts = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(600);

    /// <summary>Prints a line for each check and one for all; returns the process's exit code.</summary>
    public static int Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (passed, failed) = (0, 0);
        foreach (var check in Checks().SelectMany(make => make()))
        {
            output.WriteLine($"{(check.Met ? "passed" : "FAILED")} {check.Text}: {check.Measured}");
            if (check.Met) passed++;
            else failed++;
        }

        output.WriteLine(Measures.Text($"{passed} passed, {failed} failed"));
        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<Func<IEnumerable<BoundRow>>> Checks() => [Frames, Margin, Matching, Journal];

    private static IEnumerable<BoundRow> Frames()
    {
        var session = GeneratedSessions.Changes(20, 200, 4_000);
        var books = new EngineBooks(session.Tick);
        books.Apply(session.Opening);
        yield return AtMost("frame bytes to book, over tokenising the same bytes", () => Tokens.Count(session.Cycle), () => books.Apply(session.Cycle), 2.6);
        yield return new BoundRow("frames that could not be applied: none", $"{books.Faults}", books.Faults == 0);
        // Measured four bytes in a cycle of 5,800 rows: a collection of somebody else's may fall into it, a row that allocates may not.
        yield return Allocates("level rows, a byte each", () => books.Apply(session.Cycle), 20, session.Rows, 0.1);
    }

    private static IEnumerable<BoundRow> Margin()
    {
        var margin = new MarginBenchmarks();
        margin.Setup();
        yield return AtMost("fill and margin of twenty positions, over objects and decimals", () => Repeat(() => margin.Fill_and_margin_with_objects_and_decimals()), () => Repeat(() => margin.Fill_and_margin()), 0.7);
        yield return Allocates("fill and margin of twenty positions", () => margin.Fill_and_margin(), Repeats, 1, 0.1);
        yield return Allocates("whether liquidation is due", () => margin.Whether_liquidation_is_due(), Repeats, 1, 0.1);
    }

    private static IEnumerable<BoundRow> Matching()
    {
        var matching = new MatchingBenchmarks();
        matching.Fill();
        yield return AtMost("matching mix, over sorted dictionaries that publish nothing", () => matching.Sorted_dictionaries(), () => matching.Venue(), 1.1);
        yield return Allocates("an operation of the matching mix", () => matching.Venue(), 3, MatchingBenchmarks.Operations, 0.1);
    }

    private static IEnumerable<BoundRow> Journal()
    {
        foreach (var kind in JournalBenchmarks.Kinds)
        {
            var journal = new JournalBenchmarks { Kind = kind };
            journal.Choose();
            yield return AtMost($"sealing and hashing {kind}, over JsonSerializer and SHA-256", () => Repeat(() => journal.Serializer_and_hash()), () => Repeat(() => journal.Seal_and_hash()), 5.0);
            // Measured 1,848 and less: the garbage of a record is what the trading path pays later.
            yield return Allocates($"sealing and hashing {kind}", () => journal.Seal_and_hash(), Repeats, 1, 2_200);
        }
    }

    /// <summary>
    /// The lower quarter is judged and not the middle: noise makes some pairs dear, a regression makes all of them so. For the same reason a missed
    /// bound is measured again: the runtime may still have been compiling, or a neighbour may have emptied the caches; dear code stays dear.
    /// </summary>
    private static BoundRow AtMost(string what, Action baseline, Action candidate, double most)
    {
        var measured = new List<string>();
        var met = false;
        while (!met && measured.Count < Attempts)
        {
            Ratio.Warm(baseline, WarmUp);
            Ratio.Warm(candidate, WarmUp);
            var ratio = Ratio.Measure("", baseline, candidate, Rounds);
            measured.Add(Measures.Text($"{ratio.Median:0.00} (middle half {ratio.Lower:0.00} to {ratio.Upper:0.00})"));
            met = ratio.Lower <= most;
        }

        return new BoundRow(Measures.Text($"{what}: at most {most:0.0#} times"), string.Join(", again ", measured), met);
    }

    private static BoundRow Allocates(string what, Action work, int repeats, long units, double most)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < repeats; i++) work();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)repeats / units;
        return new BoundRow(Measures.Text($"{what}: allocates less than {most:0.0} bytes"), Measures.Text($"{each:0.####} bytes"), each < most);
    }

    private static void Repeat(Func<object> work)
    {
        for (var i = 0; i < Repeats; i++) work();
    }

    private static void Repeat(Func<long> work)
    {
        for (var i = 0; i < Repeats; i++) work();
    }

    private static void Repeat(Func<decimal> work)
    {
        for (var i = 0; i < Repeats; i++) work();
    }
}
