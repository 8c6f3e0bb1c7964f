using System.Net;
using System.Text;
using Actors.Bitmex;
using Actors.Venue.Listing;
using Actors.Venue.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Venue.Tests.Wire;

public class SheddingTests
{
    /// <summary>With the queue full: who is sent away with 503 at once, and who waits for its turn.</summary>
    [Theory]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":100,"price":90000}""", true)]
    [InlineData("PUT", "/api/v1/order", """{"clOrdID":"a","price":90000}""", true)]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","execInst":"Close","orderQty":100}""", true)]
    [InlineData("POST", "/api/v1/order", """{"symbol":"XBTUSD","execInst":"Close"}""", false)]
    [InlineData("POST", "/api/v1/position/leverage", """{"symbol":"XBTUSD","leverage":0}""", true)]
    [InlineData("DELETE", "/api/v1/order", """{"clOrdID":"a"}""", false)]
    [InlineData("DELETE", "/api/v1/order/all", "", false)]
    [InlineData("POST", "/api/v1/order/cancelAllAfter", """{"timeout":0}""", false)]
    public async Task At_the_queues_bound_new_requests_are_shed_and_those_that_only_reduce_wait(string verb, string path, string body, bool isShed)
    {
        var options = VenueFixture.Options() with { RequestQueue = 1 };
        var keys = KeyStore.Load(null, ["alice", "bob"]);
        var venue = VenueServer.Compose(options, ListingFile.Read(options.ListingFile, DateTimeOffset.UtcNow), keys);
        await using var loop = venue.Loop;
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        // Whoever brings work does it: this one is kept busy.
        var blocking = Task.Run(() => loop.CommandAsync(() =>
        {
            entered.SetResult();
            return gate.Wait(TimeSpan.FromSeconds(20));
        }));
        await entered.Task;
        // This, or the loop's own tick, has the only place.
        var queued = loop.CommandAsync(() => true);
        var http = Request(keys[0], verb, path, body);
        var answer = new RestFront(venue, NullLogger.Instance).HandleAsync(http);
        if (isShed) await answer;
        else Assert.False(answer.IsCompleted);
        gate.Set();
        await Task.WhenAll(blocking, queued, answer);
        Assert.Equal(isShed, http.Response.StatusCode == 503);
    }

    internal static DefaultHttpContext Request(VenueKey key, string verb, string path, string body)
    {
        var http = new DefaultHttpContext();
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Request.Method = verb;
        http.Request.Path = new PathString(path);
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = path;
        http.Request.Body = new MemoryStream(bytes);
        http.Request.ContentType = "application/json";
        http.Response.Body = new MemoryStream();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Request.Headers["api-key"] = key.Id;
        http.Request.Headers["api-expires"] = "9999999999";
        http.Request.Headers["api-signature"] = Signer.Sign(Encoding.UTF8.GetBytes(key.Secret), verb, path, 9_999_999_999, bytes);
        return http;
    }
}
