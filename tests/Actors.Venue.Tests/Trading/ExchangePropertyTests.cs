using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Market;
using Actors.Venue.Tests.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

public class ExchangePropertyTests
{
    public static TheoryData<long> Seeds => [.. Enumerable.Range(1, 12).Select(seed => (long)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_trading_never_crosses_a_book_overfills_or_makes_money(long seed)
    {
        var fixture = new ExchangeFixture(seed);
        BackgroundMarket.Start(fixture.Exchange, MarketActivity.Quiet);
        fixture.Exchange.Prices.Start();
        var random = new SeededRandom(seed);
        var trader = new RandomTrader(fixture, random);
        var now = ExchangeFixture.Start;
        for (var step = 0; step < 1_500; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Between(0, 40));
            fixture.Exchange.Advance(now);
            trader.Act();
            if (step % 10 != 0) continue;
            fixture.AssertSound($"seed {seed} step {step}");
            AssertOrders(fixture, $"seed {seed} step {step}");
        }

        fixture.AssertSound($"seed {seed}, end");
        fixture.AssertReserved($"seed {seed}");
        Assert.True(trader is { ReducingFills: > 5, Triggered: > 5, Moved: > 5 }, $"too little happened: {trader.ReducingFills} reducing fills, {trader.Triggered} triggered, {trader.Moved} moved, seed {seed}");
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Over_two_settlements_and_all_that_goes_with_them_nothing_is_crossed_overfilled_or_made(long seed)
    {
        var fixture = new ExchangeFixture(seed);
        fixture.Exchange.Start();
        fixture.Exchange.Market = BackgroundMarket.Start(fixture.Exchange, MarketActivity.Cascade);
        var random = new SeededRandom(seed);
        var trader = new RandomTrader(fixture, random);
        var daily = fixture.Exchange.Instruments.Single(instrument => instrument.Listing.RelistIntervalHours is not null);
        var settled = 0;
        for (var (step, was) = (0, daily.State); step < 1_500; step++)
        {
            // Mostly market, at times hours in which nobody was there: fundings, settlements and the end of the day fall due.
            fixture.Exchange.Advance(fixture.Exchange.Now + (step % 25 == 24 ? TimeSpan.FromMinutes(random.Between(5, 120)) : TimeSpan.FromMilliseconds(random.Between(0, 400))));
            trader.Act();
            if (daily.State != was && daily.State == InstrumentState.Settled) settled++;
            was = daily.State;
            if (step % 10 != 0) continue;
            fixture.AssertSound($"seed {seed} step {step}");
            AssertOrders(fixture, $"seed {seed} step {step}");
        }

        fixture.AssertSound($"seed {seed}, end");
        fixture.AssertReserved($"seed {seed}");
        Assert.True(settled >= 2, $"seed {seed}: {settled} settlements until {fixture.Exchange.Now:O}");
        Assert.True(trader.Moved > 5, $"seed {seed}: {trader.Moved} movements of money");
        SnapshotPropertyTests.Restored(SnapshotPropertyTests.State(fixture), (int)seed);
    }

    [Fact]
    public void Same_seed_under_the_same_clock_is_the_same_run_to_the_identifier()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));

