using Actors.Bitmex;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Workloads;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// Decoded rows into books, without the decoder: the engine's books against a dictionary by identifier and a sorted dictionary by price a side. One operation is a whole session.
/// </summary>
[MemoryDiagnoser]
public class BookApplyBenchmarks
{
    private readonly List<(Symbol Symbol, BookAction Action, BookRow[] Rows)> _messages = [];
    private EngineBooks _engine = null!;
    private DictionaryBooks _dictionaries = null!;

    [ParamsSource(nameof(Sessions))]
    public MarketSession Session { get; set; } = null!;

    public static IEnumerable<MarketSession> Sessions() => FrameBenchmarks.Sessions();

    [GlobalSetup]
    public void Decode()
    {
        (_engine, _dictionaries) = (new EngineBooks(Session.Tick), new DictionaryBooks());
        _engine.Apply(Session.Opening);
        _dictionaries.Apply(Session.Opening);
        var (decoder, collect) = (new BitmexDecoder(), new Collect(_messages));
        foreach (var frame in Session.Cycle) decoder.Decode(frame.Bytes, collect);
        Books();
        if (_engine.Faults > 0) throw new InvalidOperationException($"{Session.Name}: {_engine.Faults} faults; nothing measured on it would mean anything");
    }

    [Benchmark(Baseline = true)]
    public object Sorted_dictionaries()
    {
        foreach (var (symbol, action, rows) in _messages) _dictionaries.Book(symbol, action, rows, null);
        return _dictionaries;
    }

    [Benchmark]
    public object Books()
    {
        foreach (var (symbol, action, rows) in _messages) _engine.Book(symbol, action, rows, null);
        return _engine;
    }

    private sealed class Collect(List<(Symbol Symbol, BookAction Action, BookRow[] Rows)> messages) : BooksAlone
    {
        public override void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime) => messages.Add((symbol, action, rows.ToArray()));
    }
}
