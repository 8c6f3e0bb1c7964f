using System.Globalization;
using System.Text.Json.Nodes;
using Actors.Domain.Instruments;
using Actors.Venue.Listing;
using Actors.Venue.Tests.Trading;

namespace Actors.Venue.Tests.Listing;

public class ListingFileTests
{
    private static readonly DateTimeOffset Start = ExchangeFixture.Start;

    [Fact]
    public void The_listing_that_is_shipped_has_one_of_each_kind()
    {
        var listing = ListingFile.Read(ExchangeFixture.ListingPath, Start);
        Assert.Equal(
            ["XBTUSD", "ETHUSDT", "ETHUSD", "XBTUSDT", "XBT24H", "ETHUSDTZ26", "XBTH27", "XBT_USDT", "NVDAUSDT", "PXBT150KH27"],
            listing.Instruments.Select(row => row.Symbol));
        var kinds = listing.Instruments.Select(row => row.ToInstrument()).ToDictionary(definition => definition.Symbol.Value);
        Assert.Equal((ContractKind.Quanto, 100, TimeSpan.FromHours(8)), (kinds["ETHUSD"].Kind, kinds["ETHUSD"].Multiplier, kinds["ETHUSD"].FundingInterval));
        Assert.Equal((ContractKind.Linear, true), (kinds["XBTUSDT"].Kind, kinds["XBTUSDT"].IsPerpetual));
        Assert.Equal((ContractKind.Inverse, Start.AddHours(24)), (kinds["XBT24H"].Kind, kinds["XBT24H"].Expiry));
        Assert.Equal((ContractKind.Linear, At("2026-12-25T12:00Z")), (kinds["ETHUSDTZ26"].Kind, kinds["ETHUSDTZ26"].Expiry));
        Assert.Equal((ContractKind.Inverse, At("2027-03-26T12:00Z"), 0.0005m), (kinds["XBTH27"].Kind, kinds["XBTH27"].Expiry, kinds["XBTH27"].SettlementFeeRate));
        Assert.Equal((ContractKind.Spot, 100, null), (kinds["XBT_USDT"].Kind, kinds["XBT_USDT"].Divisor, kinds["XBT_USDT"].FundingInterval));
        Assert.Equal((ContractKind.Prediction, MarkMethod.LastPrice, 1m), (kinds["PXBT150KH27"].Kind, kinds["PXBT150KH27"].MarkMethod, kinds["PXBT150KH27"].InitialMarginRate));
        Assert.All(listing.Currencies, currency => Assert.True(currency.InsuranceFund > 0));
    }

    [Fact]
    public void A_contract_of_xbt_usdt_is_worth_what_the_venue_published()
    {
        // 170000 contracts of 1e-8 XBT turned over 39345600 USDt at an average of 23144.470588235294 (2023).
        var spot = ListingFile.Read(ExchangeFixture.ListingPath, Start).Instruments.Single(row => row.Symbol == "XBT_USDT").ToInstrument();
        Assert.Equal(39_345_600, ContractValue.Value(spot, new Quantity(170_000), 23_144.470588235294m));
    }

    [Fact]
    public void A_stock_perpetual_is_open_from_monday_to_friday_in_its_sessions()
    {
        var stock = ListingFile.Read(ExchangeFixture.ListingPath, Start).Instruments.Single(row => row.Symbol == "NVDAUSDT").ToInstrument();
        Assert.True(stock.IsOpenAt(At("2026-10-01T12:00Z")));
        Assert.False(stock.IsOpenAt(At("2026-10-01T08:59Z")));
        Assert.False(stock.IsOpenAt(At("2026-10-03T12:00Z")));
        Assert.Equal(At("2026-10-05T09:00Z"), stock.Schedule.NextChange(At("2026-10-03T00:00Z")));
    }

