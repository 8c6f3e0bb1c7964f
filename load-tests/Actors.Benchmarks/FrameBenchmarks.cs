using Actors.Workloads;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>Frame bytes to updated book. One operation is a whole session; read the ratios.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private EngineBooks _engine = null!;
    private CommonBooks _common = null!;

    [ParamsSource(nameof(Sessions))]
    public MarketSession Session { get; set; } = null!;

    public static IEnumerable<MarketSession> Sessions()
    {
        yield return GeneratedSessions.Changes(20, 200, 4_000);
        yield return GeneratedSessions.Snapshots(1, GeneratedSessions.FullLevels);
        if (Environment.GetEnvironmentVariable(RecordedSession.Variable) is { Length: > 0 } path) yield return RecordedSession.Load(path);
    }

    [GlobalSetup]
    public void Open()
    {
        (_engine, _common) = (new EngineBooks(Session.Tick), new CommonBooks());
        _engine.Apply(Session.Opening);
        _common.Apply(Session.Opening);
        _engine.Apply(Session.Cycle);
        if (_engine.Faults > 0) throw new InvalidOperationException($"{Session.Name}: {_engine.Faults} faults; nothing measured on it would mean anything");
    }

    [Benchmark(Baseline = true)]
    public long Bare_tokenising() => Tokens.Count(Session.Cycle);

    [Benchmark]
    public object Decoder_and_books()
    {
        _engine.Apply(Session.Cycle);
        return _engine;
    }

    [Benchmark]
    public object Serializer_and_sorted_dictionaries()
    {
        _common.Apply(Session.Cycle);
        return _common;
    }
}
