using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;
using Actors.Venue.Tests.Trading;

namespace Actors.Venue.Tests.Wire;

/// <summary>A real server on a free port with a client's tools. Limits are wide unless a test narrows them.</summary>
internal sealed class VenueFixture : IAsyncDisposable
{
    public static readonly VenueRateLimits Wide = new() { AuthenticatedPerMinute = 1_000_000, UnauthenticatedPerMinute = 1_000_000, OrdersPerSecond = 100_000, SocketsPerHour = 1_000_000 };

    private VenueFixture(VenueServer server)
    {
        Server = server;
        Http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public VenueServer Server { get; }

    public HttpClient Http { get; }

    public VenueKey Alice => Server.DemoKeys[0];

    public VenueKey Bob => Server.DemoKeys[1];

    /// <summary>A listing of two perpetuals and a future whose date stays ahead, for what depends on which instruments there are.</summary>
    public static VenueOptions ThreeInstruments(VenueOptions options) =>
        options with { ListingFile = Path.Combine(AppContext.BaseDirectory, "Listing", "three-instruments.json") };

    public static VenueOptions Options(MarketActivity market = MarketActivity.None) =>
        new() { ListingFile = ExchangeFixture.ListingPath, Market = market, Seed = 3, RateLimits = Wide };

    public static async Task<VenueFixture> StartAsync(MarketActivity market = MarketActivity.None, Func<VenueOptions, VenueOptions>? change = null) =>
        new(await VenueServer.StartAsync((change ?? (options => options))(Options(market))));

    public async Task<RealtimeClient> ConnectAsync(VenueKey? key = null, string query = "")
    {
        var client = await RealtimeClient.ConnectAsync(new Uri(Server.RealtimeAddress + query));
        if (key is not null)
        {
            await client.AuthenticateAsync(key);
            await client.UntilAsync(() => client.Acknowledgements.Any(ack => ack.TryGetProperty("success", out _)), "authenticated");
        }

        return client;
    }

    /// <summary>Sends a signed request; the body is JSON.</summary>
    public async Task<(int Status, JsonElement Body, HttpResponseHeaders Headers)> SendAsync(VenueKey? key, string verb, string path, string? json = null, long? expires = null, string contentType = "application/json", CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(Server.Address, path));
        var body = Encoding.UTF8.GetBytes(json ?? "");
        if (json is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        if (key is not null)
        {
            var until = expires ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 30;
            request.Headers.Add("api-key", key.Id);
            request.Headers.Add("api-expires", until.ToString(System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.Add("api-signature", Signer.Sign(Encoding.UTF8.GetBytes(key.Secret), verb, new Uri(Server.Address, path).PathAndQuery, until, body));
        }

        using var response = await Http.SendAsync(request, cancellation);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        return ((int)response.StatusCode, document.RootElement.Clone(), response.Headers);
    }

    public async Task<JsonElement> GetAsync(VenueKey? key, string path)
    {
        var (status, body, _) = await SendAsync(key, "GET", path);
        Assert.True(status == 200, $"{path}: {status} {body}");
        return body;
    }

    public async Task<JsonElement> PlaceAsync(VenueKey key, string json, long? expires = null)
    {
        var (status, body, _) = await SendAsync(key, "POST", "/api/v1/order", json, expires);
        Assert.True(status == 200, $"{json}: {status} {body}");
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
