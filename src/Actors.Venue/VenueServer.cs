using System.Globalization;
using System.Net;
using Actors.Venue.Faults;
using Actors.Venue.Inputs;
using Actors.Venue.Listing;
using Actors.Venue.Market;
using Actors.Venue.Snapshots;
using Actors.Venue.Tables;
using Actors.Venue.Trading;
using Actors.Venue.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Venue;

/// <summary>
/// Owns a running venue: the exchange with its background market, and its REST and WebSocket server on 127.0.0.1. Disposing stops it;
/// it never touches the process's signals, which belong to the host.
/// </summary>
public sealed class VenueServer : IAsyncDisposable
{
    private const long FirstDemoAccount = 200_001;

    private static readonly string[] DemoNames = ["alice", "bob"];

    private readonly WebApplication _application;
    private readonly VenueContext _venue;
    private readonly InputLog? _log;
    private readonly RealtimeFront _realtime;
    private readonly FaultActions _faults;

    private VenueServer(WebApplication application, VenueContext venue, InputLog? log, RealtimeFront realtime, FaultActions faults, IReadOnlyList<VenueKey> keys)
    {
        _application = application;
        _venue = venue;
        _log = log;
        _realtime = realtime;
        _faults = faults;
        DemoKeys = keys;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    /// <summary>Where REST is, without a path: <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Address { get; }

    /// <summary>Where the socket is: <c>ws://127.0.0.1:PORT/realtime</c>.</summary>
    public Uri RealtimeAddress => new UriBuilder(Address) { Scheme = "ws", Path = RealtimeFront.Path }.Uri;

    /// <summary>The keys of the funded demo accounts, alice and bob first. They hold secrets: never log them.</summary>
    public IReadOnlyList<VenueKey> DemoKeys { get; }

    /// <summary>Ends after the venue was disposed, or fails with the fault that stopped its exchange.</summary>
    public Task Completion => _venue.Loop.Completion;

    /// <summary>Ends when a fault asked for a restart: whoever owns the venue disposes it and starts another on the same folder and port.</summary>
    public required Task RestartAsked { get; init; }

    /// <summary>
    /// Starts a venue and returns when it accepts connections. Throws <see cref="ListingException"/> or <see
    /// cref="VenueStartException"/> with one line when the listing, the prices, the keys or the port cannot be used.
    /// </summary>
    public static async Task<VenueServer> StartAsync(VenueOptions options, ILoggerFactory? loggers = null, CancellationToken cancellation = default)
    {
        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<VenueServer>();
        var log = VenueMemory.Open(options);
        // Contracts that are dated from the start are dated from the first one.
        var listing = ListingFile.Read(options.ListingFile, Start(options, log));
        var prices = options.PriceFile is { } path ? PriceFile.Read(path, listing) : null;
        var flow = ReadFlow(options, listing);
        var keys = KeyStore.Load(options.DataDirectory, DemoNames);
        var more = KeyStore.LoadMore(options.DataDirectory, DemoNames);
        if (keys.Concat(more.Select(one => one.Key)).GroupBy(key => key.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new VenueStartException($"{options.DataDirectory}: key {twice.Key} is in two files of the keys folder; expected one");
        var venue = Compose(options, listing, keys, (prices, flow), log, logger, more);
        var realtime = new RealtimeFront(venue, logger);
        var rest = new RestFront(venue, logger);
        var restart = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var faults = new FaultActions(venue, which => realtime.Cut(which, "a fault was asked for"), () => restart.TrySetResult(), logger);
        var faultFront = new FaultFront(venue, faults);
        await AddScenarioAsync(options, venue, faults);
        var application = Build(options);
        application.Use((http, next) =>
        {
            RealtimeFront.Prepare(http);
            return next(http);
        });
        application.UseWebSockets();
        application.Run(http => http.Request.Path == FaultFront.Path ? faultFront.HandleAsync(http) : ServeAsync(http, realtime, rest));
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            await venue.Loop.DisposeAsync();
            await application.DisposeAsync();
            log?.Dispose();
            throw new VenueStartException($"port {options.Port} on 127.0.0.1 cannot be had: {exception.Message}", exception);
        }

        _ = venue.Loop.Completion.ContinueWith(
            stopped => logger.LogError(stopped.Exception, "The exchange stopped after a fault; everything is refused from now on"),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        return new VenueServer(application, venue, log, realtime, faults, [.. keys, .. more.Select(one => one.Key)]) { RestartAsked = restart.Task };
    }

    public async ValueTask DisposeAsync()
    {
        _faults.Dispose();
        _realtime.Stop();
        await _application.StopAsync();
        await _application.DisposeAsync();
        await _venue.Loop.DisposeAsync();
        // After a fault the state is in doubt: only what was written down before it counts.
        if (_venue.Loop.Completion.IsCompletedSuccessfully) _venue.Inputs?.Save();
        if (_venue.Snapshots is { } snapshots) await snapshots.Completion;
        _log?.Dispose();
    }

    /// <summary>The sockets that are open now.</summary>
    internal int OpenSockets => _realtime.Open;

    private static async Task AddScenarioAsync(VenueOptions options, VenueContext venue, FaultActions faults)
    {
        if (options.FaultFile is not { } path) return;
        try
        {
            foreach (var request in FaultRequest.Parse(await File.ReadAllBytesAsync(path))) await faults.AddAsync(request);
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException)
        {
            await venue.Loop.DisposeAsync();
            throw new VenueStartException($"{path}: {wrong.Message}", wrong);
        }
    }

    private static FlowFile? ReadFlow(VenueOptions options, VenueListing listing)
    {
        if (options.Market == MarketActivity.Recorded != options.FlowFile is not null)
            throw new VenueStartException("expected a recorded session for a recorded market, and only there");
        return options.FlowFile is { } path ? FlowFile.Read(path, listing) : null;
    }

    internal static VenueContext Compose(
        VenueOptions options,
        VenueListing listing,
        IReadOnlyList<VenueKey> keys,
        (PriceFile? Prices, FlowFile? Flow) recorded = default,
        InputLog? log = null,
        ILogger? logger = null,
        IReadOnlyList<(int Account, VenueKey Key)>? more = null)
    {
        var (subscriptions, sends) = (new Subscriptions(), new SendQueue());
        var publisher = new TablePublisher(subscriptions);
        var origin = log?.Origin ?? VenueMemory.Origin(options);
        var exchange = new Exchange(listing, origin.Seed, DateTimeOffset.FromUnixTimeMilliseconds(origin.Start), publisher);
        publisher.Now = () => exchange.Now;
        if (recorded.Prices is { } prices)
        {
            exchange.Prices.Source = new RecordedIndex(prices, exchange.Prices.Source, exchange.Now, () =>
                (logger ?? NullLogger.Instance).LogInformation("{File} is at its end: its indices hold their last prices from now on", prices.Path));
        }

        var identities = keys.Select((key, index) => new Identity(key, exchange.Open(FirstDemoAccount + index, key.Name, true, currency => currency.DemoDeposit))).ToList();
        identities.AddRange((more ?? []).Select(one => new Identity(one.Key, identities[one.Account].Account)).ToList());
        var top = new TopOfBookPublisher(exchange, subscriptions);
        var bins = new BinPublisher(exchange, subscriptions);
        publisher.Bins = bins;
        var records = new VenueRecords(subscriptions);
        records.Add(new AnnouncementRow(1, "A venue for trying things out", "Nothing that is traded here is worth anything.", "", exchange.Now));
        var faults = new FaultBox(options.Clock);
        publisher.Records = records;
        var state = new VenueState(exchange, records, bins);
        var snapshots = log is null ? null : new SnapshotFolder(options.DataDirectory!, problem => (logger ?? NullLogger.Instance).LogWarning("{Problem}", problem));
        var snapshot = Begin(state, origin, recorded.Flow, top, snapshots, log, logger ?? NullLogger.Instance);
        var writer = snapshots is null ? null : new SnapshotWriter(state, snapshots, options.SnapshotInterval, problem => (logger ?? NullLogger.Instance).LogWarning("{Problem}", problem));
        var inputs = log is null ? null : new InputRecorder(log, exchange, writer);
        var venue = new VenueContext(
            options,
            exchange,
            new ExchangeLoop(exchange, options.Clock, options.RequestQueue, faults, inputs, publisher, sends),
            publisher,
            top,
            bins,
            records,
            subscriptions,
            sends,
            new Partials(exchange, publisher, top, bins, records),
            new Authenticator(identities, new SkewedClock(options.Clock, faults), faults),
            new RateLimiter(options.RateLimits, options.Clock),
            faults,
            identities)
        {
            Inputs = inputs,
            Snapshots = writer,
        };
        if (inputs is not null) Recover(inputs, venue, snapshot, log!, logger ?? NullLogger.Instance);
        venue.Loop.Start();
        return venue;
    }

    /// <summary>Brings a composed exchange to where its newest snapshot has it, or starts it; returns the snapshot.</summary>
    private static VenueSnapshot? Begin(
        VenueState state, VenueOrigin origin, FlowFile? flow, TopOfBookPublisher top, SnapshotFolder? snapshots, InputLog? log, ILogger logger)
    {
        var exchange = state.Exchange;
        var snapshot = snapshots?.Newest(log!);
        if (snapshot is not null)
        {
            if (flow is not null) RecordedFlow.Restore(exchange, flow, Ended);
            Guarded(log!, () => snapshot.Restore(state));
            return snapshot;
        }

        exchange.Start();
        if (flow is not null) RecordedFlow.Start(exchange, flow, Ended);
        else exchange.Market = BackgroundMarket.Start(exchange, origin.Market);
        top.Start();
        state.Bins.Start();
        return null;

        void Ended(long refused) => logger.LogInformation("{File} is at its end: {LeftOut} of its levels and trades were off the listed prices, {Refused} were refused", flow!.Path, flow.LeftOut, refused);
    }

    private static DateTimeOffset Start(VenueOptions options, InputLog? log) =>
        log is null ? options.Clock.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(log.Origin.Start);

    /// <summary>A venue that cannot start leaves its folder to the next.</summary>
    private static void Guarded(InputLog log, Action start)
    {
        try
        {
            start();
        }
        catch (VenueStartException)
        {
            log.Dispose();
            throw;
        }
    }

    private static void Recover(InputRecorder inputs, VenueContext venue, VenueSnapshot? snapshot, InputLog log, ILogger logger)
    {
        Guarded(log, () =>
        {
            inputs.Recover(requested => VenueMemory.CarryOut(venue, requested), snapshot?.Head);
            VenueMemory.Adjust(inputs, venue, log.Origin);
        });
        if (log.TornBytes > 0) logger.LogWarning("The last {Bytes} bytes of the inputs were cut off when the venue ended; that request was never carried out", log.TornBytes);
        if (snapshot is not null || inputs.Replayed > 0)
        {
            logger.LogInformation("The venue is as it was at {Time:O}: {Requests} requests carried out again after {Snapshot}", venue.Exchange.Now, inputs.Replayed, snapshot?.Path ?? "the beginning");
        }
    }

    private static WebApplication Build(VenueOptions options)
    {
        // The empty builder reads no environment, no settings file and no console: a venue is what its options say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RestFront.BodyMax + 1;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.WebHost.UseSockets(sockets =>
        {
            // Nothing that serves a request blocks, so it may run where its bytes came in; and there are never many connections that are idle.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        return builder.Build();
    }

    private static async Task ServeAsync(HttpContext http, RealtimeFront realtime, RestFront rest)
    {
        if (!RealtimeFront.Serves(http.Request.Path))
        {
            await rest.HandleAsync(http);
            return;
        }

        try
        {
            await realtime.HandleAsync(http);
        }
        catch (RequestException refusal) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = refusal.Status;
            if (refusal.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.Body.WriteAsync(Json.Error(refusal.Message, refusal.Name), http.RequestAborted);
        }
    }

    /// <summary>Signals and the console are the host's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
