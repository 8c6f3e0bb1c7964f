using System.Globalization;
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
    public const string Base = "/api/v1";
    public const int BodyMax = 1024 * 1024;

    private static readonly Dictionary<(string Verb, string Path), RestRoute> Routes =
        MarketRoutes.All().Concat(AccountRoutes.All()).Concat(OrderRoutes.All()).ToDictionary(route => (route.Verb, route.Path));

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var body = await ReadBodyAsync(http.Request);
            await WriteAsync(http, 200, await AnswerAsync(http, body));
        }
        catch (RequestException refusal)
        {
            await WriteAsync(http, refusal.Status, Json.Error(refusal.Message, refusal.Name));
        }
        catch (OverloadedException overload)
        {
            await WriteAsync(http, 503, Json.Error(overload.Message));
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
        if (request.ContentLength > BodyMax) throw new RequestException(413, "The body is too large.");
        using var buffer = new MemoryStream();
        var chunk = new byte[8_192];
        while (true)
        {
            int read;
            try
            {
                read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted);
            }
            catch (BadHttpRequestException malformed)
            {
                throw new RequestException(malformed.StatusCode, "The body cannot be read.");
            }

            if (read == 0) return buffer.ToArray();
            buffer.Write(chunk, 0, read);
            if (buffer.Length > BodyMax) throw new RequestException(413, "The body is too large.");
        }
    }

    private async Task<byte[]> AnswerAsync(HttpContext http, byte[] body)
    {
        var path = http.Request.Path.Value ?? "";
        var route = path.StartsWith(Base, StringComparison.Ordinal) ? Routes.GetValueOrDefault((http.Request.Method, path[Base.Length..].TrimEnd('/'))) : null;
        var identity = Identify(http, body, route);
        Charge(http, venue.Limiter.TakeAuthenticated, venue.Limiter.TakeUnauthenticated, identity);
        if (route is null) throw new RequestException(404, "Not Found");
        if (!route.Is(RouteTraits.Private)) identity = null;
        else if (!identity!.May(route.Permission)) throw new RequestException(403, "Access Denied: this key has no permission for it.");
        if (route.Is(RouteTraits.OrderLane)) ChargeOrder(http, identity!);
        var arguments = RequestArguments.Read(http.Request.QueryString.Value ?? "", http.Request.ContentType, body);
        var call = new RestCall(venue.Exchange, venue.Publisher, venue.Top, arguments, identity, venue.Identities);
        return route.Is(RouteTraits.Command)
            ? await venue.Loop.CommandAsync(() => route.Answer(call), route.Is(RouteTraits.Sheddable))
            : await venue.Loop.QueryAsync(() => route.Answer(call));
    }

    /// <summary>Whoever sends a key is counted by it; a key that does not prove itself counts against its address.</summary>
    private Identity? Identify(HttpContext http, byte[] body, RestRoute? route)
    {
        var headers = http.Request.Headers;
        if (!headers.ContainsKey("api-key") && route?.Is(RouteTraits.Private) != true) return null;
        try
        {
            return venue.Authenticator.Check(
                headers["api-key"], headers["api-expires"], headers["api-signature"], http.Request.Method, Target(http), body, http.Connection.RemoteIpAddress);
        }
        catch (RequestException)
        {
            Charge(http, venue.Limiter.TakeAuthenticated, venue.Limiter.TakeUnauthenticated, null);
            throw;
        }
    }

    private static void Charge(HttpContext http, Func<string, RateVerdict> byAccount, Func<string, RateVerdict> byAddress, Identity? identity)
    {
        var verdict = identity is null ? byAddress(http.Connection.RemoteIpAddress?.ToString() ?? "") : byAccount(identity.Account.Name);
        var headers = http.Response.Headers;
        headers["x-ratelimit-limit"] = verdict.Limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset"] = verdict.Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        RefuseRate(http, verdict);
    }

    private void ChargeOrder(HttpContext http, Identity identity)
    {
        var verdict = venue.Limiter.TakeOrder(identity.Account.Name);
        http.Response.Headers["x-ratelimit-remaining-1s"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        RefuseRate(http, verdict);
    }

    private static void RefuseRate(HttpContext http, RateVerdict verdict)
    {
        if (verdict.IsAllowed) return;
        http.Response.Headers.RetryAfter = verdict.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        throw new RequestException(429, $"Rate limit exceeded, retry in {verdict.RetryAfterSeconds} seconds.", "RateLimitError");
    }

    private static async Task WriteAsync(HttpContext http, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
