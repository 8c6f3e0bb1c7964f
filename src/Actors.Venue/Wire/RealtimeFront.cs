using Actors.Bitmex;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Actors.Venue.Wire;

/// <summary>
/// Opens sockets below <c>/realtime</c>, with topics and authentication in the query if the client likes, and knows all that are open.
/// </summary>
internal sealed class RealtimeFront(VenueContext venue, ILogger logger)
{
    public const string Path = "/realtime";

    private readonly Lock _lock = new();
    private readonly HashSet<RealtimeSession> _sessions = [];
    private bool _isStopping;

    public async Task HandleAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest) throw new RequestException(400, "Expected a WebSocket upgrade.");
        var verdict = venue.Limiter.TakeSocket(http.Connection.RemoteIpAddress?.ToString() ?? "");
        if (!verdict.IsAllowed)
            throw new RequestException(429, $"Rate limit exceeded, retry in {verdict.RetryAfterSeconds} seconds.", "RateLimitError");
        var identity = Identify(http);
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var session = new RealtimeSession(socket, venue.Options) { Identity = identity, Address = http.Connection.RemoteIpAddress };
        if (!Enter(session)) return;
        try
        {
            session.Send(Welcome(verdict.Remaining));
            var commands = new RealtimeCommands(venue, session);
            await session.RunAsync(await OpenAsync(http, commands), http.RequestAborted);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "A socket failed");
            socket.Abort();
        }
        finally
        {
            await LeaveAsync(session);
        }
    }

    /// <summary>Cuts all sockets off and admits no more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            foreach (var session in _sessions) session.Cut("the venue stops");
        }
    }

    private static async Task<Func<ReadOnlyMemory<byte>, Task>> OpenAsync(HttpContext http, RealtimeCommands commands)
    {
        foreach (var topic in http.Request.Query["subscribe"].SelectMany(topics => (topics ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).Take(200))
        {
            await commands.SubscribeAsync(topic);
        }

        return commands.HandleAsync;
    }

    private Identity? Identify(HttpContext http)
    {
        var key = Either(http, "api-key");
        return key is null
            ? null
            : venue.Authenticator.Check(key, Either(http, "api-expires"), Either(http, "api-signature"), "GET", Signer.RealtimePath, [], http.Connection.RemoteIpAddress);
    }

    private static string? Either(HttpContext http, string name)
    {
        var value = http.Request.Headers[name];
        return StringValues.IsNullOrEmpty(value) ? http.Request.Query[name].FirstOrDefault() : value.ToString();
    }

    private bool Enter(RealtimeSession session)
    {
        lock (_lock)
        {
            if (!_isStopping) _sessions.Add(session);
            return !_isStopping;
        }
    }

    private async Task LeaveAsync(RealtimeSession session)
    {
        bool isStopping;
        lock (_lock)
        {
            _sessions.Remove(session);
            isStopping = _isStopping;
        }

        if (session.CutOff is { } reason)
            logger.LogInformation("A socket of {Account} ended: {Reason}", session.Identity?.Account.Name ?? "nobody", reason);
        if (isStopping) return;
        try
        {
            await venue.Loop.CommandAsync(() =>
            {
                foreach (var topic in session.Topics) venue.Subscriptions.Remove(topic, session);
                return true;
            });
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
        writer.WriteString("timestamp", WireNames.Timestamp(venue.Options.Clock.GetUtcNow()));
        writer.WriteString("docs", "https://www.bitmex.com/app/wsAPI");
        writer.WriteBoolean("heartbeatEnabled", false);
        writer.WriteStartObject("limit");
        writer.WriteNumber("remaining", remaining);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
