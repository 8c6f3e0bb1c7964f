using System.Globalization;
using System.Net;
using System.Text.Json;
using Actors.Bitmex;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>An order as the venue tells it.</summary>
internal sealed record VenueOrder(string ClientId, string Status, long Quantity, long Filled, DateTimeOffset Timestamp, string Text)
{
    public bool IsOpen => Status is "New" or "PartiallyFilled";
}

/// <summary>A trade as the venue tells it: quantity signed, cost and commission in minor units.</summary>
internal sealed record VenueFill(string ExecutionId, string ClientId, string Symbol, long Change, decimal Price, long Cost, long Commission);

/// <summary>
/// Everything that a venue has of one account, read over plain REST with nothing of the engine's: the other side of every comparison. Not to be shared between threads.
/// </summary>
internal sealed class VenueRecord(Uri address, string keyFile) : IDisposable
{
    private const int PageRows = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>Every order there ever was, by its client identifier.</summary>
    public async Task<Dictionary<string, VenueOrder>> OrdersAsync() => (await AllAsync("/api/v1/order?reverse=false", row => new VenueOrder(
        Text(row, "clOrdID"),
        Text(row, "ordStatus"),
        row.GetProperty("orderQty").GetInt64(),
        row.GetProperty("cumQty").GetInt64(),
        row.GetProperty("timestamp").GetDateTimeOffset(),
        Text(row, "text")))).ToDictionary(order => order.ClientId);

    /// <summary>Every trade there ever was.</summary>
    public async Task<IReadOnlyList<VenueFill>> FillsAsync()
    {
        var rows = await AllAsync("/api/v1/execution?reverse=false", row => Text(row, "execType") != "Trade" ? null : new VenueFill(
            Text(row, "execID"),
            Text(row, "clOrdID"),
            Text(row, "symbol"),
            row.GetProperty("lastQty").GetInt64() * (Text(row, "side") == "Buy" ? 1 : -1),
            row.GetProperty("lastPx").GetDecimal(),
            row.GetProperty("execCost").GetInt64(),
            row.GetProperty("execComm").GetInt64()));
        return [.. rows.OfType<VenueFill>()];
    }

    /// <summary>Wallet balances in minor units, by currency as the venue spells it.</summary>
    public async Task<Dictionary<string, long>> WalletsAsync() =>
        (await RowsAsync("/api/v1/user/margin?currency=all")).ToDictionary(row => Text(row, "currency"), row => row.GetProperty("walletBalance").GetInt64());

    public void Dispose() => _client.Dispose();

    /// <summary>A signed request that only reads. A venue that asks for a pause gets it.</summary>
    public async Task<JsonElement[]> RowsAsync(string path)
    {
        var end = DateTimeOffset.UtcNow + Patience;
        using var key = ApiKeyFile.Read(keyFile);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            var expires = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 30;
            request.Headers.Add("api-key", key.Id);
            request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("api-signature", Signer.Sign(key.Secret.Span, "GET", path, expires, []));
            using var answer = await _client.SendAsync(request);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && DateTimeOffset.UtcNow < end)
            {
                await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(500));
                continue;
            }

            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
        }
    }

    private async Task<List<T>> AllAsync<T>(string query, Func<JsonElement, T> read)
    {
        var all = new List<T>();
        while (true)
        {
            var rows = await RowsAsync(string.Create(CultureInfo.InvariantCulture, $"{query}&count={PageRows}&start={all.Count}"));
            all.AddRange(rows.Select(read));
            if (rows.Length < PageRows) return all;
        }
    }

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>What came in at the venue, request by request, from its own log: read after the venue has ended.</summary>
internal static class VenueInputs
{
    /// <summary>How often an order with each identifier was asked for, also where the venue refused it.</summary>
    public static Dictionary<string, int> Placements(string venueFolder)
    {
        var placements = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (method, path, arguments, _) in Requests(venueFolder))
        {
            if (method != "POST" || path != "/order" || !arguments.TryGetProperty("clOrdID", out var id)) continue;
            placements[id.GetString()!] = placements.GetValueOrDefault(id.GetString()!) + 1;
        }

        return placements;
    }

    /// <summary>The requests of all accounts in the venue's order and time.</summary>
    public static IEnumerable<(string Method, string Path, JsonElement Arguments, DateTimeOffset At)> Requests(string venueFolder)
    {
        foreach (var line in File.ReadLines(Path.Combine(venueFolder, "inputs.log")))
        {
            using var document = JsonDocument.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var row = document.RootElement;
            if (row.GetProperty("kind").GetString() != "requested") continue;
            yield return (
                row.GetProperty("method").GetString()!,
                row.GetProperty("path").GetString()!,
                row.GetProperty("arguments").Clone(),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetProperty("at").GetInt64()));
        }
    }
}
