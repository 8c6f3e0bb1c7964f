using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Engine.Orders;
using Actors.Engine.Session;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>The gateway's bounds: how much is out at once, what leaves first, and what becomes of what cannot leave.</summary>
public sealed class GatewayTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { ReconcileInterval = TimeSpan.FromHours(1) };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task No_more_than_its_bound_is_out_and_what_cannot_leave_in_time_never_leaves()
    {
        await using var session = await StartAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.HeldUntil = held.Task;
        var gateway = session.Directory.Find(PartNames.Gateway);
        var now = DateTimeOffset.UtcNow;
        for (var i = 0; i < 40; i++) gateway.Tell(new OrderMessages.Request.Place(Terms($"x-{i}"), now));

        await UntilAsync(() => Venue.PlacementsOut == GatewayActor.InFlightMax, "as many out as may be");
        var placed = Venue.Placements;
        await UntilAsync(() => DateTimeOffset.UtcNow - now > TimeSpan.FromSeconds(2.5), "the others to be too late");
        Assert.Equal(GatewayActor.InFlightMax, Venue.PlacementsOut);
        held.SetResult();
        await UntilAsync(() => Venue.Placements == placed + GatewayActor.InFlightMax && Venue.PlacementsOut == 0, "the held ones to arrive");

        // A cancellation behind them is proof that the queue was gone through.
        gateway.Tell(new OrderMessages.Request.Cancel(new ClientOrderId("x-0")));
        await UntilAsync(() => Venue.Open.All(order => order.ClientId.Value != "x-0"), "the cancellation");
        Assert.Equal(placed + GatewayActor.InFlightMax, Venue.Placements);
    }

    [Fact]
    public async Task A_cancellation_leaves_while_placements_fill_every_place()
    {
        await using var session = await StartAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.HeldUntil = held.Task;
        var gateway = session.Directory.Find(PartNames.Gateway);
        for (var i = 0; i < 40; i++) gateway.Tell(new OrderMessages.Request.Place(Terms($"y-{i}"), DateTimeOffset.UtcNow));
        await UntilAsync(() => Venue.PlacementsOut == GatewayActor.InFlightMax, "every place taken");
        var victim = Venue.Open[0].ClientId;
        gateway.Tell(new OrderMessages.Request.Cancel(victim));
        await UntilAsync(() => Venue.Open.All(order => order.ClientId != victim), "the cancellation");
        held.SetResult();
    }

    [Fact]
    public async Task What_waits_beyond_its_bound_is_refused_and_never_leaves()
    {
        using var fixture = new SessionFixture { ReconcileInterval = TimeSpan.FromHours(1), SwitchTimeout = TimeSpan.FromMinutes(10), Changed = [("request-life = 3s", "request-life = 120s")] };
        await using var session = await StartAsync(fixture);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Venue.HeldUntil = held.Task;
        var (gateway, placed) = (session.Directory.Find(PartNames.Gateway), fixture.Venue.Placements);
        for (var i = 0; i < 1_200; i++) gateway.Tell(new OrderMessages.Request.Place(Terms($"z-{i}"), DateTimeOffset.UtcNow));
        await UntilAsync(() => fixture.Venue.PlacementsOut == GatewayActor.InFlightMax, "as many out as may be");
        // A cancellation behind them is proof that all were taken.
        var victim = fixture.Venue.Open[0].ClientId;
        gateway.Tell(new OrderMessages.Request.Cancel(victim));
        await UntilAsync(() => fixture.Venue.Open.All(order => order.ClientId != victim), "the cancellation");
        held.SetResult();
        await UntilAsync(() => fixture.Venue.PlacementsOut == 0 && fixture.Venue.Open.Any(order => order.ClientId.Value == $"z-{GatewayActor.InFlightMax + GatewayActor.WaitingMax - 1}"), "the last that waited");
        Assert.DoesNotContain(fixture.Venue.Open, order => order.ClientId.Value == $"z-{GatewayActor.InFlightMax + GatewayActor.WaitingMax}");
        Assert.InRange(fixture.Venue.Placements - placed, GatewayActor.InFlightMax + GatewayActor.WaitingMax, GatewayActor.InFlightMax + GatewayActor.WaitingMax + 8);
    }

    [Fact]
    public async Task Cancellations_that_wait_leave_a_hundred_at_a_time_and_questions_four_at_a_time()
    {
        await using var session = await StartAsync();
        var gateway = session.Directory.Find(PartNames.Gateway);
        for (var i = 0; i < 250; i++) gateway.Tell(new OrderMessages.Request.Cancel(new ClientOrderId($"c-{i}")));
        await UntilAsync(() => Venue.CancelRequests.Sum() == 250, "every cancellation");
        Assert.All(Venue.CancelRequests, one => Assert.InRange(one, 1, 100));
        Assert.InRange(Venue.CancelRequests.Count, 3, 10);

        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.AnswersHeldUntil = held.Task;
        for (var i = 0; i < 20; i++) gateway.Tell(new OrderMessages.Request.Find(new ClientOrderId($"q-{i}")));
        var victim = Venue.Open[0].ClientId;
        gateway.Tell(new OrderMessages.Request.Cancel(victim));
        await UntilAsync(() => Venue.Open.All(order => order.ClientId != victim), "the cancellation behind them");
        Assert.Equal(GatewayActor.QueriesMax, Venue.QueriesOut);
        held.SetResult();
        await UntilAsync(() => Venue.QueriesOut == 0, "the answers");
    }

    private static OrderTerms Terms(string id) => new(new ClientOrderId(id), FakeVenue.Symbol, Side.Buy, new Quantity(10), OrderType.Limit, new Price(100));

    private Task<TradingSession> StartAsync() => StartAsync(_fixture);

    private static async Task<TradingSession> StartAsync(SessionFixture fixture)
    {
        var session = await fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4 && session.View.OpenOrders.All(order => order.State == "working"), "four orders working");
        return session;
    }
}
