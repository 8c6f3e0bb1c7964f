using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

public class PositionWatchTests
{
    private readonly PositionLedger _ledger = PositionLedger.Empty.Apply(new PositionFilled("e1", new Quantity(100), 50_000m, -200_000, 0, Noon));

    [Fact]
    public void Nothing_is_said_while_fills_and_rows_are_on_their_way_and_nothing_when_they_agree()
    {
        var watch = PositionWatch.Idle.Heard(Row(200, -400_000, 1), Noon.AddSeconds(1));
        Assert.Null(watch.Look(_ledger, Noon.AddSeconds(1.9)).Ours);
        Assert.Null(watch.Moved(Noon.AddSeconds(2)).Look(_ledger, Noon.AddSeconds(2.9)).Ours);
        Assert.Null(PositionWatch.Idle.Heard(Row(200, -400_000, -1), Noon).Look(_ledger, Noon.AddSeconds(9)).Ours);
        Assert.Null(PositionWatch.Idle.Heard(Row(100, -200_000, 1), Noon).Look(_ledger, Noon.AddSeconds(9)).Ours);
        Assert.Null(PositionWatch.Idle.Look(_ledger, Noon.AddSeconds(9)).Ours);
    }

    [Theory]
    [InlineData(100, -200_000, true, 5, null)]
    [InlineData(100, -200_001, true, 0, "ours 100 at cost -200000, the venue has 100 at cost -200001")]
    [InlineData(200, -400_000, true, 0, "ours 100 at cost -200000, the venue has 200 at cost -400000")]
    [InlineData(0, 0, true, 5, "ours 100 at cost -200000, the venue has 0 at cost 0")]
    [InlineData(200, -400_000, false, 0, null)]
    [InlineData(200, -400_000, true, -1, null)]
    [InlineData(200, -400_000, true, null, null)]
    public void The_venues_position_is_taken_over_where_it_differs_at_a_quiet_moment_and_knows_every_execution_that_we_know(
        long quantity, long cost, bool quiet, int? newestAfterSeconds, string? words)
    {
        var newest = newestAfterSeconds is { } seconds ? Noon.AddSeconds(seconds) : (DateTimeOffset?)null;
        var adopted = _ledger.Decide(new PositionCompared(new Quantity(quantity), cost, quiet, newest));
        Assert.Equal(words, adopted?.Reason);
        if (adopted is not null) Assert.True(_ledger.Apply(adopted).Agrees(new PositionCompared(new Quantity(quantity), cost, false, null)));
    }

    [Fact]
    public void One_minor_unit_of_cost_is_a_difference_told_once_with_both_numbers_and_compared_when_it_lasts()
    {
        var watch = PositionWatch.Idle.Heard(Row(100, -200_001, 1), Noon.AddSeconds(1));
        var (told, ours, theirs, must) = watch.Look(_ledger, Noon.AddSeconds(2));
        Assert.Equal(("100 contracts at cost -200000", "100 contracts at cost -200001", false), (ours, theirs, must));
        (told, ours, _, must) = told.Look(_ledger, Noon.AddSeconds(6.9));
        Assert.Equal((null, false), (ours, must));
        (told, ours, _, must) = told.Look(_ledger, Noon.AddSeconds(7));
        Assert.Equal((null, true), (ours, must));
        Assert.False(told.Look(_ledger, Noon.AddSeconds(11.9)).MustCompare);
        Assert.True(told.Look(_ledger, Noon.AddSeconds(12)).MustCompare);
        Assert.NotNull(told.Heard(Row(100, -200_002, 2), Noon.AddSeconds(13)).Look(_ledger, Noon.AddSeconds(14)).Ours);
    }

    [Fact]
    public void A_row_that_only_follows_the_mark_does_not_put_the_look_off()
    {
        var watch = PositionWatch.Idle.Heard(Row(200, -400_000, 1), Noon);
        for (var i = 1; i < 20; i++) watch = watch.Heard(Row(200, -400_000, 1 + i), Noon.AddSeconds(i * 0.1));
        Assert.NotNull(watch.Look(_ledger, Noon.AddSeconds(2)).Ours);
    }

    private static PositionReport Row(long quantity, long cost, int atSecond) => new(
        Inverse.Symbol, Inverse.Settlement, new Quantity(quantity), null, null, null, cost, 0, 0, 1m, true, Noon.AddSeconds(atSecond));
}
