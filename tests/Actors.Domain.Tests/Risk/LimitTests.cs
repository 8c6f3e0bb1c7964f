using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Risk;

/// <summary>Every limit, breached: the limit, the value, the bound and the inputs that the verdict names, or the latch.</summary>
public class LimitTests
{
    private static readonly LimitScope OfInverse = LimitScope.Of(Inverse.Symbol);
    private static readonly LimitScope OfLinear = LimitScope.Of(Linear.Symbol);
    private static readonly LimitScope OfDollars = LimitScope.Of(Linear.Settlement);
    private static readonly LimitScope OfGrid = LimitScope.Of("grid");

    /// <summary>A case: the limit under test, what comes before, the order that is too much, and the words of the refusal.</summary>
    public static TheoryData<string> Cases => [.. Table.Keys];

    // A linear contract is worth 10 minor units a point: 1000 contracts at 2000 are 20,000,000. An inverse one of 1 dollar is 2000 at 50000.
    private static readonly Dictionary<string, (Limit Limit, Action<RiskWorld> Before, Func<RiskWorld, Intent> Order, decimal Value, string Words)> Table = new()
    {
        ["order quantity"] = (
            Limit.Of(LimitKind.OrderQuantity, OfInverse, 2000), _ => { }, world => world.Intent(Inverse, Side.Buy, 2100, 50_000m),
            2100, "orderQuantity:XBTUSD 2100 is above its bound 2000 (order Buy 2100 XBTUSD at 50000.0)"),
        ["order quantity of a strategy"] = (
            Limit.Of(LimitKind.OrderQuantity, OfGrid, 2000), _ => { }, world => world.Intent(Inverse, Side.Buy, 2100, 50_000m),
            2100, "orderQuantity:grid 2100 is above its bound 2000 (order Buy 2100 XBTUSD at 50000.0)"),
        ["order notional at its own price"] = (
            Limit.Of(LimitKind.OrderNotional, OfLinear, 20_000_000), _ => { }, world => world.Intent(Linear, Side.Sell, 1000, 2_100m),
            21_000_000, "orderNotional:ETHUSDT 21000000 is above its bound 20000000 (order Sell 1000 ETHUSDT at 2100.00; mark 2000)"),
        ["order notional at the mark"] = (
            Limit.Of(LimitKind.OrderNotional, OfDollars, 20_000_000), _ => { }, world => world.Intent(Linear, Side.Sell, 2000, null),
            40_000_000, "orderNotional:USDt 40000000 is above its bound 20000000 (order Sell 2000 ETHUSDT; mark 2000)"),
        ["position, open orders as if filled"] = (
            Limit.Of(LimitKind.Position, OfInverse, 3000), world => { world.Hold(Inverse, 1000, 50_000m); world.Work(Inverse, Side.Buy, 1500, 49_000m); },
            world => world.Intent(Inverse, Side.Buy, 600, 49_000m),
            3100, "position:XBTUSD 3100 is above its bound 3000 (position 1000 XBTUSD, 1000 to 2500 with open orders; order Buy 600 XBTUSD at 49000.0)"),
        ["position turned over"] = (
            Limit.Of(LimitKind.Position, OfInverse, 3000), world => world.Hold(Inverse, 1000, 50_000m), world => world.Intent(Inverse, Side.Sell, 4100, 50_000m),
            3100, "position:XBTUSD 3100 is above its bound 3000 (position 1000 XBTUSD, 1000 to 1000 with open orders; order Sell 4100 XBTUSD at 50000.0)"),
        ["position of a strategy"] = (
            Limit.Of(LimitKind.Position, OfGrid, 3000), world => { world.Hold(Inverse, 1000, 50_000m); world.Hold(Inverse, -900, 50_000m, strategy: "other"); },
            world => world.Intent(Inverse, Side.Buy, 2100, 50_000m),
            3100, "position:grid 3100 is above its bound 3000 (position 1000 XBTUSD, 1000 to 1000 with open orders; order Buy 2100 XBTUSD at 50000.0)"),
        ["gross exposure"] = (
            Limit.Of(LimitKind.GrossExposure, OfDollars, 100_000_000), world => world.Hold(Linear, 4000, 2_000m), world => world.Intent(Linear, Side.Buy, 2000, 1_900m),
            120_000_000, "grossExposure:USDt 120000000 is above its bound 100000000 (position 4000 ETHUSDT, 4000 to 4000 with open orders, mark 2000; order Buy 2000 ETHUSDT at 1900.00)"),
        ["net exposure"] = (
            Limit.Of(LimitKind.NetExposure, OfDollars, 100_000_000), world => world.Hold(Linear, -4000, 2_000m), world => world.Intent(Linear, Side.Sell, 2000, 2_100m),
            120_000_000, "netExposure:USDt 120000000 is above its bound 100000000 (position -4000 ETHUSDT, -4000 to -4000 with open orders, mark 2000; order Sell 2000 ETHUSDT at 2100.00)"),
        ["leverage"] = (
            Limit.Of(LimitKind.Leverage, OfDollars, 2), world => world.Hold(Linear, 100_000, 2_000m), world => world.Intent(Linear, Side.Buy, 1000, 2_000m),
            2.02m, "leverage:USDt 2.02 is above its bound 2 (equity 1000000000 USDt; position 100000 ETHUSDT, 100000 to 100000 with open orders, mark 2000; order Buy 1000 ETHUSDT at 2000.00)"),
        ["distance from the mark"] = (
            Limit.Of(LimitKind.PriceDistance, OfLinear, 0.05m), _ => { }, world => world.Intent(Linear, Side.Buy, 1000, 1_880m),
            0.06m, "priceDistance:ETHUSDT 0.06 is above its bound 0.05 (order Buy 1000 ETHUSDT at 1880.00; mark 2000)"),
        ["distance from the best bid"] = (
            Limit.Of(LimitKind.BestDistance, OfLinear, 0.01m), world => world.Tell(Best(1_998m, 2_000m)), world => world.Intent(Linear, Side.Sell, 1000, 1_898.10m),
            0.05m, "bestDistance:ETHUSDT 0.05 is above its bound 0.01 (order Sell 1000 ETHUSDT at 1898.10; bid 1998.00, ask 2000.00)"),
        ["distance from the best ask"] = (
            Limit.Of(LimitKind.BestDistance, OfLinear, 0.01m), world => world.Tell(Best(1_998m, 2_000m)), world => world.Intent(Linear, Side.Sell, 1000, 2_100m),
            0.05m, "bestDistance:ETHUSDT 0.05 is above its bound 0.01 (order Sell 1000 ETHUSDT at 2100.00; bid 1998.00, ask 2000.00)"),
        ["open orders of the account"] = (
            Limit.Of(LimitKind.OpenOrders, LimitScope.Account, 2), world => { world.Work(Inverse, Side.Buy, 100, 49_000m); world.Work(Linear, Side.Buy, 1000, 1_900m); },
            world => world.Intent(Linear, Side.Buy, 1000, 1_900m),
            3, "openOrders 3 is above its bound 2 (working or under way, and this one)"),
        ["open orders of a strategy"] = (
            Limit.Of(LimitKind.OpenOrders, OfGrid, 1), world => { world.Work(Inverse, Side.Buy, 100, 49_000m); world.Work(Inverse, Side.Buy, 100, 49_000m, strategy: "other"); },
            world => world.Intent(Linear, Side.Buy, 1000, 1_900m),
            2, "openOrders:grid 2 is above its bound 1 (working or under way, and this one)"),
        ["orders a second"] = (
            Limit.Of(LimitKind.OrdersPerSecond, OfGrid, 2), world => { world.Work(Inverse, Side.Buy, 100, 49_000m); world.Work(Inverse, Side.Buy, 100, 49_000m); world.Work(Inverse, Side.Buy, 100, 49_000m, strategy: "other"); },
            world => world.Intent(Inverse, Side.Buy, 100, 49_000m),
            3, "ordersPerSecond:grid 3 is above its bound 2 (2 approved in the last second)"),
        ["amendments a second"] = (
            Limit.Of(LimitKind.AmendsPerSecond, LimitScope.Account, 1), world => Assert.IsType<Verdict.Approved>(world.Judge(Amend(world, 49_001m))), world => Amend(world, 49_002m),
            2, "amendsPerSecond 2 is above its bound 1 (1 approved in the last second)"),
        ["distance to liquidation"] = (
            Limit.Of(LimitKind.LiquidationDistance, OfLinear, 0.2m), world => world.Tell(new WalletSeen(Linear.Settlement, 20_000_000)), world => world.Intent(Linear, Side.Buy, 10_000, 2_000m),
            0.094m, "liquidationDistance:ETHUSDT 0.09425 is below its bound 0.2 (equity 20000000 USDt; no position; order Buy 10000 ETHUSDT at 2000.00)"),
        ["funding about to be paid"] = (
            Limit.Of(LimitKind.FundingDue, OfLinear, 10_000), world => world.Tell(new FundingSeen(Linear.Symbol, 0.001m, Noon.AddMinutes(20))), world => world.Intent(Linear, Side.Buy, 1000, 2_000m),
            20_000, "fundingDue:ETHUSDT 20000 is above its bound 10000 (funding of ETHUSDT 0.001 at 12:20:00; no position; order Buy 1000 ETHUSDT at 2000.00)"),
        ["fees of a day"] = (
            Limit.Of(LimitKind.FeesPerDay, OfDollars, 500), world => world.Hold(Linear, 1000, 2_000m, commission: 501), world => world.Intent(Linear, Side.Buy, 1000, 2_000m),
            501, "feesPerDay:USDt 501 is above its bound 500 (commission less rebates since 2026-11-01 UTC)"),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_breach_is_refused_and_named(string name)
    {
        var (limit, before, order, value, words) = Table[name];
        var world = new RiskWorld(limit);
        before(world);
        world.Tell(new BestSeen(Inverse.Symbol, default, default));
        var refused = Assert.IsType<Verdict.Refused>(world.Judge(order(world)));
        Assert.Equal(words, refused.Reason);
        Assert.Equal((limit.Kind, limit.Scope, value, limit.Bound), (refused.Finding!.Kind, refused.Finding.Scope, decimal.Round(refused.Finding.Value!.Value, 3), refused.Finding.Bound));
    }

    /// <summary>On the bound is not beyond it: the same order passes where the bound is its value.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_on_the_bound_passes(string name)
    {
        var (limit, before, order, value, _) = Table[name];
        var world = new RiskWorld(limit with { Bound = limit.IsFloor ? value - 0.001m : value });
        before(world);
        Assert.IsType<Verdict.Approved>(world.Judge(order(world)));
    }

    [Theory]
    [InlineData(LimitKind.DailyLoss, "USDt", "dailyLoss:USDt 2000000 is above its bound 1000000 (since 2026-11-01 UTC, position 1000 ETHUSDT, 1000 to 1000 with open orders, mark 1800)")]
    [InlineData(LimitKind.DailyLoss, "ETHUSDT", "dailyLoss:ETHUSDT 2000000 is above its bound 1000000 (since 2026-11-01 UTC, position 1000 ETHUSDT, 1000 to 1000 with open orders, mark 1800)")]
    [InlineData(LimitKind.DailyLoss, "grid", "dailyLoss:grid 2000000 is above its bound 1000000 (since 2026-11-01 UTC, position 1000 ETHUSDT, 1000 to 1000 with open orders, mark 1800)")]
    [InlineData(LimitKind.Loss, "grid", "loss:grid 2000000 is above its bound 1000000 (position 1000 ETHUSDT, 1000 to 1000 with open orders, mark 1800)")]
    [InlineData(LimitKind.Drawdown, "USDt", "drawdown:USDt 2000000 is above its bound 1000000 (from a peak of 0, position 1000 ETHUSDT, 1000 to 1000 with open orders, mark 1800)")]
    public void A_loss_latches_and_only_an_operator_clears_it(LimitKind kind, string scope, string words)
    {
        var world = new RiskWorld(Limit.Of(kind, scope == "grid" ? OfGrid : scope == "USDt" ? OfDollars : OfLinear, 1_000_000));
        world.Hold(Linear, 1000, 2_000m);
        Assert.Empty(world.Mark(Linear, 1_950m).OfType<LimitPassed>());
        Assert.Equal(RiskAction.Alert, Assert.Single(world.Mark(Linear, 1_910m).OfType<LimitPassed>()).Action);
        Assert.Equal(RiskAction.ReduceOnly, Assert.Single(world.Mark(Linear, 1_800m).OfType<LimitPassed>()).Action);
        Assert.Equal(words, Assert.Single(world.Latches).Words);
        world.Mark(Linear, 2_000m);
        Assert.Contains("until an operator clears", Refusal(world.Judge(Linear, Side.Buy, 1000, 2_000m)), StringComparison.Ordinal);
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Sell, 1000, 2_000m));
        if (scope != "grid") Assert.IsType<Verdict.Approved>(world.Judge(Inverse, Side.Buy, 100, 50_000m));
        world.Tell(new OperatorSaid(OperatorVerb.Resume, "looked at it", []));
        Assert.Empty(world.Latches);
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Buy, 1000, 2_000m));
    }

    [Fact]
    public void Rejects_one_after_the_other_latch_and_one_that_is_taken_begins_anew()
    {
        var world = new RiskWorld(Limit.Of(LimitKind.ConsecutiveRejects, OfGrid, 2));
        for (var i = 0; i < 2; i++) Reject(world);
        world.Work(Inverse, Side.Buy, 100, 49_000m);
        for (var i = 0; i < 2; i++) Reject(world);
        Assert.Empty(world.Latches);
        Reject(world);
        Assert.Equal("consecutiveRejects:grid 3 is above its bound 2 (orders refused by the venue since it last took one)", Assert.Single(world.Latches).Words);
        Assert.IsType<Verdict.Refused>(world.Judge(Inverse, Side.Buy, 100, 49_000m));
        Assert.IsType<Verdict.Approved>(world.Judge(Inverse, Side.Buy, 100, 49_000m, strategy: "other"));
        world.Tell(new OperatorSaid(OperatorVerb.Resume, "venue was down", ["consecutiveRejects:grid"]));
        Assert.IsType<Verdict.Approved>(world.Judge(Inverse, Side.Buy, 100, 49_000m));
    }

    [Fact]
    public void A_book_that_stays_stale_counts_only_while_something_is_at_stake()
    {
        var world = new RiskWorld(new Limit(LimitKind.StaleBook, OfLinear, 30, [new(1, RiskAction.ReduceOnly)]));
        world.Tell(new BookStatusSeen(Linear.Symbol, BookStatus.Stale));
        world.Tick(31);
        Assert.Empty(world.Latches);
        world.Tell(new BookStatusSeen(Linear.Symbol, BookStatus.Live));
        world.Hold(Linear, 1000, 2_000m);
        world.Tell(new BookStatusSeen(Linear.Symbol, BookStatus.Stale));
        Assert.Empty(world.Tick(30).OfType<LimitPassed>());
        Assert.Single(world.Tick(1).OfType<LimitPassed>());
        Assert.Equal("staleBook:ETHUSDT 31 is above its bound 30 (book Stale)", Assert.Single(world.Latches).Words);
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Sell, 1000, 2_000m));
    }

    [Fact]
    public void A_switch_that_stays_late_alerts_once_and_again_after_it_was_armed()
    {
        var world = new RiskWorld(Limit.Of(LimitKind.LateBeat, LimitScope.Account, 10));
        for (var time = 0; time < 2; time++)
        {
            world.State.Apply(new GateClosed(Gate.Switch, "the switch is late"), world.Now);
            Assert.Empty(world.Tick(10));
            Assert.Equal("lateBeat 11 is above its bound 10 (the switch is late)", LimitWords.Of(Assert.Single(world.Tick(1).OfType<LimitPassed>()).Finding));
            Assert.Empty(world.Tick(100));
            world.State.Apply(new GateOpened(Gate.Switch), world.Now);
            Assert.Single(world.Tick(1).OfType<LimitReturned>());
        }
    }

    /// <summary>On hundreds of instruments a price of one must not cost a look at all limits; what it can move is told at once all the same.</summary>
    [Fact]
    public void News_of_one_instrument_are_held_against_what_they_can_move_at_once_and_the_rest_as_time_passes()
    {
        var world = new RiskWorld(
            Limit.Of(LimitKind.LateBeat, LimitScope.Account, 10),
            Limit.Of(LimitKind.StaleBook, OfLinear, 10),
            Limit.Of(LimitKind.GrossExposure, OfDollars, 45_000_000),
            Limit.Of(LimitKind.Loss, LimitScope.Of("grid"), 4_000_000),
            Limit.Of(LimitKind.Loss, LimitScope.Of("other"), 1));
        world.Hold(Linear, 2000, 2_000m);
        world.State.Apply(new GateClosed(Gate.Switch, "the switch is late"), world.Now);
        world.Now = world.Now.AddSeconds(11);
        Assert.Empty(world.Mark(Inverse, 49_000m));
        Assert.Empty(world.Tell(new BestSeen(Linear.Symbol, default, default)));
        Assert.Equal("lateBeat", Assert.Single(world.Mark(Linear, 2_001m).OfType<LimitPassed>()).Name);
        Assert.Equal("grossExposure:USDt", Assert.Single(world.Mark(Linear, 2_300m).OfType<LimitPassed>()).Name);
        Assert.Equal("loss:grid", Assert.Single(world.Mark(Linear, 1_700m).OfType<LimitPassed>()).Name);
        world.Tell(new BookStatusSeen(Linear.Symbol, BookStatus.Stale));
        world.Now = world.Now.AddSeconds(11);
        Assert.Empty(world.Mark(Inverse, 50_000m));
        Assert.Equal("staleBook:ETHUSDT", Assert.Single(world.Tick(0).OfType<LimitPassed>()).Name);
    }

    [Fact]
    public void A_ladder_is_climbed_and_left_again_without_trembling()
    {
        var limit = new Limit(LimitKind.GrossExposure, OfDollars, 100, [new(0.5m, RiskAction.Log), new(0.8m, RiskAction.Alert), new(1, RiskAction.Refuse)]);
        var world = new RiskWorld(limit with { Bound = 100_000_000 });
        world.Hold(Linear, 2000, 2_000m);
        RiskAction? InForce() => world.State.Memory.PassedOf(limit.Name);
        foreach (var (mark, action) in ((decimal, RiskAction?)[])
            [(2_500m, null), (2_501m, RiskAction.Log), (2_400m, RiskAction.Log), (4_100m, RiskAction.Alert), (3_900m, RiskAction.Alert), (5_100m, RiskAction.Refuse), (4_700m, RiskAction.Alert), (2_600m, RiskAction.Log), (2_300m, null)])
        {
            world.Mark(Linear, mark);
            Assert.Equal(action, InForce());
        }

        Assert.Empty(world.Latches);
    }

    [Theory]
    [InlineData(LimitKind.PriceDistance, "ETHUSDT", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.OrderNotional, "ETHUSDT", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.GrossExposure, "USDt", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.NetExposure, "USDt", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.Leverage, "USDt", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.LiquidationDistance, "ETHUSDT", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.BestDistance, "ETHUSDT", "no best bid and ask of ETHUSDT yet")]
    [InlineData(LimitKind.DailyLoss, "USDt", "the day has not begun")]
    [InlineData(LimitKind.Drawdown, "USDt", "no mark price of ETHUSDT yet")]
    [InlineData(LimitKind.FeesPerDay, "USDt", "the day has not begun")]
    public void What_cannot_be_known_refuses_increases_and_lets_reductions_pass(LimitKind kind, string scope, string words)
    {
        foreach (var rubbish in (decimal?[])[null, 0m, -5m])
        {
            var world = new RiskWorld(Limit.Of(kind, scope == "USDt" ? OfDollars : OfLinear, 1_000_000_000));
            world.Tell(Best(1_999m, 2_001m));
            world.Hold(Linear, 2000, 2_000m);
            world.Tell(new BestSeen(Linear.Symbol, default, default));
            world.Now = Noon.AddDays(1);
            world.State.Find(Linear.Symbol)!.Mark = rubbish;
            var increase = kind == LimitKind.OrderNotional ? world.Intent(Linear, Side.Buy, 1000, null) : world.Intent(Linear, Side.Buy, 1000, 2_000m);
            Assert.Contains(words, Refusal(world.Judge(increase)), StringComparison.Ordinal);
            Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Sell, 1000, 2_000m));
            Assert.IsType<Verdict.Approved>(world.Judge(new CancelIntent("grid", Linear.Symbol, new ClientOrderId("any"))));
        }
    }

    [Fact]
    public void Two_strategies_that_race_for_the_same_headroom_cannot_both_get_it()
    {
        foreach (var limit in (Limit[])
            [
                Limit.Of(LimitKind.Position, OfLinear, 10_000), Limit.Of(LimitKind.GrossExposure, OfDollars, 200_000_000), Limit.Of(LimitKind.NetExposure, OfDollars, 200_000_000),
                Limit.Of(LimitKind.Leverage, OfDollars, 0.2m), Limit.Of(LimitKind.OpenOrders, LimitScope.Account, 1), Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 1),
                Limit.Of(LimitKind.FundingDue, OfLinear, 200_000),
            ])
        {
            var world = new RiskWorld(limit);
            world.Tell(new FundingSeen(Linear.Symbol, 0.001m, Noon.AddMinutes(20)));
            Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Buy, 10_000, 2_000m, strategy: "grid"));
            Assert.Equal(limit.Kind, Assert.IsType<Verdict.Refused>(world.Judge(Linear, Side.Buy, 10_000, 2_000m, strategy: "other")).Finding!.Kind);
        }
    }

    [Fact]
    public void A_limit_on_orders_with_a_latch_stops_a_strategy_that_asks_for_far_too_much()
    {
        var world = new RiskWorld(new Limit(LimitKind.OrderQuantity, OfGrid, 1000, [new(1, RiskAction.Refuse), new(10, RiskAction.CancelOrders)]));
        Assert.IsType<Verdict.Refused>(world.Judge(Inverse, Side.Buy, 2000, 50_000m));
        Assert.Empty(world.Latches);
        Assert.IsType<Verdict.Refused>(world.Judge(Inverse, Side.Buy, 20_000, 50_000m));
        Assert.Equal(RiskAction.CancelOrders, Assert.Single(world.Latches).Action);
        Assert.Contains("until an operator clears orderQuantity:grid", Refusal(world.Judge(Inverse, Side.Buy, 100, 50_000m)), StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_at_an_order_has_no_effect()
    {
        var world = new RiskWorld(Limit.Of(LimitKind.Position, OfInverse, 1000));
        for (var i = 0; i < 3; i++)
        {
            var examined = RiskDoor.Examine(world.State, world.Intent(Inverse, Side.Buy, 1000, 50_000m), Noon);
            Assert.Null(examined.Refusal);
            Assert.Equal((1000m, 1000m), Assert.Single(examined.Findings, one => one.Kind == LimitKind.Position) is var one ? (one.Value!.Value, one.Bound) : default);
        }

        Assert.StartsWith("position:XBTUSD 1100", RiskDoor.Examine(world.State, world.Intent(Inverse, Side.Buy, 1100, 50_000m), Noon).Refusal, StringComparison.Ordinal);
    }

    private static BestSeen Best(decimal bid, decimal ask) => new(
        Linear.Symbol, new BookTop(new BookLevel(Linear.Tick.ToPrice(bid), new Quantity(1)), new BookLevel(Linear.Tick.ToPrice(ask), new Quantity(1))), new Cursor(1, 1));

    private static AmendIntent Amend(RiskWorld world, decimal price)
    {
        var id = world.Live.FirstOrDefault()?.Id ?? world.Work(Inverse, Side.Buy, 100, 49_000m);
        return new AmendIntent("grid", Inverse.Symbol, id, Inverse.Tick.ToPrice(price), null);
    }

    private static void Reject(RiskWorld world)
    {
        var intent = world.Intent(Inverse, Side.Buy, 100, 49_000m);
        world.Judge(intent);
        world.Happen(new OrderSubmitted(intent.Terms, new OrderOrigin("grid", 0)));
        world.Happen(new OrderRejected(intent.Terms.Id, "no"));
    }

    private static string Refusal(Verdict verdict) => Assert.IsType<Verdict.Refused>(verdict).Reason;
}
