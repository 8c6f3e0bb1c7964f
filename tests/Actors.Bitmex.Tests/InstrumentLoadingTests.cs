using System.Text;
using System.Text.Json.Nodes;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Tests;

/// <summary>Instruments of every kind from the venue's rows, and rows that are none.</summary>
public sealed class InstrumentLoadingTests
{
    // The fields of the published XBTUSD row of 2024-11-24 that a definition needs.
    private const string Inverse = """
        {"symbol":"XBTUSD","state":"Open","typ":"FFWCSX","underlying":"XBT","quoteCurrency":"USD","maxOrderQty":10000000,"maxPrice":1000000,
        "lotSize":100,"tickSize":0.1,"multiplier":-100000000,"settlCurrency":"XBt","isQuanto":false,"isInverse":true,"initMargin":0.01,
        "maintMargin":0.005,"riskLimit":20000000000,"riskStep":15000000000,"makerFee":0.0005,"takerFee":0.0005,"settlementFee":0,
        "fundingInterval":"2000-01-01T08:00:00.000Z","markMethod":"FairPrice","timestamp":"2024-11-24T23:33:19.034Z"}
        """;

    // The published row of 2026-06-04: no margin rates, a negative minimum, hours of accounts.
    private const string Spread = """
        {"symbol":"XBTM26-XBTU26","state":"Open","typ":"FFMCSX","expiry":"2026-06-26T12:00:00.000Z","underlying":"XBT","quoteCurrency":"USD",
        "maxOrderQty":10000000,"minPrice":-1000000,"maxPrice":1000000,"lotSize":100,"tickSize":0.5,"multiplier":1,"settlCurrency":"XBt",
        "underlyingToSettleMultiplier":-100000000,"isQuanto":false,"isInverse":false,"makerFee":0.0005,"takerFee":0.0005,"lastPrice":-13311.5,
        "closingTimestamp":"2026-06-04T04:00:00.000Z","openingTimestamp":"2026-06-04T03:00:00.000Z","timestamp":"2026-06-04T03:47:40.500Z"}
        """;

    private readonly MessageLog _log = new();
    private readonly BitmexDecoder _decoder = new();

