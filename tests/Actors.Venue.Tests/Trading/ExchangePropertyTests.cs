using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Market;
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
        var now = ExchangeFixture.Start;
        for (var step = 0; step < 1_500; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Between(0, 40));
            fixture.Exchange.Advance(now);
            Act(fixture, random);
            if (step % 10 == 0) fixture.AssertSound($"seed {seed} step {step}");
        }

        fixture.AssertSound($"seed {seed}, end");
        Assert.All(fixture.Alice.Orders.Concat(fixture.Bob.Orders), order => Assert.True(order.Filled + order.Leaves <= order.Quantity, $"seed {seed} {order.Id}"));
        AssertReservationsMatchOpenOrders(fixture, seed);
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
            var random = new SeededRandom(3);
            for (var step = 0; step < 300; step++)
            {
                fixture.Exchange.Advance(ExchangeFixture.Start.AddMilliseconds(step * 10));
                Act(fixture, random);
            }

            return fixture.Told;
        }
    }

    [Theory]
    [InlineData("XBTUSD")]
    [InlineData("ETHUSDT")]
    [InlineData("XBTH27")]
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

    private static void Act(ExchangeFixture fixture, SeededRandom random)
    {
        var account = random.Chance(50) ? fixture.Alice : fixture.Bob;
        var instrument = fixture.Exchange.Instruments[(int)random.Between(0, fixture.Exchange.Instruments.Count - 1)];
        var lot = instrument.Listing.LotSize;
        var price = instrument.Decimal(Math.Max(1, instrument.Definition.Tick.Nearest(instrument.MarkPrice).Ticks + random.Bell(15)));
        var open = account.Orders.Where(order => order.IsOpen).ToList();
        var picked = open.Count == 0 ? null : open[(int)random.Between(0, open.Count - 1)];
        var quantity = random.Between(1, 80) * lot;
        switch (random.Between(1, 10))
        {
            case 1 when picked is not null: fixture.Exchange.Orders.Cancel(picked, "test"); break;
            case 2 when picked is not null: fixture.Exchange.Orders.Amend(picked, new OrderAmendment(Quantity: picked.Filled + quantity)); break;
            case 3 when picked is not null: fixture.Exchange.Orders.Amend(picked, new OrderAmendment(Price: price)); break;
            case 4: fixture.Exchange.Orders.CancelAll(account, order => order.Side == Side.Buy && random.Chance(30), "test"); break;
            case 5: fixture.Place(account, instrument.Symbol, random.Chance(50) ? Side.Buy : Side.Sell, quantity, null); break;
            default:
                var flags = random.Chance(20) ? OrderFlags.PostOnly : random.Chance(20) ? OrderFlags.ReduceOnly : OrderFlags.None;
                fixture.Place(account, instrument.Symbol, random.Chance(50) ? Side.Buy : Side.Sell, quantity, price, (TimeInForce)random.Between(1, 3), flags);
                break;
        }
    }

    private static void AssertReservationsMatchOpenOrders(ExchangeFixture fixture, long seed)
    {
        foreach (var holding in fixture.Alice.Holdings.Concat(fixture.Bob.Holdings))
        {
            var open = holding.Account.Orders.Where(order => order.IsOpen && order.Holding == holding).ToList();
            Assert.True(holding.OpenOrders == open.Count, $"open orders of {holding.Instrument.Symbol}, seed {seed}");
            Assert.True(holding.OpenBuyQuantity == open.Where(order => order.Side == Side.Buy).Sum(order => order.Leaves), $"buys, seed {seed}");
            Assert.True(holding.OpenSellCost == Cost(open), $"sells, seed {seed}");
        }

        static long Cost(List<VenueOrder> open) => open.Where(order => order.Side == Side.Sell)
            .Sum(order => ContractValue.Value(order.Instrument.Definition, new Quantity(order.Leaves), new Price(order.PriceTicks!.Value)));
    }
}
