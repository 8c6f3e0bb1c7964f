using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// An order's life (submitted, acknowledged, filled twice) applied to the immutable ledger, against the same four facts kept in a plain
/// dictionary of mutable objects that remembers nothing of what is finished.
/// </summary>
[MemoryDiagnoser]
public class LedgerBenchmarks
{
    private static readonly OrderTerms Terms = Inputs.Terms(99_999);

    private readonly OrderEvent[] _life =
    [
        new OrderSubmitted(Terms, new OrderOrigin("grid", 3)),
        new OrderAcknowledged(Terms.Id, "8b1f6c0e-4a9d-4a53-9f0e-0d3b6a7c2e11", Inputs.Noon),
        new OrderFilled(Terms.Id, "c4d0a7f2-1d55-4c1e-8a42-91f7be30aa01", new Quantity(400), 49_999.9m, -800_000, -200, Inputs.Noon),
        new OrderFilled(Terms.Id, "c4d0a7f2-1d55-4c1e-8a42-91f7be30aa02", new Quantity(600), 49_999.9m, -1_200_000, -300, Inputs.Noon),
    ];

    private readonly Dictionary<ClientOrderId, Plain> _plain = [];
    private OrderLedger _ledger = OrderLedger.Empty;

    [Params(20, 500)]
    public int LiveOrders { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < LiveOrders; i++)
        {
            _ledger = _ledger.Apply(new OrderSubmitted(Inputs.Terms(i), new OrderOrigin("grid", i)), Inputs.Noon);
            _plain[Inputs.Terms(i).Id] = new Plain();
        }
    }

    [Benchmark(Baseline = true)]
    public object Dictionary_of_mutable_orders()
    {
        foreach (var happened in _life)
        {
            if (happened is OrderSubmitted) _plain[happened.Id] = new Plain();
            else if (happened is OrderAcknowledged acknowledged) _plain[happened.Id].VenueOrderId = acknowledged.VenueOrderId;
            else if (happened is OrderFilled filled) _plain[happened.Id].Filled += filled.Quantity.Contracts;
        }

        _plain.Remove(Terms.Id, out var order);
        return order!;
    }

    // The ledger is immutable: each life begins from the same one.
    [Benchmark]
    public OrderLedger Ledger()
    {
        var ledger = _ledger;
        foreach (var happened in _life) ledger = ledger.Apply(happened, Inputs.Noon);
        return ledger;
    }

    private sealed class Plain
    {
        public string? VenueOrderId { get; set; }

        public long Filled { get; set; }
    }
}
