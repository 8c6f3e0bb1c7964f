using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>A verdict of the risk door, against the verdict that no rule looks at: a cancellation.</summary>
[MemoryDiagnoser]
public class RiskBenchmarks
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    private readonly PlaceIntent _place = new("grid", 1, Inputs.Terms(1_001));
    private readonly PlaceIntent _tooLarge = new("grid", 1, Inputs.Terms(1_001) with { Quantity = new Quantity(1_000_000) });
    private readonly CancelIntent _cancel = new("grid", Inputs.Inverse.Symbol, Inputs.Terms(1).Id);
    private RiskState _state = null!;
    private DateTimeOffset _now;

    [Params(4, 40)]
    public int OpenOrders { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _state = new RiskState(
            new RiskLimits([Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 100), .. RiskLimits.Basic(Inputs.Inverse.Symbol, 100_000, 1_000_000, 100, 0.05m)]),
            [Inputs.Inverse]);
        var risk = _state.Find(Inputs.Inverse.Symbol)!;
        (risk.Mark, risk.Book, _now) = (50_000m, BookStatus.Live, Inputs.Noon);
        for (var i = 0; i < OpenOrders; i++) risk.Open[Inputs.Terms(i).Id] = new OpenExposure(Inputs.Terms(i).Side, Inputs.Terms(i).Quantity);
        if (Place_approved() is Verdict.Refused refused) throw new InvalidOperationException($"the order to be approved is refused: {refused.Reason}");
        if (Place_refused() is not Verdict.Refused) throw new InvalidOperationException("the order to be refused is approved");
    }

    [Benchmark(Baseline = true)]
    public Verdict Cancellation() => RiskDoor.Judge(_state, _cancel, _now);

    // Time passes, so that the count of the last second stays at fifty and does not grow with the measurement.
    [Benchmark]
    public Verdict Place_approved()
    {
        var verdict = RiskDoor.Judge(_state, _place, _now += Between);
        // Its reservation, or the same order could not be approved again.
        _state.Find(Inputs.Inverse.Symbol)!.Open.Remove(_place.Terms.Id);
        return verdict;
    }

    [Benchmark]
    public Verdict Place_refused() => RiskDoor.Judge(_state, _tooLarge, _now += Between);
}
