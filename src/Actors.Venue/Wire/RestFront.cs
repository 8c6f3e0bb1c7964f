using System.Globalization;
using Actors.Venue.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Actors.Venue.Wire;

/// <summary>
/// Answers REST requests: reads, signs off, counts, and hands what is left to the exchange's thread. Whatever a client sends ends in an
/// answer with an error body and the rate-limit headers; a status of 500 is a fault of ours and is logged.
/// </summary>
internal sealed class RestFront(VenueContext venue, ILogger logger)
{
    public const int BodyMax = 1024 * 1024;
    public const string Overloaded = "The system is currently overloaded. Please try again later.";

    private const string LimitHeader = "x-ratelimit-limit";

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var body = await ReadBodyAsync(http.Request);
            var answer = await AnswerAsync(http, body);
            await WriteAsync(http, 200, answer.Body, answer.ContentType);
        }
        catch (RequestException refusal)
        {
            await WriteAsync(http, refusal.Status, Json.Error(refusal.Message, refusal.Name));
        }
        catch (OverloadedException overload)
        {
            await WriteAsync(http, 503, Json.Error(overload.Message));
        }
        catch (ConnectionLostException)
        {
            http.Abort();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("A client went away before its answer");
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "A request failed: {Verb} {Path}", http.Request.Method, http.Request.Path);
            await WriteAsync(http, 500, Json.Error("An internal error occurred.", "Error"));
        }
    }

    /// <summary>Path and query exactly as sent: what was signed.</summary>
    public static string Target(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength == 0) return [];
        if (request.ContentLength > BodyMax) throw new RequestException(413, "The body is too large.");
        // A body whose length was told is read where it is kept.
        var body = new byte[request.ContentLength ?? 8_192];
        var length = 0;
        while (true)
        {
            int read;
            try
            {
                read = await request.Body.ReadAsync(body.AsMemory(length), request.HttpContext.RequestAborted);
            }
            catch (BadHttpRequestException malformed)
            {
                throw new RequestException(malformed.StatusCode, "The body cannot be read.");
            }

            length += read;
            if (read == 0) return body.AsSpan(0, length).ToArray();
            if (length == request.ContentLength) return body;
            if (length > BodyMax) throw new RequestException(413, "The body is too large.");
            if (length == body.Length) Array.Resize(ref body, body.Length * 2);
        }
    }

    private async Task<RestAnswer> AnswerAsync(HttpContext http, byte[] body)
    {
        var route = RestRoutes.Find(http.Request.Method, http.Request.Path.Value ?? "");
        var identity = Identify(http, body, route);
        Charge(http, identity);
        if (route is null) throw new RequestException(404, "Not Found");
        if (!route.Is(RouteTraits.Private)) identity = null;
        else if (!identity!.May(route.Permission)) throw new RequestException(403, "Access Denied: this key has no permission for it.");
        if (route.Is(RouteTraits.OrderLane)) ChargeOrder(http, identity!);
        var arguments = RequestArguments.Read(http.Request.QueryString.Value ?? "", http.Request.ContentType, body);
        var call = new RestCall(venue, arguments, identity);
        var fault = await SufferAsync(http, route, arguments, identity);
        var answer = await RunAsync(route, call, arguments);
        if (fault?.Kind == FaultKind.LoseAnswer) throw new ConnectionLostException();
        if (fault?.Kind == FaultKind.DelayAnswer)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.Milliseconds), venue.Options.Clock, http.RequestAborted);
        return TableQuery.Format(arguments, answer);
    }

    private Task<byte[]> RunAsync(RestRoute route, RestCall call, RequestArguments arguments) => route.Is(RouteTraits.Command)
        ? venue.Loop.RequestAsync(
            call.Identity?.Account.Number ?? 0, route.Verb, route.Path, arguments.ToJson(), () => route.Answer(call), route.Is(RouteTraits.Sheddable) && !IsPlainClose(route, arguments))
        : venue.Loop.QueryAsync(() => route.Answer(call));

    /// <summary>An order that closes a whole position is never shed, as cancels are not.</summary>
    private static bool IsPlainClose(RestRoute route, RequestArguments arguments) =>
        route is { Verb: "POST", Path: "/order" } && !arguments.Has("orderQty") && arguments.IsText("execInst")
        && (arguments.Text("execInst") ?? "").Split(',', StringSplitOptions.TrimEntries).Contains("Close", StringComparer.Ordinal);

    /// <summary>Lets a fault that was asked for happen; returns one that has still to happen after the execution.</summary>
    private async Task<FaultRequest?> SufferAsync(HttpContext http, RestRoute route, RequestArguments arguments, Identity? identity)
    {
        var symbol = arguments.IsText("symbol") ? arguments.Text("symbol") : null;
        var fault = venue.Faults.OnRequest(new FaultTag(identity?.Account.Name, symbol, route.Verb, route.Path));
        switch (fault?.Kind)
        {
            case FaultKind.Overload: throw new OverloadedException(Overloaded);
            case FaultKind.RateLimit: throw TooMany(http, (int)Math.Max(1, (fault.Milliseconds + 999) / 1_000));
            case FaultKind.LoseRequest: throw new ConnectionLostException();
            case FaultKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
                return null;
            default: return fault;
        }
    }

    /// <summary>Whoever sends a key is counted by it; a key that does not prove itself counts against its address.</summary>
    private Identity? Identify(HttpContext http, byte[] body, RestRoute? route)
    {
        var headers = http.Request.Headers;
        if (!headers.ContainsKey("api-key") && route?.Is(RouteTraits.Private) != true) return null;
        try
        {
            var credentials = new Credentials(headers["api-key"], headers["api-expires"], headers["api-signature"], headers["api-nonce"]);
            return venue.Authenticator.Check(credentials, http.Request.Method, Target(http), body, http.Connection.RemoteIpAddress);
        }
        catch (RequestException)
        {
            Charge(http, null);
            throw;
        }
    }

    private void Charge(HttpContext http, Identity? identity)
    {
        var verdict = identity is null
            ? venue.Limiter.TakeUnauthenticated(http.Connection.RemoteIpAddress?.ToString() ?? "")
            : venue.Limiter.TakeAuthenticated(identity.Account.Name);
        var headers = http.Response.Headers;
        headers[LimitHeader] = verdict.Limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset"] = (verdict.Reset + venue.Faults.ClockOffset).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (!verdict.IsAllowed) throw TooMany(http, verdict.RetryAfterSeconds);
    }

    private void ChargeOrder(HttpContext http, Identity identity)
    {
        var verdict = venue.Limiter.TakeOrder(identity.Account.Name);
        http.Response.Headers["x-ratelimit-remaining-1s"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        if (!verdict.IsAllowed) throw TooMany(http, verdict.RetryAfterSeconds);
    }

    private static RequestException TooMany(HttpContext http, int seconds)
    {
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return RequestException.RateLimit(seconds);
    }

    private async Task WriteAsync(HttpContext http, int status, byte[] body, string contentType = RestAnswer.Json)
    {
        // A request that could not even be read counts against its address.
        if (!http.Response.Headers.ContainsKey(LimitHeader))
        {
            try
            {
                Charge(http, null);
            }
            catch (RequestException tooMany)
            {
                (status, body) = (tooMany.Status, Json.Error(tooMany.Message, tooMany.Name));
            }
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>A fault that was asked for cuts the connection.</summary>
    private sealed class ConnectionLostException : Exception;
}
