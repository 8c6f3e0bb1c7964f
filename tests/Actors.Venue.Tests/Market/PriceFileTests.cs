using Actors.Venue.Listing;
using Actors.Venue.Market;
using Actors.Venue.Tests.Trading;

namespace Actors.Venue.Tests.Market;

public sealed class PriceFileTests : IDisposable
{
    private const string Sample = """
        timestamp,indexSymbol,price
        2021-03-01T00:00:00Z,.BXBT,45000
        2021-03-01T00:00:00.5Z,.BETHT,1400.126
        2021-03-01T00:00:02Z,.BXBT,45100.5
        2021-03-01T00:00:02Z,.BXBT,45200.5
        2021-03-01T00:00:05Z,.BETHT,1500

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("venue-prices").FullName;
    private readonly VenueListing _listing = ListingFile.Read(ExchangeFixture.ListingPath, ExchangeFixture.Start);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Recorded_prices_are_replayed_from_the_venues_start_and_the_last_one_holds()
    {
        var fixture = new ExchangeFixture();
        var ends = 0;
        fixture.Exchange.Prices.Source = new RecordedIndex(Read(Sample), new ScriptedIndex(), ExchangeFixture.Start, () => ends++);
        fixture.Exchange.Prices.Start();
        var (bitcoin, ether) = (fixture.Bitcoin, fixture.Exchange.Find("ETHUSDT")!);
        Assert.Equal((45_000m, 1_400.13m, 45_000m), (bitcoin.IndexPrice, ether.IndexPrice, fixture.Exchange.Find("XBT24H")!.IndexPrice));
        fixture.RunTo(TimeSpan.FromSeconds(1));
        Assert.Equal(45_000m, bitcoin.IndexPrice);
        fixture.RunTo(TimeSpan.FromSeconds(2));
        Assert.Equal((45_200.5m, 1_400.13m, 0), (bitcoin.IndexPrice, ether.IndexPrice, ends));
        fixture.RunTo(TimeSpan.FromSeconds(60));
        Assert.Equal((45_200.5m, 1_500m, 1), (bitcoin.IndexPrice, ether.IndexPrice, ends));
        Assert.Equal(180m, fixture.Exchange.Find("NVDAUSDT")!.IndexPrice);
    }

    [Fact]
    public void The_marks_follow_the_recorded_index()
    {
        var fixture = new ExchangeFixture();
        fixture.Exchange.Prices.Source = new RecordedIndex(Read(Sample), new ScriptedIndex(), ExchangeFixture.Start, () => { });
        fixture.Exchange.Prices.Start();
        // Eight hours before the next funding at a hundredth of a per cent: the whole of it is ahead.
        Assert.Equal((4.5m, 45_004.5m), (fixture.Bitcoin.FairBasis, fixture.Bitcoin.MarkPrice));
    }

    [Fact]
    public void The_content_hash_tells_another_file()
    {
        var one = Read(Sample).ContentHash;
        Assert.Equal(one, Read(Sample).ContentHash);
        Assert.Matches("^[0-9a-f]{64}$", one);
        Assert.NotEqual(one, Read(Sample.Replace("45100.5", "45100.6", StringComparison.Ordinal)).ContentHash);
    }

    [Theory]
    [InlineData("timestamp,indexSymbol,price", "time,symbol,price", ":1: expected the header timestamp,indexSymbol,price")]
    [InlineData("00:00:00.5Z,.BETHT,1400.126", "00:00:00.5Z,.BETHT", ":3: expected three cells")]
    [InlineData("2021-03-01T00:00:00.5Z", "2021-03-01 00:00:00.5", ":3: expected a timestamp like")]
    [InlineData("2021-03-01T00:00:05Z", "2021-03-01T00:00:01Z", ":6: expected a timestamp not before the one above")]
    [InlineData(".BETHT,1500", ".BADA,1500", ":6: expected an index symbol of the listing, one of .BXBT, .BETHT")]
    [InlineData("1400.126", "-1400", ":3: expected a price above 0 and below 1000000")]
    [InlineData("1400.126", "1e3", ":3: expected a price above 0")]
    [InlineData("45000\n", "45000\n\n", ":3: expected three cells")]
    public void A_wrong_row_is_told_with_file_line_and_expectation(string right, string wrong, string what)
    {
        var message = Assert.Throws<VenueStartException>(() => Read(Sample.Replace(right, wrong, StringComparison.Ordinal))).Message;
        Assert.StartsWith(Path.Combine(_folder, "prices.csv") + what, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_without_rows_and_a_missing_one_are_told()
    {
        Assert.Contains("expected at least one row", Assert.Throws<VenueStartException>(() => Read("timestamp,indexSymbol,price\n")).Message, StringComparison.Ordinal);
        Assert.StartsWith("nowhere.csv: cannot be read", Assert.Throws<VenueStartException>(() => PriceFile.Read("nowhere.csv", _listing)).Message, StringComparison.Ordinal);
    }

    private PriceFile Read(string text)
    {
        var path = Path.Combine(_folder, "prices.csv");
        File.WriteAllText(path, text);
        return PriceFile.Read(path, _listing);
    }
}
