using Actors.Bitmex.Rest;

namespace Actors.Bitmex.Tests;

public sealed class RateBudgetTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ten_order_changes_a_second_pass_and_new_orders_leave_room_for_cancels()
    {
        var budget = new RateBudget(RateLimits.Published, Start);
        Assert.Equal(7, Count(budget, RateLane.Place));
        Assert.Equal(1, Count(budget, RateLane.Amend));
        Assert.Equal(2, Count(budget, RateLane.Cancel));
        Assert.False(budget.TryTake(RateLane.Cancel, Start, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);
        Assert.True(budget.TryTake(RateLane.Cancel, Start + wait, out _));
    }

    [Fact]
    public void A_minutes_bucket_that_orders_emptied_still_takes_cancels_and_always_a_beat()
    {
        var budget = new RateBudget(RateLimits.Published, Start);
        var queries = Count(budget, RateLane.Query);
        Assert.Equal(120 - 22, queries);
        Assert.False(budget.TryTake(RateLane.Place, Start, out _));
        Assert.Equal(10, Count(budget, RateLane.Cancel));
        Assert.Equal(12, Count(budget, RateLane.Beat));
        Assert.False(budget.TryTake(RateLane.Beat, Start, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(500), wait);
    }

    [Fact]
    public void The_venues_own_count_lowers_ours_and_its_pause_is_kept_by_all_but_beats()
    {
        var budget = new RateBudget(RateLimits.Published, Start);
        budget.Observe(Start, 120, 30, 9, null);
        Assert.Equal(30, budget.Remaining);
        budget.Observe(Start, 120, 90, null, null);
        Assert.Equal(30, budget.Remaining);
        budget.Observe(Start, null, null, null, TimeSpan.FromSeconds(5));
        Assert.False(budget.TryTake(RateLane.Cancel, Start, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(5), wait);
        Assert.True(budget.TryTake(RateLane.Beat, Start, out _));
        Assert.True(budget.TryTake(RateLane.Cancel, Start + wait, out _));
    }

    [Fact]
    public void A_larger_limit_is_learned_from_the_answers_and_a_clock_set_back_gives_nothing()
    {
        var budget = new RateBudget(new RateLimits(1, 1), Start);
        Assert.True(budget.TryTake(RateLane.Beat, Start, out _));
        Assert.False(budget.TryTake(RateLane.Beat, Start - TimeSpan.FromHours(1), out _));
        budget.Observe(Start, 600, 599, null, null);
        Assert.Equal(599, budget.Remaining);
        Assert.True(budget.TryTake(RateLane.Query, Start, out _));
    }

    [Fact]
    public async Task The_gate_refuses_in_words_when_no_request_comes_free_in_time()
    {
        var limits = new RateLimits(1, 1) { OrderWait = TimeSpan.Zero };
        var gate = new RateGate(limits, TimeProvider.System);
        Assert.Null(await gate.EnterAsync(RateLane.Place, default));
        Assert.Equal("rate limit: no request left in time", await gate.EnterAsync(RateLane.Place, default));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var patient = new RateGate(new RateLimits(1, 1) { OrderWait = TimeSpan.FromHours(1) }, TimeProvider.System);
        Assert.Null(await patient.EnterAsync(RateLane.Place, default));
        Assert.StartsWith("given up", await patient.EnterAsync(RateLane.Place, cancelled.Token), StringComparison.Ordinal);
        var full = new RateGate(new RateLimits(1, 1) { WaitersMax = 0 }, TimeProvider.System);
        Assert.Null(await full.EnterAsync(RateLane.Place, default));
        Assert.Contains("too many", await full.EnterAsync(RateLane.Place, default), StringComparison.Ordinal);
    }

    private static int Count(RateBudget budget, RateLane lane)
    {
        var count = 0;
        while (budget.TryTake(lane, Start, out _)) count++;
        return count;
    }
}
