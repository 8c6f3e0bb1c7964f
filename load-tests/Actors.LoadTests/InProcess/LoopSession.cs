using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Domain.Switch;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Journal;
using Actors.LoadTests.Processes;
using Akka.Actor;
using Akka.Configuration;
using HdrHistogram;

namespace Actors.LoadTests.InProcess;

/// <summary>
/// What one run gave: histograms in units of 100 ns, the first of the whole way from the moment that a frame was received, the others of its stages in their order;
/// how late it was received, which is the doing of sender, socket and machine; the whole way from the moment that it was due, so that nothing is left out where one frame waits
/// for another; and the whole way of each move, in units of 100 ns, with its turn where there are any.
/// </summary>
internal sealed record LoopResult(
    IReadOnlyList<LongHistogram> Stages, LongHistogram Late, LongHistogram FromDue, IReadOnlyList<(int Turn, long Ticks)> Ways, long Frames, long Moves, long Answered);

/// <summary>One session of the engine on a <see cref="LoopPort"/>.</summary>
internal static class LoopSession
{
    public static readonly Quantity Size = new(10);

    /// <summary>Until the runtime has compiled what is often called; what happened before is not counted.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TradingMost = TimeSpan.FromSeconds(60);

    public static LongHistogram Histogram() => new(1, TimeSpan.TicksPerMinute, 3);

    public static StrategyParameters Quoting(int number, Symbol symbol) => new QuotingParameters($"q{number}", symbol, Size, 4, 0, 0, new Quantity(100));

