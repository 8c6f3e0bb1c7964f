using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Actors.Guard;

/// <summary>The venue refused, failed, or did not answer in time. Status 0: there was no answer.</summary>
internal sealed class VenueException(string message, int status, TimeSpan? retryAfter = null) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>How long the venue asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>
/// The venue's REST interface, as far as a guard needs it: reading the account, cancelling, closing. Requests are signed with
/// HMAC-SHA256 over verb, path with query, expiry and body, exactly as sent.
/// </summary>
internal sealed class VenueClient : IDisposable
{
    private const string Base = "/api/v1";
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    private readonly Key _key;
    private readonly Uri _venue;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public VenueClient(Key key, Uri venue, TimeProvider clock)
    {
        (_key, _venue, _clock) = (key, venue, clock);
        // No redirects and no proxy: what is signed for the venue goes to the venue.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(4), MaxResponseContentBufferSize = 16 * 1024 * 1024 };
    }

    /// <summary>What the venue last said it would still grant this account within the minute; null until it said so.</summary>
    public int? RequestsLeft { get; private set; }

    /// <summary>Lower-case hex, as the venue's published vectors have it.</summary>
    public static string Sign(byte[] secret, string verb, string pathAndQuery, long expires, string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(verb + pathAndQuery + expires.ToString(CultureInfo.InvariantCulture) + body)));

    public Task<IReadOnlyList<JsonElement>> PositionsAsync(CancellationToken stop) => RowsAsync("/position?count=500", stop);

    public Task<IReadOnlyList<JsonElement>> MarginsAsync(CancellationToken stop) => RowsAsync("/user/margin?currency=all", stop);

    public Task<IReadOnlyList<JsonElement>> WalletsAsync(CancellationToken stop) => RowsAsync("/user/wallet?currency=all", stop);

    public Task<IReadOnlyList<JsonElement>> OpenOrdersAsync(CancellationToken stop) => RowsAsync("/order?count=500&reverse=true&filter=%7B%22open%22%3Atrue%7D", stop);

    /// <summary>What this key may do; null when the venue does not list it.</summary>
    public async Task<IReadOnlyList<string>?> PermissionsAsync(CancellationToken stop)
    {
        var own = (await RowsAsync("/apiKey", stop)).FirstOrDefault(row => row.TryGetProperty("id", out var id) && id.ValueEquals(_key.Id));
        return own.ValueKind == JsonValueKind.Object && own.TryGetProperty("permissions", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => item.ToString()).ToList()
            : null;
    }

    public Task<JsonElement> CancelAllAsync(CancellationToken stop) => SendAsync("DELETE", "/order/all", Body(writer => writer.WriteString("text", "actors-guard")), stop);

    public Task<JsonElement> CancelAsync(IEnumerable<string> orderIds, CancellationToken stop) => SendAsync("DELETE", "/order", Body(writer =>
    {
        writer.WriteStartArray("orderID");
        foreach (var id in orderIds) writer.WriteStringValue(id);
        writer.WriteEndArray();
    }), stop);

    /// <summary>
    /// Closes a position at the market. A close without a quantity is exempt from the venue's load shedding; a venue that does not know
    /// it gets the reduce-only order instead. Neither can open or turn a position.
    /// </summary>
    public async Task CloseAsync(Position position, CancellationToken stop)
    {
        try
        {
            await SendAsync("POST", "/order", Order(position, "Close", writer => { }), stop);
        }
        catch (VenueException refused) when (refused.Status == 400)
        {
            await SendAsync("POST", "/order", Order(position, "ReduceOnly", writer => writer.WriteNumber("orderQty", Math.Abs(position.Quantity))), stop);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Order(Position position, string instruction, Action<Utf8JsonWriter> more) => Body(writer =>
    {
        writer.WriteString("symbol", position.Symbol);
        writer.WriteString("side", position.Quantity > 0 ? "Sell" : "Buy");
        writer.WriteString("ordType", "Market");
        writer.WriteString("execInst", instruction);
        writer.WriteString("text", "actors-guard");
        more(writer);
    });

    private static string Body(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(string pathAndQuery, CancellationToken stop)
    {
        var answer = await SendAsync("GET", pathAndQuery, "", stop);
        return answer.ValueKind == JsonValueKind.Array && answer.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Object)
            ? answer.EnumerateArray().ToList()
            : throw new VenueException($"GET {pathAndQuery}: expected a list of rows", 200);
    }

    private async Task<JsonElement> SendAsync(string verb, string pathAndQuery, string body, CancellationToken stop)
    {
        var what = $"{verb} {pathAndQuery.Split('?')[0]}";
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(_venue, Base + pathAndQuery));
        var expires = (_clock.GetUtcNow() + Validity).ToUnixTimeSeconds();
        request.Headers.Add("api-key", _key.Id);
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-signature", Sign(_key.Secret, verb, request.RequestUri!.PathAndQuery, expires, body));
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.SendAsync(request, stop);
            if (response.Headers.TryGetValues("x-ratelimit-remaining", out var left) && int.TryParse(left.First(), out var count)) RequestsLeft = count;
            var text = await response.Content.ReadAsByteArrayAsync(stop);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new VenueException($"{what}: status {(int)response.StatusCode}: {Message(text)}", (int)response.StatusCode, response.Headers.RetryAfter?.Delta);
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (HttpRequestException broken)
        {
            throw new VenueException($"{what}: {broken.Message.ReplaceLineEndings(" ")}", 0);
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new VenueException($"{what}: no answer within {_http.Timeout.TotalSeconds:0}s", 0);
        }
        catch (JsonException)
        {
            throw new VenueException($"{what}: the answer is not JSON", 200);
        }
    }

    private static string Message(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("error").GetProperty("message").GetString() ?? "no message";
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return $"{body.Length} bytes that are not the venue's error";
        }
    }
}
