using Actors.LoadTests.Scenarios;

namespace Actors.LoadTests;

/// <summary>The scenarios that exist.</summary>
public static class Catalogue
{
    /// <summary>What one would look for here and does not find.</summary>
    public const string NotThere =
        "not there: a day at sixty times its speed (neither venue nor engine takes a clock from outside)";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new QuoteStorm(), new OrderStorm(), new ReconnectStorm(), new Subscribers(), new MarketStorm(), new Recovery(), new DayRecovery(), new FrameToOrder(), new EngineFootprint(), new Audit(), new RecordingCost(), new Soak(),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
