using System.Diagnostics;
using Actors.Bitmex;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.LoadTests.InProcess;
using Actors.Workloads;
using HdrHistogram;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// The engine's own actors in this process, frames sent to them by a socket in an open loop: how long from when a frame that moves the market is received until the request it
/// leads to is handed to the venue, through connection, book, strategy, risk, orders and gateway. Once with the journal on disk, twice with one that confirms at once, with an order
/// for some frames, for whom most of the code has to be fetched again, and with one for each; and once as plain calls of the same pure functions without an actor. The stages are
/// the times that the engine itself journals: when an actor took a message.
/// </summary>
public sealed class FrameToOrder : Scenario
{
    private const int DefaultInstruments = 20;
    private const double GoalMicroseconds = 150;

    /// <summary>A machine that others use conflates nearly all of them; that is no fault, and none at all would be one.</summary>
    private const double AnsweredLeast = 0.01;
    private static readonly double[] Shown = [50, 99, 99.9];
    private static readonly string[] Stages = ["all", "waits for the connection", "decoded, in the book, at the strategy", "decided and made durable", "judged", "journaled and handed over"];

    public override string Name => "frame-to-order";

    public override string Shows => "from a frame received to its order's request handed to the venue, stage by stage, with the journal, without it, and without actors";

    public override string RateUnit => "frames/s";

    public override int DefaultRate => 2_000;

    public override TimeSpan DefaultDuration => TimeSpan.FromSeconds(40);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(20);

