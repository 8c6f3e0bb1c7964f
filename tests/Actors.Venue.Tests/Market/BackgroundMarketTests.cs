using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Market;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Market;

public class BackgroundMarketTests
{
    [Theory]
    [InlineData(MarketActivity.Quiet, 60)]
    [InlineData(MarketActivity.Busy, 10)]
    [InlineData(MarketActivity.Storm, 2)]
    [InlineData(MarketActivity.Cascade, 130)]
    public void Same_seed_under_the_same_clock_is_the_same_run_to_the_byte(MarketActivity activity, int seconds)
    {
        var (one, other) = (Run(7).Told, Run(7).Told);
        Assert.True(one.Count > seconds * 5, $"{one.Count} events");
        for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (!string.Equals(one[i], other[i], StringComparison.Ordinal)) Assert.Fail($"event {i}: {one[i]} and {other[i]}");
        }

        Assert.Equal(one.Count, other.Count);
        Assert.NotEqual(one[^1], Run(8).Told[^1]);

        ExchangeFixture Run(long seed) => Market(activity, seed, TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void Every_instrument_that_is_listed_has_a_market()
    {
        var fixture = Market(MarketActivity.Busy, 9, TimeSpan.FromMinutes(1));
        foreach (var instrument in fixture.Exchange.Instruments)
        {
            var what = instrument.Symbol;
            Assert.True(instrument.Book is { BidLevels: > 3, AskLevels: > 3 }, $"{what} has no book");
            Assert.True(instrument.Trades.Count > 300 * instrument.Listing.Activity, $"{what}: {instrument.Trades.Count} trades a minute");
            Assert.True(instrument.Trades.Select(trade => trade.Taker).Distinct().Count() == 2, $"{what} is taken on one side only");
            Assert.All(instrument.Trades, trade => Assert.InRange(trade.Price, instrument.Definition.Tick.Value, instrument.Definition.PriceMax));
            var fair = fixture.Exchange.Prices.FairValue(instrument);
            Assert.InRange(instrument.BestPrice(Side.Buy)!.Value, fair * 0.95m, fair * 1.05m);
        }

        fixture.AssertSound("after a minute");
    }

    [Fact]
    public void A_storm_is_thousands_of_changes_a_second()
    {
        var fixture = Market(MarketActivity.Storm, 2, TimeSpan.FromSeconds(2));
        fixture.Told.Clear();
        fixture.RunTo(TimeSpan.FromSeconds(3));
        Assert.True(fixture.Told.Count > 3_000, $"{fixture.Told.Count} events in a second");
        fixture.AssertSound("in a storm");
    }

    [Fact]
    public void A_pace_is_slowed_down_to_a_part_of_it()
    {
        var pace = MarketPace.Busy.For(0.1m);
        Assert.Equal((250, 550, 400, 1_600), (pace.MakerWaitMin, pace.MakerWaitMax, pace.TakerWaitMin, pace.TakerWaitMax));
        Assert.Throws<ArgumentOutOfRangeException>(() => MarketPace.Of(MarketActivity.None));
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(-20, -1)]
    public void A_follower_goes_with_the_trend_up_to_its_bound_and_home_when_it_is_over(int basisPoints, int sign)
    {
        var fixture = new ExchangeFixture();
        var index = new ScriptedIndex();
        fixture.Exchange.Prices.Source = index;
        fixture.Exchange.Prices.Start();
        var holding = fixture.Stranger(800).Holdings[0];
        var trader = new MomentumTrader(fixture.Exchange, holding, MarketPace.Busy, new SeededRandom(1));
        var most = 0L;
        for (var second = 1; second <= 80; second++)
        {
            if (second <= 30) index.Factor *= 1 + (basisPoints / 10_000m);
            fixture.RunTo(TimeSpan.FromSeconds(second));
            Offer(fixture);
            trader.Act();
            Assert.True(sign * holding.Position.Quantity.Contracts >= 0, $"against the trend at {second}");
            most = Math.Max(most, Math.Abs(holding.Position.Quantity.Contracts));
        }

        Assert.InRange(most, 20_000, 44_000);
        Assert.True(holding.Position.Quantity.IsZero, $"{holding.Position.Quantity} left");
    }

    [Fact]
    public void A_leveraged_trader_holds_more_than_a_fall_of_eight_per_cent_leaves_of_its_deposit()
    {
        var fixture = Market(MarketActivity.Cascade, 3, TimeSpan.FromSeconds(55));
        var gamblers = fixture.Exchange.Accounts.Where(account => account.Name == "gambler").ToList();
        Assert.True(gamblers.Count > 24, $"{gamblers.Count} gamblers");
        var holdings = gamblers.SelectMany(account => account.Holdings).Where(holding => !holding.Position.Quantity.IsZero).ToList();
        Assert.Contains(holdings, holding => holding.Instrument.Symbol == "XBTUSD");
        Assert.Contains(holdings, holding => holding.Instrument.Symbol == "ETHUSDT");
        var leverages = holdings.Select(Leverage).ToList();
        Assert.True(leverages.Count(leverage => leverage > 12) > leverages.Count / 2, string.Join(", ", leverages));
        Assert.All(holdings, holding => Assert.True(holding.Position.Quantity.Contracts > 0));
        Assert.DoesNotContain(gamblers, account => account.KeepsHistory);
        fixture.AssertSound("before the fall");
        fixture.RunTo(CascadeIndex.Calm + CascadeIndex.Fall);
        Assert.InRange(fixture.Bitcoin.IndexPrice, 96_500m * 0.89m, 96_500m * 0.93m);
        fixture.AssertSound("after the fall");
    }

    private static long Leverage(Holding holding) =>
        Math.Abs(holding.MarkValue) / Math.Max(1, holding.Account.Wallet(holding.Instrument.Definition.Settlement).Balance);

    private static ExchangeFixture Market(MarketActivity activity, long seed, TimeSpan duration)
    {
        var fixture = new ExchangeFixture(seed);
        fixture.Exchange.Prices.Start();
        BackgroundMarket.Start(fixture.Exchange, activity);
        fixture.RunTo(duration);
        return fixture;
    }

    /// <summary>Renews a wide offer on both sides of the mark.</summary>
    private static void Offer(ExchangeFixture fixture)
    {
        fixture.Exchange.Orders.CancelAll(fixture.Alice, _ => true, "renewed");
        fixture.Exchange.Orders.CancelAll(fixture.Bob, _ => true, "renewed");
        var mark = fixture.Bitcoin.Definition.Tick.Nearest(fixture.Bitcoin.MarkPrice).Ticks;
        fixture.Accepted(fixture.Alice, "XBTUSD", Side.Buy, 10_000, fixture.Bitcoin.Decimal(mark - 1));
        fixture.Accepted(fixture.Bob, "XBTUSD", Side.Sell, 10_000, fixture.Bitcoin.Decimal(mark + 1));
    }
}
