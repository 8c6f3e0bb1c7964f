namespace Actors.LoadTests;

/// <summary>What a run was asked for; what is null is the scenario's own default.</summary>
public sealed record ScenarioSettings(int? Rate, TimeSpan? Duration, int? Instruments, string? Recording);

/// <summary>
/// One load: a name, a rate, a duration, percentiles and a bound that it must hold. A new load is one class of this kind and one line in
/// <see cref="Catalogue"/>.
/// </summary>
public abstract class Scenario
{
    public abstract string Name { get; }

    /// <summary>What the figures of this scenario are evidence for, in one sentence.</summary>
    public abstract string Shows { get; }

    /// <summary>What the rate counts.</summary>
    public abstract string RateUnit { get; }

    public abstract int DefaultRate { get; }

    public abstract TimeSpan DefaultDuration { get; }

    /// <summary>What must hold for the run to pass, in words.</summary>
    public abstract string Bound { get; }

    /// <summary>Runs to the end; a bound that is missed is told in the result and not thrown.</summary>
    public abstract ScenarioResult Run(ScenarioSettings settings);
}

/// <summary>The scenarios that exist.</summary>
public static class Catalogue
{
    public static IReadOnlyList<Scenario> All { get; } = [new Scenarios.QuoteStorm()];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
