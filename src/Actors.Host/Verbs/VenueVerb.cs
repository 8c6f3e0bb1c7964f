using System.Text;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Data;
using Actors.Host.Logs;
using Actors.Host.Running;
using Actors.Venue;
using Actors.Venue.Listing;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Actors.Host.Verbs;

/// <summary><c>actors venue</c>: runs the venue alone until a signal. Scripts wait for its one line on the output.</summary>
internal sealed class VenueVerb(TextWriter output, TextWriter error)
{
    private const string ListingName = "venue-instruments.json";
    private const long UsualSeed = 1;

    public async Task<int> ExecuteAsync(VenueVerbOptions options)
    {
        using var data = DataDirectory.Open(options.DataDirectory);
        using var secrets = new SecretRegistry();
        await using var log = Logging.Configure(data.Logs, error, LogEventLevel.Information, secrets);
        using var logs = new SerilogLoggerFactory(log);
        using var signals = new StopSignals(() => Environment.Exit(ExitCode.Interrupted));
        var port = options.Port;
        for (var faults = options.FaultFile; ; faults = null)
        {
            var server = await StartAsync(port, data.Path, options.Seed, options.Market, Limits(options), logs, secrets, signals.Token, faults, options.PriceFile, options.FlowFile).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                port = server.Address.Port;
                await output.WriteLineAsync($"venue ready {server.Address.GetLeftPart(UriPartial.Authority)}").ConfigureAwait(false);
                await output.FlushAsync().ConfigureAwait(false);
                await Task.WhenAny(signals.Requested, server.Completion, server.RestartAsked).ConfigureAwait(false);
                if (server.Completion.Exception is { } fault)
                {
                    log.Fatal(fault, "the exchange stopped");
                    throw new ProblemException($"the exchange stopped: {fault.GetBaseException().Message}; {data.Logs} has the details");
                }

                if (signals.Requested.IsCompleted || !server.RestartAsked.IsCompleted) return ExitCode.Success;
            }
        }
    }

    private static VenueRateLimits Limits(VenueVerbOptions options)
    {
        var usual = new VenueRateLimits();
        return options.RequestsPerMinute is { } granted ? usual with { AuthenticatedPerMinute = granted } : usual;
    }

    /// <summary>Starts a venue for either verb, its secrets registered; its complaints become one line.</summary>
    public static async Task<VenueServer> StartAsync(
        int port,
        string folder,
        long? seed,
        MarketActivity market,
        VenueRateLimits limits,
        ILoggerFactory logs,
        SecretRegistry secrets,
        CancellationToken cancellation,
        string? faultFile = null,
        string? priceFile = null,
        string? flowFile = null,
        TimeProvider? clock = null)
    {
        var options = new VenueOptions
        {
            Port = port,
            Seed = seed ?? UsualSeed,
            Market = market,
            RateLimits = limits,
            DataDirectory = folder,
            FaultFile = faultFile,
            PriceFile = priceFile,
            FlowFile = flowFile,
            Clock = clock ?? TimeProvider.System,
            ListingFile = Path.Combine(ConfigurationFolder.Default, ListingName),
        };
        try
        {
            var server = await VenueServer.StartAsync(options, logs, cancellation).ConfigureAwait(false);
            foreach (var key in server.DemoKeys) secrets.Add(Encoding.UTF8.GetBytes(key.Secret));
            return server;
        }
        catch (Exception problem) when (problem is ListingException or VenueStartException)
        {
            throw new UsageException(problem.Message);
        }
    }
}
