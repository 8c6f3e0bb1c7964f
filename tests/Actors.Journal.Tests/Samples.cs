using Actors.Domain;
using Actors.Domain.Accounts;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Tests;

/// <summary>At least one event of every type that is journaled, with every optional field both there and absent.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 9, 1, 12, 30, 0, TimeSpan.Zero).AddTicks(1_234_567);
    public static readonly Cursor Cursor = new(2, 12345);

    private static readonly DateTimeOffset VenueTime = new(2026, 9, 1, 12, 29, 59, 998, TimeSpan.Zero);
    private static readonly ClientOrderId Id = new("s7f3-grid1-42");
    private static readonly Symbol Symbol = new("XBTUSD");

    private static readonly OrderTerms Limit = new(
        Id, Symbol, Side.Buy, new Quantity(100), OrderType.Limit, new Price(128_001), Flags: OrderFlags.PostOnly | OrderFlags.ReduceOnly);

    private static readonly OrderTerms Stop = new(
        Id, Symbol, Side.Sell, new Quantity(long.MaxValue), OrderType.Stop, null, new Price(-5), TimeInForce.ImmediateOrCancel);

    private static readonly OrderReport Report = new(
        "v-1", Id, Symbol, Side.Sell, OrderType.Limit, new Quantity(100), 64000.50m, VenueOrderStatus.PartiallyFilled, new Quantity(60), new Quantity(40), 64000.5m, "as asked", VenueTime);

    private static readonly OrderReport Conditional = Report with
    {
        StopPrice = 63999.5m,
        TimeInForce = TimeInForce.ImmediateOrCancel,
        Flags = OrderFlags.ReduceOnly | OrderFlags.Close,
        DisplayQuantity = new Quantity(0),
        Trigger = TriggerKind.Mark,
        Peg = PegKind.TrailingStop,
        PegOffset = -10.50m,
        Link = new OrderLink("link-1", Contingency.OneTriggersTheOther),
        IsTriggered = true,
        IsWorking = false,
    };

    private static readonly ExecutionReport Execution = new(
        "e-1", ExecutionKind.Trade, "v-1", Id, Symbol, Side.Sell, new Quantity(60), 64000.50m, new Currency("XBt"), 93_750, -23, -0.00025m, true,
        VenueOrderStatus.PartiallyFilled, new Quantity(60), new Quantity(40), "", VenueTime);

    /// <summary>The plan of a session with one strategy and one instrument of every kind that either can have.</summary>
    public static SessionPlan Plan { get; } = new(
        [
            new GridParameters("grid1", Symbol, 3, 4, new Quantity(100), new Quantity(1_000)),
            new QuotingParameters("quote", Symbol, new Quantity(200), 5, 2, 3, new Quantity(2_000)),
        ],
        new RiskLimits([Domain.Risk.Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 10), .. RiskLimits.Basic(Symbol, 500, 5_000, 20, 0.10m)]),
        [
            Perpetual,
            Perpetual with
            {
                Symbol = new Symbol("XBTZ26"), Kind = ContractKind.Linear, Expiry = VenueTime, ContractsPerUnderlying = null, State = InstrumentState.Settled,
                Divisor = 100, PriceMin = -20.5m, SettlementFeeRate = 0.0005m, MarkMethod = MarkMethod.LastPrice, FundingInterval = TimeSpan.FromHours(8),
            },
        ],
        TimeSpan.FromSeconds(12),
        TimeSpan.FromSeconds(1));

    /// <summary>Limits of every scope, with a ladder of every action.</summary>
    private static RiskLimits Ladders { get; } = new(
    [
        Domain.Risk.Limit.Of(LimitKind.LateBeat, LimitScope.Account, 60),
        new Domain.Risk.Limit(LimitKind.DailyLoss, LimitScope.Of(new Currency("XBt")), 1_000_000, [.. Enum.GetValues<RiskAction>().Select(action => new LimitRung(0.5m * (int)action, action))]),
        new Domain.Risk.Limit(LimitKind.FundingDue, LimitScope.Of(Symbol), 5_000, [new LimitRung(1, RiskAction.Alert)]) { Within = TimeSpan.FromMinutes(10) },
        Domain.Risk.Limit.Of(LimitKind.Loss, LimitScope.Of("grid1"), 7),
    ]);

    private static Instrument Perpetual => SampleInstruments.Inverse with { Symbol = Symbol, ContractsPerUnderlying = 1, RiskStep = 10_000_000_000 };

    public static IReadOnlyList<object> Events { get; } =
    [
        new OrderSubmitted(Limit, new OrderOrigin("grid1", -3)),
        new OrderSubmitted(Stop, new OrderOrigin("quote", 0)),
        new OrderAcknowledged(Id, "5f1c0e6a-0000-4000-8000-00000000002a", VenueTime),
        new OrderFilled(Id, "e-1", new Quantity(60), 64000.50m, -93_749, -23, VenueTime),
        new OrderAmendRequested(Id, new Price(128_002), null),
        new OrderAmendRequested(Id, null, new Quantity(50)),
        new OrderAmended(Id, new Price(128_002), new Quantity(50), VenueTime),
        new OrderAmended(Id, null, new Quantity(50), VenueTime),
        new OrderCancelRequested(Id),
        new OrderChangeRefused(Id, "Invalid ordStatus"),
        new OrderCancelled(Id, "Canceled: \"cancel\" by <client>, größer & 日本"),
        new OrderExpired(Id, "day is over"),
        new OrderRejected(Id, "Account has insufficient Available Balance"),
        new OrderOutcomeUnknown(Id, "no answer within 2 s"),
        new OrderLost(Id),
        new OrderTransitionRefused(Id, OrderState.Rejected, "filled 60 at 64000.5"),
        new PositionFilled("e-1", new Quantity(-60), 0.0000000000000000000000000001m, 93_750, 46, VenueTime),
        new PositionCharged("f-1", "funding", -1_250, VenueTime),
        new PositionAdopted(new Quantity(40), -62_500, "first seen"),
        new WalletObserved(new Currency("XBt"), long.MinValue, VenueTime),
        new GateClosed(Gate.Connection, "socket closed"),
        new GateOpened(Gate.Start),
        new IntentRefused(new PlaceIntent("grid1", 2, Limit), "position 5000 would exceed 4000"),
        new StrategyAnchored(new Price(128_000)),
        new SlotFilled(-2, new Quantity(100), 17),
        new IntentsDecided(
            [
                new PlaceIntent("grid1", 1, Stop),
                new AmendIntent("grid1", Symbol, Id, new Price(1), new Quantity(2)),
                new AmendIntent("grid1", Symbol, Id, null, null),
                new CancelIntent("grid1", Symbol, Id),
            ],
            "s7f3",
            42),
        new IntentsDecided([], "s7f3", 0),
        new SessionStarted("s7f3", "alice", "bitmex", "1.0.0+abc", "{\"limits\":{}}"),
        new PhaseChanged("s7f3", "trading", null),
        new PhaseChanged("s7f3", "halted", "journal"),
        new SwitchMoved("armed", "confirmed"),
        new BeatProved(9_007_199_254_740_993),
        new Reconciled(new ReconciliationReport(
            VenueTime, "start", [new ReconciliationRow("XBTUSD", Finding.Agreed, ""), new ReconciliationRow("s7f3-grid1-42", Finding.Lost, "never had")])),
        new PartRestarted("books/XBTUSD", "InvalidOperationException: crossed", "book stale"),
        new SessionEnded("s7f3", "stopped", 0),
        new OrderSubmitted(Limit with { DisplayQuantity = new Quantity(0), Link = new OrderLink("link-1", Contingency.OneCancelsTheOther) }, new OrderOrigin("grid1", 1)),
        new OrderSubmitted(
            Stop with { Trigger = TriggerKind.LastNearMark, Peg = new OrderPeg(PegKind.TrailingStop, -40), Flags = OrderFlags.Close }, new OrderOrigin("quote", 1)),
        new OrderAmendRequested(Id, null, null, new Price(127_000), -20),
        new ExecutionsReconciled(VenueTime),
        new IntentsDecided([new AmendIntent("grid1", Symbol, Id, null, null, new Price(3), 4)], "s7f3", 43),
        new DifferenceFound("position XBTUSD", "100 contracts at cost -155000", "200 contracts at cost -310000"),
        new FramesRecorded(2, 100, VenueTime, 3, 17, new byte[] { 1, 2, 3, 255 }),
        new SessionStarted("s7f3", "alice", "bitmex", "1.0.0+abc", "{}") { Plan = Plan },
        new PartBegan("s7f3", "strategies/grid1"),
        new Checkpoint("s7f3", [new StreamHead("orders-alice", 12, new string('a', 64)), new StreamHead("session-alice", 3, new string('b', 64))], null, null),
        new Checkpoint("s7f3", [new StreamHead("session-alice", 3, new string('b', 64))], "0123456789abcdef", "AAECAw=="),
        new FramesPruned("s7f3", "frames-alice-s7f3", 40, new string('c', 64), 9_001, VenueTime, At),
        new IntentApproved(new CancelIntent("grid1", Symbol, Id)),
        new Consumed(
        [
            Taken(new TopSeen(new BookTop(new BookLevel(new Price(1), new Quantity(2)), new BookLevel(new Price(3), new Quantity(4))))),
            Taken(new TopSeen(default)),
            Taken(new BookStatusSeen(Symbol, BookStatus.Stale)),
            Taken(new PositionSeen(Symbol, new Quantity(-5))),
            Taken(new MarkSeen(Symbol, 64000.10m)),
            Taken(new DoorSeen(true)),
            Taken(new DoorSeen(false)),
            Taken(new IntentAnswered(new PlaceIntent("grid1", 2, Limit), "door closed")),
            Taken(new OrderSeen(Id, OrderNews.Rejected, 17)),
            Taken(new OrdersSeen(18)),
            Taken(new OrdersForgotten()),
            Taken(new TimePassed()),
        ]),
        new Consumed(
        [
            Taken(new IntentPassed(new CancelIntent("grid1", Symbol, Id))),
            Taken(new PlaceAnswered(Id, new OrderEntryOutcome.Accepted(Report))),
            Taken(new PlaceAnswered(Id, new OrderEntryOutcome.Refused("no balance", true))),
            Taken(new ChangeAnswered(Id, new OrderEntryOutcome.Unknown("no answer"))),
            Taken(new ChangeAnswered(Id, new OrderEntryOutcome.Accepted(null))),
            Taken(new LookupAnswered(Id, Report with { Price = null, AveragePrice = null }, VenueTime)),
            Taken(new LookupAnswered(Id, null, VenueTime)),
            Taken(new ReportTold(Report)),
            Taken(new ReportTold(Conditional)),
            Taken(new ExecutionTold(Execution)),
            Taken(new ExecutionTold(Execution with { Side = null, LastPrice = null, AddedLiquidity = null, Kind = ExecutionKind.Funding })),
            Taken(new ExecutionsAnswered([Execution])),
            Taken(new VenueCompared(VenueTime, [], [Report])),
            Taken(new ComparisonSettled(VenueTime)),
            Taken(new IntentPassed(new AmendIntent("grid1", Symbol, Id, null, null, new Price(127_000), -20))),
            Taken(new PositionCompared(new Quantity(-10), 62_500, false, null)),
            Taken(new PositionCompared(new Quantity(-10), 62_500, true, VenueTime)),
            Taken(new CancelAllAsked("asked to stop")),
            Taken(new ChaseDue()),
            Taken(new GatewayForgot()),
        ]),
        new WalletTransferred(new Currency("XBt"), -5_000, 1_000_000, VenueTime),
        new WalletAdopted(new Currency("XBt"), 1_000_500, 1_000_000, [new RealisedAt(Symbol, -7), new RealisedAt(new Symbol("XBTZ26"), 507)], "first seen"),
        new Consumed(
        [
            Taken(new RealisedSeen(Symbol, new Currency("XBt"), -7)),
            Taken(new MarginTold(new MarginReport(new Currency("XBt"), 1_000_500, 1_000_400, 900_000, 60_000, 40_400, 500, -100, VenueTime))),
            Taken(new WalletCompared(new Currency("XBt"), 1_000_000)),
        ]),
        new SessionStarted("s7f3", "alice", "bitmex", "1.0.0+abc", "{}") { Plan = Plan with { Limits = Ladders, Strategies = [], Instruments = [] } },
        new IntentRefused(new PlaceIntent("grid1", 2, Limit), "position:XBTUSD 5000 is above its bound 4000 (position 0)")
        {
            Finding = new LimitFinding(LimitKind.Position, LimitScope.Of(Symbol), 5_000, 4_000, "position 0"),
        },
        new LimitPassed(RiskAction.Flatten, new LimitFinding(LimitKind.DailyLoss, LimitScope.Of(new Currency("XBt")), 1_000_001.50m, 1_000_000, "since 2026-09-01 UTC")),
        new LimitPassed(RiskAction.ReduceOnly, new LimitFinding(LimitKind.Unproved, LimitScope.Account, null, 0, "no record")),
        new LimitReturned(LimitKind.Loss, LimitScope.Of("grid1"), RiskAction.Alert),
        new LimitReturned(LimitKind.LateBeat, LimitScope.Account, null),
        new RiskDayBegan(new DateOnly(2026, 9, 1), [new ProfitStart(Symbol, null, -5), new ProfitStart(null, "grid1", 6)]),
        new PeakRaised(new Currency("XBt"), 77),
        new ProfitRebased(Symbol, -9),
        new FillCounted(Id, "grid1", Symbol, new Quantity(-60), 93_750, 46, 17),
        new OperatorHalted("maintenance"),
        new LatchesCleared("looked at it", [new ClearedLatch("dailyLoss:XBt", 1_000_001.50m), new ClearedLatch("operator", 0)]),
        new ReductionDecided("dailyLoss:XBt", [new CancelIntent("risk", Symbol, Id), new PlaceIntent("risk", 0, Limit)], "s7f3", 3, 2),
        new FlattenEnded("dailyLoss:XBt", false, "given up"),
        new Consumed(
        [
            Taken(new HoldingSeen(Symbol, new Position(new Quantity(-100), 156_250, -3, 42), 0, false) { ExecutionId = "e-1" }),
            Taken(new HoldingSeen(Symbol, Position.Flat, 12.5m, true)),
            Taken(new WalletSeen(new Currency("XBt"), 100_000_000)),
            Taken(new FundingSeen(Symbol, -0.0001m, VenueTime)),
            Taken(new BestSeen(Symbol, new BookTop(new BookLevel(new Price(1), new Quantity(2)), null), new Cursor(2, 99))),
            Taken(new OperatorSaid(OperatorVerb.Halt, "maintenance", [])),
            Taken(new OperatorSaid(OperatorVerb.Resume, "over", ["operator"])),
        ]),
        new DecisionsPruned("s7f3", "orders-alice", 120_000, new string('d', 64), VenueTime, At),
    ];

    private static TakenInput Taken(Input input) => new(At, Cursor, input);
}
