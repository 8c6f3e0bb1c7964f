using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Actors.Bitmex.Rest;

/// <summary>
/// Owns one pool of connections to the REST service; signs the exact bytes it sends. Never throws for what a network or a venue does:
/// a <see cref="RestAnswer"/> says how far the request came.
/// </summary>
internal sealed class RestTransport : IDisposable
{
    private const long AnswerBytesMax = 64 * 1024 * 1024;

    private readonly HttpClient _client;
    private readonly ApiCredentials _credentials;
    private readonly TimeProvider _time;
    private readonly TimeSpan _signatureLife;
    private readonly Action<string>? _keyRefused;

    public RestTransport(BitmexOptions options, ApiCredentials credentials, int connections)
    {
        (_credentials, _time, _signatureLife, _keyRefused) = (credentials, options.Time, options.SignatureLife, options.KeyRefused);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !options.RestBase.IsLoopback,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = connections,
            // The venue keeps idle connections for 90 s: leave before it does.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        })
        {
            BaseAddress = options.RestBase,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    /// <summary>
    /// Sends one request. Everything that changes orders must carry a body: the handler silently repeats a request without one when a pooled
    /// connection turns out to be closed, and never one whose body was begun. With <paramref name="until"/> the signature expires before then by the venue's clock,
    /// and a request that could not arrive any more is not sent.
    /// </summary>
    public async Task<RestAnswer> SendAsync(
        HttpMethod method, string pathAndQuery, byte[]? body, TimeSpan timeout, CancellationToken cancellation, DateTimeOffset? until = null)
    {
        var now = _time.GetUtcNow();
        var expires = (now + _signatureLife).ToUnixTimeSeconds();
        // Whether a signature is still good during the second it names was never published (our own venue takes it): one second less is right either way.
        if (until is { } bound) expires = Math.Min(expires, bound.ToUnixTimeSeconds() - 1);
        if (expires <= now.ToUnixTimeSeconds()) return RestAnswer.NotSent("too late to be carried out in time");
        using var deadline = new CancellationTokenSource(timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var request = Request(method, pathAndQuery, body, expires);
            using var response = await _client.SendAsync(request, both.Token);
            var content = await response.Content.ReadAsByteArrayAsync(both.Token);
            var answer = RestAnswer.From((int)response.StatusCode, content, response.Headers);
            if (answer.IsKeyRefusal) _keyRefused?.Invoke(answer.Reason);
            return answer;
        }
        catch (HttpRequestException broken)
        {
            return broken.HttpRequestError is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                ? RestAnswer.NotSent($"cannot connect: {broken.Message}")
                : RestAnswer.None($"connection broken: {broken.Message}");
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            return RestAnswer.None($"connection broken: {broken.Message}");
        }
        catch (OperationCanceledException)
        {
            return RestAnswer.None(cancellation.IsCancellationRequested
                ? "given up while waiting for the answer"
                : $"no answer within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string pathAndQuery, byte[]? body, long expires)
    {
        var request = new HttpRequestMessage(method, pathAndQuery) { Version = HttpVersion.Version11 };
        // What is signed is what the handler will send: the path as the address class spells it.
        var target = new Uri(_client.BaseAddress!, pathAndQuery).PathAndQuery;
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-key", _credentials.KeyId);
        request.Headers.Add("api-signature", _credentials.Sign(method.Method, target, expires, body));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }
}
