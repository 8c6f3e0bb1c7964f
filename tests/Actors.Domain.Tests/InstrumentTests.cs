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
