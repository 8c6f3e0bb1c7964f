using Actors.Host.View;

namespace Actors.Host.Tests.View;

public class WordsTests
{
    [Theory]
    [InlineData("XBt", 0, "0.00000000 XBT")]
    [InlineData("XBt", 1, "+0.00000001 XBT")]
    [InlineData("XBt", -100_000_000, "-1.00000000 XBT")]
    [InlineData("XBt", long.MaxValue, "+92,233,720,368.54775807 XBT")]
    [InlineData("XBt", long.MinValue, "-92,233,720,368.54775808 XBT")]
    [InlineData("USDt", 0, "0.00 USDT")]
    [InlineData("USDt", 1, "+0.000001 USDT")]
    [InlineData("USDt", 1_500_000, "+1.50 USDT")]
    [InlineData("USDt", -1_234_567_890, "-1,234.56789 USDT")]
    [InlineData("GWEI", -12_345, "-12,345 GWEI")]
    public void Money_is_moved_by_its_point_and_never_rounded(string currency, long minorUnits, string text) =>
        Assert.Equal(text, Words.Money(currency, minorUnits, signed: true));

    [Fact]
    public void A_price_keeps_the_decimals_that_it_came_with()
    {
        Assert.Equal("64,000.0", Words.Price(64000.0m));
        Assert.Equal("64,000", Words.Price(64000m));
        Assert.Equal("-0.25", Words.Price(-0.25m));
        Assert.Equal("–", Words.Price(null));
    }

    [Theory]
    [InlineData(-5, "0 ms")]
    [InlineData(12, "12 ms")]
    [InlineData(1_999, "1 s")]
    [InlineData(119_999, "119 s")]
    [InlineData(120_000, "2 min")]
    public void Ages_are_short(long milliseconds, string text) => Assert.Equal(text, Words.Age(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(3_661, "01:01:01")]
    [InlineData(90_061, "1d 01:01:01")]
    public void Elapsed_time_counts_days(long seconds, string text) => Assert.Equal(text, Words.Elapsed(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(9_999, "9,999 B")]
    [InlineData(10_000, "10 kB")]
    [InlineData(10_000_000, "10 MB")]
    public void Bytes_are_short(long bytes, string text) => Assert.Equal(text, Words.Bytes(bytes));
}