    public override string Bound => Measures.Text($"{AnsweredLeast * 100:0} % of the moves of the market lead to an order that can be followed through every stage");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (rate, duration, count) = (settings.Rate ?? DefaultRate, settings.Duration ?? DefaultDuration, settings.Instruments ?? DefaultInstruments);
        var plain = PlainCalls(rate, duration, count);
        var without = await LoopSession.RunAsync(rate, duration, count, isDurable: false);
        var each = await LoopSession.RunAsync(rate, duration, count, isDurable: false, moveEvery: 1);
        var with = await LoopSession.RunAsync(rate, duration, count, isDurable: true);
        var (p99, p99Each) = (Microseconds(without.Stages[0], 99), Microseconds(each.Stages[0], 99));
        var (silent, silentEach, durable) = (Table("without the journal", without), Table("without it, each frame moves", each), Table("with the journal", with));
        var least = new[] { without, each, with }.Min(one => one.Answered / (double)one.Moves);
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"{count} instruments, one quoting strategy each, every {LoopMarket.MoveEvery}th frame, or each, moves a middle and two quotes; they come by a socket, and the sender sleeps between them"),
            RateUnit = RateUnit,
            RateAsked = rate,
            RateReached = without.Frames / duration.TotalSeconds,
            Seconds = duration.TotalSeconds * 4,
            Figures =
            [
                .. silent,
                .. silentEach,
                .. durable,
                new FigureRow("plain calls of the same functions", Percentiles(plain)),
                new FigureRow("without the journal, over plain calls", Measures.Text($"p50 {Microseconds(without.Stages[0], 50) / Microseconds(plain, 50):0.0} times, p99 {p99 / Microseconds(plain, 99):0.0} times")),
            ],
            Bounds = [new BoundRow(Measures.Text($"moves of the market that led to an order: at least {AnsweredLeast * 100:0} % (the others were conflated with the next)"), Measures.Text($"{least * 100:0.0} %"), least >= AnsweredLeast)],
            Goals =
            [
                new BoundRow(Measures.Text($"without the journal, each frame moves a market, p99 below {GoalMicroseconds} us"), Measures.Text($"{p99Each:0} us"), p99Each < GoalMicroseconds),
                new BoundRow(Measures.Text($"without the journal, one frame in {LoopMarket.MoveEvery} does, p99 below {GoalMicroseconds} us"), Measures.Text($"{p99:0} us"), p99 < GoalMicroseconds),
            ],
        };
    }

    private static IEnumerable<FigureRow> Table(string name, LoopResult result) =>
        Stages.Select((stage, number) => new FigureRow($"{name}: {stage}", Percentiles(result.Stages[number]))).Concat(
        [
            new FigureRow($"{name}: received late by", Percentiles(result.Late)),
            new FigureRow($"{name}: all, from when it was due", Percentiles(result.FromDue)),
        ]);

    private static string Percentiles(LongHistogram histogram) => string.Join(", ", Shown.Select(one => Measures.Text($"p{one} {Microseconds(histogram, one):0.0} us")));

    private static double Microseconds(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 10.0;

    /// <summary>The same way without actors, mailboxes or a journal: decode, book, strategy, door, order, ledger.</summary>
    private static LongHistogram PlainCalls(int rate, TimeSpan duration, int count)
    {
        var market = new LoopMarket(count);
        var path = new PlainPath(market.Instruments);
        foreach (var frame in market.Snapshots()) path.Take(frame);
        path.Open();
        var histogram = LoopSession.Histogram();
        var schedule = new Schedule(rate);
        while (schedule.Elapsed < duration)
        {
            var (frame, moves) = market.Next();
            schedule.Next(1);
            var begun = Stopwatch.GetTimestamp();
            path.Take(frame);
            if (moves && schedule.Elapsed > LoopSession.WarmUp) histogram.RecordValue(Math.Max(1, Stopwatch.GetElapsedTime(begun).Ticks));
        }

        return histogram;
    }

    private sealed class PlainPath(IReadOnlyList<Instrument> instruments) : BooksAlone
    {
        private readonly BitmexDecoder _decoder = new();
        private readonly Dictionary<Symbol, OrderBook> _books = instruments.ToDictionary(one => one.Symbol, one => new OrderBook(one.Symbol, one.Tick));
        private readonly Dictionary<Symbol, StrategyMind> _minds = instruments.Select((one, number) => (one.Symbol, number))
            .ToDictionary(one => one.Symbol, one => new StrategyMind(LoopSession.Quoting(one.number, one.Symbol), "plain", TimeSpan.FromSeconds(1)));

        private readonly RiskState _risk = new(LoopSession.Limits(instruments), instruments);
        private OrderLedger _ledger = OrderLedger.Empty;

        public void Take(ReadOnlySpan<byte> frame) => _decoder.Decode(frame, this);

        /// <summary>Everything is proved: from now on what the market does leads to orders.</summary>
        public void Open()
        {
            foreach (var instrument in instruments)
            {
                RiskWatch.Take(_risk, new MarkSeen(instrument.Symbol, LoopMarket.Mark), DateTimeOffset.UtcNow);
                RiskWatch.Take(_risk, new BookStatusSeen(instrument.Symbol, BookStatus.Live), DateTimeOffset.UtcNow);
                _minds[instrument.Symbol].Take(new OrdersSeen(0), DateTimeOffset.UtcNow);
                _minds[instrument.Symbol].Take(new DoorSeen(true), DateTimeOffset.UtcNow);
            }
        }

        public override void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
        {
            _books[symbol].Apply(action, rows);
            var now = DateTimeOffset.UtcNow;
            var mind = _minds[symbol];
            mind.Take(new TopSeen(_books[symbol].Top), now);
            if (mind.Decide(now) is not IntentsDecided decided) return;
            mind.Apply(decided);
            foreach (var intent in decided.Intents)
            {
                if (RiskDoor.Judge(_risk, intent, now) is Verdict.Refused refused) throw new LoadTests.Processes.LoadProcessException($"the door refused an intent: {refused.Reason}");
                foreach (var happened in OrderDecisions.OnPassed(_ledger, intent)) Apply(happened, now);
                Apply(intent is AmendIntent amend
                    ? new OrderAmended(amend.Id, amend.Price, LoopSession.Size, now)
                    : new OrderAcknowledged(((PlaceIntent)intent).Terms.Id, "v", now), now);
            }
        }

        private void Apply(OrderEvent happened, DateTimeOffset now)
        {
            _ledger = _ledger.Apply(happened, now);
            var order = _ledger.Find(happened.Id)!;
            var seen = new OrderSeen(order.Id, OrderSeen.NewsOf(happened), _ledger.Sequence) { Order = order };
            RiskWatch.Take(_risk, seen, now);
            _minds[order.Terms.Symbol].Take(seen, now);
        }
    }
}
