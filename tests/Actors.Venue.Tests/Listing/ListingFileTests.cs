using Actors.Domain.Instruments;
using Actors.Venue.Listing;
using Actors.Venue.Tests.Trading;

namespace Actors.Venue.Tests.Listing;

public class ListingFileTests
{
    [Fact]
    public void The_listing_that_is_shipped_has_its_three_instruments()
    {
        var listing = ListingFile.Read(ExchangeFixture.ListingPath);
        Assert.Equal(["XBTUSD", "ETHUSDT", "XBTH27"], listing.Instruments.Select(row => row.Symbol));
        var future = listing.Instruments[2].ToInstrument();
        Assert.Equal((ContractKind.Inverse, new DateTimeOffset(2027, 3, 26, 12, 0, 0, TimeSpan.Zero)), (future.Kind, future.Expiry));
    }

    [Theory]
    [InlineData("\"lotSize\": 100", "\"lotsize\": 100", "instruments[0]", "lotsize: unknown key")]
    [InlineData("\"lotSize\": 100,", "", "instruments[0]", "expected the missing 'lotSize'")]
    [InlineData("\"lotSize\": 100", "\"lotSize\": \"100\"", "instruments[0].lotSize", "expected a value of type")]
    [InlineData("\"lotSize\": 100", "\"lotSize\": -100", "instruments[0] (XBTUSD)", "lotSize: expected a positive whole number")]
    [InlineData("\"kind\": \"Linear\"", "\"kind\": \"Spot\"", "instruments[1] (ETHUSDT)", "kind: expected Inverse or Linear")]
    [InlineData("\"settlementCurrency\": \"USDt\"", "\"settlementCurrency\": \"EUR\"", "instruments[1] (ETHUSDT)", "settlementCurrency: expected one of XBt, USDt")]
    [InlineData("\"symbol\": \"XBTH27\"", "\"symbol\": \"XBTUSD\"", "instruments[2] (XBTUSD)", "symbol: expected each symbol once")]
    public void A_wrong_row_is_told_in_one_line_with_file_row_and_expectation(string right, string wrong, string where, string what)
    {
        var text = File.ReadAllText(ExchangeFixture.ListingPath);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        var path = Path.Combine(Directory.CreateTempSubdirectory("venue-listing").FullName, "listing.json");
        File.WriteAllText(path, text[..at] + wrong + text[(at + right.Length)..]);
        var message = Assert.Throws<ListingException>(() => ListingFile.Read(path)).Message;
        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.StartsWith("nowhere.json: cannot be read", Assert.Throws<ListingException>(() => ListingFile.Read("nowhere.json")).Message, StringComparison.Ordinal);
}
