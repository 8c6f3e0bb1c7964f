using System.Collections.Concurrent;
using Actors.Domain.Orders;
using Actors.Engine.Session;
using Actors.Journal;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>
/// What bit other engines, in whole sessions. Those that a smaller test shows are there: every one bears its fault as the trait "Regression"
/// (<c>dotnet test --filter Regression~order</c>).
/// </summary>
public sealed class RegressionTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { Changed = [("max = 20s", "max = 3s")] };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    [Trait("Regression", "doubled orders on restart")]
    public async Task Orders_that_were_being_sent_when_it_was_killed_are_not_sent_again_by_the_next_start()
    {
        var placed = new ConcurrentQueue<ClientOrderId>();
        Venue.OnPlace = (terms, _) => placed.Enqueue(terms.Id);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.HeldUntil = held.Task;
        await using (await _fixture.StartAsync()) await UntilAsync(() => Venue.PlacementsOut == 4, "four orders under way");
        // They arrive when nobody waits for their answers any more.
        Venue.HeldUntil = Task.CompletedTask;
        held.SetResult();
        await UntilAsync(() => Venue.Placements == 4, "their arrival");
        await using var second = await _fixture.StartAsync();
        await TradesAsync(second);
        // It goes on for as long as a comparison and an answer to a fill take.
        var reconciled = second.View.LastReconciliation!.At;
        await UntilAsync(() => second.View.LastReconciliation!.At > reconciled, "another comparison");
        Venue.Fill(Venue.Open[0].ClientId, 10);
        await UntilAsync(() => Venue.Placements > 4, "the answer to a fill");
        await TradesAsync(second);
        Assert.Equal(placed.Count, placed.Distinct().Count());
        Assert.All(Submitted().GroupBy(id => id), group => Assert.Single(group));
        Assert.Equal(Venue.Open.Select(order => order.ClientId.Value).Order(), second.View.OpenOrders.Select(order => order.ClientOrderId).Order());
    }

    [Fact]
    [Trait("Regression", "orders dropped at reconcile after a kill")]
    public async Task Orders_that_the_venue_has_and_no_answer_told_of_are_taken_over_after_a_kill()
    {
        Venue.LoseNextAnswer = true;
        await using (var first = await _fixture.StartAsync()) await UntilAsync(() => Venue.Placements == 4, "four orders at the venue");
        var before = Venue.Open.Select(order => order.ClientId.Value).Order().ToArray();
        await using var second = await _fixture.StartAsync();
        await TradesAsync(second);
        Assert.Equal(before, Venue.Open.Select(order => order.ClientId.Value).Order());
        Assert.Equal(before, second.View.OpenOrders.Select(order => order.ClientOrderId).Order());
        Assert.Equal(4, Venue.Placements);
    }

    [Fact]
    [Trait("Regression", "a kill switch that throws")]
    public async Task Cancelling_that_throws_on_every_way_ends_in_words_and_leaves_the_switch_to_the_venue()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        Venue.CancelFailure = "the way to cancel is broken";
        var summary = await session.StopAsync().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Contains("the venue was asked to cancel every order of the account: the way to cancel is broken", summary.Problems);
        Assert.Equal((4, false), (summary.OrdersLeft, summary.SwitchDisarmed));
        Assert.NotNull(Venue.CancelsAt);
        Assert.DoesNotContain(TimeSpan.Zero, Venue.Beats);
    }

    [Fact]
    [Trait("Regression", "a kill switch that throws")]
    public async Task Cancelling_that_throws_for_a_while_is_tried_until_nothing_is_left()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        Venue.CancelFailure = "the way to cancel is broken";
        var stopping = session.StopAsync();
        await UntilAsync(() => Venue.CancelsTried > 0, "a cancellation that threw");
        Venue.CancelFailure = null;
        var summary = await stopping.WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Equal((0, true), (summary.OrdersLeft, summary.SwitchDisarmed));
        Assert.Empty(Venue.Open);
    }

    private static Task TradesAsync(TradingSession session) =>
        UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4, Orders.Unknown: 0 }, "trading", () => $"{session.View.Phase} {session.View.Reason}; {string.Join(" | ", session.View.Events)}");

    private ClientOrderId[] Submitted()
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, "journal.db"));
        return [.. reader.ListStreams().Select(one => one.Stream).Where(stream => stream.StartsWith("orders-", StringComparison.Ordinal))
            .SelectMany(reader.Read).Select(record => record.Event).OfType<OrderSubmitted>().Select(one => one.Id)];
    }
}
