using Actors.LoadTests.Scenarios;

namespace Actors.LoadTests;

/// <summary>The scenarios that exist.</summary>
public static class Catalogue
{
    /// <summary>What one would look for here and does not find.</summary>
    public const string NotThere =
        "not there: a day at sixty times its speed (neither venue nor engine takes a clock from outside), "
        + "the restart of a random part in the soak (no part can be restarted from outside the process)";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new QuoteStorm(), new OrderStorm(), new ReconnectStorm(), new Subscribers(), new Recovery(), new DayRecovery(), new FrameToOrder(), new EngineFootprint(), new Audit(), new Soak(),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
