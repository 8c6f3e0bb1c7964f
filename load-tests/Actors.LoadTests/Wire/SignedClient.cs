using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Actors.Bitmex;

namespace Actors.LoadTests.Wire;

/// <summary>
/// Sends signed requests of one account over a pool of connections. It is no client to trade with: it neither waits for limits nor repeats anything,
/// because a load wants to see what the venue does.
/// </summary>
public sealed class SignedClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ApiCredentials _credentials;

    /// <param name="address">The venue's REST, without a path.</param>
    /// <param name="key">Copied; the caller's to dispose.</param>
    /// <param name="connections">Most connections at once; more requests wait for one.</param>
    public SignedClient(Uri address, ApiKeyFile key, int connections)
    {
        ArgumentNullException.ThrowIfNull(key);
        _credentials = new ApiCredentials(key.Id, key.Secret.Span);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = connections })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>The answer's status and body; a broken connection throws <see cref="HttpRequestException"/>.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod verb, string pathAndQuery, string? body = null)
    {
        ArgumentNullException.ThrowIfNull(verb);
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body);
        var expires = Expires();
        using var request = new HttpRequestMessage(verb, pathAndQuery);
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-key", _credentials.KeyId);
        request.Headers.Add("api-signature", _credentials.Sign(verb.Method, pathAndQuery, expires, bytes));
        if (body is not null) request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>
    /// A request as it goes over a connection that is kept alive, signed for the next ten minutes: for whoever wants to send many and sign none of them
    /// while it counts.
    /// </summary>
    public byte[] Written(string verb, string pathAndQuery, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var expires = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds();
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} {pathAndQuery} HTTP/1.1\r\nHost: {_http.BaseAddress!.Authority}\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\napi-expires: {expires}\r\napi-key: {_credentials.KeyId}\r\napi-signature: {_credentials.Sign(verb, pathAndQuery, expires, bytes)}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. bytes];
    }

    /// <summary>What a socket sends to become the account's.</summary>
    public string Authentication()
    {
        var expires = Expires();
        return $$"""{"op":"authKeyExpires","args":["{{_credentials.KeyId}}",{{expires}},"{{_credentials.Sign("GET", Signer.RealtimePath, expires, [])}}"]}""";
    }

    public void Dispose()
    {
        _http.Dispose();
        _credentials.Dispose();
    }

    private static long Expires() => DateTimeOffset.UtcNow.AddSeconds(60).ToUnixTimeSeconds();
}
