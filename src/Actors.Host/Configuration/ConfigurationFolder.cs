using Actors.Engine.Session;
using Serilog.Events;

namespace Actors.Host.Configuration;

/// <summary>Everything that <c>config/</c> says, read and checked as a whole.</summary>
internal sealed record ConfigurationFolder(SessionSettings Settings, LogEventLevel LogLevel)
{
    /// <summary>The folder that is copied beside the executable.</summary>
    public static string Default => Path.Combine(AppContext.BaseDirectory, "config");

    /// <summary>Throws <see cref="BrokenConfigurationException"/> for the first mistake.</summary>
    public static ConfigurationFolder Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new BrokenConfigurationException($"{folder}: there is no such folder; expected one with {StrategiesFile.Name}, {RiskFile.Name} and {EngineFile.Name}");
        var limits = RiskFile.Read(ConfigurationReader.Read(Path.Combine(folder, RiskFile.Name)));
        var limited = limits.Instruments.Select(instrument => instrument.Symbol).ToHashSet();
        var strategies = StrategiesFile.Read(ConfigurationReader.Read(Path.Combine(folder, StrategiesFile.Name)), limited);
        var engine = EngineFile.Read(ConfigurationReader.Read(Path.Combine(folder, EngineFile.Name)));
        var settings = new SessionSettings
        {
            Strategies = strategies,
            Limits = limits,
            Switch = engine.Switch,
            ReconcileInterval = engine.ReconcileInterval,
        };
        return new ConfigurationFolder(settings, engine.LogLevel);
    }
}
