using System.Net;
using System.Security.Cryptography;

namespace Actors.Guard;

/// <summary>The venue refused, failed, did not answer in time, or what it told is not what it should be. Status 0: there was no answer.</summary>
internal sealed class VenueException(string message, int status = 0) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The venue's REST interface, as far as a guard needs it: reading the account, cancelling, closing. Requests are signed with
/// HMAC-SHA256 over verb, path with query, expiry and body, exactly as sent.</summary>
internal sealed class VenueClient(Key key, Uri venue, TimeProvider clock) : IDisposable
{
    private const string Base = "/api/v1";
    private const string Sender = "actors-guard";
    private const int QuotedMax = 200;
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    // No redirects and no proxy: what is signed for the venue goes to the venue.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(4),
        MaxResponseContentBufferSize = 16 * 1024 * 1024,
    };

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
        var own = (await RowsAsync("/apiKey", stop)).FirstOrDefault(row => row.TryGetProperty("id", out var id) && id.ValueEquals(key.Id));
        return own.ValueKind == JsonValueKind.Object && own.TryGetProperty("permissions", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => item.ToString()).ToList()
            : null;
    }

    public Task<JsonElement> CancelAllAsync(CancellationToken stop) => SendAsync("DELETE", "/order/all", new { text = Sender }, stop);

    public Task<JsonElement> CancelAsync(IEnumerable<string> orderIds, CancellationToken stop) => SendAsync("DELETE", "/order", new { orderID = orderIds, text = Sender }, stop);

    /// <summary>Closes a position at the market. A close without a quantity is exempt from the venue's load shedding, and cannot open or turn a position.</summary>
    public Task CloseAsync(Position position, CancellationToken stop) =>
        SendAsync("POST", "/order", new { symbol = position.Symbol, side = position.Quantity > 0 ? "Sell" : "Buy", ordType = "Market", execInst = "Close", text = Sender }, stop);

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(string pathAndQuery, CancellationToken stop)
    {
        var answer = await SendAsync("GET", pathAndQuery, null, stop);
        return answer.ValueKind == JsonValueKind.Array && answer.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Object)
            ? answer.EnumerateArray().ToList()
            : throw new VenueException($"GET {pathAndQuery}: expected a list of rows", 200);
    }

    private async Task<JsonElement> SendAsync(string verb, string pathAndQuery, object? content, CancellationToken stop)
    {
        var body = content is null ? "" : JsonSerializer.Serialize(content);
        var what = $"{verb} {pathAndQuery.Split('?')[0]}";
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(venue, Base + pathAndQuery));
        var expires = (clock.GetUtcNow() + Validity).ToUnixTimeSeconds();
        request.Headers.Add("api-key", key.Id);
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-signature", Sign(key.Secret, verb, request.RequestUri!.PathAndQuery, expires, body));
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.SendAsync(request, stop);
            if (response.Headers.TryGetValues("x-ratelimit-remaining", out var left) && int.TryParse(left.First(), out var count)) RequestsLeft = count;
            var text = await response.Content.ReadAsByteArrayAsync(stop);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new VenueException($"{what}: status {(int)response.StatusCode}: {Quoted(text)}", (int)response.StatusCode);
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (HttpRequestException broken) { throw new VenueException($"{what}: {broken.Message.ReplaceLineEndings(" ")}"); }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested) { throw new VenueException($"{what}: no answer within {_http.Timeout.TotalSeconds:0}s"); }
        catch (JsonException) { throw new VenueException($"{what}: the answer is not JSON", 200); }
    }

    private static string Quoted(byte[] body) => Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, QuotedMax)).ReplaceLineEndings(" ");
}
