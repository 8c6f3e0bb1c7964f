using Actors.Journal.Audit;

namespace Actors.Journal.Tests;

public class AheadQueueTests
{
    private sealed class Watched
    {
        public long Made;
        public bool IsOver;

        public IEnumerable<int> Numbers(int count, Func<int, Exception?>? failure = null)
        {
            try
            {
                for (var number = 0; number < count; number++)
                {
                    if (failure?.Invoke(number) is { } broken) throw broken;
                    Interlocked.Increment(ref Made);
                    yield return number;
                }
            }
            finally
            {
                Volatile.Write(ref IsOver, true);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(100_000)]
    public void What_comes_and_in_which_order_is_as_if_it_were_run_in_place(int count)
    {
        using var ahead = new AheadQueue<int>(new Watched().Numbers(count));
        Assert.Equal(Enumerable.Range(0, count), ahead.Take());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(5_000)]
    public void A_failure_comes_after_the_items_before_it_and_is_the_same(int at)
    {
        var broken = new JournalFormatException("orders", at, "it is missing");
        using var ahead = new AheadQueue<int>(new Watched().Numbers(int.MaxValue, number => number == at ? broken : null));
        var taken = new List<int>();
        var thrown = Assert.Throws<JournalFormatException>(() =>
        {
            foreach (var number in ahead.Take()) taken.Add(number);
        });
        Assert.Same(broken, thrown);
        Assert.Equal(Enumerable.Range(0, at), taken);
    }

    [Fact]
    public void It_is_never_further_ahead_than_its_bound()
    {
        var watched = new Watched();
        using var ahead = new AheadQueue<int>(watched.Numbers(100_000));
        long taken = 0, most = 0;
        foreach (var _ in ahead.Take()) most = Math.Max(most, Interlocked.Read(ref watched.Made) - ++taken);
        // What waits, what is being filled, and what is being taken from.
        Assert.InRange(most, 0, AheadQueue<int>.AheadMax);
        Assert.Equal(100_000, taken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000)]
    public void Given_up_early_it_stops_and_is_over(int after)
    {
        var watched = new Watched();
        var ahead = new AheadQueue<int>(watched.Numbers(int.MaxValue));
        Assert.Equal(Enumerable.Range(0, after), ahead.Take().Take(after));
        ahead.Dispose();
        Assert.True(Volatile.Read(ref watched.IsOver) || Interlocked.Read(ref watched.Made) == 0);
    }

    [Fact]
    public void A_failure_that_nobody_came_to_is_nobodys()
    {
        var ahead = new AheadQueue<int>(new Watched().Numbers(10, number => number == 5 ? new InvalidOperationException("never seen") : null));
        ahead.Dispose();
    }
}