    [Theory]
    [InlineData("2026-10-01T12:00Z", 1, "2026-12-25T12:00Z", "Z26")]
    [InlineData("2026-10-01T12:00Z", 2, "2027-03-26T12:00Z", "H27")]
    [InlineData("2026-12-18T12:00Z", 1, "2026-12-25T12:00Z", "Z26")]
    [InlineData("2026-12-18T12:01Z", 1, "2027-03-26T12:00Z", "H27")]
    [InlineData("2026-12-31T23:59Z", 1, "2027-03-26T12:00Z", "H27")]
    [InlineData("2027-04-01T00:00Z", 1, "2027-06-25T12:00Z", "M27")]
    [InlineData("2027-07-01T00:00Z", 1, "2027-09-24T12:00Z", "U27")]
    [InlineData("2028-01-01T00:00Z", 2, "2028-06-30T12:00Z", "M28")]
    public void A_quarterly_contract_ends_on_a_last_friday_at_least_a_week_after_the_start(string start, int number, string expiry, string code)
    {
        var found = ExpiryCalendar.Quarter(At(start), number);
        Assert.Equal((At(expiry), code), (found, ExpiryCalendar.Code(found)));
    }

    [Fact]
    public void The_shipped_listing_never_goes_stale()
    {
        for (var day = Start; day < Start.AddYears(8); day = day.AddDays(3).AddMinutes(17))
        {
            var dated = ListingFile.Read(ExchangeFixture.ListingPath, day).Instruments.Where(row => row.Expiry is not null).ToList();
            Assert.Equal(4, dated.Count);
            Assert.All(dated, row => Assert.True(row.Expiry > day.AddHours(23) && row.Expiry < day.AddDays(200), $"{row.Symbol} ends at {row.Expiry:O} seen from {day:O}"));
        }
    }

    [Theory]
    [InlineData("\"lotSize\": 100", "\"lotsize\": 100", "instruments[0]", "lotsize: unknown key")]
    [InlineData("\"lotSize\": 100,", "", "instruments[0]", "expected the missing 'lotSize'")]
    [InlineData("\"lotSize\": 100", "\"lotSize\": \"100\"", "instruments[0].lotSize", "expected a value of type")]
    [InlineData("\"lotSize\": 100", "\"lotSize\": -100", "instruments[0] (XBTUSD)", "lotSize: expected a positive whole number")]
    [InlineData("\"kind\": \"Linear\"", "\"kind\": \"CalendarSpread\"", "instruments[1] (ETHUSDT)", "kind: expected Inverse, Linear, Quanto, Spot or Prediction")]
    [InlineData("\"settlementCurrency\": \"USDt\"", "\"settlementCurrency\": \"EUR\"", "instruments[1] (ETHUSDT)", "settlementCurrency: expected one of XBt, USDt")]
    [InlineData("\"symbol\": \"ETHUSD\"", "\"symbol\": \"XBTUSD\"", "instruments[2] (XBTUSD)", "symbol: expected each symbol once")]
    public void A_wrong_text_is_told_in_one_line_with_file_row_and_expectation(string right, string wrong, string where, string what)
    {
        var text = File.ReadAllText(ExchangeFixture.ListingPath);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        AssertRefused(text[..at] + wrong + text[(at + right.Length)..], where, what);
    }

