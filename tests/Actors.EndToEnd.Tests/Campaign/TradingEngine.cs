using System.Globalization;
using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Domain.Switch;
using Actors.EndToEnd.Tests.Support;
using Actors.Engine.Session;
using Actors.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>An engine that trades on a real venue: as a process of its own, or in this one, where its actors and its clock can be reached.</summary>
internal interface ITradingEngine : IAsyncDisposable
{
    /// <summary>What it says of itself, for a failure.</summary>
    string Describe();
}

/// <summary>The real executable, and what can be done to a process and its files.</summary>
internal sealed class EngineProcess(CampaignFolder folder, Uri venue) : ITradingEngine
{
    private ActorsProcess _process = folder.StartEngine(venue);

    public async Task KillAsync() => await _process.KillAsync();

    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = folder.StartEngine(venue);
    }

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    /// <summary>Takes the journal's lock for as long as the answer is held.</summary>
    public SqliteConnection LockJournal()
    {
        var other = new SqliteConnection($"Data Source={Path.Combine(folder.Engine, "journal", "journal.db")};Pooling=False;Default Timeout=60");
        other.Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        begin.ExecuteNonQuery();
        return other;
    }

    public string Describe() => string.Join('\n', [.. _process.Output.TakeLast(40), .. _process.Error]);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary>A session in this process, composed as the host does it.</summary>
internal sealed class EngineInProcess : ITradingEngine
{
    private readonly Func<FaultyClock, Task<(BitmexVenuePort, TradingSession)>> _start;
    private BitmexVenuePort _port = null!;
    private TradingSession _session = null!;

    private EngineInProcess(Func<FaultyClock, Task<(BitmexVenuePort, TradingSession)>> start) => _start = start;

    public FaultyClock Clock { get; private set; } = null!;

    /// <summary>Every part whose hanging must end the beat.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    [
        PartNames.Engine, PartNames.Chronicle, PartNames.Risk, PartNames.Orders, PartNames.Gateway, PartNames.Connection, PartNames.Switch,
        PartNames.Account, PartNames.Recorder, PartNames.Position(Perpetual), PartNames.Book(Perpetual), PartNames.Strategy("grid"),
    ];

    private static Symbol Perpetual => new("XBTUSD");

    public static async Task<EngineInProcess> StartAsync(CampaignFolder folder, Uri venue, TimeSpan timeout)
    {
        var engine = new EngineInProcess(clock => ComposeAsync(folder, venue, timeout, clock));
        await engine.BeginAsync();
        return engine;
    }

    /// <summary>Ends the session without an orderly stop and begins another on the same journal, with a clock that is right.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        await BeginAsync();
    }

    public string Describe()
    {
        var view = _session.View;
        return string.Create(CultureInfo.InvariantCulture, $"phase {view.Phase} ({view.Reason}); switch {view.Switch}; {string.Join('\n', view.Events)}");
    }

    public async ValueTask DisposeAsync()
    {
        Clock.Release();
        await _session.DisposeAsync();
        await _port.DisposeAsync();
        Clock.Dispose();
    }

    private async Task BeginAsync()
    {
        Clock = new FaultyClock();
        (_port, _session) = await _start(Clock);
    }

    private static async Task<(BitmexVenuePort Port, TradingSession Session)> ComposeAsync(CampaignFolder folder, Uri venue, TimeSpan timeout, FaultyClock clock)
    {
        using var key = ApiKeyFile.Read(folder.KeyFile);
        var port = new BitmexVenuePort(new BitmexOptions { RestBase = venue, KeyId = key.Id, Secret = key.Secret.Memory, Time = clock });
        var hocon = Path.Combine(AppContext.BaseDirectory, "hocon");
        var engine = Path.Combine(hocon, "engine.conf");
        var session = await TradingSession.StartAsync(
            new SessionStart
            {
                Settings = Settings(timeout),
                Venue = port,
                Journal = JournalDatabase.Open(new JournalLocation.SqliteDirectory(Path.Combine(folder.Engine, "journal"))),
                Configuration = EngineConfiguration.Parse(engine, File.ReadAllText(engine)),
                PersistenceTunables = File.ReadAllText(Path.Combine(hocon, "persistence.conf")),
                Clock = clock,
                Logs = NullLoggerFactory.Instance,
                CodeVersion = "campaign",
                ConfigurationText = "",
            },
            CancellationToken.None);
        return (port, session);
    }

    private static SessionSettings Settings(TimeSpan timeout) => new()
    {
        Strategies = [new GridParameters("grid", Perpetual, 3, 100, new Quantity(100), new Quantity(1000)), new QuotingParameters("quote", Perpetual, new Quantity(100), 100, 2, 4, new Quantity(1000))],
        Limits = new RiskLimits([Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 5), .. RiskLimits.Basic(Perpetual, 1000, 4000, 20, 0.05m)]),
        Switch = new SwitchSettings { Timeout = timeout },
        ReconcileInterval = TimeSpan.FromSeconds(5),
    };
}
