using Actors.Venue.Listing;
using Actors.Venue.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Venue.Tests.Wire;

/// <summary>Limits under a clock that stands still, so that no bucket refills while a slow machine is at it.</summary>
public class LimitTests
{
    private const string Order = """{"symbol":"XBTUSD","orderQty":100,"price":90000}""";

    [Fact]
    public async Task Both_layers_are_told_and_the_order_beyond_its_second_says_when_to_come_back()
    {
        var (venue, rest, keys) = Compose(new VenueRateLimits { AuthenticatedPerMinute = 60, OrdersPerSecond = 2 });
        await using var loop = venue.Loop;
        foreach (var (status, minute, second, retry) in ((int, string, string, string)[])[(200, "59", "1", ""), (200, "58", "0", ""), (429, "57", "0", "1")])
        {
            var http = await AskAsync(rest, keys[0], "POST", "/api/v1/order", Order);
            Assert.Equal(
                (status, "60", minute, second, retry),
                (http.Response.StatusCode, Header(http, "x-ratelimit-limit"), Header(http, "x-ratelimit-remaining"), Header(http, "x-ratelimit-remaining-1s"), Header(http, "Retry-After")));
        }

        // Nobody else's bucket, and no request that is no order.
        Assert.Equal(200, (await AskAsync(rest, keys[1], "POST", "/api/v1/order", Order)).Response.StatusCode);
        Assert.Equal(200, (await AskAsync(rest, keys[0], "GET", "/api/v1/order", "")).Response.StatusCode);
        var orders = await loop.QueryAsync(() => venue.Identities.Select(identity => identity.Account.Orders.Count).ToList());
        Assert.Equal([2, 1], orders);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_ten_megabytes_is_refused_whether_its_length_is_told_or_not(bool isTold)
    {
        var (venue, rest, keys) = Compose(new VenueRateLimits());
        await using var loop = venue.Loop;
        var large = SheddingTests.Request(keys[0], "POST", "/api/v1/order", new string(' ', 10_000_000));
        if (isTold) large.Request.ContentLength = 10_000_000;
        await rest.HandleAsync(large);
        Assert.Equal(413, large.Response.StatusCode);
        Assert.NotEqual("", Header(large, "x-ratelimit-remaining"));
        Assert.Equal(200, (await AskAsync(rest, keys[0], "POST", "/api/v1/order", Order)).Response.StatusCode);
    }

    private static (VenueContext Venue, RestFront Front, IReadOnlyList<VenueKey> Keys) Compose(VenueRateLimits limits)
    {
        var options = VenueFixture.Options() with { RateLimits = limits, Clock = new StoppedClock() };
        var keys = KeyStore.Load(null, ["alice", "bob"]);
        var venue = VenueServer.Compose(options, ListingFile.Read(options.ListingFile, options.Clock.GetUtcNow()), keys);
        return (venue, new RestFront(venue, NullLogger.Instance), keys);
    }

    private static async Task<DefaultHttpContext> AskAsync(RestFront rest, VenueKey key, string verb, string path, string body)
    {
        var http = SheddingTests.Request(key, verb, path, body);
        await rest.HandleAsync(http);
        return http;
    }

    private static string Header(HttpContext http, string name) => http.Response.Headers[name].ToString();

    private sealed class StoppedClock : TimeProvider
    {
        private readonly DateTimeOffset _now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
