using System.Reflection;
using Actors.Bitmex;
using Actors.Domain.Port;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Host.Alerts;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Control;
using Actors.Host.Keys;
using Actors.Host.Running;
using Actors.Journal;
using Actors.Venue;
using Akka.Actor;
using Microsoft.Extensions.Logging;

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
        var profile = request.Configuration.ActorsProfile;
        var engineText = HoconFiles.Overlaid(HoconFiles.Default, EngineHocon, profile, []);
        var persistence = HoconFiles.Overlaid(HoconFiles.Default, PersistenceHocon, profile, PersistenceRequirements);
        if (request.Options.Clock is { } fast) (engineText, persistence) = (FastScheduler.Over(engineText, fast), FastScheduler.OverJournal(persistence, fast));
        var engine = ReadEngineConfiguration(engineText, request.Configuration.Settings.Switch);
        var parts = new StartedParts();
        try
        {
            var (address, port, watch) = await PortAsync(request, parts, cancellation).ConfigureAwait(false);
            var signer = request.Options.SignKeyFile is { } file ? CheckpointSigner.Read(file) : null;
            if (signer is not null) parts.Own(signer);
            var journal = JournalDatabase.Open(request.Journal);
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
            StopWhenDead(watch, session, request);
            parts.Own(ControlServer.Open(request.Data.ControlSocket, new RiskControl(session).AnswerAsync, request.Logs.CreateLogger<ControlServer>()));
            var restarts = request.Options.PartRestarts is > 0 and var count ? parts.Own(new PartRestarts(session, count, request.Time, request.Logs.CreateLogger<PartRestarts>())) : null;
            return new RunningSession(session, address.GetLeftPart(UriPartial.Authority), parts, restarts);
        }
        catch (Exception problem)
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            if (problem is VenueUnreachableException) throw new ProblemException(problem.Message);
            if (problem is EngineConfigurationException) throw new BrokenConfigurationException(problem.Message);
            if (problem is JournalException or ApiKeyFileException) throw new UsageException(problem.Message);
            throw;
        }
    }

    private static string CodeVersion =>
        typeof(RunComposition).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static EngineConfiguration ReadEngineConfiguration(string text, SwitchSettings deadMansSwitch)
    {
        try
        {
            return EngineConfiguration.Parse(Path.Combine(HoconFiles.Default, EngineHocon), text).Under(deadMansSwitch);
        }
        catch (EngineConfigurationException problem)
        {
            throw new BrokenConfigurationException(problem.Message);
        }
    }

    /// <summary>The way to the venue, with a key that the policy let pass, and a watch that hears when it dies. The port has its own copy of the secret.</summary>
    private static async Task<(Uri Address, BitmexVenuePort Port, KeyWatch Watch)> PortAsync(SessionRequest request, StartedParts parts, CancellationToken cancellation)
    {
        var log = request.Logs.CreateLogger(typeof(KeyGate));
        var (address, key) = await VenueAsync(request, parts, log, cancellation).ConfigureAwait(false);
        using var cleared = key;
        KeyWatch? watch = null;
        var options = new BitmexOptions
        {
            RestBase = address,
            KeyId = key.Id,
            Secret = key.Secret.Memory,
            Time = request.Time,
            KeyRefused = reason => watch?.Heard(reason),
        };
        var port = parts.Own(new BitmexVenuePort(request.Options.Clock is { } fast ? fast.Patient(options) : options));
        var used = FingerprintFile.Read(request.Data.Path);
        await KeyGate.PassAsync(key, port.OwnKeyAsync, request.Keys, VenuePlaces.Of(address), request.Options.Real, used, log, cancellation).ConfigureAwait(false);
        watch = parts.Own(new KeyWatch(port.OwnKeyAsync, request.Time, log));
        return (address, port, watch);
    }

    /// <summary>The venue that was named with its key, or the embedded one, which is started here and trades for its first demo account.</summary>
    private static async Task<(Uri Address, ApiKeyFile Key)> VenueAsync(SessionRequest request, StartedParts parts, ILogger log, CancellationToken cancellation)
    {
        var options = request.Options;
        if (options is { Venue: { } address, KeyFile: { } source })
        {
            var key = await new KeyReader(request.Keys, words => log.LogWarning("{Words:l}", words)).ReadAsync(source, cancellation).ConfigureAwait(false);
            request.Secrets.Add(key.Secret.Span);
            return (address, key);
        }

        var venue = parts.Own(await VenueVerb.StartAsync(0, request.Data.Venue, options.Seed, options.Market, EmbeddedLimits, request.Logs, request.Secrets, cancellation, priceFile: options.PriceFile, clock: request.Time).ConfigureAwait(false));
        // The venue's own file: its keys are worth nothing anywhere else, wherever the data folder is.
        return (venue.Address, ApiKeyFile.Read(Path.Combine(request.Data.Venue, "keys", venue.DemoKeys[0].Name + ".json")));
    }

    /// <summary>A key that dies stops the session in the safe order, as a fault; the switch stays armed where the venue takes no more requests.</summary>
    private static void StopWhenDead(KeyWatch watch, TradingSession session, SessionRequest request) => _ = watch.Dead.ContinueWith(
        dead =>
        {
            request.Alerts.Raise(new Alert(request.Time.GetUtcNow(), AlertKind.KeyRefused, session.SessionId, $"{dead.Result}; trading stops in the safe order"));
            session.Directory.Engine.Tell(new EngineMessages.Stop(dead.Result, true));
        },
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion,
        TaskScheduler.Default);

    /// <summary>The engine's session in the words of the run verb.</summary>
    private sealed class RunningSession(TradingSession session, string venue, StartedParts parts, PartRestarts? restarts) : IRunningSession
    {
        public string Venue => venue;

        public SessionView View => session.View;

        public Task<SessionSummary> Completion => session.Completion;

        public void RequestStop(string reason)
        {
            restarts?.Stop();
            session.StopAsync(reason);
        }

        public ValueTask DisposeAsync() => parts.DisposeAsync();
    }
}
