using System.Diagnostics;
using System.Globalization;

namespace Actors.Benchmarks;

/// <summary>
/// The matching mix in a loop of its own, one thread: operations a second, over the whole run and as the median of short stretches, which
/// a busy machine disturbs less; then each operation timed for its tail, the cost of reading the clock included. Both books do the same
/// operations in the same run and must trade the same.
/// </summary>
internal static class MatchingTail
{
    public const string Verb = "matching-tail";

    private const int Operations = 2_000_000;
    private const int Stretch = 4_000;

    /// <summary>Prints the figures; returns the process's exit code.</summary>
    public static int Run(TextWriter output)
    {
        var operations = MatchingMix.Make(Operations);
        output.WriteLine("| book | operations/s | median stretch | p50 ns | p99 ns | p99.9 ns | bytes an operation |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var plain = Measure(output, "sorted dictionaries", operations, static () => new SortedDictionaryMixBook());
        var venue = Measure(output, "venue", operations, static () => new VenueMixBook());
        if (plain == venue) return 0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The books traded {plain} and {venue} contracts: one of them is wrong."));
        return 1;
    }

    private static long Measure<T>(TextWriter output, string name, MatchingOperation[] operations, Func<T> make)
        where T : IMixBook
    {
        // Twice unseen: by then the code is compiled for speed and the pools have grown.
        Time(make, operations);
        Time(make, operations);
        var (rate, median, bytes, traded) = Time(make, operations);
        var tail = Tail(make, operations);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rate:N0} | {median:N0} | {At(tail, 0.5)} | {At(tail, 0.99)} | {At(tail, 0.999)} | {bytes:0.##} |"));
        return traded;
    }

    private static (double Rate, double Median, double Bytes, long Traded) Time<T>(Func<T> make, MatchingOperation[] operations)
        where T : IMixBook
    {
        var book = Started(make);
        var stretches = new long[operations.Length / Stretch];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < stretches.Length; i++)
        {
            var from = Stopwatch.GetTimestamp();
            foreach (ref readonly var operation in operations.AsSpan(i * Stretch, Stretch)) book.Apply(operation);
            stretches[i] = Stopwatch.GetTimestamp() - from;
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var whole = operations.Length / (stretches.Sum() / (double)Stopwatch.Frequency);
        Array.Sort(stretches);
        return (whole, Stretch * (double)Stopwatch.Frequency / stretches[stretches.Length / 2], bytes / (double)operations.Length, book.Traded);
    }

    private static long[] Tail<T>(Func<T> make, MatchingOperation[] operations)
        where T : IMixBook
    {
        var book = Started(make);
        var ticks = new long[operations.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            var from = Stopwatch.GetTimestamp();
            book.Apply(operations[i]);
            ticks[i] = Stopwatch.GetTimestamp() - from;
        }

        Array.Sort(ticks);
        return ticks;
    }

    private static T Started<T>(Func<T> make)
        where T : IMixBook
    {
        var book = make();
        foreach (var operation in MatchingMix.Start()) book.Apply(operation);
        return book;
    }

    private static long At(long[] sorted, double part) => sorted[(int)(sorted.Length * part)] * 1_000_000_000 / Stopwatch.Frequency;
}
