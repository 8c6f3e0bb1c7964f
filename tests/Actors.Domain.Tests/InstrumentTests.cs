using System.Globalization;
using Actors.Domain.Instruments;

namespace Actors.Domain.Tests;

public class InstrumentTests
{
    [Theory]
    [InlineData("0.5", "6370", 12740)]
    [InlineData("0.5", "6370.50", 12741)]
    [InlineData("0.05", "1963.05", 39261)]
    [InlineData("0.00000001", "0.00004496", 4496)]
    [InlineData("0.5", "-13311.5", -26623)]
    [InlineData("25", "1000.000", 40)]
    [InlineData("0.1", "97849.70000", 978497)] // a mantissa of more than 31 bits
    [InlineData("0.5", "2147483648", 4294967296)]
    public void A_price_on_the_grid_is_counted_in_ticks_and_back(string tick, string price, long ticks)
    {
        var grid = TickSize.From(Number(tick));

        Assert.True(grid.TryToPrice(Number(price), out var converted));
        Assert.Equal(new Price(ticks), converted);
        Assert.Equal(Number(price), grid.ToDecimal(converted));
    }

    [Theory]
    [InlineData("0.5", "6370.25")]
    [InlineData("0.05", "0.01")]
    [InlineData("0.00000001", "0.000000001")]
    [InlineData("0.00000001", "79228162514264337593543950335")]
    public void A_price_off_the_grid_is_refused(string tick, string price) => Assert.False(TickSize.From(Number(tick)).TryToPrice(Number(price), out _));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_price_is_on_the_grid_when_decimals_say_so(int seed)
    {
        var random = new Random(seed);
        decimal[] ticks = [0.1m, 0.5m, 0.05m, 1m, 25m, 0.0001m, 0.00000001m];
        for (var i = 0; i < 20_000; i++)
        {
            var tick = ticks[random.Next(ticks.Length)];
            // Up to beyond 32 bits, on the grid and off it, with more and with fewer decimals than the tick has.
            var price = random.Next(2) == 0 ? random.NextInt64(1L << random.Next(1, 36)) * tick : new decimal(random.NextInt64(1L << random.Next(1, 36))) / (decimal)Math.Pow(10, random.Next(5));
            if (random.Next(4) == 0) price = -price;
            var isOnGrid = price % tick == 0;
            var where = $"seed {seed}, {price.ToString(CultureInfo.InvariantCulture)} on {tick.ToString(CultureInfo.InvariantCulture)}";
            Assert.True(isOnGrid == TickSize.From(tick).TryToPrice(price, out var converted), where);
            Assert.True(!isOnGrid || converted.Ticks == price / tick, where);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.5")]
    [InlineData("1000001")]
    [InlineData("0.0000000000001")]
    public void A_tick_outside_its_bounds_is_refused(string tick) => Assert.Throws<ArgumentOutOfRangeException>(() => TickSize.From(Number(tick)));

    // Published trades of the first dialect, 2018 to 2024: size, price, lot, gross value in satoshi.
    [Theory]
    [InlineData(8494, "6360", 1, 133551162)]
    [InlineData(900, "56927", 1, 1581300)]
    [InlineData(10000, "6379", 1, 156760000)]
    [InlineData(24300, "32185.5", 100, 75499857)]
    [InlineData(574264600, "32184.89", 100, 1784268825430)]
    [InlineData(411647400, "97849.76", 100, 420691293378)]
    public void Inverse_value_is_rounded_per_lot(long size, string price, long lot, long value)
    {
        var instrument = Samples.Inverse with { LotSize = new Quantity(lot) };

        Assert.Equal(value, ContractValue.Value(instrument, new Quantity(size), Number(price)));
        if (instrument.Tick.TryToPrice(Number(price), out var onGrid)) Assert.Equal(value, ContractValue.Value(instrument, new Quantity(size), onGrid));
    }

    [Fact]
    public void Linear_value_is_exact_and_both_signs_of_cost_make_profit_the_difference()
    {
        Assert.Equal(19_630_500_000, ContractValue.Value(Samples.Linear, new Quantity(1_000_000), 1963.05m));
        Assert.Equal(-19_630_500_000, ContractValue.Cost(Samples.Linear, new Quantity(-1_000_000), 1963.05m));
        Assert.True(ContractValue.Cost(Samples.Inverse, new Quantity(100), 50_000m) < 0);
        Assert.True(ContractValue.Cost(Samples.Inverse, new Quantity(-100), 50_000m) > 0);
    }

    [Theory]
    [InlineData(300732, "0.000675", 202)]
    [InlineData(116640, "-0.00025", -29)]
    [InlineData(53001000, "0.0005", 26500)]
    public void Commission_is_truncated_toward_zero(long value, string rate, long commission) =>
        Assert.Equal(commission, ContractValue.Commission(value, Number(rate)));

    // Published trades of 2021 to 2023 and values of kinds that were never captured, from their definitions.
    [Fact]
    public void Every_kind_has_its_value()
    {
        Assert.Equal(27285, ContractValue.Value(Kinds.LinearFuture with { Tick = TickSize.From(0.00000001m) }, new Quantity(15), 0.00001819m)); // XRPU21
        Assert.Equal(181160, ContractValue.Value(Kinds.Quanto, new Quantity(1), 1811.6m)); // ETHUSD
        Assert.Equal(39345600, ContractValue.Value(Kinds.Spot, new Quantity(170000), 23144.470588235294m)); // a bar of XBT_USDT
        Assert.Equal(13, ContractValue.Value(Kinds.Spot, new Quantity(25), 50m)); // 12.5, and a half goes up
        Assert.Equal(42_500_000, ContractValue.Value(Kinds.Prediction, new Quantity(1), 42.5m));
        Assert.Equal(-1331150, ContractValue.Value(Kinds.Spread, new Quantity(100), -13311.5m));
        Assert.Equal(1331150, ContractValue.Cost(Kinds.Spread, new Quantity(-100), -13311.5m));
    }

    [Fact]
    public void A_value_that_cannot_be_counted_throws_and_is_never_wrong()
    {
        foreach (var instrument in Kinds.All)
        {
            Assert.Throws<OverflowException>(() => ContractValue.Value(instrument with { Multiplier = long.MaxValue }, new Quantity(long.MaxValue), 1000m));
            Assert.Equal(0, ContractValue.Value(instrument, Quantity.Zero, 1000m));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ContractValue.Value(Kinds.Inverse, new Quantity(100), 0m));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContractValue.Value(Kinds.Linear, new Quantity(-1), 1m));
        Assert.Throws<ArgumentException>(() => Notional.Of(Kinds.Quanto, new Quantity(1), 1, 1, 8));
    }

    [Fact]
    public void Money_of_two_currencies_does_not_add_and_overflow_throws()
    {
        var satoshi = new Money(1, new Currency("XBt"));

        Assert.Throws<InvalidOperationException>(() => satoshi + new Money(1, new Currency("USDt")));
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, satoshi.Currency) + satoshi);
        Assert.Throws<OverflowException>(() => ContractValue.Value(Samples.Linear, new Quantity(long.MaxValue / 2), 1963.05m));
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
