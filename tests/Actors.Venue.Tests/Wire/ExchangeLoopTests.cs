using Actors.Venue.Tests.Trading;
using Actors.Venue.Wire;

namespace Actors.Venue.Tests.Wire;

public class ExchangeLoopTests
{
    [Fact]
    public async Task At_the_queues_bound_new_orders_are_shed_and_cancels_wait()
    {
        await using var loop = new ExchangeLoop(new ExchangeFixture().Exchange, TimeProvider.System, capacity: 2);
        loop.Start();
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        // Whoever brings work does it: this one is kept busy.
        var blocking = Task.Run(() => loop.CommandAsync(() =>
        {
            entered.SetResult();
            return gate.Wait(TimeSpan.FromSeconds(20));
        }));
        await entered.Task;
        var queued = new[] { loop.QueryAsync(() => 1), loop.QueryAsync(() => 2) };
        await Assert.ThrowsAsync<OverloadedException>(() => loop.CommandAsync(() => 3, mayBeShed: true));
        var waiting = loop.CommandAsync(() => 4);
        Assert.False(waiting.IsCompleted);
        gate.Set();
        Assert.True(await blocking);
        var answers = await Task.WhenAll(queued);
        Assert.Equal([1, 2], answers);
        Assert.Equal(4, await waiting);
    }

    [Fact]
    public async Task A_command_that_fails_stops_the_loop_and_a_query_that_fails_does_not()
    {
        await using var loop = new ExchangeLoop(new ExchangeFixture().Exchange, TimeProvider.System, capacity: 16);
        loop.Start();
        await Assert.ThrowsAsync<InvalidOperationException>(() => loop.QueryAsync<int>(() => throw new InvalidOperationException("query")));
        Assert.Equal(1, await loop.QueryAsync(() => 1));
        await Assert.ThrowsAsync<RequestException>(() => loop.CommandAsync<int>(() => throw new RequestException(400, "refused")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => loop.CommandAsync<int>(() => throw new InvalidOperationException("command")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => loop.Completion);
        await Assert.ThrowsAsync<OverloadedException>(() => loop.QueryAsync(() => 1));
    }
}
