using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Risk;

/// <summary>What a ladder's actions do: cancel, flatten, give up, and tell.</summary>
public class RiskReductionTests
{
    [Fact]
    public void Cancelling_takes_a_strategys_orders_and_leaves_others_and_those_that_reduce()
    {
        var world = new RiskWorld(new Limit(LimitKind.Loss, LimitScope.Of("grid"), 1_000_000, [new(1, RiskAction.CancelOrders)]));
        world.Hold(Linear, 1000, 2_000m);
        var buy = world.Work(Linear, Side.Buy, 1000, 1_800m);
        var reducing = world.Work(Linear, Side.Sell, 1000, 2_100m);
        world.Work(Linear, Side.Buy, 1000, 1_800m, strategy: "other");
        world.Mark(Linear, 1_890m);
        var decided = Assert.IsType<ReductionDecided>(Assert.Single(world.Tick()));
        Assert.Equal([new CancelIntent(RiskDoor.OwnId, Linear.Symbol, buy)], decided.Intents);
        world.Happen(new OrderCancelRequested(buy));
        Assert.Empty(world.Tick());
        world.Happen(new OrderChangeRefused(buy, "try again"));
        Assert.Single(world.Tick());
        world.Happen(new OrderCancelled(buy, "done"));
        Assert.Empty(world.Tick());
        Assert.False(world.Find(reducing)!.IsFinished);
    }

    [Fact]
    public void Flattening_closes_in_whole_lots_through_the_door_at_growing_distance_and_tells_when_it_is_done()
    {
        var world = new RiskWorld(
            Limit.Of(LimitKind.OrderQuantity, LimitScope.Of(Linear.Symbol), 3000), Limit.Of(LimitKind.PriceDistance, LimitScope.Of(Linear.Symbol), 0.005m),
            new Limit(LimitKind.DailyLoss, LimitScope.Of(Linear.Settlement), 1_000_000, [new(1, RiskAction.Flatten)]));
        world.Hold(Linear, 3000, 2_000m);
        world.Hold(Linear, 2000, 2_000m);
        world.Work(Linear, Side.Sell, 1000, 2_010m);
        world.Mark(Linear, 1_900m);
        var prices = new List<decimal>();
        var sizes = new List<long>();
        for (var guard = 0; world.State.Find(Linear.Symbol)!.Position.Contracts != 0; guard++)
        {
            Assert.True(guard < 40, "never flat");
            foreach (var intent in world.Tick().OfType<ReductionDecided>().SelectMany(one => one.Intents))
            {
                if (intent is CancelIntent cancel)
                {
                    world.Happen(new OrderCancelled(cancel.Id, "asked"));
                    continue;
                }

                var place = Assert.IsType<PlaceIntent>(intent);
                Assert.True(place.Terms.Flags.HasFlag(OrderFlags.ReduceOnly));
                Assert.IsType<Verdict.Approved>(world.Judge(place));
                world.Happen(new OrderSubmitted(place.Terms, new OrderOrigin(RiskDoor.OwnId, 0)));
                world.Happen(new OrderAcknowledged(place.Terms.Id, "v", world.Now));
                if (place.Terms.Price is { } price) prices.Add(Linear.Tick.ToDecimal(price));
                sizes.Add(place.Terms.Quantity.Contracts);
                // The first two find nobody.
                if (sizes.Count <= 2) world.Happen(new OrderCancelled(place.Terms.Id, "nobody"));
                else world.Fill(place.Terms.Id, place.Terms.Quantity.Contracts, 1_900m);
            }
        }

        Assert.Equal([1_896.20m, 1_892.40m, 1_890.50m, 1_896.20m], prices);
        Assert.Equal([3000L, 3000L, 3000L, 2000L], sizes);
        Assert.Equal(new FlattenEnded("dailyLoss:USDt", true, "flat"), Assert.Single(world.Tick()));
        Assert.Empty(world.Tick());
        Assert.Empty(world.Live);
        Assert.IsType<Verdict.Refused>(world.Judge(Linear, Side.Buy, 1000, 1_900m));
    }

