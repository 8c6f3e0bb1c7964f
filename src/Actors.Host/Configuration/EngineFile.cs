using Actors.Domain.Switch;
using Serilog.Events;

namespace Actors.Host.Configuration;

/// <summary>
/// <c>engine.json</c>: the timings that decide what may be lost, how much is logged, and the file of <c>hocon/</c> that is laid over the usual
/// settings of the actors, or null.
/// </summary>
internal sealed record EngineFile(SwitchSettings Switch, TimeSpan ReconcileInterval, LogEventLevel LogLevel, string? ActorsProfile)
{
    public const string Name = "engine.json";

    private const string SmallProfile = "small";

    private static readonly string[] Levels = Enum.GetNames<LogEventLevel>().Select(name => name.ToLowerInvariant()).ToArray();

    public static EngineFile Read(ConfigurationNode file)
    {
        var timeout = file.Required("accountWideCancelAfter").Duration(TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(10));
        var reconcile = file.Required("reconcileInterval").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var level = file.Required("logLevel").Text(string.Join(" or ", Levels), Levels.Contains);
        var profile = file.Optional("actors")?.Text($"\"{SmallProfile}\"", text => text == SmallProfile);
        file.RefuseOtherKeys();
        return new EngineFile(new SwitchSettings { Timeout = timeout }, reconcile, Enum.Parse<LogEventLevel>(level, ignoreCase: true), profile);
    }
}
