using System.Text;
using Actors.Bitmex;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Workloads;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>
/// One frame of each kind through the decoder, one row each, to a receiver that keeps nothing; against tokenising the same bytes. Private tables are
/// merged into what is kept of them, as the port demands.
/// </summary>
[MemoryDiagnoser]
public class FrameKindBenchmarks
{
    private static readonly Dictionary<string, string> Frames = new()
    {
        ["book"] = """{"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":8799035800,"side":"Sell","size":129500,"price":96420.5,"timestamp":"2026-11-22T10:00:00.123Z","transactTime":"2026-11-22T10:00:00.123Z"}]}""",
        ["quote"] = """{"table":"quote","action":"insert","data":[{"timestamp":"2026-11-22T10:00:00.123Z","symbol":"XBTUSD","bidSize":12300,"bidPrice":96420,"askPrice":96420.5,"askSize":5500}]}""",
        ["trade"] = """{"table":"trade","action":"insert","data":[{"timestamp":"2026-11-22T10:00:00.123Z","symbol":"XBTUSD","side":"Buy","size":100,"price":96420.5,"tickDirection":"PlusTick","trdMatchID":"c4d0a7f2-1d55-4c1e-8a42-91f7be30aa01","grossValue":103712,"homeNotional":0.00103712,"foreignNotional":100,"trdType":"Regular"}]}""",
        ["instrument"] = """{"table":"instrument","action":"update","data":[{"symbol":"XBTUSD","fairPrice":96421.7,"markPrice":96421.7,"indicativeSettlePrice":96419.2,"timestamp":"2026-11-22T10:00:00.123Z"}]}""",
        ["order"] = """{"table":"order","action":"update","data":[{"orderID":"8b1f6c0e-4a9d-4a53-9f0e-0d3b6a7c2e11","clOrdID":"7f3a91c2-grid-00001","account":200001,"symbol":"XBTUSD","ordStatus":"PartiallyFilled","leavesQty":600,"cumQty":400,"avgPx":96420.5,"timestamp":"2026-11-22T10:00:00.123Z"}]}""",
        ["execution"] = """{"table":"execution","action":"insert","data":[{"execID":"c4d0a7f2-1d55-4c1e-8a42-91f7be30aa01","orderID":"8b1f6c0e-4a9d-4a53-9f0e-0d3b6a7c2e11","clOrdID":"7f3a91c2-grid-00001","account":200001,"symbol":"XBTUSD","side":"Buy","lastQty":400,"lastPx":96420.5,"orderQty":1000,"price":96420.5,"ordType":"Limit","execType":"Trade","ordStatus":"PartiallyFilled","leavesQty":600,"cumQty":400,"avgPx":96420.5,"execCost":-414849,"execComm":-41,"settlCurrency":"XBt","transactTime":"2026-11-22T10:00:00.123Z","timestamp":"2026-11-22T10:00:00.123Z"}]}""",
        ["position"] = """{"table":"position","action":"update","data":[{"account":200001,"symbol":"XBTUSD","currency":"XBt","currentQty":400,"markPrice":96421.7,"liquidationPrice":48300.5,"unrealisedPnl":51,"timestamp":"2026-11-22T10:00:00.123Z"}]}""",
        ["margin"] = """{"table":"margin","action":"update","data":[{"account":200001,"currency":"XBt","unrealisedPnl":-120,"marginBalance":10000000000,"availableMargin":9998000000,"timestamp":"2026-11-22T10:00:00.123Z"}]}""",
    };

    /// <summary>What the rows of tables that are merged began with; the others' own frame serves as their first.</summary>
    private static readonly Dictionary<string, string> Openings = new()
    {
        ["instrument"] = """{"table":"instrument","action":"partial","data":[{"symbol":"XBTUSD","rootSymbol":"XBT","state":"Open","typ":"FFWCSX","underlying":"XBT","quoteCurrency":"USD","positionCurrency":"USD","maxOrderQty":10000000,"maxPrice":1000000,"lotSize":100,"tickSize":0.5,"multiplier":-100000000,"settlCurrency":"XBt","underlyingToSettleMultiplier":-100000000,"isQuanto":false,"isInverse":true,"initMargin":0.01,"maintMargin":0.005,"riskLimit":20000000000,"riskStep":15000000000,"makerFee":-0.0001,"takerFee":0.0005,"settlementFee":0,"fairPrice":96532.3,"markMethod":"FairPrice","markPrice":96532.3,"timestamp":"2026-11-22T10:00:00.000Z"}]}""",
        ["order"] = """{"table":"order","action":"partial","data":[{"orderID":"8b1f6c0e-4a9d-4a53-9f0e-0d3b6a7c2e11","clOrdID":"7f3a91c2-grid-00001","account":200001,"symbol":"XBTUSD","side":"Buy","orderQty":1000,"price":96420.5,"ordType":"Limit","timeInForce":"GoodTillCancel","execInst":"ParticipateDoNotInitiate","ordStatus":"New","leavesQty":1000,"cumQty":0,"avgPx":null,"text":"","transactTime":"2026-11-22T10:00:00.000Z","timestamp":"2026-11-22T10:00:00.000Z"}]}""",
    };

    private readonly BitmexDecoder _decoder = new();
    private readonly Nothing _nothing = new();
    private byte[] _frame = [];

    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = "book";

    public static IEnumerable<string> Kinds => Frames.Keys;

    [GlobalSetup]
    public void Choose()
    {
        _frame = Encoding.UTF8.GetBytes(Frames[Kind]);
        // A table begins with a snapshot: without one an update of it has nothing to be merged into.
        var own = Frames[Kind].Replace("\"update\"", "\"partial\"", StringComparison.Ordinal).Replace("\"insert\"", "\"partial\"", StringComparison.Ordinal);
        _decoder.Decode(Encoding.UTF8.GetBytes(Openings.GetValueOrDefault(Kind, own)), _nothing);
        var before = _nothing.Heard;
        _decoder.Decode(_frame, _nothing);
        if (_nothing.Heard == before) throw new InvalidOperationException($"{Kind}: the decoder made nothing of the frame: {_nothing.Complaint}");
    }

    [Benchmark(Baseline = true)]
    public long Bare_tokenising() => Tokens.Count(_frame);

    [Benchmark]
    public long Decode()
    {
        _decoder.Decode(_frame, _nothing);
        return _nothing.Heard;
    }

    private sealed class Nothing : IVenueMessages
    {
        public long Heard { get; private set; }

        public string? Complaint { get; private set; }

        public void Session(SessionMessage message)
        {
        }

        public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime) => Heard++;

        public void Quotes(ReadOnlySpan<Quote> quotes) => Heard++;

        public void Trades(ReadOnlySpan<TradePrint> trades) => Heard++;

        public void Instrument(InstrumentReport report) => Heard++;

        public void Order(OrderReport report) => Heard++;

        public void Execution(ExecutionReport report) => Heard++;

        public void Position(PositionReport report) => Heard++;

        public void Margin(MarginReport report) => Heard++;

        public void Undecodable(string reason) => Complaint = reason;
    }
}
