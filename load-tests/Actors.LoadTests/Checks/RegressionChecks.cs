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

    private static IEnumerable<Func<IEnumerable<BoundRow>>> Checks() => [Frames, FrameKinds, Books, Orders, Risk, Margin, Matching, Journal, HashChain, Signing];

    private static IEnumerable<BoundRow> Frames()
    {
        var session = GeneratedSessions.Changes(20, 200, 4_000);
        var books = new EngineBooks(session.Tick);
        books.Apply(session.Opening);
        yield return AtMost("frame bytes to book, over tokenising the same bytes", () => Tokens.Count(session.Cycle), () => books.Apply(session.Cycle), 1.2);
        yield return new BoundRow("frames that could not be applied: none", $"{books.Faults}", books.Faults == 0);
        // Measured four bytes in a cycle of 5,800 rows: a collection of somebody else's may fall into it, a row that allocates may not.
        yield return Allocates("level rows, a byte each", () => books.Apply(session.Cycle), 20, session.Rows, 0.1);
    }

    /// <summary>Bytes of one frame of each kind. What is kept of a private table is told as a whole row; the market's own frames allocate nothing.</summary>
    private static IEnumerable<BoundRow> FrameKinds()
    {
        foreach (var kind in FrameKindBenchmarks.Kinds)
        {
            var frames = new FrameKindBenchmarks { Kind = kind };
            frames.Choose();
            yield return Allocates($"a frame of {kind}", () => frames.Decode(), Repeats, 1, kind switch { "book" or "quote" => 0.1, "trade" => 120, "margin" => 850, "execution" => 1_000, "order" => 1_750, "position" => 1_300, _ => 1_850 });
        }
    }

    private static IEnumerable<BoundRow> Books()
    {
        var apply = new BookApplyBenchmarks { Session = GeneratedSessions.Changes(20, 200, 4_000) };
        apply.Decode();
        yield return AtMost("rows into books, over sorted dictionaries", () => apply.Sorted_dictionaries(), () => apply.Books(), 0.3);
        var read = new BookReadBenchmarks();
        read.Fill();
        yield return Allocates("the best of a book", () => read.Top(), Repeats, 1, 0.1);
    }

    private static IEnumerable<BoundRow> Orders()
    {
        var ledger = new LedgerBenchmarks { LiveOrders = 20 };
        ledger.Fill();
        yield return AtMost("four events of an order's life, over a dictionary of mutable orders", () => Repeat(ledger.Dictionary_of_mutable_orders), () => Repeat(ledger.Ledger), 22);
        yield return Allocates("four events of an order's life", () => ledger.Ledger(), Repeats, 1, 5_700);
    }

    private static IEnumerable<BoundRow> Risk()
    {
        var risk = new RiskBenchmarks { OpenOrders = 4 };
        risk.Open();
        yield return AtMost("a verdict on a new order by five limits, over one that no limit judges", () => Repeat(risk.Cancellation), () => Repeat(risk.Place_approved), 80);
        yield return Allocates("a verdict that approves", () => risk.Place_approved(), Repeats, 1, 320);
        yield return Allocates("a verdict that refuses in words", () => risk.Place_refused(), Repeats, 1, 1_150);
    }

    private static IEnumerable<BoundRow> Margin()
    {
        var margin = new MarginBenchmarks();
        margin.Setup();
        yield return AtMost("fill and margin of twenty positions, over objects and decimals", () => Repeat(() => margin.Fill_and_margin_with_objects_and_decimals()), () => Repeat(() => margin.Fill_and_margin()), 0.2);
        yield return Allocates("fill and margin of twenty positions", () => margin.Fill_and_margin(), Repeats, 1, 0.1);
        yield return Allocates("whether liquidation is due", () => margin.Whether_liquidation_is_due(), Repeats, 1, 0.1);
    }

    private static IEnumerable<BoundRow> Matching()
    {
        var matching = new MatchingBenchmarks();
        matching.Fill();
        yield return AtMost("matching mix, over sorted dictionaries that publish nothing", () => matching.Sorted_dictionaries(), () => matching.Venue(), 0.9);
        yield return Allocates("an operation of the matching mix", () => matching.Venue(), 3, MatchingBenchmarks.Operations, 0.1);
    }

    private static IEnumerable<BoundRow> Journal()
    {
        foreach (var kind in JournalBenchmarks.Kinds)
        {
            var journal = new JournalBenchmarks { Kind = kind };
            journal.Choose();
            yield return AtMost($"sealing and hashing {kind}, over JsonSerializer and SHA-256", () => Repeat(() => journal.Serializer_and_hash()), () => Repeat(() => journal.Seal_and_hash()), 2.5);
            // Measured 640 and less: the garbage of a record is what the trading path pays later.
            yield return Allocates($"sealing and hashing {kind}", () => journal.Seal_and_hash(), Repeats, 1, 760);
        }
    }

    private static IEnumerable<BoundRow> HashChain()
    {
        const int Records = 1_000;
        var chain = new HashChainBenchmarks();
        chain.Seal();
        yield return AtMost("a thousand records sealed into a chain, over SHA-256", () => chain.Bare_hashes(), () => chain.Sealed_into_a_chain(), 3);
        yield return AtMost("a thousand records read back and checked, over SHA-256", () => chain.Bare_hashes(), () => chain.Read_back_and_checked(), 3);
        yield return Allocates("a record sealed into a chain", () => chain.Sealed_into_a_chain(), 3, Records, 440);
        yield return Allocates("a record read back and checked", () => chain.Read_back_and_checked(), 3, Records, 370);
    }

    private static IEnumerable<BoundRow> Signing()
    {
        var signer = new SignerBenchmarks();
        signer.LayOut();
        yield return AtMost("signing a request, over the bare keyed hash", () => Repeat(signer.Bare_hash), () => Repeat(signer.Sign), 1.5);
        yield return Allocates("signing a request", () => signer.Sign(), Repeats, 1, 720);
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
