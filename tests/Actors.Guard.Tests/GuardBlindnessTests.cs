using Actors.Guard.Tests.Support;

namespace Actors.Guard.Tests;

/// <summary>The guard as a process that cannot see the account: it fails closed.</summary>
public class GuardBlindnessTests
{
    [Theory]
    [InlineData(FaultyWay.Dead)]
    [InlineData(FaultyWay.Overloaded)]
    [InlineData(FaultyWay.RateLimited)]
    [InlineData(FaultyWay.Garbage)]
    [InlineData(FaultyWay.WrongShape)]
    public async Task A_guard_that_cannot_see_acts_says_that_it_cannot_and_does_when_it_can(string fault)
    {
        await using var scene = await Scene.StartAsync();
        await using var way = new FaultyWay(scene.Address);
        var guard = await scene.GuardAsync(scene.Limits("""{ "watch": "blind", "cancel": "8s" }, { "watch": "ownFailures", "cancel": 3 }"""), way.Address);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await guard.SaysAsync("steady: account seen");
        way.Break(fault);
        await guard.SaysAsync("breach: blind");
        await guard.SaysAsync("cannot cancel all");
        Assert.Equal(1, await scene.Alice.OpenOrdersAsync());

        way.Break(null);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        await guard.SaysAsync("works again");
        Assert.Equal(1, await guard.TerminateAsync());
    }

    [Fact]
    public async Task A_venue_that_is_not_there_at_the_start_makes_the_guard_blind_not_absent()
    {
        await using var scene = await Scene.StartAsync();
        await using var way = new FaultyWay(scene.Address);
        way.Break(FaultyWay.Dead);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        var guard = scene.Guard(scene.Limits("""{ "watch": "blind", "cancel": "2s" }, { "watch": "ownFailures", "cancel": 3 }"""), way.Address);
        await guard.SaysAsync("cannot cancel all");
        way.Break(null);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
    }
}
