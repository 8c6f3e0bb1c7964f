using System.Text.Json;
using Actors.Venue.Inputs;
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

    [Fact]
    public async Task An_answer_comes_after_its_input_is_with_the_operating_system_and_one_whose_input_cannot_be_written_never_does()
    {
        var folder = Directory.CreateTempSubdirectory("venue-inputs").FullName;
        var file = new FileInfo(Path.Combine(folder, InputLog.FileName));
        var exchange = new ExchangeFixture().Exchange;
        var log = InputLog.Open(folder, new VenueOrigin(exchange.Now.ToUnixTimeMilliseconds(), 1, MarketActivity.None, "abc", "", InputLog.Rules));
        var recorder = new InputRecorder(log, exchange);
        recorder.Recover(_ => { });
        await using var loop = new ExchangeLoop(exchange, TimeProvider.System, capacity: 16, inputs: recorder);
        loop.Start();
        for (var i = 1; i <= 20; i++)
        {
            file.Refresh();
            var before = file.Length;
            Assert.Equal(i, await loop.RequestAsync(1, "POST", "/order", JsonSerializer.SerializeToElement(new { text = "input" + i }), () => i));
            file.Refresh();
            Assert.True(file.Length > before, $"input {i}");
        }

        log.Dispose();
        Assert.Contains("input20", await File.ReadAllTextAsync(file.FullName), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => loop.RequestAsync(1, "POST", "/order", JsonSerializer.SerializeToElement(new { text = "lost" }), () => 1));
        await Assert.ThrowsAnyAsync<Exception>(() => loop.Completion);
        Directory.Delete(folder, true);
    }
}