    [Fact]
    public void A_perpetual_tells_its_interval_and_its_mark()
    {
        var loaded = Load(Inverse);
        Assert.Equal(
            (ContractKind.Inverse, true, TimeSpan.FromHours(8), MarkMethod.FairPrice, 1L),
            (loaded.Kind, loaded.IsPerpetual, loaded.FundingInterval, loaded.MarkMethod, loaded.Divisor));
        Assert.True(loaded.IsOpenAt(DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("FFWCSX", true)]
    [InlineData("FFWCSF", true)]
    [InlineData("FFSCSX", true)]
    [InlineData("FFCCSX", false)]
    public void Value_follows_the_flags_and_not_the_type(string type, bool isPerpetual)
    {
        var expiry = isPerpetual ? "" : "\"expiry\":\"2021-09-24T12:00:00.000Z\",";
        Assert.Equal(ContractKind.Inverse, Load(Inverse.Replace("FFWCSX", type, StringComparison.Ordinal)).Kind);
        var linear = Load(With(Inverse, ("multiplier", "1"), ("isInverse", "false")).Replace("\"typ\":\"FFWCSX\",", $"{expiry}\"typ\":\"{type}\",", StringComparison.Ordinal));
        Assert.Equal((ContractKind.Linear, isPerpetual), (linear.Kind, linear.IsPerpetual));
        Assert.Equal(ContractKind.Quanto, Load(With(Inverse, ("multiplier", "100"), ("isInverse", "false"), ("isQuanto", "true"), ("typ", $"\"{type}\""))).Kind);
    }

    // XBT_USDT, 2023: 170000 contracts at 23144.47.. turned over 39345600 USDt and 0.0017 XBT.
    [Theory]
    [InlineData("\"quoteToSettleMultiplier\":1000000,\"settlCurrency\":\"USDt\"")]
    [InlineData("\"settlCurrency\":\"\"")]
    [InlineData("\"settlCurrency\":null,\"quoteToSettleMultiplier\":null")]
    public void A_spot_pair_is_worth_a_fraction_of_a_minor_unit_per_point(string settlement)
    {
        var loaded = Load($$"""
            {"symbol":"XBT_USDT","state":"Open","typ":"IFXXXP","underlying":"XBT","quoteCurrency":"USDT","maxOrderQty":10000000000,"maxPrice":1000000,
            "lotSize":1000,"tickSize":0.5,"underlyingToPositionMultiplier":100000000,{{settlement}},"makerFee":0,"takerFee":0,
            "timestamp":"2023-01-24T00:00:00.000Z"}
            """);
        Assert.Equal((ContractKind.Spot, 1L, 100L, "USDt", 1m), (loaded.Kind, loaded.Multiplier, loaded.Divisor, loaded.Settlement.Code, loaded.InitialMarginRate));
        Assert.Equal(39345600, ContractValue.Value(loaded, new Quantity(170000), 23144.470588235294m));
        Assert.False(loaded.IsPerpetual);
    }

    [Fact]
    public void A_prediction_is_bounded_and_paid_in_full()
    {
        var loaded = Load("""
            {"symbol":"P_FTXZ26","state":"Open","typ":"FFICSX","expiry":"2026-12-31T12:00:00.000Z","underlying":"FTX","quoteCurrency":"USDT","maxOrderQty":1000000,
            "lotSize":1,"tickSize":0.01,"multiplier":1000000,"settlCurrency":"USDt","isQuanto":false,"isInverse":false,"makerFee":0,"takerFee":0.0025,
            "markMethod":"LastPrice","timestamp":"2026-06-04T03:47:40.500Z"}
            """);
        Assert.Equal(
            (ContractKind.Prediction, 0m, 100m, 1m, MarkMethod.LastPrice),
            (loaded.Kind, loaded.PriceMin, loaded.PriceMax, loaded.InitialMarginRate, loaded.MarkMethod));
        Assert.Null(loaded.RefusePrice(100));
        Assert.NotNull(loaded.RefusePrice(100.01m));
        Assert.NotNull(loaded.RefusePrice(0));
    }

    [Fact]
    public void A_calendar_spread_trades_below_zero_and_says_that_its_money_is_unconfirmed()
    {
        var loaded = Load(Spread);
        Assert.Equal((ContractKind.CalendarSpread, -1_000_000m, true), (loaded.Kind, loaded.PriceMin, loaded.HasUnconfirmedValue));
        Assert.Null(loaded.RefusePrice(-13311.5m));
        Assert.NotNull(loaded.RefusePrice(-1_000_000.5m));
        Assert.Equal(-1331150, ContractValue.Value(loaded, new Quantity(100), -13311.5m));
        Assert.False(loaded.IsOpenAt(loaded.Expiry!.Value));
    }

    [Fact]
    public void A_closed_market_says_when_it_opens()
    {
        var row = With(Inverse, ("typ", "\"FFSCSX\""), ("state", "\"Closed\""), ("openingTimestamp", "\"2024-11-25T09:00:00.000Z\""));
        var loaded = Load(row);
        var opens = new DateTimeOffset(2024, 11, 25, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal(opens, loaded.Schedule.NextChange(opens.AddHours(-3)));
        Assert.False(loaded.IsOpenAt(opens)); // until its row says so
    }

    [Theory]
    [InlineData("tickSize", "0", "is not a grid")]
    [InlineData("tickSize", "1e-13", "is not a grid")]
    [InlineData("tickSize", "\"0.5\"", "expected a number")]
    [InlineData("multiplier", "-9000000000000000000", "no value that can be counted")]
    [InlineData("multiplier", "1e30", "expected an integer")]
    [InlineData("multiplier", "0", "does not fit")]
    [InlineData("multiplier", "100000000", "does not fit")]
    [InlineData("lotSize", "null", "expected lotSize")]
    [InlineData("lotSize", "-100", "expected lotSize")]
    [InlineData("maxOrderQty", "[]", "expected an integer")]
    [InlineData("maxPrice", "-1", "maxPrice is not above")]
    [InlineData("initMargin", "{}", "expected a number")]
    [InlineData("takerFee", "2", "a fee is more")]
    [InlineData("typ", "\"ZZZZZZ\"", "is not known")]
    [InlineData("typ", "null", "expected typ")]
    [InlineData("typ", "\"SRMCSX\"", "a yield swap")]
    [InlineData("isInverse", "null", "expected isInverse")]
    [InlineData("isInverse", "\"yes\"", "expected true or false")]
    [InlineData("settlCurrency", "null", "expected settlCurrency")]
    [InlineData("symbol", "7", "a row without its key")]
    [InlineData("symbol", "null", "a row without its key")]
    [InlineData("timestamp", "\"yesterday\"", "expected a timestamp")]
    [Trait("Regression", "one unknown instrument row stopping the start")]
    public void A_row_that_is_no_instrument_is_set_aside_in_words_and_the_others_stand(string field, string value, string words)
    {
        var bad = With(Inverse.Replace("XBTUSD", "BAD", StringComparison.Ordinal), (field, value));
        Decode("partial", $"{bad},{Inverse}");
        Assert.Contains(words, Assert.Single(_log.Faults), StringComparison.Ordinal);
        Assert.Equal("XBTUSD", Assert.Single(_log.Instruments).Definition.Symbol.Value);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("\"XBTUSD\"")]
    [InlineData("[{}]")]
    [InlineData("{}")]
    public void What_is_no_row_is_set_aside_too(string row)
    {
        Decode("partial", $"{row},{Inverse},{row}");
        Assert.Equal((2, 1), (_log.Faults.Count, _log.Instruments.Count));
    }

    [Fact]
    public void A_field_that_breaks_in_an_update_is_said_once_and_heals_when_it_is_sent_again()
    {
        Decode("partial", Inverse);
        Decode("update", """{"symbol":"XBTUSD","markPrice":"high","timestamp":"2024-11-24T23:34:00.000Z"}""");
        Decode("update", """{"symbol":"XBTUSD","lastPrice":97900,"timestamp":"2024-11-24T23:34:05.000Z"}""");
        Assert.Equal((1, 1), (_log.Faults.Count, _log.Instruments.Count));
        Decode("update", """{"symbol":"XBTUSD","markPrice":97849.76,"timestamp":"2024-11-24T23:34:10.000Z"}""");
        Assert.Equal((97849.76m, 97900m), (_log.Instruments[1].MarkPrice, _log.Instruments[1].LastPrice));
    }

    [Theory]
    [InlineData(20261122)]
    [InlineData(7)]
    public void Whatever_rubbish_stands_beside_it_a_good_row_is_loaded(int seed)
    {
        string[] rubbish = ["null", "true", "\"\"", "\"x\"", "[]", "{\"a\":[1]}", "-1", "0", "1e-30", "1e28", "9223372036854775807", "0.3333333333333333"];
        var random = new Random(seed);
        var fields = JsonNode.Parse(Inverse)!.AsObject().Select(field => field.Key).ToArray();
        for (var round = 0; round < 2000; round++)
        {
            var bad = Inverse.Replace("XBTUSD", "BAD", StringComparison.Ordinal);
            for (var i = random.Next(1, 5); i > 0; i--) bad = With(bad, (fields[random.Next(fields.Length)], rubbish[random.Next(rubbish.Length)]));
            var log = new MessageLog();
            new BitmexDecoder().Decode(Encoding.UTF8.GetBytes($$"""{"table":"instrument","action":"partial","data":[{{bad}},{{Inverse}}]}"""), log);
            Assert.True(log.Instruments.Exists(report => report.Definition.Symbol.Value == "XBTUSD"), $"seed {seed}, round {round}: {bad}");
            Assert.True(log.Instruments.Count + log.Faults.Count >= 2 || bad.Contains("\"symbol\":\"\"", StringComparison.Ordinal), $"seed {seed}, round {round}: not said: {bad}");
        }
    }

    [SharedDataFact]
    public void Every_published_instrument_of_2021_and_the_samples_of_2024_and_2026_are_loaded()
    {
        var july = new MessageLog();
        Recordings.Recording.Play(SharedData.Recording("2021-07-22_cryptofeed_10symbols/BITMEX.0.txt"), july);
        Assert.Equal((34, 0), (july.Instruments.Count, july.Faults.Count));
        foreach (var kind in new[] { ContractKind.Inverse, ContractKind.Linear, ContractKind.Quanto })
            Assert.Contains(july.Instruments, report => report.Definition.Kind == kind);
        foreach (var file in new[] { "http_get_instrument_xbtm26_xbtu26_spread.json", "http_get_instrument_xbtusd.json" })
            Load(File.ReadAllText(Path.Combine(SharedData.Root!, "samples", "nautilus_rest", file)));
    }

    private static string With(string row, params (string Field, string Value)[] changes)
    {
        var parsed = JsonNode.Parse(row)!.AsObject();
        foreach (var (field, value) in changes) parsed[field] = JsonNode.Parse(value);
        return parsed.ToJsonString();
    }

    private Instrument Load(string row)
    {
        var before = _log.Instruments.Count;
        Decode("partial", row);
        Assert.True(_log.Instruments.Count == before + 1, string.Join("; ", _log.Faults));
        return _log.Instruments[^1].Definition;
    }

    private void Decode(string action, string rows) =>
        _decoder.Decode(Encoding.UTF8.GetBytes($$"""{"table":"instrument","action":"{{action}}","data":[{{rows}}]}"""), _log);
}