    [Theory]
    [InlineData("XBTUSD", "expiry", "\"2026-10-01T12:00:00Z\"", "expiry: expected a moment after the venue's start")]
    [InlineData("XBTUSD", "expiryQuarter", "1", "symbol: expected {expiry} in it with expiryQuarter")]
    [InlineData("XBTUSD", "expiresAfterHours", "5", "basisRate: expected for a dated future")]
    [InlineData("XBTUSD", "relistIntervalHours", "24", "relistIntervalHours: expected 1 to 10000, for a dated contract")]
    [InlineData("XBT24H", "relistIntervalHours", "0", "relistIntervalHours: expected 1 to 10000, for a dated contract")]
    [InlineData("XBTUSD", "listed", "\"2026-10-01T12:00:01Z\"", "listed: expected a moment before the venue's start")]
    [InlineData("XBTUSD", "fundingRate", null, "fundingRate: expected for a perpetual")]
    [InlineData("XBTUSD", "fundingIntervalHours", "0", "fundingIntervalHours: expected 1 to 24")]
    [InlineData("XBTUSD", "divisor", "100", "divisor: expected a positive whole number, above 1 for spot alone")]
    [InlineData("XBTUSD", "minPrice", "1000000", "minPrice: expected a price from zero to below maxPrice")]
    [InlineData("XBTUSD", "activity", "1.5", "activity: expected a number from 0 to 1")]
    [InlineData("XBTUSD", "sessions", "[[5,5]]", "sessions: expected [opening, closing]")]
    [InlineData("XBTUSD", "sessions", "[[0,50],[40,60]]", "sessions: expected [opening, closing]")]
    [InlineData("XBTUSD", "sessions", "[]", "sessions: expected at least one")]
    [InlineData("ETHUSD", "settlementIndexSymbol", null, "settlementIndexSymbol: expected for a quanto")]
    [InlineData("ETHUSD", "settlementIndexSymbol", "\".BADA\"", "settlementIndexSymbol: expected the index symbol of a row")]
    [InlineData("XBT24H", "indexStart", "90000", "indexStart: expected that of XBTUSD, it is the same index")]
    [InlineData("XBT24H", "expiryQuarter", "1", "expiry, expiryQuarter, expiresAfterHours: expected at most one of them")]
    [InlineData("XBT24H", "expiresAfterHours", "0", "expiresAfterHours: expected 1 to 10000")]
    [InlineData("XBT24H", "basisRate", null, "basisRate: expected for a dated future")]
    [InlineData("XBT_USDT", "initialMargin", "0.5", "initialMargin: expected 1, it is paid in full")]
    [InlineData("XBT_USDT", "contractsPerUnderlying", null, "contractsPerUnderlying: expected a positive whole number")]
    [InlineData("XBT{expiry}", "expiryQuarter", "9", "expiryQuarter: expected 1 to 8")]
    [InlineData("XBT{expiry}", "settlementFee", "-0.1", "settlementFee: expected a fraction from 0 to 0.1")]
    public void A_row_that_cannot_be_listed_is_told_in_one_line(string symbol, string key, string? value, string what)
    {
        var document = JsonNode.Parse(File.ReadAllText(ExchangeFixture.ListingPath))!;
        var rows = document["instruments"]!.AsArray();
        var row = rows.Select(node => node!.AsObject()).Single(node => (string?)node["symbol"] == symbol);
        row.Remove(key);
        if (value is not null) row.Add(key, JsonNode.Parse(value));
        AssertRefused(document.ToJsonString(), $"instruments[{rows.IndexOf(row)}] (", what);
    }

    [Fact]
    public void A_negative_insurance_fund_is_told()
    {
        var text = File.ReadAllText(ExchangeFixture.ListingPath).Replace("\"insuranceFund\": 1", "\"insuranceFund\": -1", StringComparison.Ordinal);
        AssertRefused(text, "currencies[0] (XBt)", "insuranceFund: expected");
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.StartsWith("nowhere.json: cannot be read", Assert.Throws<ListingException>(() => ListingFile.Read("nowhere.json", Start)).Message, StringComparison.Ordinal);

    private static void AssertRefused(string text, string where, string what)
    {
        var folder = Directory.CreateTempSubdirectory("venue-listing").FullName;
        try
        {
            var path = Path.Combine(folder, "listing.json");
            File.WriteAllText(path, text);
            var message = Assert.Throws<ListingException>(() => ListingFile.Read(path, Start)).Message;
            Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
            Assert.Contains(where, message, StringComparison.Ordinal);
            Assert.Contains(what, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
