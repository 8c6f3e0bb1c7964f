using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Actors.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Engine.Tests;

/// <summary>Starts sessions on a fake venue over one journal folder, which lives as long as the test.</summary>
internal sealed class SessionFixture : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actors-engine-");

    public FakeVenue Venue { get; } = new();

    public string Folder => _folder.FullName;

    /// <summary>Where the journal is kept, if not in <see cref="Folder"/>.</summary>
    public JournalLocation? Location { get; init; }

    public TimeSpan SwitchTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Trades a second instrument with a strategy of its own.</summary>
    public bool TwoInstruments { get; init; }

    /// <summary>Limits beside, or in place of, those that nothing here reaches.</summary>
    public IReadOnlyList<Limit> Limits { get; set; } = [];

    /// <summary>Lines of the engine's settings to replace.</summary>
    public IReadOnlyList<(string Right, string Other)> Changed { get; set; } = [];

    public TimeSpan ReconcileInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>In place of the grids.</summary>
    public StrategyParameters? Strategy { get; set; }

    private Symbol[] Symbols => TwoInstruments ? [FakeVenue.Symbol, FakeVenue.Other] : [FakeVenue.Symbol];

    public static string Hocon(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", file));

    public SessionSettings Settings => new()
    {
        Strategies = Strategy is { } only ? [only] : [.. Symbols.Select(symbol =>
            new GridParameters(symbol == FakeVenue.Symbol ? "grid" : "other", symbol, 2, 4, new Quantity(10), new Quantity(100)))],
        Limits = new RiskLimits(
        [
            Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 100),
            .. Symbols.SelectMany(symbol => RiskLimits.Basic(symbol, 100, 200, 20, 0.5m)).Where(basic => !Limits.Any(limit => limit.Kind == basic.Kind && limit.Scope == basic.Scope)),
            .. Limits,
        ]),
        Switch = new SwitchSettings { Timeout = SwitchTimeout },
        ReconcileInterval = ReconcileInterval,
    };

    public EngineConfiguration Configuration => EngineConfiguration.Parse("engine.conf", EngineText());

    public Task<TradingSession> StartAsync() => TradingSession.StartAsync(
        new SessionStart
        {
            Settings = Settings,
            Venue = Venue,
            Journal = JournalDatabase.Open(Location ?? new JournalLocation.SqliteDirectory(Folder)),
            PersistenceTunables = Hocon("persistence.conf"),
            Configuration = Configuration,
            Clock = TimeProvider.System,
            Logs = NullLoggerFactory.Instance,
            CodeVersion = "test",
            ConfigurationText = "{}",
        },
        CancellationToken.None);

    private string EngineText()
    {
        var text = Hocon("engine.conf");
        foreach (var (right, other) in (ReadOnlySpan<(string, string)>)[("request-life = 7s", "request-life = 3s"), ("refused-pause = 1s", "refused-pause = 200ms"), .. Changed])
        {
            Assert.Contains(right, text, StringComparison.Ordinal);
            text = text.Replace(right, other, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Waits until the condition holds; fails the test with what was awaited when it does not within a generous while.</summary>
    public static async Task UntilAsync(Func<bool> condition, string awaited, Func<string>? otherwise = null)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"never saw: {awaited}. {otherwise?.Invoke()}");
            await Task.Delay(20);
        }
    }

    public void Dispose() => _folder.Delete(true);
}
