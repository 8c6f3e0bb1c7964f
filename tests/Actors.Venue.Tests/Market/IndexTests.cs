using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Venue.Market;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Market;

public class IndexTests
{
    private static readonly DateTimeOffset Start = ExchangeFixture.Start;

    [Fact]
    public void Without_traders_index_and_marks_move_and_nothing_else_happens()
    {
        var fixture = new ExchangeFixture();
        BackgroundMarket.Start(fixture.Exchange, MarketActivity.None);
        fixture.Exchange.Prices.Start();
        fixture.RunTo(TimeSpan.FromMinutes(1));
        Assert.All(fixture.Told, told => Assert.Contains(" instrument ", told, StringComparison.Ordinal));
        Assert.Equal(["insurance fund", "alice", "bob"], fixture.Exchange.Accounts.Select(account => account.Name));
        foreach (var instrument in fixture.Exchange.Instruments.Where(instrument => instrument.Definition.MarkMethod == MarkMethod.FairPrice))
            Assert.True(instrument.IndexPrice != instrument.Listing.IndexStart, $"{instrument.Symbol} stands still");
    }

    [Fact]
    public void The_mark_is_the_index_and_the_domains_fair_basis()
    {
        var fixture = new ExchangeFixture(3);
        fixture.Exchange.Prices.Start();
        for (var minute = 1; minute <= 20; minute++)
        {
            fixture.RunTo(TimeSpan.FromMinutes(minute));
            var (perpetual, future, spot) = (fixture.Bitcoin, fixture.Exchange.Find("XBTH27")!, fixture.Exchange.Find("XBT_USDT")!);
            var basis = FairPrice.BasisOfPerpetual(perpetual.IndexPrice, 0.0001m, fixture.Exchange.Now, Start.AddHours(8), TimeSpan.FromHours(8), 2);
            Assert.Equal((basis, perpetual.IndexPrice + basis, Start.AddHours(8)), (perpetual.FairBasis, perpetual.MarkPrice, perpetual.FundingTime));
            basis = FairPrice.BasisOfFuture(future.IndexPrice, 0.04m, fixture.Exchange.Now, future.Definition.Expiry!.Value, 2);
            Assert.Equal((basis, future.IndexPrice + basis, perpetual.IndexPrice), (future.FairBasis, future.MarkPrice, future.IndexPrice));
            Assert.Equal((0, spot.IndexPrice), (spot.FairBasis, spot.MarkPrice));
        }
    }

    [Fact]
    public void The_live_funding_rate_takes_the_place_of_the_listed_one()
    {
        var fixture = new ExchangeFixture();
        fixture.Exchange.Prices.Source = new ScriptedIndex();
        fixture.Bitcoin.Funding = new FundingCycle(0.002m, Start.AddHours(2), TimeSpan.FromHours(8));
        fixture.Exchange.Prices.Start();
        Assert.Equal((48.25m, 96_548.25m, Start.AddHours(2)), (fixture.Bitcoin.FairBasis, fixture.Bitcoin.MarkPrice, fixture.Bitcoin.FundingTime));
    }

    [Fact]
    public void A_quantos_rate_of_settlement_is_a_whole_number_that_follows_the_index()
    {
        var fixture = new ExchangeFixture(4);
        var index = new ScriptedIndex();
        fixture.Exchange.Prices.Source = index;
        fixture.Exchange.Prices.Start();
        var quanto = fixture.Exchange.Find("ETHUSD")!;
        Assert.Equal(1_036, quanto.SettlementPerQuote);
        index.Factor = 0.333m;
        fixture.RunTo(TimeSpan.FromSeconds(1));
        Assert.Equal(3_112, quanto.SettlementPerQuote);
        // Ten contracts at 2000: 10 * 100 * 2000 minor units, in dollars of 3112 each.
        var (home, foreign) = Actors.Venue.Tables.Notional.Of(quanto, 10, 2_000_000);
        Assert.Equal((2_000_000m / 3_112m, 2_000_000m / 3_112m / 2_000m), (foreign, home));
    }

