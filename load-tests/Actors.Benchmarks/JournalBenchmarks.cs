using System.Security.Cryptography;
using System.Text.Json;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Journal;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// Sealing an event into its stream's chain, against the general serializer over the same facts in a flat record (it cannot write the domain's own
/// types) and one hash, which keep neither cursor nor link.
/// </summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private static readonly Cursor At = new(1, 123_456);

    private readonly byte[] _previous = SHA256.HashData("previous"u8);
    private JournalRecord _sealed = null!;

    public static IReadOnlyList<string> Kinds { get; } = [nameof(OrderSubmitted), nameof(OrderFilled)];

    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = nameof(OrderSubmitted);

    private OrderEvent Event { get; set; } = null!;

    private object Flat { get; set; } = null!;

    [GlobalSetup]
    public void Choose()
    {
        var terms = Inputs.Terms(1);
        Event = Kind == nameof(OrderSubmitted)
            ? new OrderSubmitted(terms, new OrderOrigin("grid", 3))
            : new OrderFilled(terms.Id, "c4d0a7f2-1d55-4c1e-8a42-91f7be30aa01", new Quantity(400), 49_999.9m, -800_000, -200, Inputs.Noon);
        Flat = Kind == nameof(OrderSubmitted)
            ? new FlatSubmitted(terms.Id.Value, terms.Symbol.Value, "Sell", 1_000, "Limit", 500_001, "GoodTillCancel", "PostOnly", "grid", 3)
            : new FlatFilled(terms.Id.Value, "c4d0a7f2-1d55-4c1e-8a42-91f7be30aa01", 400, 49_999.9m, -800_000, -200, Inputs.Noon);
        _sealed = RecordCodec.Seal(Event, Inputs.Noon, At, _previous);
    }

    [Benchmark(Baseline = true)]
    public byte[] Serializer_and_hash() => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Flat, Flat.GetType()));

    [Benchmark]
    public JournalRecord Seal() => RecordCodec.Seal(Event, Inputs.Noon, At, _previous);

    [Benchmark]
    public byte[] Seal_and_hash() => RecordCodec.Seal(Event, Inputs.Noon, At, _previous).Hash;

    [Benchmark]
    public JournalRecord Open() => RecordCodec.Open(_sealed.Manifest, _sealed.Bytes);

    private sealed record FlatSubmitted(
        string Id, string Symbol, string Side, long Quantity, string Type, long Price, string TimeInForce, string Flags, string StrategyId, int Slot);

    private sealed record FlatFilled(
        string Id, string ExecutionId, long Quantity, decimal Price, long Cost, long Commission, DateTimeOffset VenueTime);
}
