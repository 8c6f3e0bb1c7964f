using Actors.Host.CommandLine;

namespace Actors.Host.Tests.CommandLine;

public class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("8784h", 31_622_400_000)]
    public void A_whole_number_and_a_unit_is_a_duration(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("30")]
    [InlineData("0s")]
    [InlineData("-3s")]
    [InlineData("1.5s")]
    [InlineData("3 s")]
    [InlineData("3S")]
    [InlineData("3d")]
    [InlineData("8785h")]
    [InlineData("99999999999999999999h")]
    public void Anything_else_is_not(string text) => Assert.False(DurationText.TryParse(text, out _));
}
