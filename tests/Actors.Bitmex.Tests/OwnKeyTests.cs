using System.Collections.Concurrent;
using System.Text;
using Actors.Bitmex.Rest;

namespace Actors.Bitmex.Tests;

/// <summary>What the venue says of the key that asks, in the shapes it answers with.</summary>
public sealed class OwnKeyTests
{
    private const string Row = """{"id":"key-id","name":"desk","userId":7,"enabled":true,"permissions":["order","orderCancel"],"cidrs":["10.0.0.1/32"]}""";

    [Theory]
    [InlineData(200, "[" + Row + "]", "Known desk True order,orderCancel 10.0.0.1/32")]
    [InlineData(200, """[{"id":"other","name":"x"},{"id":"key-id","name":"desk","enabled":false,"permissions":[],"cidr":"0.0.0.0/0"}]""", "Known desk False  0.0.0.0/0")]
    [InlineData(200, """[{"id":"key-id"}]""", "Known  True  ")]
    [InlineData(200, """[{"id":"other"}]""", "Refused the venue's list of the account's keys does not have this key")]
    [InlineData(200, "[]", "Refused the venue's list of the account's keys does not have this key")]
    [InlineData(401, """{"error":{"message":"Invalid API Key.","name":"HTTPError"}}""", "Refused 401 Invalid API Key.")]
    [InlineData(403, """{"error":{"message":"Access Denied","name":"HTTPError"}}""", "Refused 403 Access Denied")]
    [InlineData(500, "oops", "NotAsked /api/v1/apiKey: 500 with a body that is not JSON")]
    [InlineData(503, """{"error":{"message":"The system is currently overloaded. Please try again later.","name":"HTTPError"}}""", "NotAsked /api/v1/apiKey: 503")]
    [InlineData(200, """[{"id":"key-id","permissions":"order"}]""", "NotAsked /api/v1/apiKey: unreadable answer")]
    [InlineData(200, "not JSON", "NotAsked /api/v1/apiKey: unreadable answer")]
    public async Task The_answer_is_read_as_what_it_is(int status, string body, string expected)
    {
        var heard = new ConcurrentQueue<string>();
        await using var server = Answering(status, body);
        var options = WithListener(server.Options(), heard.Enqueue);
        using var credentials = new ApiCredentials(options.KeyId, options.Secret.Span);
        using var client = new BitmexRestClient(options, credentials, new InstrumentMap());
        var words = await client.OwnKeyAsync(CancellationToken.None) switch
        {
            OwnKeyAnswer.Known known => $"Known {known.Name} {known.Enabled} {string.Join(',', known.Permissions)} {string.Join(',', known.Cidrs)}",
            OwnKeyAnswer.Refused refused => $"Refused {refused.Reason}",
            OwnKeyAnswer.NotAsked not => $"NotAsked {not.Reason}",
            var other => other.ToString(),
        };
        Assert.StartsWith(expected, words, StringComparison.Ordinal);
        Assert.Equal(status is 401 or 403 ? 1 : 0, heard.Count);
    }

    [Fact]
    public async Task A_venue_that_is_not_there_says_nothing_of_the_key()
    {
        using var port = new RefusingPort();
        await using var venue = new BitmexVenuePort(new BitmexOptions { RestBase = port.Address, KeyId = "key-id", Secret = "the-secret"u8.ToArray() });
        var answer = Assert.IsType<OwnKeyAnswer.NotAsked>(await venue.OwnKeyAsync(CancellationToken.None));
        Assert.Contains("cannot connect", answer.Reason, StringComparison.Ordinal);
    }

    /// <summary>Whatever request is refused for its key is told, also one that changes nothing.</summary>
    [Fact]
    public async Task Every_request_that_is_refused_for_its_key_is_heard_of()
    {
        var heard = new ConcurrentQueue<string>();
        await using var server = Answering(401, """{"error":{"message":"Signature not valid.","name":"HTTPError"}}""");
        await using var venue = new BitmexVenuePort(WithListener(server.Options(), heard.Enqueue));
        await venue.OrderEntry.CancelAllAsync(CancellationToken.None);
        await venue.OrderEntry.BeatAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.Equal(["401 Signature not valid.", "401 Signature not valid."], heard);
    }

    private static Loopback Answering(int status, string body) => new(async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    });

    private static BitmexOptions WithListener(BitmexOptions options, Action<string> heard) => new()
    {
        RestBase = options.RestBase,
        KeyId = options.KeyId,
        Secret = options.Secret,
        RequestTimeout = options.RequestTimeout,
        BeatTimeout = options.BeatTimeout,
        KeyRefused = heard,
    };
}
