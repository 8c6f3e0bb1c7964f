using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;
using Actors.Venue.Faults;
using Actors.Venue.Listing;
using Actors.Venue.Tables;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Venue.Tests.Wire.Fuzz;

/// <summary>
/// Damaged requests and messages against the parsers and against the server's core in this process. VENUE_FUZZ_COUNT raises how many;
/// VENUE_FUZZ_SEED repeats a run.
/// </summary>
public class FuzzTests
{
    private static readonly long Count = Number("VENUE_FUZZ_COUNT", 20_000);
    private static readonly long Seed = Number("VENUE_FUZZ_SEED", 20_261_122);

    private static readonly string[] Bodies =
    [
        """{"symbol":"XBTUSD","side":"Buy","orderQty":100,"price":90000,"clOrdID":"a-1","execInst":"ParticipateDoNotInitiate","text":"hello"}""",
        """{"symbol":"ETHUSDT","orderQty":-1000,"ordType":"Market"}""",
        """{"origClOrdID":"a-1","clOrdID":"a-2","leavesQty":200,"price":90001.5}""",
        """{"orderID":["00000000-0000-0000-0000-000000000001"],"clOrdID":"a-1","text":"gone"}""",
        """{"filter":{"side":"Buy","ordStatus.isTerminated":false},"symbol":"XBT:perpetual"}""",
        """{"timeout":60000}""",
        """{"symbol":"XBTUSD","leverage":0}""",
        """{"message":"hello","channelID":1}""",
        "symbol=XBTUSD&side=Sell&orderQty=100&price=99000.5&orderID[]=a&orderID[]=b",
    ];

    private static readonly string[] Queries =
    [
        "",
        "?symbol=XBTUSD&count=5&start=1&reverse=true&startTime=2026-01-01T00:00:00Z&endTime=2027-01-01",
        "?filter=%7B%22symbol%22%3A%5B%22XBT%3Aperpetual%22%2C%22ETHUSDT%22%5D%2C%22timestamp%22%3A%7B%22hh%22%3A12%7D%7D&columns=[\"price\"]",
        "?filter={\"execType\":[\"Trade\",\"New\"],\"open\":true,\"startTime\":\"2026-01-01\"}&_format=csv",
        "?symbol=XBTUSD&binSize=5m&partial=true&depth=0&currency=all&timestamp=2026-01-01",
    ];

    private static readonly string[] Messages =
    [
        """{"op":"subscribe","args":["orderBookL2:XBTUSD","instrument:INDICES","trade:XBT:perpetual","order","margin:*"]}""",
        """{"op":"subscribe","args":"quoteBin1m:ETHUSDT"}""",
        """{"op":"unsubscribe","args":["orderBookL2:XBTUSD"]}""",
        """{"op":"authKeyExpires","args":["key",9999999999,"00ff"]}""",
        """{"op":"cancelAllAfter","args":60000}""",
        """{"op":"help"}""",
        "ping",
        """[0,"stream","name",{"op":"ping"}]""",
        """[1,"stream","name"]""",
        """[2,"stream","name"]""",
    ];

    private static readonly string[] Faults =
    [
        """{"kind":"overload","account":"alice","verb":"POST","path":"/order","skip":1,"count":2,"percent":50,"seed":9}""",
        """[{"kind":"clockSkew","milliseconds":-5000,"seconds":2.5},{"kind":"instrumentState","symbol":"XBTUSD","state":"Closed","afterSeconds":1}]""",
    ];

    [Fact]
    public void Parsers_refuse_what_they_cannot_read_and_never_throw_anything_else()
    {
        var mutator = new Mutator(Seed);
        var exchange = new ExchangeFixture().Exchange;
        for (var i = 0L; i < Count; i++)
        {
            var (query, body) = (Encoding.UTF8.GetString(mutator.Damage(mutator.Pick(Queries))), mutator.Damage(mutator.Pick(Bodies)));
            var contentType = i % 3 == 0 ? "application/x-www-form-urlencoded" : "application/json";
            Survives(
                () =>
                {
                    var arguments = RequestArguments.Read(query, contentType, body);
                    Survives(() => OrderArguments.New(arguments), i);
                    Survives(() => OrderArguments.Amendment(arguments), i);
                    var parsed = TableQuery.Read(arguments, 500, 100, exchange);
                    parsed.Condition(OrderTables.Order);
                    parsed.Answer(InstrumentTable.Instrument, exchange.Instruments);
                },
                i);
            Survives(() => Topics.Read(Encoding.UTF8.GetString(mutator.Damage("instrument:XBT:perpetual")), exchange, 1), i);
            Survives(() => FaultRequest.Parse(mutator.Damage(mutator.Pick(Faults))), i);
        }
    }

