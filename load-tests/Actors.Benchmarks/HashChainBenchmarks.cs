using System.Security.Cryptography;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Journal;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// A stream of a thousand events: sealed into its chain, and read back and checked link by link as recovery and audit do; against one SHA-256 over
/// each of the same records. The figures are of one record.
/// </summary>
[MemoryDiagnoser]
public class HashChainBenchmarks
{
    private const int Records = 1_000;

    private readonly OrderFilled[] _events = new OrderFilled[Records];
    private readonly JournalRecord[] _sealed = new JournalRecord[Records];

    [GlobalSetup]
    public void Seal()
    {
        var chain = new ChainGuard("orders");
        for (var i = 0; i < Records; i++)
        {
            _events[i] = new OrderFilled(Inputs.Terms(i).Id, "c4d0a7f2-1d55-4c1e-8a42-91f7be30aa01", new Quantity(400), 49_999.9m, -800_000, -200, Inputs.Noon);
            _sealed[i] = chain.Seal(_events[i], Inputs.Noon, new Cursor(1, i));
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public int Bare_hashes()
    {
        var sum = 0;
        foreach (var record in _sealed) sum += SHA256.HashData(record.Bytes.Span)[0];
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long Sealed_into_a_chain()
    {
        var chain = new ChainGuard("orders");
        for (var i = 0; i < Records; i++) chain.Seal(_events[i], Inputs.Noon, new Cursor(1, i));
        return chain.Sequence;
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long Read_back_and_checked()
    {
        var chain = new ChainGuard("orders");
        foreach (var record in _sealed) chain.Accept(RecordCodec.Open(record.Manifest, record.Bytes));
        return chain.Sequence;
    }
}
