using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Strategies;
using Actors.Journal.Audit;

namespace Actors.Journal.Tests;

public class IntentWalkTests
{
    [Fact]
    public void What_a_crash_cut_off_leaves_the_next_session_to_be_found()
    {
        using var walk = Walk(("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1));
        Assert.True(walk.Finds("a", Intent(1)));
        Assert.False(walk.Finds("a", Intent(3)));
        Assert.False(walk.Finds("a", Intent(4)));
        Assert.True(walk.Finds("b", Intent(1)));
        Assert.True(walk.Finds("b", Intent(2)));
        Assert.True(walk.Finds("c", Intent(1)));
        Assert.False(walk.Finds("c", Intent(1)));
    }

    [Fact]
    public void What_is_not_there_leaves_the_rest_of_its_session_to_be_found()
    {
        using var walk = Walk(("a", 1), ("a", 3), ("a", 4));
        Assert.True(walk.Finds("a", Intent(1)));
        Assert.False(walk.Finds("a", Intent(2)));
        Assert.True(walk.Finds("a", Intent(3)));
        Assert.True(walk.Finds("a", Intent(4)));
    }

    [Fact]
    public void The_order_must_be_the_same_and_some_may_have_been_dropped()
    {
        using var walk = Walk(("a", 1), ("a", 2), ("a", 3), ("b", 1));
        Assert.True(walk.Finds("a", Intent(2)));
        Assert.False(walk.Finds("a", Intent(1)));
        Assert.True(walk.Finds("b", Intent(1)));
        Assert.False(walk.Finds("a", Intent(3)));
    }

    private static IntentWalk Walk(params (string Session, int Number)[] given) =>
        new(given.Select(one => (one.Session, (Intent)Intent(one.Number))), static (left, right) => string.CompareOrdinal(left, right) < 0);

    private static CancelIntent Intent(int number) => new CancelIntent("grid", new Symbol("XBTUSD"), new ClientOrderId($"order-{number}"));
}