    [Fact]
    public async Task The_servers_core_answers_every_damaged_request_and_message_and_keeps_nothing_of_them()
    {
        var options = VenueFixture.Options(MarketActivity.Quiet);
        var keys = KeyStore.Load(null, ["alice", "bob"]);
        var venue = VenueServer.Compose(options, ListingFile.Read(options.ListingFile, DateTimeOffset.UtcNow), keys);
        await using var loop = venue.Loop;
        var rest = new RestFront(venue, NullLogger.Instance);
        var mutator = new Mutator(Seed);
        var routes = RestRoutes.All.ToList();
        for (var i = 0L; i < Count / 4; i++)
        {
            var (verb, path) = mutator.Pick(routes);
            await AnswersAsync(rest, keys[(int)(i % 2)], verb, path + Encoding.UTF8.GetString(mutator.Damage(mutator.Pick(Queries))), mutator.Damage(mutator.Pick(Bodies)), i);
        }

        for (var i = 0L; i < Count / 40; i++) await ConverseAsync(venue, mutator, i);
        Assert.Equal(0, await loop.QueryAsync(() => venue.Subscriptions.Count));
        Assert.False(loop.Completion.IsCompleted, $"the exchange stopped; seed {Seed}");
    }

    private static async Task AnswersAsync(RestFront rest, VenueKey key, string verb, string target, byte[] body, long i)
    {
        var http = new DefaultHttpContext();
        var answer = new MemoryStream();
        var question = target.IndexOf('?', StringComparison.Ordinal);
        http.Request.Method = verb;
        http.Request.Path = new PathString(question < 0 ? target : target[..question]);
        http.Request.QueryString = question < 0 ? QueryString.Empty : new QueryString(target[question..]);
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentType = i % 3 == 0 ? "application/x-www-form-urlencoded" : "application/json";
        http.Response.Body = answer;
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Request.Headers["api-key"] = key.Id;
        http.Request.Headers["api-expires"] = "9999999999";
        http.Request.Headers["api-signature"] = Signer.Sign(Encoding.UTF8.GetBytes(key.Secret), verb, target, 9_999_999_999, body);
        await rest.HandleAsync(http);
        var what = $"request {i} of seed {Seed}: {verb} {target} {Encoding.UTF8.GetString(body)} -> {http.Response.StatusCode} {Encoding.UTF8.GetString(answer.ToArray())}";
        Assert.True(http.Response.StatusCode is 200 or 400 or 403 or 404, what);
        if (http.Response.ContentType == RestAnswer.Json) AssertJson(answer.ToArray(), what);
    }

    /// <summary>One short life of a client: a welcome, damaged messages, an end.</summary>
    private static async Task ConverseAsync(VenueContext venue, Mutator mutator, long i)
    {
        var outlet = new Outlet();
        var sessions = new List<RealtimeSession>();
        RealtimeSession Open(IFrameOutlet to)
        {
            sessions.Add(new RealtimeSession(to, venue.Faults) { Identity = i % 2 == 0 ? venue.Identities[0] : null });
            return sessions[^1];
        }

        async Task CloseAsync(RealtimeSession session) => await venue.Loop.CommandAsync(() =>
        {
            foreach (var topic in session.Topics) venue.Subscriptions.Remove(topic, session);
            session.Topics.Clear();
            return true;
        });

        var streams = new MultiplexStreams(outlet, Open, session => new RealtimeCommands(venue, session), CloseAsync);
        var commands = new RealtimeCommands(venue, Open(outlet));
        await streams.HandleAsync("""[1,"stream","name"]"""u8.ToArray());
        for (var message = 0; message < 30; message++)
        {
            var damaged = mutator.Damage(mutator.Pick(Messages));
            await (message % 3 == 0 ? streams.HandleAsync(damaged) : commands.HandleAsync(damaged));
        }

        await streams.CloseAllAsync();
        foreach (var session in sessions) await CloseAsync(session);
        foreach (var frame in outlet.Frames) AssertJson(frame, $"conversation {i} of seed {Seed}");
    }

    private static void AssertJson(byte[] bytes, string what)
    {
        if (bytes.AsSpan().SequenceEqual("pong"u8)) return;
        try
        {
            using var parsed = JsonDocument.Parse(bytes);
        }
        catch (JsonException wrong)
        {
            Assert.Fail($"{what}: {wrong.Message} in {Encoding.UTF8.GetString(bytes)}");
        }
    }

    private static void Survives(Action parse, long i)
    {
        try
        {
            parse();
        }
        catch (Exception refusal) when (refusal is RequestException or FormatException)
        {
            Assert.NotEqual("", refusal.Message);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"message {i} of seed {Seed}", fault);
        }
    }

    private static long Number(string name, long absent) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : absent;

    private sealed class Outlet : IFrameOutlet
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<byte[]> _frames = [];

        public IEnumerable<byte[]> Frames => _frames;

        public void Enqueue(ReadOnlyMemory<byte> frame, TimeSpan delay) => _frames.Enqueue(frame.ToArray());

        public void Cut(string reason)
        {
        }
    }
}
