using System.Text;
using Actors.Engine.Session;
using Serilog.Events;

namespace Actors.Host.Configuration;

/// <summary>Everything that <c>config/</c> says, read and checked as a whole.</summary>
/// <param name="Settings">What the engine is told.</param>
/// <param name="LogLevel">The least level that is logged.</param>
/// <param name="ActorsProfile">The file of <c>hocon/</c>, without its ending, that is laid over the others; null for none.</param>
/// <param name="Text">The files as they were read, for the journal.</param>
internal sealed record ConfigurationFolder(SessionSettings Settings, LogEventLevel LogLevel, string? ActorsProfile, string Text)
{
    /// <summary>The folder that is copied beside the executable.</summary>
    public static string Default => Path.Combine(AppContext.BaseDirectory, "config");

    /// <summary>Throws <see cref="BrokenConfigurationException"/> for the first mistake.</summary>
    public static ConfigurationFolder Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new BrokenConfigurationException($"{folder}: there is no such folder; expected one with {StrategiesFile.Name}, {RiskFile.Name} and {EngineFile.Name}");
        var text = new StringBuilder();
        var risk = File(folder, RiskFile.Name, text);
        var limits = RiskFile.Read(risk);
        var strategies = StrategiesFile.Read(File(folder, StrategiesFile.Name, text), limits.Symbols.ToHashSet());
        RiskFile.CheckStrategies(risk, [.. strategies.Select(strategy => strategy.Id)]);
        var engine = EngineFile.Read(File(folder, EngineFile.Name, text));
        var settings = new SessionSettings
        {
            Strategies = strategies,
            Limits = limits,
            Switch = engine.Switch,
            ReconcileInterval = engine.ReconcileInterval,
        };
        return new ConfigurationFolder(settings, engine.LogLevel, engine.ActorsProfile, text.ToString());
    }

    private static ConfigurationNode File(string folder, string name, StringBuilder text)
    {
        var (node, content) = ConfigurationReader.Read(Path.Combine(folder, name));
        text.Append("// ").AppendLine(name).AppendLine(content);
        return node;
    }
}
