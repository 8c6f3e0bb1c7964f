using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Switch;
using Actors.Engine.Session;

namespace Actors.Host.Tests.Support;

/// <summary>Sessions as a person would meet them.</summary>
internal static class SampleViews
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static SessionView Trading { get; } = Build();

    public static SessionView Empty { get; } = Build() with
    {
        Phase = SessionPhase.Connecting,
        Books = [],
        OpenOrders = [],
        Positions = [],
        Margins = [],
        Strategies = [],
        Events = [],
        LastReconciliation = null,
        Orders = new OrderCounts(0, 0, 0, 0, 0, 0, 0, 0, 0),
        Switch = new SwitchView(SwitchState.Disarmed, null, 0, 0, null),
        Recorder = new RecorderView(0, 0, 0),
    };

    public static SessionView Halted { get; } = Build() with
    {
        Phase = SessionPhase.Halted,
        Reason = "the journal did not answer within 3 s",
        Restarts = 3,
        Switch = new SwitchView(SwitchState.Late, Start.AddSeconds(84), 21, 2, "journal: no answer"),
        Books =
        [
            new BookView(new Symbol("XBTUSD"), BookStatus.Stale, "update of unknown level Buy id 17", 64000.0m, 1, 64000.5m, 1, 64000.11m, null, 100),
        ],
    };

    /// <summary>More of everything than fits anywhere.</summary>
    public static SessionView Crowded { get; } = Build() with
    {
        OpenOrders = Enumerable.Range(0, 60).Select(index => Order($"s{index / 20}", index, Side.Buy)).ToList(),
        Events = Enumerable.Range(0, 100).Select(index => $"12:00:{index % 60:00} event {index} with a text that goes on and on until it is longer than any line of any terminal that a person would use").ToList(),
    };

    private static SessionView Build() => new(
        "3f1c9a2e",
        "2",
        "bitmex",
        Start,
        Start.AddSeconds(83),
        SessionPhase.Trading,
        null,
        new ConnectionView("live", 12_345, 1, TimeSpan.FromMilliseconds(12)),
        new SwitchView(SwitchState.Armed, Start.AddSeconds(97), 22, 0, null),
        [
            new BookView(new Symbol("XBTUSD"), BookStatus.Live, null, 64000.0m, 12_300, 64000.5m, 8_700, 64003.1234m, 64000.0m, 45_678, Conflated: 12),
            new BookView(new Symbol("ETHUSDT"), BookStatus.Live, null, 3100.05m, 120_000, 3100.10m, 45_000, 3100.07m, 3100.05m, 9_876),
            new BookView(new Symbol("XBTZ26"), BookStatus.AwaitingSnapshot, null, null, 0, null, 0, null, null, 0),
        ],
        [.. Enumerable.Range(1, 4).SelectMany(level => new[] { Order("grid1", level, Side.Buy), Order("grid1", level, Side.Sell) }), Order("quote1", 1, Side.Buy)],
        new OrderCounts(120, 30, 37, 71, 12, 0, 3, 0, 9),
        [
            new PositionView(new Symbol("XBTUSD"), "XBt", 300, 64010.5m, 64003.1234m, 51_234.5m, 1_234, -56, 789),
            new PositionView(new Symbol("ETHUSDT"), "USDt", -20_000, 3_101.2m, 3100.07m, null, -120_000, 226_000, 31_000),
        ],
        [new MarginView("XBt", 100_000_000, 100_001_178, 98_000_000, 1_178), new MarginView("USDt", 10_000_000_000, 10_000_106_000, 9_900_000_000, 106_000)],
        [new StrategyView("grid1", "grid", new Symbol("XBTUSD"), "running", 8, 30), new StrategyView("quote1", "quoting", new Symbol("ETHUSDT"), "running", 1, 7)],
        new RecorderView(12_345, 4_100_000, 610_000),
        new ReconciliationView(Start.AddSeconds(71), 9, 0, 0, 0, 0, []),
        0,
        ["12:00:20 connected", "12:00:20 reconciled: 9 agreed", "12:00:20 trading", "12:00:20 filled grid1-12 buy 100 at 64,000.0"]);

    private static OrderView Order(string strategy, int level, Side side)
    {
        var grid = strategy != "quote1";
        var price = grid ? 64000m + (side == Side.Buy ? -1 : 1) * level * 2.0m : 3099.85m;
        return new OrderView($"{strategy}-{level}-{side}", strategy, new Symbol(grid ? "XBTUSD" : "ETHUSDT"), side, price, grid ? 100 : 10_000, level == 2 ? 40 : 0, "working");
    }
}