    public static RiskLimits Limits(IEnumerable<Instrument> instruments) => new(
        [Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 1_000_000), .. instruments.SelectMany(one => RiskLimits.Basic(one.Symbol, 100, 200, 20, 0.5m))]);

    /// <param name="rate">Frames a second.</param>
    /// <param name="duration">With the time until it is warm.</param>
    /// <param name="count">Instruments.</param>
    /// <param name="isDurable">Whether decisions and frames are on the disk; else writes are confirmed at once.</param>
    /// <param name="moveEvery">Every so many frames one moves a middle.</param>
    /// <param name="turns">When frames are dropped before the recorder, which then neither packs nor writes any; null for never.</param>
    public static async Task<LoopResult> RunAsync(int rate, TimeSpan duration, int count, bool isDurable, int moveEvery = LoopMarket.MoveEvery, RecordingTurns? turns = null)
    {
        var folder = Directory.CreateTempSubdirectory("actors-loop-");
        try
        {
            var location = new JournalLocation.SqliteDirectory(folder.FullName);
            var clock = new FineClock();
            var market = new LoopMarket(count, moveEvery);
            var port = new LoopPort(clock, market.Instruments, market.Snapshots);
            SilentJournal.Passages.Clear();
            List<Move> moves;
            long frames;
            using (var journal = JournalDatabase.Open(location))
            {
                var context = Context(clock, port, market);
                using var system = Start(journal, context, isDurable);
                await UntilTradingAsync(context, count);
                if (turns is not null) DropFrames(system, context.Directory, turns);
                (moves, frames) = await FeedAsync(rate, duration, market, port, clock, turns);
                await Task.Delay(TimeSpan.FromSeconds(1));
                await system.Terminate();
            }

            return Join(moves, frames, port, isDurable ? Read(location) : SilentJournal.Passages);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void DropFrames(ActorSystem system, EngineDirectory directory, RecordingTurns turns)
    {
        var recorder = directory.Recorder;
        directory.Register(PartNames.Recorder, system.ActorOf(Props.Create(() => new FrameDropper(recorder, turns)), "frame-dropper"));
    }

    private static SessionContext Context(TimeProvider clock, LoopPort port, LoopMarket market) => new()
    {
        SessionId = "loop",
        Account = "loop-1",
        Settings = new SessionSettings
        {
            Strategies = [.. market.Instruments.Select((one, number) => Quoting(number, one.Symbol))],
            Limits = Limits(market.Instruments),
            Switch = new SwitchSettings { Timeout = TimeSpan.FromSeconds(60) },
            ReconcileInterval = TimeSpan.FromMinutes(5),
        },
        Venue = port,
        Clock = clock,
        Instruments = market.Instruments.ToDictionary(one => one.Symbol),
        Timings = Configuration.Timings,
        Board = new SessionBoard("loop", "loop-1", port.Dialect, clock.GetUtcNow()),
    };

    private static EngineConfiguration Configuration => EngineConfiguration.Parse("engine.conf", Hocon("engine.conf"));

    private static string Hocon(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", file));

    private static ActorSystem Start(JournalDatabase journal, SessionContext context, bool withJournal)
    {
        var silent = $$"""
            akka.persistence.journal.sql.class = "{{typeof(SilentJournal).FullName}}, {{typeof(SilentJournal).Assembly.GetName().Name}}"
            akka.persistence.journal.frames.class = "{{typeof(SilentJournal).FullName}}, {{typeof(SilentJournal).Assembly.GetName().Name}}"
            """;
        var config = ConfigurationFactory.ParseString(withJournal ? "" : silent)
            .WithFallback(ConfigurationFactory.ParseString("akka.loglevel = ERROR"))
            .WithFallback(journal.Hocon(Hocon("persistence.conf"))).WithFallback(Configuration.Akka);
        var system = ActorSystem.Create("loop", BootstrapSetup.Create().WithConfig(config).And(journal.Setup));
        var manifest = new SessionStarted(context.SessionId, context.Account, "loop", "load", "{}");
        Action<SessionSummary> ended = _ => { };
        system.ActorOf(Props.Create(() => new EngineActor(context, manifest, ended)), PartNames.Engine);
        return system;
    }

    private static async Task UntilTradingAsync(SessionContext context, int count)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TradingMost; await Task.Delay(20))
        {
            if (context.Board.Picture(context.Now()) is { Phase: SessionPhase.Trading } view && view.OpenOrders.Count(order => order.State == "working") == 2 * count) return;
        }

        throw new LoadProcessException($"the engine did not trade within {TradingMost.TotalSeconds:0} s: {context.Board.Picture(context.Now()).Reason}");
    }

    private static async Task<(List<Move> Moves, long Frames)> FeedAsync(int rate, TimeSpan duration, LoopMarket market, LoopPort port, FineClock clock, RecordingTurns? turns)
    {
        var (moves, sent) = (new List<Move>(), new ConcurrentQueue<(DateTimeOffset Due, int Turn)?>());
        await using var socket = await LoopSocket.OpenAsync(frame =>
        {
            var at = clock.GetUtcNow();
            var number = port.Send(frame);
            if (sent.TryDequeue(out var counted) && counted is var (due, turn)) moves.Add(new Move(number, due, at, turn));
        });
        var frames = await Task.Factory.StartNew(() => Feed(rate, duration, market, clock, socket, sent, turns), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (moves, frames);
    }

    private static long Feed(int rate, TimeSpan duration, LoopMarket market, FineClock clock, LoopSocket socket, ConcurrentQueue<(DateTimeOffset Due, int Turn)?> sent, RecordingTurns? turns)
    {
        var schedule = new Schedule(rate, ScheduleWait.Block);
        long frames = 0;
        for (; schedule.Elapsed < duration; frames++)
        {
            var isWarm = schedule.Elapsed > WarmUp;
            var turn = isWarm && turns is not null ? turns.Take(schedule.Elapsed - WarmUp) : -1;
            var (frame, isMove) = market.Next();
            var due = clock.At(schedule.Next(1));
            // When a move was due that is counted, in the order of the frames.
            sent.Enqueue(isMove && isWarm ? (due, turn) : null);
            socket.Send(frame);
        }

        return frames;
    }

    /// <summary>What the engine journaled of each move, in the order of its way; a move that led to nothing was overtaken by the next.</summary>
    private static LoopResult Join(List<Move> moves, long frames, LoopPort port, IEnumerable<Passage> passages)
    {
        var decided = new Dictionary<long, Passage>();
        var (judged, taken, sent) = (new Moments(), new Moments(), new Moments());
        foreach (var (id, ticks, at) in port.Sent) sent.Add((id, ticks), at);
        foreach (var passage in passages)
        {
            if (passage.Stage == PassageStage.Decided) decided.TryAdd(passage.Frame, passage);
            else (passage.Stage == PassageStage.Judged ? judged : taken).Add((passage.Id, passage.Ticks), passage.At);
        }

        var stages = Enumerable.Range(0, 6).Select(_ => Histogram()).ToArray();
        var (late, fromDue) = (Histogram(), Histogram());
        var ways = new List<(int Turn, long Ticks)>();
        foreach (var (frame, due, received, turn) in moves)
        {
            late.RecordValue(Math.Max(1, (received - due).Ticks));
            if (!decided.TryGetValue(frame, out var decision)) continue;
            var key = (decision.Id, decision.Ticks);
            // A quote goes back and forth between two prices: of its requests at this one it is the next.
            var atRisk = judged.Next(key, decision.At);
            var atOrders = taken.Next(key, atRisk);
            DateTimeOffset[] times = [received, port.Begun[(int)frame], decision.At, atRisk, atOrders, sent.Next(key, atOrders)];
            ways.Add((turn, (times[^1] - times[0]).Ticks));
            stages[0].RecordValue(Math.Max(1, ways[^1].Ticks));
            fromDue.RecordValue(Math.Max(1, (times[^1] - due).Ticks));
            for (var stage = 1; stage < times.Length; stage++) stages[stage].RecordValue(Math.Max(1, (times[stage] - times[stage - 1]).Ticks));
        }

        return new LoopResult(stages, late, fromDue, ways, frames, moves.Count, ways.Count);
    }

    private readonly record struct Move(long Frame, DateTimeOffset Due, DateTimeOffset Received, int Turn);

    private static List<Passage> Read(JournalLocation.SqliteDirectory location)
    {
        using var reader = SessionReader.Open(location.JournalFile);
        return [.. reader.ListStreams().SelectMany(stream => reader.Read(stream.Stream)).Select(Passage.Of).OfType<Passage>()];
    }

    /// <summary>When something happened to an order at a price, in the order in which it did.</summary>
    private sealed class Moments
    {
        private readonly Dictionary<(ClientOrderId, long), List<DateTimeOffset>> _at = [];

        public void Add((ClientOrderId, long) key, DateTimeOffset at)
        {
            if (!_at.TryGetValue(key, out var moments)) _at[key] = moments = [];
            moments.Add(at);
        }

        public DateTimeOffset Next((ClientOrderId, long) key, DateTimeOffset from) =>
            _at.GetValueOrDefault(key)?.Find(at => at >= from) is { Ticks: > 0 } next ? next : throw new LoadProcessException($"order {key} was decided on and did not go on");
    }

    /// <summary>Stands where the recorder is looked for: frames that are not to be recorded end here, everything else reaches it.</summary>
    private sealed class FrameDropper(IActorRef recorder, RecordingTurns turns) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not RecorderMessages.Frame || turns.Records) recorder.Forward(message);
        }
    }

    /// <summary>The time to 100 ns, in step with the schedule.</summary>
    private sealed class FineClock : TimeProvider
    {
        private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
        private readonly long _stamp = Stopwatch.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => At(Stopwatch.GetTimestamp());

        public DateTimeOffset At(long stamp) => _start + Stopwatch.GetElapsedTime(_stamp, stamp);
    }
}
