namespace Actors.Guard.Tests;

public class LossReferenceTests
{
    private static readonly DateOnly Monday = new(2026, 11, 23);

    [Fact]
    public void The_first_sight_is_midnight_and_peak() =>
        Assert.Equal(new LossReference(Monday, 100, 100, 100), LossReference.Seen(null, Monday, 100, mayPeak: false));

    [Fact]
    public void Within_a_day_midnight_stays_and_the_peak_rises()
    {
        var seen = LossReference.Seen(new LossReference(Monday, 100, 120, 90), Monday, 150, mayPeak: true);
        Assert.Equal(new LossReference(Monday, 100, 150, 150), seen);
        Assert.Equal(new LossReference(Monday, 100, 150, 80), LossReference.Seen(seen, Monday, 80, mayPeak: true));
    }

    [Fact]
    public void A_deposit_that_the_wallet_may_not_show_yet_is_no_peak() =>
        Assert.Equal(120, LossReference.Seen(new LossReference(Monday, 100, 120, 90), Monday, 5000, mayPeak: false).Peak);

    [Theory]
    // A loss in a gap over midnight counts for the day; a gain in it does not excuse later losses.
    [InlineData(1, 90, 60, 90)]
    [InlineData(1, 90, 130, 130)]
    // After more than a day away there is no evening before.
    [InlineData(2, 90, 60, 60)]
    public void A_new_day_begins_with_the_better_of_the_evening_and_the_first_sight(int days, long evening, long first, long midnight)
    {
        var seen = LossReference.Seen(new LossReference(Monday, 100, 120, evening), Monday.AddDays(days), first, mayPeak: false);
        Assert.Equal((midnight, 120), (seen.Midnight, seen.Peak));
    }
}
