using Actors.Domain.Instruments;
using Actors.Venue.Tables;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Wire;

namespace Actors.Venue.Tests.Wire;

public class BinSeriesTests
{
    private static readonly BinSize Minute = BinSize.All[0];

    [Fact]
    public void A_bin_ends_on_the_minute_opens_at_the_close_before_and_a_trade_on_the_boundary_is_in_the_next()
    {
        var fixture = new ExchangeFixture();
        var exchange = fixture.Exchange;
        var instrument = exchange.Find("XBTUSD")!;
        var bins = new BinPublisher(exchange, new Subscriptions());
        bins.Start();
        var series = bins.Series(instrument, Minute);
        Trade(10, 90_000m, 100);
        Trade(50, 90_010m, 300);
        Trade(60, 89_990m, 200);
        Trade(130, 89_980m, 100);
        var start = ExchangeFixture.Start;
        Assert.Equal([start.AddMinutes(1), start.AddMinutes(2)], series.Trades.Select(bin => bin.Timestamp));
        var (first, second) = (series.Trades[0], series.Trades[1]);
        Assert.Equal((90_000m, 90_010m, 90_000m, 90_010m, 2L, 400L), (first.Open, first.High, first.Low, first.Close, first.Trades, first.Volume));
        // 100 at 90000 are 111111 satoshi, 300 at 90010 are three lots of 111099.
        Assert.Equal(decimal.Round(400m / 0.00444408m, 4), first.VolumeWeightedPrice);
        Assert.Equal((90_010m, 89_990m, 89_990m, 1L), (second.Open, second.High, second.Low, second.Trades));
        Assert.Equal((89_990m, 1L), (series.Running!.Open, series.Running.Trades));

        void Trade(int seconds, decimal price, long quantity)
        {
            exchange.Advance(ExchangeFixture.Start.AddSeconds(seconds));
            var ticks = instrument.Definition.Tick.ToPrice(price);
            bins.Add(instrument.Print(Guid.NewGuid(), Side.Buy, quantity, ticks.Ticks, ContractValue.Value(instrument.Definition, new Quantity(quantity), ticks), exchange.Now));
        }
    }
}
