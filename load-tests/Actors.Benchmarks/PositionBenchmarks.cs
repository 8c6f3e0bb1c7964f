using Actors.Domain.Instruments;
using Actors.Domain.Positions;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>A fill into a position: adding to it, closing half of it, going through zero; and the exact cost that comes with each fill.</summary>
[MemoryDiagnoser]
public class PositionBenchmarks
{
    private readonly Position _held = new(new Quantity(10_000), -20_000_000, 150_000, 4_200);
    private readonly Quantity _order = new(1_000);
    private readonly Price _price = new(500_001);
    private readonly long _cost = -2_000_000;

    /// <summary>The least that could be done: the new state with four checked additions and no rule.</summary>
    [Benchmark(Baseline = true)]
    public Position Four_additions() =>
        new(_held.Quantity + _order, _held.UnrealisedCost + _cost, _held.RealisedCost + _cost, _held.Commission + 1);

    [Benchmark]
    public Position Fill_that_adds() => _held.Fill(_order, _cost, 1);

    [Benchmark]
    public Position Fill_that_closes() => _held.Fill(-_order, -_cost, 1);

    [Benchmark]
    public Position Fill_through_zero() => _held.Fill(new Quantity(-15_000), 30_000_000, 1);

    [Benchmark]
    public long Cost_of_a_fill() => ContractValue.Cost(Inputs.Inverse, _order, _price);
}
