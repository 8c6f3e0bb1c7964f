using System.Reflection;
using System.Text;
using Actors.Bitmex;
using Actors.Domain.Port;
using Actors.Engine.Session;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Running;
using Actors.Journal;
using Actors.Venue;

namespace Actors.Host.Verbs;

/// <summary>Puts a session together: the venue or the way to one, the port, the journal, the engine. What was started ends in the reverse order.</summary>
internal static class RunComposition
{
    private const string EngineHocon = "engine.conf";
    private const string PersistenceHocon = "persistence.conf";

    /// <summary>
    /// Ten times the requests a minute that the real venue gave a new key, as it gave large accounts on request: a busy market is worth watching. The venue
    /// alone keeps the real limits.
    /// </summary>
    private static readonly VenueRateLimits EmbeddedLimits = new() { AuthenticatedPerMinute = 1_200 };

    /// <summary>What the journal cannot do without; the plugin would take its own defaults in silence, which are not safe ones.</summary>
    private static readonly HoconRequirement[] PersistenceRequirements =
    [
        new("akka.persistence.journal-plugin-fallback.recovery-event-timeout", HoconKind.Duration),
        new("akka.persistence.journal-plugin-fallback.circuit-breaker.max-failures", HoconKind.Integer),
        new("akka.persistence.journal-plugin-fallback.circuit-breaker.call-timeout", HoconKind.Duration),
        new("akka.persistence.journal-plugin-fallback.circuit-breaker.reset-timeout", HoconKind.Duration),
        new("akka.persistence.journal-plugin-fallback.replay-filter.mode", HoconKind.Text),
        new("akka.persistence.journal.sql.buffer-size", HoconKind.Integer),
        new("akka.persistence.journal.frames.buffer-size", HoconKind.Integer),
    ];

    /// <summary>A <see cref="SessionStarter"/>.</summary>
    public static async Task<IRunningSession> StartAsync(SessionRequest request, CancellationToken cancellation)
    {
        var engineText = HoconFiles.Read(HoconFiles.Default, EngineHocon, []);
        var engine = ReadEngineConfiguration(engineText);
        var persistence = HoconFiles.Read(HoconFiles.Default, PersistenceHocon, PersistenceRequirements);
        var parts = new StartedParts();
        try
        {
            var (address, key) = await VenueAsync(request, parts, cancellation).ConfigureAwait(false);
            var port = parts.Own(new BitmexVenuePort(new BitmexOptions { RestBase = address, KeyId = key.Id, Secret = key.Secret, Time = request.Time }));
            Array.Clear(key.Secret); // the port has its own copy
            var signer = request.Options.SignKeyFile is { } file ? CheckpointSigner.Read(file) : null;
            if (signer is not null) parts.Own(signer);
            var journal = JournalDatabase.Open(new JournalLocation.SqliteDirectory(request.Data.Journal));
            parts.Own(journal);
            var start = new SessionStart
            {
                Settings = request.Configuration.Settings,
                Venue = port,
                Journal = journal,
                Configuration = engine,
                PersistenceTunables = persistence,
                Clock = request.Time,
                Logs = request.Logs,
                CodeVersion = CodeVersion,
                Signer = signer,
                ConfigurationText = $"{request.Configuration.Text}// {EngineHocon}\n{engineText}\n// {PersistenceHocon}\n{persistence}\n",
            };
            var session = parts.Own(await TradingSession.StartAsync(start, cancellation).ConfigureAwait(false));
            return new RunningSession(session, address.GetLeftPart(UriPartial.Authority), parts);
        }
        catch (Exception problem)
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            if (problem is VenueUnreachableException) throw new ProblemException(problem.Message);
            if (problem is JournalException or ApiKeyFileException) throw new UsageException(problem.Message);
            throw;
        }
    }

    private static string CodeVersion =>
        typeof(RunComposition).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static EngineConfiguration ReadEngineConfiguration(string text)
    {
        try
        {
            return EngineConfiguration.Parse(Path.Combine(HoconFiles.Default, EngineHocon), text);
        }
        catch (EngineConfigurationException problem)
        {
            throw new BrokenConfigurationException(problem.Message);
        }
    }

    /// <summary>The venue that was named with its key, or the embedded one, which is started here and trades for its first demo account.</summary>
    private static async Task<(Uri Address, (string Id, byte[] Secret) Key)> VenueAsync(SessionRequest request, StartedParts parts, CancellationToken cancellation)
    {
        var options = request.Options;
        if (options is { Venue: { } address, KeyFile: { } file })
        {
            var key = ApiKeyFile.Read(file);
            request.Secrets.Add(Encoding.UTF8.GetString(key.Secret));
            return (address, (key.Id, key.Secret));
        }

        var venue = parts.Own(await VenueVerb.StartAsync(0, request.Data.Venue, options.Seed, options.Market, EmbeddedLimits, request.Logs, request.Secrets, cancellation).ConfigureAwait(false));
        var demo = venue.DemoKeys[0];
        return (venue.Address, (demo.Id, Encoding.UTF8.GetBytes(demo.Secret)));
    }

    /// <summary>The engine's session in the words of the run verb.</summary>
    private sealed class RunningSession(TradingSession session, string venue, StartedParts parts) : IRunningSession
    {
        public string Venue => venue;

        public SessionView View => session.View;

        public Task<SessionSummary> Completion => session.Completion;

        public void RequestStop(string reason) => session.StopAsync(reason);

        public ValueTask DisposeAsync() => parts.DisposeAsync();
    }
}
