using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Actors.Guard.Tests.Support;

/// <summary>A client of the venue with a key of its own: the engine that does its worst, and whoever trades against it.</summary>
internal sealed class Trader(string venue, string keyFile) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(venue) };
    private readonly JsonElement _key = JsonDocument.Parse(File.ReadAllText(keyFile)).RootElement;

    public string KeyId => _key.GetProperty("id").GetString()!;

    /// <summary>Sends a request; status and body.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(string verb, string path, object? body = null)
    {
        var text = body is null ? "" : JsonSerializer.Serialize(body);
        var expires = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(new HttpMethod(verb), "/api/v1" + path);
        request.Headers.Add("api-key", KeyId);
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-signature", VenueClient.Sign(Encoding.UTF8.GetBytes(_key.GetProperty("secret").GetString()!), verb, "/api/v1" + path, expires, text));
        if (text.Length > 0) request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>A limit order, or a market order without a price. Waits while the venue's rate limit says no.</summary>
    public async Task OrderAsync(string symbol, string side, long quantity, decimal? price = null)
    {
        object order = price is null ? new { symbol, side, orderQty = quantity, ordType = "Market" } : new { symbol, side, orderQty = quantity, price };
        (int Status, JsonElement Body) answer = default;
        await Until.TrueAsync(async () => (answer = await SendAsync("POST", "/order", order)).Status != 429, () => "the venue never took the order");
        if (answer.Status != 200) throw new InvalidOperationException($"status {answer.Status}: {answer.Body}");
    }

    public async Task<int> OpenOrdersAsync()
    {
        (int Status, JsonElement Body) answer = default;
        await Until.TrueAsync(async () => (answer = await SendAsync("GET", "/order?filter=%7B%22open%22%3Atrue%7D&count=500")).Status == 200, () => $"no orders: {answer}");
        return answer.Body.GetArrayLength();
    }

    public async Task<long> PositionAsync(string symbol)
    {
        (int Status, JsonElement Body) answer = default;
        await Until.TrueAsync(async () => (answer = await SendAsync("GET", "/position")).Status == 200, () => $"no positions: {answer}");
        return answer.Body.EnumerateArray().Where(row => row.GetProperty("symbol").GetString() == symbol).Select(row => row.GetProperty("currentQty").GetInt64()).SingleOrDefault();
    }

    public Task NoOpenOrdersAsync(Func<string> otherwise) => Slowly(async () => await OpenOrdersAsync() == 0, otherwise);

    public Task FlatAsync(string symbol, Func<string> otherwise) => Slowly(async () => await PositionAsync(symbol) == 0, otherwise);

    public void Dispose() => _http.Dispose();

    /// <summary>The account has one budget of requests, which the test must leave to the guard.</summary>
    private static async Task Slowly(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var looks = 0;
        await Until.TrueAsync(async () => looks++ % 20 == 0 && await condition(), otherwise);
    }
}