        static List<string> Run(long seed)
        {
            var fixture = new ExchangeFixture(seed);
            BackgroundMarket.Start(fixture.Exchange, MarketActivity.Busy);
            fixture.Exchange.Prices.Start();
            var trader = new RandomTrader(fixture, new SeededRandom(3));
            for (var step = 0; step < 300; step++)
            {
                fixture.Exchange.Advance(ExchangeFixture.Start.AddMilliseconds(step * 10));
                trader.Act();
            }

            return fixture.Told;
        }
    }

    [Theory]
    [InlineData("XBTUSD")]
    [InlineData("ETHUSDT")]
    public void A_busy_market_lives(string symbol)
    {
        var fixture = new ExchangeFixture(5);
        BackgroundMarket.Start(fixture.Exchange, MarketActivity.Busy);
        fixture.Exchange.Prices.Start();
        var spreads = new List<long>();
        var instrument = fixture.Exchange.Find(symbol)!;
        for (var step = 1; step <= 600; step++)
        {
            fixture.Exchange.Advance(ExchangeFixture.Start.AddMilliseconds(step * 100));
            if (instrument.Book.Best(Side.Buy) is { } bid && instrument.Book.Best(Side.Sell) is { } ask) spreads.Add(ask - bid);
        }

        Assert.True(spreads.Count > 590, $"two-sided only {spreads.Count} of 600 times");
        Assert.True(spreads.Order().ElementAt(spreads.Count / 2) <= 6, $"median spread {spreads.Order().ElementAt(spreads.Count / 2)} ticks");
        Assert.Contains(instrument.Trades, trade => trade.Taker == Side.Buy);
        Assert.Contains(instrument.Trades, trade => trade.Taker == Side.Sell);
        Assert.True(instrument.Trades.Count > 300, $"{instrument.Trades.Count} trades a minute");
        Assert.True(instrument.Trades.Select(trade => trade.Price).Distinct().Count() > 20, "prices do not move");
        fixture.AssertSound(symbol);
    }

    [Theory]
    [InlineData("XBTUSD")]
    [InlineData("ETHUSDT")]
    public void A_resting_grid_is_filled_on_both_sides_within_a_minute_of_a_quiet_market(string symbol)
    {
        var fixture = new ExchangeFixture(11);
        BackgroundMarket.Start(fixture.Exchange, MarketActivity.Quiet);
        fixture.Exchange.Prices.Start();
        var instrument = fixture.Exchange.Find(symbol)!;
        for (var second = 5; second <= 65; second += 20)
        {
            fixture.RunTo(TimeSpan.FromSeconds(second));
            fixture.Exchange.Orders.CancelAll(fixture.Alice, _ => true, "regrid");
            var middle = (instrument.Book.Best(Side.Buy)!.Value + instrument.Book.Best(Side.Sell)!.Value) / 2;
            for (var i = 1; i <= 5; i++)
            {
                fixture.Accepted(fixture.Alice, symbol, Side.Buy, instrument.Listing.LotSize, instrument.Decimal(middle - (i * 3)));
                fixture.Accepted(fixture.Alice, symbol, Side.Sell, instrument.Listing.LotSize, instrument.Decimal(middle + (i * 3)));
            }
        }

        Assert.Contains(fixture.Alice.Orders, order => order is { Side: Side.Buy, Filled: > 0 });
        Assert.Contains(fixture.Alice.Orders, order => order is { Side: Side.Sell, Filled: > 0 });
    }

    /// <summary>What holds after any input, beyond what the fixture asserts.</summary>
    private static void AssertOrders(ExchangeFixture fixture, string what)
    {
        foreach (var order in fixture.Alice.Orders.Concat(fixture.Bob.Orders))
        {
            Assert.True(order.Filled + order.Leaves <= order.Quantity, $"more than its size: {order.Id}, {what}");
            Assert.True(order.TimeInForce != TimeInForce.FillOrKill || order.Filled == 0 || order.Status == VenueOrderStatus.Filled, $"filled in part: {order.Id}, {what}");
            Assert.True(order.IsOpen || order is { IsWorking: false, IsArmed: false, Handle: < 0 }, $"ended and still there: {order.Id}, {what}");
            Assert.True(order.Handle < 0 || order.IsWorking, $"rests and does not work: {order.Id}, {what}");
        }

        foreach (var holding in fixture.Alice.Holdings.Concat(fixture.Bob.Holdings))
        {
            Assert.True(ReduceOnlyRule.Excess(holding).Count == 0, $"reduce-only orders are larger than the position: {what}");
            Assert.True(holding.Orders.Open.SequenceEqual(holding.Account.Orders.Where(order => order.IsOpen && order.Holding == holding)), $"open orders: {what}");
        }
    }
}
