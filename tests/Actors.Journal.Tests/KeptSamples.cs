using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Tests;

/// <summary>Kept states of every kind, with every optional field both there and absent.</summary>
internal static class KeptSamples
{
    private static readonly DateTimeOffset VenueTime = new(2026, 9, 1, 12, 29, 59, 998, TimeSpan.Zero);
    private static readonly Symbol Symbol = new("XBTUSD");

    private static readonly Order Working = new(
        new OrderTerms(new("s7f3-grid1-42"), Symbol, Side.Buy, new Quantity(100), OrderType.Limit, new Price(128_001), Flags: OrderFlags.PostOnly),
        new OrderOrigin("grid1", 3),
        OrderState.Working,
        PendingChange.Amend,
        new Quantity(120),
        new Price(128_002),
        new Quantity(20),
        "v-1",
        "a change was refused",
        Samples.At,
        VenueTime,
        7);

    private static readonly Order Submitted = new(
        new OrderTerms(new("s7f3-grid1-43"), Symbol, Side.Sell, new Quantity(5), OrderType.Stop, null, new Price(9)),
        new OrderOrigin("grid1", -1),
        OrderState.Submitted,
        PendingChange.None,
        new Quantity(5),
        null,
        default,
        null,
        null,
        Samples.At,
        DateTimeOffset.MinValue,
        0);

    public static IReadOnlyList<StateKept> All { get; } =
    [
        new OrdersKept(9, null, null, [], [], []),
        new OrdersKept(
            1_234,
            VenueTime,
            Samples.At,
            [Working, Submitted],
            [Submitted with { State = OrderState.Lost, Pending = PendingChange.Cancel, FinishedSequence = 12 }],
            ["e-1", "e-\u00fc"]),
        new PositionKept(Position.Flat, 0, null, []),
        new PositionKept(new Position(new Quantity(-100), 156_250, -3, 42), 17, VenueTime, ["e-1", "e-2"]),
        new RiskKept([]),
        new RiskKept([new ClosedGate(Gate.Start, "not reconciled", null), new ClosedGate(Gate.Operator, "asked to", null)]),
        new StrategyKept(StrategyMemory.Empty, "s7f3", 0),
        new StrategyKept(new StrategyMemory(new Price(128_000), new Quantity(-300), 99), "s7f3", 43),
        new WalletsKept([]),
        new WalletsKept([new WalletBalance(new Currency("USDt"), -1), new WalletBalance(new Currency("XBt"), 100_000_000)]),
        new RiskKept([new ClosedGate(Gate.Switch, "late", VenueTime)])
        {
            Latches =
            [
                new Latch("dailyLoss:XBt", LimitScope.Of(new Currency("XBt")), RiskAction.Flatten, "lost", VenueTime) { Attempts = 3, HasEnded = true },
                new Latch("operator", LimitScope.Account, RiskAction.ReduceOnly, "asked to", VenueTime),
            ],
            InForce = [new LimitInForce("dailyLoss:XBt", RiskAction.Flatten)],
            Forgiven = [new ClearedLatch("loss:grid1", 12.5m)],
            Rebased = [new ProfitRebased(new Symbol("XBTUSD"), -3)],
            Day = new DateOnly(2026, 9, 1),
            Starts = [new ProfitStart(null, "grid1", 5), new ProfitStart(new Symbol("XBTUSD"), null, -4)],
            Peaks = [new PeakRaised(new Currency("XBt"), 99)],
            Strategies = [new StrategyHolding("grid1", new Symbol("XBTUSD"), new Position(new Quantity(-100), 156_250, -3, 42), 42)],
            Reducing = [new ReducingOrder(new ClientOrderId("s7f3-risk-1"), "dailyLoss:XBt")],
            LastFill = 17,
            CounterSession = "s7f3",
            Counter = 1,
        },
    ];
}
