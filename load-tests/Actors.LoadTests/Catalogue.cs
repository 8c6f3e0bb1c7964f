using Actors.LoadTests.Scenarios;

namespace Actors.LoadTests;

/// <summary>The scenarios that exist.</summary>
public static class Catalogue
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new QuoteStorm(), new OrderStorm(), new ReconnectStorm(), new Subscribers(), new MarketStorm(), new Recovery(), new DayRecovery(), new FrameToOrder(), new EngineFootprint(),
        new SmallInstance(), new Audit(), new RecordingCost(), new Day(), new Soak(),
    ];

    /// <summary>Those that together, short, take about five minutes.</summary>
    public static IReadOnlyList<Scenario> Selection { get; } =
        [.. ((string[])["quote-storm", "order-storm", "reconnect-storm", "market-storm", "recovery", "frame-to-order", "day", "soak"]).Select(name => All.Single(scenario => scenario.Name == name))];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
