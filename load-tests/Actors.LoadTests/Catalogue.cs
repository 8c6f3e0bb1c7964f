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

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
