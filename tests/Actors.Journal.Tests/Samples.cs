using Actors.Domain;
using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
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
    ];
}
