using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// The venue's book under <see cref="MatchingMix"/>, against a book of sorted dictionaries and linked lists that publishes nothing. The
/// figures are of one operation.
/// </summary>
[MemoryDiagnoser]
public class MatchingBenchmarks
{
    public const int Operations = 100_000;

    private readonly MatchingOperation[] _operations = MatchingMix.Make(Operations);
    private readonly VenueMixBook _venue = new();
    private readonly SortedDictionaryMixBook _plain = new();

    [GlobalSetup]
    public void Fill()
    {
        foreach (var operation in MatchingMix.Start())
        {
            _venue.Apply(operation);
            _plain.Apply(operation);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public long Sorted_dictionaries() => Run(_plain, _operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public long Venue() => Run(_venue, _operations);

    private static long Run<T>(T book, MatchingOperation[] operations)
        where T : IMixBook
    {
        foreach (ref readonly var operation in operations.AsSpan()) book.Apply(operation);
        return book.Traded;
    }
}
