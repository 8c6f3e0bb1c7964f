namespace Actors.LoadTests;

/// <summary>What a run was asked for; what is null is the scenario's own default.</summary>
public sealed record ScenarioSettings
{
    public int? Rate { get; init; }

    public TimeSpan? Duration { get; init; }

    public int? Instruments { get; init; }

    public int? Sockets { get; init; }

    public string? Recording { get; init; }

    /// <summary>The built command that is measured; null takes the one beside this program.</summary>
    public string? ActorsFile { get; init; }

    /// <summary>
    /// The smallest budget of the collector's youngest generation in the processes that are started, MiB; null leaves it to each
    /// program's own settings.
    /// </summary>
    public int? Gen0MiB { get; init; }

    /// <summary>The engine's configuration folder; null takes the one beside the command.</summary>
    public string? Config { get; init; }
}

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

    /// <summary>How long it lasts where it is one of <see cref="Catalogue.Selection"/>.</summary>
    public virtual TimeSpan SelectionDuration => DefaultDuration;

    /// <summary>What must hold for the run to pass, in words.</summary>
    public abstract string Bound { get; }

    /// <summary>Runs to the end; a bound that is missed is told in the result and not thrown.</summary>
    public abstract Task<ScenarioResult> RunAsync(ScenarioSettings settings);
}
