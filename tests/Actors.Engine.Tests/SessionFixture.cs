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

    public TimeSpan SwitchTimeout { get; init; } = TimeSpan.FromSeconds(8);

    public static string Hocon(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", file));

    public async Task<TradingSession> StartAsync()
    {
        var settings = new SessionSettings
        {
            Strategies = [new GridParameters("grid", FakeVenue.Symbol, 2, 4, new Quantity(10), new Quantity(100))],
            Limits = new RiskLimits
            {
                OrdersPerSecondMax = 100,
                Instruments =
                [
                    new InstrumentLimits
                    {
                        Symbol = FakeVenue.Symbol,
                        OrderQuantityMax = new Quantity(100),
                        PositionMax = new Quantity(200),
                        OpenOrdersMax = 20,
                        PriceDistanceMax = 0.5m,
                    },
                ],
            },
            Switch = new SwitchSettings { Timeout = SwitchTimeout },
            ReconcileInterval = TimeSpan.FromSeconds(1),
        };
        return await TradingSession.StartAsync(
            new SessionStart
            {
                Settings = settings,
                Venue = Venue,
                Journal = JournalDatabase.Open(new JournalLocation.SqliteDirectory(Folder)),
                PersistenceTunables = Hocon("persistence.conf"),
                Configuration = EngineConfiguration.Parse("engine.conf", Hocon("engine.conf")
                    .Replace("lost-after = 12s", "lost-after = 1s", StringComparison.Ordinal)
                    .Replace("refused-pause = 1s", "refused-pause = 200ms", StringComparison.Ordinal)),
                Clock = TimeProvider.System,
                Logs = NullLoggerFactory.Instance,
                CodeVersion = "test",
                ConfigurationText = "{}",
            },
            CancellationToken.None);
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
