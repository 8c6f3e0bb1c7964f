namespace Actors.Guard.Tests.Support;

/// <summary>
/// A venue as a real process without other traders, with the account of alice, which the guard watches and the test's engine trades
/// on, and that of bob, who trades against it.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string FastTiming = """ "judgeEvery": "200ms", "crossCheckEvery": "5s", "pollEvery": "2s", "socketSilence": "3s", "repeatEvery": "5s" """;
    private const string Ready = "venue ready ";

    /// <summary>Far from breaching by themselves; a guard must have them.</summary>
    public const string Calm = """{ "watch": "blind", "cancel": "1h" }, { "watch": "ownFailures", "cancel": 3 }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("actors-guard-").FullName;
    private readonly List<ChildProcess> _guards = [];

    private Scene()
    {
    }

    public ChildProcess Venue { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public Trader Alice { get; private set; } = null!;

    public Trader Bob { get; private set; } = null!;

    /// <summary>The engine's key, which may order and cancel.</summary>
    public string Key => File("venue/keys/alice.json");

    /// <summary>The guard's key on the same account: it may cancel, and not order.</summary>
    public string CancelKey => File("venue/keys/alice-guard.json");

    /// <summary>The guard's key on the same account where something may have to be flattened.</summary>
    public string OrderingKey => File("venue/keys/alice-closer.json");

    public string State => File("state/guard.json");

    public static async Task<Scene> StartAsync()
    {
        var scene = new Scene();
        Directory.CreateDirectory(scene.File("venue/keys"));
        WriteKey(scene.CancelKey, "orderCancel");
        WriteKey(scene.OrderingKey, "order");
        scene.Venue = ChildProcess.Dotnet("actors.dll", ["venue", "--port", "0", "--market", "none", "--data", scene.File("venue")]);
        var line = await scene.Venue.SaysAsync(Ready);
        scene.Address = line[(line.IndexOf(Ready, StringComparison.Ordinal) + Ready.Length)..];
        scene.Alice = new Trader(scene.Address, scene.Key);
        scene.Bob = new Trader(scene.Address, scene.File("venue/keys/bob.json"));
        return scene;
    }

    public string File(string name) => Path.Combine(_folder, name);

    /// <summary>A limits file with fast timings; <paramref name="more"/> are other members of it.</summary>
    public string Limits(string limits, string more = "", string timing = FastTiming)
    {
        var path = File($"limits-{Guid.NewGuid():N}.json");
        System.IO.File.WriteAllText(path, $$"""
            {
              "timing": { {{timing}} },
              {{more}}
              "limits": [ {{limits}} ]
            }
            """);
        return path;
    }

    /// <summary>A guard on alice's account that sees it. Without an address it is the venue's own.</summary>
    public async Task<ChildProcess> GuardAsync(string limits, string? address = null)
    {
        var guard = Guard(limits, address);
        await guard.SaysAsync("socket: sees");
        return guard;
    }

    /// <summary>A guard with a key of its own that may do what the limits need and no more, unless another is given.</summary>
    public ChildProcess Guard(string limits, string? address = null, IReadOnlyDictionary<string, string>? environment = null, string? key = null)
    {
        key ??= System.IO.File.ReadAllText(limits).Contains("\"flatten\"", StringComparison.Ordinal) ? OrderingKey : CancelKey;
        var guard = ChildProcess.Dotnet("actors-guard.dll", ["run", "--limits", limits, "--key", key, "--url", address ?? Address, "--state", State], environment);
        _guards.Add(guard);
        return guard;
    }

    /// <summary>Alice holds this much afterwards, bought from or sold to bob at a price.</summary>
    public async Task HoldAsync(long quantity, decimal price)
    {
        await Bob.OrderAsync("XBTUSD", quantity > 0 ? "Sell" : "Buy", Math.Abs(quantity), price);
        await Alice.OrderAsync("XBTUSD", quantity > 0 ? "Buy" : "Sell", Math.Abs(quantity));
    }

    private static void WriteKey(string path, string permission)
    {
        System.IO.File.WriteAllText(path, $$"""{ "name": "guard", "id": "{{Guid.NewGuid():N}}", "secret": "{{Guid.NewGuid():N}}", "permissions": ["{{permission}}"], "cidrs": [] }""");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var guard in _guards) await guard.DisposeAsync();
        await Venue.DisposeAsync();
        Alice.Dispose();
        Bob.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
