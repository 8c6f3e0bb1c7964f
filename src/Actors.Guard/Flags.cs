namespace Actors.Guard;

/// <summary>The command line: a verb and its flags, each with a value but for those that are switches.</summary>
internal sealed class Flags
{
    private static readonly string[] Switches = ["--once", "--confirm", "--restart-losses"];
    private readonly Dictionary<string, string> _values = [];

    public Flags(string[] arguments)
    {
        Verb = arguments.Length > 0 ? arguments[0] : "";
        for (var i = 1; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (!name.StartsWith("--", StringComparison.Ordinal)) throw new RefusalException($"unexpected '{name}'; see actors-guard --help");
            var isSwitch = Switches.Contains(name);
            if (!isSwitch && i + 1 == arguments.Length) throw new RefusalException($"{name}: expected a value");
            if (!_values.TryAdd(name, isSwitch ? "" : arguments[++i])) throw new RefusalException($"{name}: given twice");
        }
    }

    public string Verb { get; }

    public string State => _values.GetValueOrDefault("--state")
        ?? (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } folder ? Path.Combine(folder, "guard.json") : Path.Combine("data", "guard", "guard.json"));

    public void Allow(params string[] names)
    {
        foreach (var name in _values.Keys.Except(names)) throw new RefusalException($"{name}: not a flag of {Verb}; see actors-guard --help");
    }

    public bool Has(string name) => _values.ContainsKey(name);
    public string Needed(string name) => _values.GetValueOrDefault(name) ?? throw new RefusalException($"{name}: missing; see actors-guard --help");

    public Uri Address(string name) => Uri.TryCreate(Needed(name), UriKind.Absolute, out var address) && KeyFile.IsPrivate(address)
        ? address
        : throw new RefusalException($"{name}: expected an https address, or http on this machine");

    public Uri Socket(Uri venue)
    {
        if (!Has("--socket")) return new UriBuilder(venue) { Scheme = venue.Scheme == "https" ? "wss" : "ws", Path = "/realtime" }.Uri;
        return Uri.TryCreate(Needed("--socket"), UriKind.Absolute, out var address) && (address.Scheme == "wss" || (address.Scheme == "ws" && address.IsLoopback))
            ? address
            : throw new RefusalException("--socket: expected a wss address, or ws on this machine");
    }

    /// <summary>The guard's key. The engine's own is refused: a venue that locks one out would lock out both.</summary>
    public Key Key(Settings settings)
    {
        var folder = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        var path = _values.GetValueOrDefault("--key") ?? (folder is null ? Needed("--key") : Path.Combine(folder, "guard-key.json"));
        var key = KeyFile.Read(path);
        return key.Id != settings.Engine?.KeyId ? key : throw new RefusalException($"{path}: {key} is the engine's; the guard needs one of its own");
    }
}
