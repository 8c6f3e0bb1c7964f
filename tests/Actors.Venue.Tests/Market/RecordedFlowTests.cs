using Actors.Domain.Instruments;
using Actors.Venue.Listing;
using Actors.Venue.Market;
using Actors.Venue.Tests.Trading;

namespace Actors.Venue.Tests.Market;

public sealed class RecordedFlowTests : IDisposable
{
    private const string Sample = """
        {"table":"orderBookL2","action":"partial","filter":{},"data":[{"symbol":"XBTUSD","id":1,"side":"Sell","size":950,"price":57001,"timestamp":"2021-01-01T00:00:00.000Z"},{"symbol":"XBTUSD","id":2,"side":"Buy","size":2000,"price":57000},{"symbol":"XBTUSD","id":3,"side":"Buy","size":700,"price":56999.3},{"symbol":"XRPUSD","id":4,"side":"Buy","size":700,"price":1}]}
        {"table":"trade","action":"insert","data":[{"timestamp":"2021-04-17T10:00:00.000Z","symbol":"XBTUSD","side":"Sell","size":500,"price":57000,"trdMatchID":"a"}]}
        {"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":2,"side":"Buy","size":1500}]}
        {"table":"orderBookL2","action":"insert","data":[{"symbol":"XBTUSD","id":5,"side":"Buy","size":800,"price":57000.5,"timestamp":"2021-04-17T10:00:01.200Z"}]}
        {"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":2,"side":"Buy","size":3000,"timestamp":"2021-04-17T10:00:02.000Z"}]}
        {"table":"orderBookL2","action":"delete","data":[{"symbol":"XBTUSD","id":5,"side":"Buy","timestamp":"2021-04-17T10:00:03.000Z"}]}
        {"table":"trade","action":"insert","data":[{"timestamp":"2021-04-17T10:00:03.000Z","symbol":"XBTUSD","side":"Buy","size":100,"price":57001,"trdMatchID":"b"}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("venue-flow").FullName;
    private readonly VenueListing _listing = ListingFile.Read(ExchangeFixture.ListingPath, ExchangeFixture.Start);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Levels_rest_and_trades_take_at_their_moments()
    {
        var ends = new List<long>();
        var fixture = Play(Sample, ends);
        Assert.Equal("57000x1500 57001x900", Top(fixture));
        Assert.Equal((57_000m, 500, Side.Sell), Last(fixture));
        fixture.RunTo(TimeSpan.FromSeconds(1.15));
        Assert.Equal("57000x1500 57001x900", Top(fixture));
        fixture.RunTo(TimeSpan.FromSeconds(1.25));
        Assert.Equal("57000.5x800 57001x900", Top(fixture));
        fixture.RunTo(TimeSpan.FromSeconds(2.5));
        Assert.Equal(3_000, fixture.Bitcoin.Book.Level(Side.Buy, 1).Size);
        Assert.Empty(ends);
        fixture.RunTo(TimeSpan.FromSeconds(4));
        Assert.Equal("57000x3000 57001x800", Top(fixture));
        Assert.Equal((57_001m, 100, Side.Buy), Last(fixture));
        Assert.Equal([0], ends);
        fixture.AssertSound("at the end");
        fixture.AssertReserved("at the end");
    }

    [Fact]
    public void The_index_follows_the_middle_of_the_recorded_book()
    {
        var fixture = Play(Sample, []);
        Assert.Equal((57_000.5m, 57_000.5m), (fixture.Bitcoin.IndexPrice, fixture.Exchange.Find("XBT24H")!.IndexPrice));
        Assert.Equal(fixture.Bitcoin.IndexPrice + fixture.Bitcoin.FairBasis, fixture.Bitcoin.MarkPrice);
        Assert.Equal(3_450m, fixture.Exchange.Find("ETHUSDT")!.IndexPrice);
        fixture.RunTo(TimeSpan.FromSeconds(2));
        Assert.Equal(57_000.75m, fixture.Bitcoin.IndexPrice);
    }

    [Fact]
    public void Accounts_trade_with_the_recorded_book_and_a_filled_level_comes_back_with_its_next_change()
    {
        var fixture = Play(Sample, []);
        var order = fixture.Accepted(fixture.Alice, "XBTUSD", Side.Sell, 1_500, 57_000m);
        Assert.Equal((1_500, false), (order.Filled, order.IsOpen));
        Assert.Null(fixture.Bitcoin.Book.Best(Side.Buy));
        fixture.RunTo(TimeSpan.FromSeconds(2.5));
        Assert.Equal(3_000, fixture.Bitcoin.Book.Level(Side.Buy, 1).Size);
        fixture.AssertSound("after a fill");
    }

    [Fact]
    public void A_new_snapshot_forgets_what_it_does_not_name()
    {
        const string Again = """{"table":"orderBookL2","action":"partial","filter":{},"data":[{"symbol":"XBTUSD","id":9,"side":"Buy","size":100,"price":50000}]}""";
        var fixture = Play(Sample + "\n" + Again, []);
        fixture.RunTo(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 0), (fixture.Bitcoin.Book.BidLevels, fixture.Bitcoin.Book.AskLevels));
        Assert.Equal(50_000m, fixture.Bitcoin.BestPrice(Side.Buy));
    }

    [Fact]
    public void Same_file_is_the_same_run_to_the_byte()
    {
        Assert.Equal(Run(), Run());

        List<string> Run()
        {
            var fixture = Play(Sample, []);
            fixture.RunTo(TimeSpan.FromSeconds(10));
            return fixture.Told;
        }
    }

    [Fact]
    public void A_file_is_known_by_its_hash_and_prices_off_the_grid_are_counted()
    {
        var file = Read(Sample);
        Assert.Equal(1, file.LeftOut);
        Assert.Matches("^[0-9a-f]{64}$", file.ContentHash);
        Assert.NotEqual(file.ContentHash, Read(Sample.Replace("950", "960", StringComparison.Ordinal)).ContentHash);
    }

    [Theory]
    [InlineData("""{"table":"orderBookL2","action":"partial","filter":{},"data":[{"symbol":"XRPUSD","id":4,"side":"Buy","size":700,"price":1}]}""", ": expected levels or trades of a listed symbol, one of XBTUSD, ETHUSDT")]
    [InlineData("{\"table\":\"trade\"", ":1: expected the end of the JSON object")]
    public void A_file_without_a_listed_market_is_told_in_one_line(string text, string what)
    {
        var message = Assert.Throws<VenueStartException>(() => Read(text)).Message;
        Assert.StartsWith(Path.Combine(_folder, "session.json") + what, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static string Top(ExchangeFixture fixture)
    {
        var (bid, ask) = (fixture.Bitcoin.Book.Level(Side.Buy, 0), fixture.Bitcoin.Book.Level(Side.Sell, 0));
        return FormattableString.Invariant($"{fixture.Bitcoin.Decimal(bid.PriceTicks):0.##}x{bid.Size} {fixture.Bitcoin.Decimal(ask.PriceTicks):0.##}x{ask.Size}");
    }

    private static (decimal Price, long Quantity, Side Taker) Last(ExchangeFixture fixture)
    {
        var trade = fixture.Bitcoin.Trades[^1];
        return (trade.Price, trade.Quantity, trade.Taker);
    }

    private ExchangeFixture Play(string text, List<long> ends)
    {
        var fixture = new ExchangeFixture();
        fixture.Exchange.Prices.Source = new ScriptedIndex();
        fixture.Exchange.Prices.Start();
        RecordedFlow.Start(fixture.Exchange, Read(text), ends.Add);
        return fixture;
    }

    private FlowFile Read(string text)
    {
        var path = Path.Combine(_folder, "session.json");
        File.WriteAllText(path, text);
        return FlowFile.Read(path, _listing);
    }
}
