using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Actors.Bitmex.Rest;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Bitmex.Tests;

public sealed class RestClientTests : IAsyncDisposable
{
    private const string Row =
        """{"orderID":"o-1","clOrdID":"c-1","account":1,"symbol":"XBTUSD","side":"Buy","orderQty":100,"price":32000.5,"ordType":"Limit","ordStatus":"New","leavesQty":100,"cumQty":0,"timestamp":"2025-11-14T06:55:25.578Z"}""";

    private static readonly OrderTerms Terms = new(
        new("c-1"), new("XBTUSD"), Side.Buy, new(100), OrderType.Limit, new Price(64001), null, TimeInForce.GoodTillCancel, OrderFlags.PostOnly | OrderFlags.ReduceOnly);

    private static DateTimeOffset Soon => DateTimeOffset.UtcNow.AddSeconds(7);

    private readonly ConcurrentQueue<(string Verb, string Path, string Body, bool Signed)> _requests = new();
    private readonly Loopback _server;
    private long _expires;
    private Func<HttpListenerContext, Task> _answer = _ => Task.CompletedTask;

    public RestClientTests() => _server = new Loopback(async context =>
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        var (verb, path, headers) = (context.Request.HttpMethod, context.Request.RawUrl!, context.Request.Headers);
        var expected = Signer.Sign("the-secret"u8, verb, path, long.Parse(headers["api-expires"]!, System.Globalization.CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(body));
        _expires = long.Parse(headers["api-expires"]!, System.Globalization.CultureInfo.InvariantCulture);
        _requests.Enqueue((verb, path, body, headers["api-key"] == "key-id" && headers["api-signature"] == expected));
        await _answer(context);
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_order_is_signed_as_sent_and_written_exactly()
    {
        Answer(200, Row);
        using var client = Client();
        var accepted = Assert.IsType<OrderEntryOutcome.Accepted>(await client.PlaceAsync(Terms, Soon, default));
        Assert.Equal((VenueOrderStatus.New, 32000.5m), (accepted.Order!.Status, accepted.Order.Price));
        Assert.Equal(
            ("POST", "/api/v1/order", """{"symbol":"XBTUSD","side":"Buy","orderQty":100,"ordType":"Limit","price":32000.5,"timeInForce":"GoodTillCancel","execInst":"ParticipateDoNotInitiate,ReduceOnly","clOrdID":"c-1"}""", true),
            Assert.Single(_requests));
    }

    [Theory]
    [InlineData(OrderType.Market, false, false, "\"ordType\":\"Market\",\"clOrdID\"")]
    [InlineData(OrderType.Stop, false, true, "\"ordType\":\"Stop\",\"stopPx\":1.0,\"timeInForce\"")]
    [InlineData(OrderType.StopLimit, true, true, "\"ordType\":\"StopLimit\",\"price\":0.5,\"stopPx\":1.0,")]
    [InlineData(OrderType.MarketIfTouched, false, true, "\"ordType\":\"MarketIfTouched\",\"stopPx\":1.0,")]
    [InlineData(OrderType.LimitIfTouched, true, true, "\"ordType\":\"LimitIfTouched\",\"price\":0.5,\"stopPx\":1.0,")]
    public async Task Every_order_type_is_written(OrderType type, bool hasPrice, bool hasStop, string part)
    {
        Answer(200, Row);
        using var client = Client();
        await client.PlaceAsync(Terms with { Type = type, Price = hasPrice ? new Price(1) : null, StopPrice = hasStop ? new Price(2) : null, Flags = OrderFlags.None }, Soon, default);
        Assert.Contains(part, Assert.Single(_requests).Body, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Instructions() => new()
    {
        { "hidden", "\"displayQty\":0," },
        { "iceberg", "\"displayQty\":100," },
        { "close", "{\"symbol\":\"XBTUSD\",\"side\":\"Sell\",\"ordType\":\"Market\",\"execInst\":\"Close\"," },
        { "mark", "\"execInst\":\"MarkPrice\"" },
        { "near mark", "\"execInst\":\"LastPrice,LastWithinMark\"" },
        { "pegged", "\"ordType\":\"Pegged\",\"pegPriceType\":\"PrimaryPeg\",\"pegOffsetValue\":-1.5,\"timeInForce\":\"GoodTillCancel\",\"execInst\":\"Fixed\"" },
        { "trailing", "\"ordType\":\"Stop\",\"pegPriceType\":\"TrailingStopPeg\",\"pegOffsetValue\":-20.0,\"timeInForce\":\"GoodTillCancel\",\"clOrdID\"" },
        { "linked", "\"clOrdID\":\"c-1\",\"clOrdLinkID\":\"l-1\",\"contingencyType\":\"OneCancelsTheOther\"}" },
        { "fill or kill", "\"timeInForce\":\"FillOrKill\"" },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public async Task Every_instruction_is_written(string what, string part)
    {
        var plain = Terms with { Flags = OrderFlags.None };
        var stop = plain with { Type = OrderType.Stop, Price = null, StopPrice = new Price(2) };
        Answer(200, Row);
        using var client = Client();
        await client.PlaceAsync(
            what switch
            {
                "hidden" => plain with { DisplayQuantity = new(0) },
                "iceberg" => plain with { DisplayQuantity = new(100) },
                "close" => plain with { Side = Side.Sell, Type = OrderType.Market, Quantity = default, Price = null, Flags = OrderFlags.Close },
                "mark" => stop with { Trigger = TriggerKind.Mark },
                "near mark" => stop with { Trigger = TriggerKind.LastNearMark },
                "pegged" => plain with { Type = OrderType.Pegged, Price = null, Peg = new OrderPeg(PegKind.Primary, -3) },
                "trailing" => stop with { StopPrice = null, Peg = new OrderPeg(PegKind.TrailingStop, -40) },
                "linked" => plain with { Link = new OrderLink("l-1", Contingency.OneCancelsTheOther) },
                _ => plain with { TimeInForce = TimeInForce.FillOrKill },
            },
            Soon,
            default);
        Assert.Contains(part, Assert.Single(_requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_amendment_is_written()
    {
        Answer(200, Row);
        using var client = Client();
        await client.AmendAsync(new("c-1"), new("XBTUSD"), new OrderChange(new Price(3), new(200), new Price(5), -7), Soon, default);
        Assert.Equal("""{"origClOrdID":"c-1","orderQty":200,"price":1.5,"stopPx":2.5,"pegOffsetValue":-3.5}""", Assert.Single(_requests).Body);
    }

    [Fact]
    public async Task What_an_order_asked_for_is_read_back()
    {
        Answer(200, Row.Replace(
            "\"ordType\":\"Limit\"",
            "\"ordType\":\"Pegged\",\"stopPx\":31000,\"displayQty\":0,\"pegPriceType\":\"TrailingStopPeg\",\"pegOffsetValue\":-20,\"clOrdLinkID\":\"l-1\",\"contingencyType\":\"OneTriggersTheOther\",\"execInst\":\"Close,LastPrice\",\"timeInForce\":\"Day\",\"triggered\":\"StopOrderTriggered\"",
            StringComparison.Ordinal));
        using var client = Client();
        var order = Assert.IsType<OrderEntryOutcome.Accepted>(await client.PlaceAsync(Terms, Soon, default)).Order!;
        Assert.Equal((OrderType.Pegged, 31_000m, new Quantity(0), PegKind.TrailingStop, -20m), (order.Type, order.StopPrice, order.DisplayQuantity, order.Peg, order.PegOffset));
        Assert.Equal((OrderFlags.Close, TriggerKind.Last, TimeInForce.Day, true), (order.Flags, order.Trigger, order.TimeInForce, order.IsTriggered));
        Assert.Equal(new OrderLink("l-1", Contingency.OneTriggersTheOther), order.Link);
    }

    [Fact]
    public async Task A_duplicate_identifier_means_that_the_first_may_be_working()
    {
        Answer(400, """{"error":{"message":"Duplicate clOrdID","name":"HTTPError"}}""");
        using var client = Client();
        Assert.Equal("Unknown 400 Duplicate clOrdID", Text(await client.PlaceAsync(Terms, Soon, default)));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Invalid price","name":"HTTPError"}}""", "Refused 400 Invalid price")]
    [InlineData(401, """{"error":{"message":"Invalid API Key.","name":"HTTPError"}}""", "Refused 401 Invalid API Key.")]
    [InlineData(403, "<html>blocked</html>", "Refused 403 with a body that is not JSON")]
    [InlineData(404, """{"error":{"message":"Not Found"}}""", "Refused 404 Not Found")]
    [InlineData(429, """{"error":{"message":"Rate limit exceeded, retry in 1 seconds.","name":"RateLimitError"}}""", "Retry 429 Rate limit exceeded, retry in 1 seconds.")]
    [InlineData(503, """{"error":{"message":"The system is currently overloaded. Please try again later.","name":"HTTPError"}}""", "Retry 503 The system is currently overloaded. Please try again later.")]
    [InlineData(503, "<html>", "Unknown 503 with a body that is not JSON")]
    [InlineData(408, "{}", "Unknown 408 without a reason")]
    [InlineData(500, "[]", "Unknown 500 without a reason")]
    [InlineData(502, "", "Unknown 502 with a body that is not JSON")]
    [InlineData(302, "", "Unknown 302 with a body that is not JSON")]
    [InlineData(200, "{\"orderID\":", "Unknown unreadable answer")]
    [InlineData(200, "<html>", "Unknown unreadable answer")]
    [InlineData(200, "[]", "Unknown expected one order in the answer, found 0")]
    [InlineData(200, "{\"orderID\":\"o\"}", "Unknown order o: expected ordStatus, found nothing")]
    public async Task An_answer_means_what_it_says_and_no_more(int status, string body, string outcome)
    {
        Answer(status, body);
        using var client = Client();
        Assert.StartsWith(outcome, Text(await client.PlaceAsync(Terms, Soon, default)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_order_in_a_good_answer_is_a_refusal()
    {
        Answer(200, Row.Replace("\"New\"", "\"Rejected\",\"ordRejReason\":\"Account has insufficient Available Balance\"", StringComparison.Ordinal));
        using var client = Client();
        Assert.Equal("Refused Account has insufficient Available Balance", Text(await client.PlaceAsync(Terms, Soon, default)));
    }

    [Fact]
    public async Task Silence_and_a_broken_connection_are_unknown_and_are_never_repeated()
    {
        var held = new TaskCompletionSource();
        _answer = _ => held.Task;
        using (var client = Client(TimeSpan.FromMilliseconds(200)))
            Assert.StartsWith("Unknown no answer within", Text(await client.PlaceAsync(Terms, Soon, default)), StringComparison.Ordinal);
        held.SetResult();
        // A connection that served once and then breaks is where a handler might silently send again.
        Answer(200, Row);
        await using var proxy = new CuttableProxy(_server.Port);
        using var again = Client(null, proxy.Port);
        Assert.StartsWith("Accepted", Text(await again.PlaceAsync(Terms, Soon, default)), StringComparison.Ordinal);
        _requests.Clear();
        _answer = context =>
        {
            proxy.Cut();
            return Task.CompletedTask;
        };
        Assert.StartsWith("Unknown connection broken", Text(await again.PlaceAsync(Terms, Soon, default)), StringComparison.Ordinal);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task Nobody_listening_is_a_refusal_worth_repeating()
    {
        using var nobody = new RefusingPort();
        using var credentials = new ApiCredentials("id", "s"u8);
        var map = new InstrumentMap();
        map.Add(SampleInstruments.Inverse);
        var options = new BitmexOptions { RestBase = nobody.Address, KeyId = "id", Secret = "s"u8.ToArray() };
        using var client = new BitmexRestClient(options, credentials, map);
        Assert.StartsWith("Retry cannot connect", Text(await client.PlaceAsync(Terms, Soon, default)), StringComparison.Ordinal);
        Assert.Null(await client.BeatAsync(TimeSpan.FromSeconds(60), default));
        await Assert.ThrowsAsync<VenueUnreachableException>(() => client.OpenOrdersAsync(default));
    }

    [Fact]
    public async Task An_unknown_instrument_is_refused_before_anything_is_sent()
    {
        using var client = Client();
        Assert.StartsWith("Refused ETHUSD: no definition", Text(await client.PlaceAsync(Terms with { Symbol = new("ETHUSD") }, Soon, default)), StringComparison.Ordinal);
        Assert.Empty(_requests);
    }

    [Theory]
    [InlineData(7_000)]
    [InlineData(60_000)]
    [InlineData(2_500)]
    [InlineData(900)]
    [InlineData(-5_000)]
    public async Task A_signature_expires_before_the_moment_by_which_its_request_must_be_dead(int milliseconds)
    {
        Answer(200, Row);
        using var client = Client();
        var until = DateTimeOffset.UtcNow.AddMilliseconds(milliseconds);
        var outcome = Text(await client.PlaceAsync(Terms, until, default));
        if (_requests.IsEmpty)
        {
            Assert.Equal("Retry too late to be carried out in time", outcome);
            Assert.True(milliseconds < 3_000, "there was time enough");
            return;
        }

        // A venue may take the signature until the end of the second that it names.
        Assert.True(DateTimeOffset.FromUnixTimeSeconds(_expires + 1) <= until, $"{_expires} is later than {until:O} allows");
        Assert.True(_expires <= DateTimeOffset.UtcNow.AddSeconds(10).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_bulk_cancel_gives_one_outcome_for_each_in_order()
    {
        var cancelled = Row.Replace("\"New\"", "\"Canceled\"", StringComparison.Ordinal);
        var failed = """{"account":1,"orderID":"o-2","clOrdID":"c-2","error":"Unable to cancel order due to existing state: Filled"}""";
        Answer(200, $"[{failed},{cancelled}]");
        using var client = Client();
        var outcomes = await client.CancelAsync([new("c-1"), new("c-2"), new("c-3")], default);
        Assert.Equal(
            ["Accepted Canceled", "Refused Unable to cancel order due to existing state: Filled", "Unknown the answer does not name this order"],
            outcomes.Select(Text));
        Assert.Equal(("DELETE", "/api/v1/order", """{"clOrdID":["c-1","c-2","c-3"]}""", true), Assert.Single(_requests));
        Assert.Empty(await client.CancelAsync([], default));
    }

    [Fact]
    public async Task Amend_cancel_all_and_beat_are_written_as_the_venue_reads_them()
    {
        Answer(200, Row);
        using var client = Client();
        await client.AmendAsync(new("c-1"), new("XBTUSD"), new OrderChange(new Price(3), null), Soon, default);
        await client.CancelAllAsync(default);
        Answer(200, """{"now":"2025-01-01T00:00:00.000Z","cancelTime":"2025-01-01T00:01:00.000Z"}""");
        var beat = await client.BeatAsync(TimeSpan.FromSeconds(60), default);
        Assert.Equal(TimeSpan.FromMinutes(1), beat!.CancelTime - beat.VenueTime);
        Answer(200, """{"now":"2025-01-01T00:00:00.000Z","cancelTime":0}""");
        Assert.Null((await client.BeatAsync(TimeSpan.Zero, default))!.CancelTime);
        Assert.Equal(
            ["PUT /api/v1/order {\"origClOrdID\":\"c-1\",\"price\":1.5}", "DELETE /api/v1/order/all {}", "POST /api/v1/order/cancelAllAfter {\"timeout\":60000}", "POST /api/v1/order/cancelAllAfter {\"timeout\":0}"],
            _requests.Select(request => $"{request.Verb} {request.Path} {request.Body}"));
        Assert.All(_requests, request => Assert.True(request.Signed));
    }

    [Fact]
    public async Task Executions_are_read_page_by_page()
    {
        _answer = context => Write(context, 200, "[" + string.Join(',', Enumerable.Range(0, context.Request.QueryString["start"] == "0" ? 500 : 3).Select(i =>
            $$"""{"execID":"{{context.Request.QueryString["start"]}}-{{i}}","execType":"New","ordStatus":"New","timestamp":"2025-01-01T00:00:00.000Z"}""")) + "]");
        using var client = Client();
        Assert.Equal(503, (await client.ExecutionsAsync(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), default)).Select(row => row.ExecutionId).Distinct().Count());
        Assert.Equal("/api/v1/execution?startTime=2025-01-01T00%3A00%3A00.000Z&reverse=false&count=500&start=500", _requests.Last().Path);
        Assert.True(_requests.Last().Signed);
    }

    /// <summary>More pages than the published limits let pass in a minute: the limits are raised here, so that the bound is what ends it.</summary>
    [Fact]
    public async Task A_query_that_does_not_end_is_given_up_after_200_pages_and_nothing_of_it_is_used()
    {
        var page = "[" + string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"execID":"{{i}}","execType":"New","ordStatus":"New","timestamp":"2025-01-01T00:00:00.000Z"}""")) + "]";
        Answer(200, page);
        using var client = Client(limits: new RateLimits(10_000, 10));
        var given = await Assert.ThrowsAsync<VenueUnreachableException>(() => client.ExecutionsAsync(DateTimeOffset.UnixEpoch, default));
        Assert.EndsWith("more than 100000 rows", given.Message, StringComparison.Ordinal);
        Assert.Equal(200, _requests.Count);
        Assert.EndsWith("&count=500&start=99500", _requests.Last().Path, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Regression", "one unknown instrument row stopping the start")]
    public async Task State_is_asked_for_and_instruments_not_understood_are_set_aside()
    {
        using var client = Client();
        Answer(200, "[]");
        Assert.Null(await client.FindOrderAsync(new("c-9"), default));
        Assert.Empty(await client.PositionsAsync(default));
        Answer(200, $"[{Row}]");
        Assert.Equal("o-1", (await client.FindOrderAsync(new("c-1"), default))!.VenueOrderId);
        Assert.Single(await client.OpenOrdersAsync(default));
        Answer(200, """[{"account":7,"currency":"XBt","walletBalance":5,"timestamp":"2025-01-01T00:00:00.000Z"}]""");
        Assert.Equal("7", await client.AccountAsync(default));
        Assert.Equal(5, Assert.Single(await client.MarginsAsync(default)).WalletBalance);
        Answer(200, """[{"symbol":"BAD","typ":"FFWCSX","isInverse":false,"timestamp":"2025-01-01T00:00:00.000Z"}]""");
        var aside = new List<string>();
        Assert.Empty(await client.InstrumentsAsync([new("BAD"), new("GONE")], aside.Add, default));
        Assert.Equal(["instrument BAD: expected settlCurrency", "instrument GONE: the venue does not list it"], aside);
        Answer(401, """{"error":{"message":"Invalid API Key."}}""");
        var refused = await Assert.ThrowsAsync<VenueUnreachableException>(() => client.PositionsAsync(default));
        Assert.Equal("/api/v1/position: 401 Invalid API Key.", refused.Message);
    }

    private static string Text(OrderEntryOutcome outcome) => outcome switch
    {
        OrderEntryOutcome.Accepted accepted => $"Accepted {accepted.Order?.Status}",
        OrderEntryOutcome.Refused { Retryable: true } refused => $"Retry {refused.Reason}",
        OrderEntryOutcome.Refused refused => $"Refused {refused.Reason}",
        OrderEntryOutcome.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => "nothing",
    };

    private static async Task Write(HttpListenerContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    private void Answer(int status, string body) => _answer = context => Write(context, status, body);

    private BitmexRestClient Client(TimeSpan? timeout = null, int? port = null, RateLimits? limits = null)
    {
        var map = new InstrumentMap();
        map.Add(SampleInstruments.Inverse);
        return new BitmexRestClient(_server.Options(timeout, port) with { Limits = limits ?? RateLimits.Published }, new ApiCredentials("key-id", "the-secret"u8), map);
    }
}
