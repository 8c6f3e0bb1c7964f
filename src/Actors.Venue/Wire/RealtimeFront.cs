using Actors.Bitmex;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Actors.Venue.Wire;

/// <summary>
/// Opens sockets below <c>/realtime</c>, with topics and authentication in the query if the client likes, and knows all that are open.
/// </summary>
internal sealed class RealtimeFront(VenueContext venue, ILogger logger)
{
    public const string Path = "/realtime";
    public const string PlatformPath = "/realtimePlatform";
    public const string MultiplexPath = "/realtimemd";

    private readonly Lock _lock = new();
    private readonly Dictionary<RealtimeSocket, List<RealtimeSession>> _sockets = [];
    private bool _isStopping;

    public static bool Serves(PathString path) => path == Path || path == PlatformPath || path == MultiplexPath;

    /// <summary>To be called before the library looks at the request.</summary>
    public static void Prepare(HttpContext http)
    {
        if (!Serves(http.Request.Path) || http.Features.Get<IHttpUpgradeFeature>() is not { } server) return;
        var upgrade = new FrameUpgrade(server);
        http.Features.Set<IHttpUpgradeFeature>(upgrade);
        http.Features.Set(upgrade);
    }

    /// <summary>Sockets that are open now.</summary>
    public int Open
    {
        get
        {
            lock (_lock) return _sockets.Count;
        }
    }

    public async Task HandleAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest) throw new RequestException(400, "Expected a WebSocket upgrade.");
        var verdict = venue.Limiter.TakeSocket(http.Connection.RemoteIpAddress?.ToString() ?? "");
        if (!verdict.IsAllowed) throw RequestException.RateLimit(verdict.RetryAfterSeconds);
        var identity = Identify(http);
        if (venue.Faults.RefusesSocket(identity?.Account.Name)) throw new RequestException(503, RestFront.Overloaded);
        using var webSocket = await http.WebSockets.AcceptWebSocketAsync();
        var stream = http.Features.GetRequiredFeature<FrameUpgrade>().Stream ?? throw new InvalidOperationException("the connection was upgraded past the frame stream");
        var socket = new RealtimeSocket(webSocket, stream, venue.Sends, venue.Options);
        if (!Enter(socket)) return;
        try
        {
            await venue.Loop.CommandAsync(() => venue.Records.Connect(1));
            RealtimeSession New(IFrameOutlet outlet) => Begin(socket, outlet, identity, http, verdict.Remaining);
            await (http.Request.Path == MultiplexPath ? ServeStreamsAsync(socket, New, http) : ServeAsync(socket, New(socket), http));
        }
        catch (OverloadedException stopped)
        {
            logger.LogDebug("A socket came while the exchange was stopped: {Reason}", stopped.Message);
            webSocket.Abort();
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "A socket failed");
            webSocket.Abort();
        }
        finally
        {
            await LeaveAsync(socket);
        }
    }

    /// <summary>Cuts sockets off by who they are; returns how many.</summary>
    public int Cut(Func<Identity?, bool> which, string reason)
    {
        lock (_lock)
        {
            var cut = _sockets.Where(entry => entry.Value.Count == 0 ? which(null) : entry.Value.Any(session => which(session.Identity))).Select(entry => entry.Key).ToList();
            foreach (var socket in cut) socket.Cut(reason);
            return cut.Count;
        }
    }

    /// <summary>Cuts all sockets off and admits no more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            foreach (var socket in _sockets.Keys) socket.Cut("the venue stops");
        }
    }

    private async Task ServeAsync(RealtimeSocket socket, RealtimeSession session, HttpContext http)
    {
        var commands = new RealtimeCommands(venue, session);
        foreach (var topic in http.Request.Query["subscribe"].SelectMany(topics => (topics ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).Take(RealtimeCommands.TopicsMax))
        {
            await commands.SubscribeAsync(topic);
        }

        await socket.RunAsync(commands.HandleAsync, http.RequestAborted);
    }

    private async Task ServeStreamsAsync(RealtimeSocket socket, Func<IFrameOutlet, RealtimeSession> open, HttpContext http)
    {
        var streams = new MultiplexStreams(socket, open, session => new RealtimeCommands(venue, session), session => ForgetAsync(socket, session));
        try
        {
            await socket.RunAsync(streams.HandleAsync, http.RequestAborted);
        }
        finally
        {
            await streams.CloseAllAsync();
        }
    }

    private RealtimeSession Begin(RealtimeSocket socket, IFrameOutlet outlet, Identity? identity, HttpContext http, int remaining)
    {
        var session = new RealtimeSession(outlet, venue.Faults) { Identity = identity, Address = http.Connection.RemoteIpAddress };
        lock (_lock)
        {
            if (_sockets.TryGetValue(socket, out var sessions)) sessions.Add(session);
        }

        session.Send(Welcome(remaining));
        return session;
    }

    private Identity? Identify(HttpContext http)
    {
        var key = Either(http, "api-key");
        return key is null
            ? null
            : venue.Authenticator.Check(
                new Credentials(key, Either(http, "api-expires"), Either(http, "api-signature"), Either(http, "api-nonce")), "GET", Signer.RealtimePath, [], http.Connection.RemoteIpAddress);
    }

    private static string? Either(HttpContext http, string name)
    {
        var value = http.Request.Headers[name];
        return StringValues.IsNullOrEmpty(value) ? http.Request.Query[name].FirstOrDefault() : value.ToString();
    }

    private bool Enter(RealtimeSocket socket)
    {
        lock (_lock)
        {
            if (!_isStopping) _sockets.Add(socket, []);
            return !_isStopping;
        }
    }

    private async Task LeaveAsync(RealtimeSocket socket)
    {
        List<RealtimeSession> sessions;
        lock (_lock)
        {
            _sockets.Remove(socket, out var mine);
            sessions = mine ?? [];
        }

        if (socket.CutOff is { } reason)
            logger.LogInformation("A socket of {Account} ended: {Reason}", sessions.FirstOrDefault()?.Identity?.Account.Name ?? "nobody", reason);
        foreach (var session in sessions) await UnsubscribeAsync(session);
        await RunAsync(() => venue.Records.Connect(-1));
    }

    private async Task ForgetAsync(RealtimeSocket socket, RealtimeSession session)
    {
        lock (_lock)
        {
            if (_sockets.TryGetValue(socket, out var sessions)) sessions.Remove(session);
        }

        await UnsubscribeAsync(session);
    }

    private Task UnsubscribeAsync(RealtimeSession session) => RunAsync(() =>
    {
        foreach (var topic in session.Topics) venue.Subscriptions.Remove(topic, session);
        session.Topics.Clear();
        return true;
    });

    private async Task RunAsync(Func<bool> command)
    {
        try
        {
            await venue.Loop.CommandAsync(command);
        }
        catch (OverloadedException stopped)
        {
            logger.LogDebug("A socket left while the exchange was stopped: {Reason}", stopped.Message);
        }
    }

    private byte[] Welcome(int remaining) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("info", "Welcome to the BitMEX Realtime API.");
        writer.WriteString("version", "2026-02-03T00:00:00.000Z");
        writer.WriteString("timestamp", WireNames.Timestamp(venue.Options.Clock.GetUtcNow() + venue.Faults.ClockOffset));
        writer.WriteString("docs", "https://www.bitmex.com/app/wsAPI");
        writer.WriteBoolean("heartbeatEnabled", false);
        writer.WriteStartObject("limit");
        writer.WriteNumber("remaining", remaining);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
