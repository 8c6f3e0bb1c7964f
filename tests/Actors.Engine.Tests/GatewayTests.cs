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

    private static OrderTerms Terms(string id) => new(new ClientOrderId(id), FakeVenue.Symbol, Side.Buy, new Quantity(10), OrderType.Limit, new Price(100));

    private async Task<TradingSession> StartAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4 && session.View.OpenOrders.All(order => order.State == "working"), "four orders working");
        return session;
    }
}
