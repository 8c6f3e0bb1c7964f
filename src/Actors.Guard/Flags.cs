namespace Actors.Guard;

/// <summary>The flags of a verb, each with a value but for those that are switches.</summary>
internal sealed class Flags
{
    private static readonly string[] Switches = ["--confirm", "--restart-losses"];
    private readonly Dictionary<string, string> _values = [];

    public Flags(ReadOnlySpan<string> arguments, params string[] allowed)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (!allowed.Contains(name)) throw new RefusalException($"unexpected '{name}'; see actors-guard --help");
            var isSwitch = Switches.Contains(name);
            if (!isSwitch && i + 1 == arguments.Length) throw new RefusalException($"{name}: expected a value");
            if (!_values.TryAdd(name, isSwitch ? "" : arguments[++i])) throw new RefusalException($"{name}: given twice");
        }
    }

    public string State => _values.GetValueOrDefault("--state") ?? InServiceFolder("STATE_DIRECTORY", "guard.json") ?? Path.Combine("data", "guard", "guard.json");
    public bool Has(string name) => _values.ContainsKey(name);
    public string Needed(string name) => _values.GetValueOrDefault(name) ?? throw new RefusalException($"{name}: missing; see actors-guard --help");

    /// <summary>An address that nobody on the way can read along.</summary>
    public Uri Address(string name, string scheme = "http") => KeyFile.PrivateAddress(Needed(name), scheme)
        ?? throw new RefusalException($"{name}: expected a {scheme}s address, or {scheme} on this machine");

    public Uri Socket(Uri venue) => Has("--socket") ? Address("--socket", "ws") : new UriBuilder(venue) { Scheme = venue.Scheme == "https" ? "wss" : "ws", Path = "/realtime" }.Uri;

    /// <summary>The guard's key. The engine's own is refused: a venue that locks one out would lock out both.</summary>
    public Key Key(Settings settings)
    {
        var path = _values.GetValueOrDefault("--key") ?? InServiceFolder("CREDENTIALS_DIRECTORY", "guard-key.json") ?? Needed("--key");
        var key = KeyFile.Read(path);
        return key.Id != settings.Engine?.KeyId ? key : throw new RefusalException($"{path}: {key} is the engine's; the guard needs one of its own");
    }

    private static string? InServiceFolder(string variable, string file) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? Path.Combine(folder, file) : null;
}