    [Fact]
    public void Flattening_is_bounded_goes_to_the_market_and_says_what_is_left()
    {
        var world = new RiskWorld(new Limit(LimitKind.Loss, LimitScope.Of("grid"), 1_000_000, [new(1, RiskAction.Flatten)]));
        world.Hold(Linear, 4000, 2_000m);
        world.Hold(Linear, -1000, 2_000m, strategy: "other");
        world.Mark(Linear, 1_900m);
        var types = new List<OrderType>();
        FlattenEnded? ended = null;
        for (var guard = 0; ended is null; guard++)
        {
            Assert.True(guard < 100, "never ended");
            var events = world.Tick();
            ended = events.OfType<FlattenEnded>().FirstOrDefault();
            foreach (var place in events.OfType<ReductionDecided>().SelectMany(one => one.Intents).OfType<PlaceIntent>())
            {
                // No more than the account holds, though the strategy thinks that it holds more.
                Assert.Equal(3000, place.Terms.Quantity.Contracts);
                types.Add(place.Terms.Type);
                Assert.IsType<Verdict.Approved>(world.Judge(place));
                world.Happen(new OrderSubmitted(place.Terms, new OrderOrigin(RiskDoor.OwnId, 0)));
                world.Happen(new OrderRejected(place.Terms.Id, "no"));
            }
        }

        Assert.Equal(20, types.Count);
        Assert.Equal([OrderType.Limit, OrderType.Market], types.Distinct());
        Assert.Equal(new FlattenEnded("loss:grid", false, "given up after 20 orders without a fill; left: 3000 ETHUSDT"), ended);
        Assert.Empty(world.Tick());
    }

    [Fact]
    public void What_closes_a_strategys_position_counts_in_its_own_book()
    {
        var world = new RiskWorld(new Limit(LimitKind.Loss, LimitScope.Of("grid"), 1_000_000, [new(1, RiskAction.Flatten)]));
        world.Hold(Linear, 1000, 2_000m);
        world.Mark(Linear, 1_890m);
        var place = Assert.IsType<PlaceIntent>(Assert.IsType<ReductionDecided>(Assert.Single(world.Tick())).Intents[0]);
        Assert.Equal("s-risk-1", place.Terms.Id.Value);
        world.Judge(place);
        world.Happen(new OrderSubmitted(place.Terms, new OrderOrigin(RiskDoor.OwnId, 0)));
        world.Fill(place.Terms.Id, 1000, 1_890m);
        Assert.Equal(0, world.State.Memory.Strategies["grid"].PositionIn(Linear.Symbol).Quantity.Contracts);
        Assert.IsType<FlattenEnded>(Assert.Single(world.Tick()));
    }

    [Fact]
    public void Nothing_is_tried_while_a_gate_is_closed_and_no_identifier_is_used_twice_after_a_restart()
    {
        var world = new RiskWorld(new Limit(LimitKind.DailyLoss, LimitScope.Of(Linear.Settlement), 1_000_000, [new(1, RiskAction.Flatten)]));
        world.Hold(Linear, 1000, 2_000m);
        world.State.Apply(new GateClosed(Gate.Connection, "lost"), world.Now);
        world.Mark(Linear, 1_890m);
        Assert.Empty(world.Tick());
        world.State.Apply(new GateOpened(Gate.Connection), world.Now);
        Assert.Equal("s-risk-1", Id(world.Tick()));
        world.Restart();
        Assert.Equal("s-risk-2", Id(world.Tick()));

        static string Id(IReadOnlyList<RiskEvent> events) => Assert.IsType<PlaceIntent>(Assert.IsType<ReductionDecided>(Assert.Single(events)).Intents[0]).Terms.Id.Value;
    }
}
