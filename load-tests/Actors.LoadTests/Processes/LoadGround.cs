using Actors.Bitmex;
using Actors.Venue;

namespace Actors.LoadTests.Processes;

/// <summary>
/// Owns what one load runs on: a folder of its own, a venue and engines as processes, all on the loopback address. Disposing kills and removes everything.
/// </summary>
public sealed class LoadGround : IAsyncDisposable
{
    private static readonly TimeSpan StartMost = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("actors-load-").FullName;
    private readonly List<LoadProcess> _processes = [];
    private readonly ScenarioSettings _settings;

    private readonly string? _config;

    private LoadGround(ScenarioSettings settings, int? instruments)
    {
        _settings = settings;
        _config = instruments is { } count
            ? GeneratedListing.WriteEngine(Folder("config"), settings.Config ?? Path.Combine(AppContext.BaseDirectory, "config"), count)
            : settings.Config;
    }

    public LoadProcess Venue { get; private set; } = null!;

    /// <summary>Where the venue's REST is, without a path.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Control groups that engines enter before they start; none where nothing holds them.</summary>
    public IReadOnlyList<string> EngineGroups { get; set; } = [];

    /// <summary>A folder in which nothing is yet, gone with the load.</summary>
    public string Folder(string name) => Path.Combine(_folder, name);

    /// <param name="settings">Of the run.</param>
    /// <param name="market">How the venue's market is filled.</param>
    /// <param name="wideLimits">Whether the venue's request limits are out of the way.</param>
    /// <param name="queueFrames">How many frames may wait for a slow reader.</param>
    /// <param name="instruments">So many alike instruments, each quoted by the engine; null for the shipped listing and strategies.</param>
    /// <param name="clock">What the venue's time is, as <c>actors run --clock</c> takes it; null for the system's.</param>
    /// <param name="pace">The part of the market's pace that each of those instruments has, above 0 and at most 1.</param>
    public static async Task<LoadGround> OpenAsync(
        ScenarioSettings settings, MarketActivity market, bool wideLimits, int queueFrames = 8_192, int? instruments = null, string? clock = null, decimal pace = 1)
    {
        var ground = new LoadGround(settings, instruments);
        try
        {
            var self = Path.Combine(AppContext.BaseDirectory, typeof(LoadGround).Assembly.GetName().Name + ".dll");
            var listing = instruments is { } count ? GeneratedListing.WriteVenue(ground.Folder("listing.json"), count, pace) : null;
            var arguments = LoadVenue.Arguments(ground.Folder("venue"), market, wideLimits, queueFrames, listing, clock);
            ground.Venue = ground.Own(LoadProcess.Start(self, settings.Gen0MiB, LoadVenue.Environment, arguments));
            var (_, line) = await ground.Venue.LineAsync(line => line.StartsWith(LoadVenue.Ready, StringComparison.Ordinal), StartMost);
            ground.Address = new Uri(line[LoadVenue.Ready.Length..]);
            return ground;
        }
        catch (Exception)
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    /// <summary>A demo account's key: alice or bob.</summary>
    public ApiKeyFile Key(string name) => ApiKeyFile.Read(KeyFile(name));

    /// <summary>Starts an engine on the venue; it ends by itself after <paramref name="duration"/>, whatever becomes of this program.</summary>
    /// <param name="duration">Of its session.</param>
    /// <param name="config">Its configuration folder; null takes that of the settings.</param>
    /// <param name="more">Further flags of <c>actors run</c>.</param>
    public LoadProcess StartEngine(TimeSpan duration, string? config = null, params IReadOnlyList<string> more)
    {
        var actors = _settings.ActorsFile ?? Path.Combine(AppContext.BaseDirectory, "actors.dll");
        List<string> arguments =
        [
            "run", "--venue", Address.GetLeftPart(UriPartial.Authority), "--keys", KeyFile("alice"), "--data", Folder("engine"), "--plain",
            "--for", $"{(int)Math.Ceiling(duration.TotalSeconds)}s",
        ];
        if ((config ?? _config) is { } folder) arguments.AddRange(["--config", folder]);
        return Own(LoadProcess.Start(actors, _settings.Gen0MiB, new Dictionary<string, string>(), EngineGroups, [.. arguments, .. more]));
    }

    /// <summary>Runs another verb of the command on the engine's folder, to its end; its exit code and what it said last.</summary>
    public async Task<(int Exit, string Last, IReadOnlyList<string> Lines)> RunAsync(string verb, TimeSpan most)
    {
        var process = Own(LoadProcess.Start(_settings.ActorsFile ?? Path.Combine(AppContext.BaseDirectory, "actors.dll"), null, verb, "--data", Folder("engine")));
        var exit = await process.ExitAsync(most);
        var lines = process.Lines.Select(line => line.Line.Trim()).ToList();
        return (exit, lines.Count > 0 ? lines[^1] : "nothing", lines);
    }

    /// <summary>Starts an audit of what the engine journaled, also while it runs; in a heap of at most so many MiB, beyond which it would fail.</summary>
    public LoadProcess StartAudit(int? heapMiB = null) => Own(LoadProcess.Start(
        _settings.ActorsFile ?? Path.Combine(AppContext.BaseDirectory, "actors.dll"),
        _settings.Gen0MiB,
        heapMiB is { } most ? [new("DOTNET_GCHeapHardLimit", (most * 1024L * 1024).ToString("X", System.Globalization.CultureInfo.InvariantCulture))] : [],
        ["audit", "--data", Folder("engine")]));

    /// <summary>Starts an engine and waits until it trades; how long that took from the start of its process.</summary>
    public async Task<(LoadProcess Engine, TimeSpan Took)> StartTradingAsync(TimeSpan duration, string? config = null, params IReadOnlyList<string> more)
    {
        var engine = StartEngine(duration, config, more);
        return (engine, (await engine.LineAsync(line => line.EndsWith(" trading", StringComparison.Ordinal), StartMost)).At);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string KeyFile(string name) => Path.Combine(Folder("venue"), "keys", name + ".json");

    private LoadProcess Own(LoadProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