    [Fact]
    public void Indices_of_one_underlying_go_together()
    {
        var fixture = new ExchangeFixture(5);
        fixture.Exchange.Prices.Start();
        fixture.RunTo(TimeSpan.FromMinutes(5));
        var (dollar, tether) = (fixture.Bitcoin, fixture.Exchange.Find("XBTUSDT")!);
        Assert.NotEqual(dollar.Listing.IndexStart, dollar.IndexPrice);
        Assert.Equal(decimal.Round(dollar.IndexPrice * tether.Listing.IndexStart / dollar.Listing.IndexStart, 2, MidpointRounding.AwayFromZero), tether.IndexPrice);
    }

    [Fact]
    public void A_prediction_is_marked_at_its_last_price_and_its_value_is_hidden_between_one_and_ninety_nine()
    {
        var fixture = new ExchangeFixture(6);
        fixture.Exchange.Prices.Start();
        var prediction = fixture.Exchange.Instruments.Single(instrument => instrument.Definition.Kind == ContractKind.Prediction);
        Assert.Equal((40m, 40m), (prediction.MarkPrice, prediction.IndexPrice));
        fixture.Accepted(fixture.Alice, prediction.Symbol, Side.Sell, 5, 44.4m);
        fixture.Accepted(fixture.Bob, prediction.Symbol, Side.Buy, 5, 44.4m);
        Assert.Equal(40m, prediction.MarkPrice);
        fixture.RunTo(TimeSpan.FromSeconds(1));
        Assert.Equal((44.4m, 44.4m), (prediction.MarkPrice, prediction.IndexPrice));
        var walk = new IndexWalk(fixture.Exchange.Instruments, new SeededRandom(6));
        var values = new HashSet<decimal>();
        for (var second = 0; second < 400_000; second++)
        {
            walk.MoveTo(Start);
            values.Add(walk.Price(prediction));
        }

        Assert.Equal((1m, 99m), (values.Min(), values.Max()));
    }

    [Fact]
    public void A_stocks_index_stands_still_outside_of_its_sessions()
    {
        var fixture = new ExchangeFixture(7);
        var stock = fixture.Exchange.Find("NVDAUSDT")!;
        var walk = new IndexWalk(fixture.Exchange.Instruments, new SeededRandom(7));
        for (var second = 0; second < 100; second++) walk.MoveTo(new DateTimeOffset(2026, 10, 3, 12, 0, second % 60, TimeSpan.Zero));
        Assert.Equal((180m, true), (walk.Price(stock), walk.Price(fixture.Bitcoin) != 96_500m));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_cascades_index_falls_by_eight_to_ten_per_cent_in_a_minute_and_recovers_in_every_cycle(long seed)
    {
        var fixture = new ExchangeFixture();
        var cascade = new CascadeIndex(new ScriptedIndex(), Start, new SeededRandom(seed));
        var depths = new HashSet<decimal>();
        for (var cycle = 0; cycle < 20; cycle++)
        {
            var from = Start + (cycle * CascadeIndex.Cycle);
            Assert.Equal(96_500m, At(from));
            Assert.Equal(96_500m, At(from + CascadeIndex.Calm));
            var halfway = At(from + CascadeIndex.Calm + (CascadeIndex.Fall / 2));
            var lowest = At(from + CascadeIndex.Calm + CascadeIndex.Fall);
            Assert.InRange(lowest, 96_500m * 0.9m, 96_500m * 0.92m);
            Assert.InRange(halfway, (96_500m + lowest) / 2 - 0.01m, (96_500m + lowest) / 2 + 0.01m);
            Assert.Equal(96_500m, At(from + CascadeIndex.Calm + (2 * CascadeIndex.Fall)));
            depths.Add(lowest);
        }

        Assert.True(depths.Count > 5, $"the same depth again and again, seed {seed}");
        var leap = new CascadeIndex(new ScriptedIndex(), Start, new SeededRandom(seed));
        leap.MoveTo(Start + (19 * CascadeIndex.Cycle) + CascadeIndex.Calm + CascadeIndex.Fall);
        Assert.Equal(depths.Last(), leap.Price(fixture.Bitcoin));

        decimal At(DateTimeOffset now)
        {
            cascade.MoveTo(now);
            return cascade.Price(fixture.Bitcoin);
        }
    }
}
