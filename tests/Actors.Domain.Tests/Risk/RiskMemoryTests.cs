using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Risk;

/// <summary>What outlives a restart, a day and a takeover, and what an operator's command does.</summary>
public class RiskMemoryTests
{
    private static readonly LimitScope OfDollars = LimitScope.Of(Linear.Settlement);
    private static readonly LimitScope OfGrid = LimitScope.Of("grid");

    [Fact]
    public void Latches_losses_fees_and_peaks_survive_a_restart()
    {
        var world = new RiskWorld(
            Limit.Of(LimitKind.DailyLoss, OfDollars, 3_000_000), Limit.Of(LimitKind.Drawdown, OfDollars, 5_000_000), Limit.Of(LimitKind.Loss, OfGrid, 1_000_000),
            Limit.Of(LimitKind.FeesPerDay, OfDollars, 1_000));
        world.Hold(Linear, 1000, 2_000m, commission: 400);
        world.Mark(Linear, 2_300m);
        world.Mark(Linear, 1_890m);
        Assert.Equal(["loss:grid"], world.Latches.Select(latch => latch.Name));
        var words = world.Latches.Single().Words;
        for (var restart = 0; restart < 3; restart++)
        {
            world.Restart();
            Assert.Equal(words, Assert.Single(world.Latches).Words);
            Assert.Contains("loss:grid", Refusal(world.Judge(Linear, Side.Buy, 1000, 1_890m)), StringComparison.Ordinal);
            Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Buy, 1000, 1_890m, strategy: "other"));
        }

        world.Mark(Linear, 1_790m);
        Assert.Equal(["drawdown:USDt", "loss:grid"], world.Latches.Select(latch => latch.Name));
        Assert.StartsWith("drawdown:USDt 5100000 is above its bound 5000000 (from a peak of 2999600", world.Latches.First().Words, StringComparison.Ordinal);
        world.Hold(Linear, -1000, 1_790m, commission: 700);
        Assert.Equal(RiskAction.Refuse, world.State.Memory.PassedOf("feesPerDay:USDt"));
    }

    [Fact]
    public void A_day_begins_at_midnight_of_UTC_by_the_time_of_the_input()
    {
        var world = new RiskWorld(Limit.Of(LimitKind.DailyLoss, OfDollars, 1_000_000), Limit.Of(LimitKind.FeesPerDay, OfDollars, 1_000));
        world.Hold(Linear, 1000, 2_000m, commission: 1_500);
        world.Mark(Linear, 1_905m);
        Assert.Contains("feesPerDay", Refusal(world.Judge(Linear, Side.Buy, 1000, 1_905m)), StringComparison.Ordinal);
        world.Now = new DateTimeOffset(2026, 11, 2, 1, 0, 0, TimeSpan.FromHours(1.5));
        Assert.Empty(world.Tick(0).OfType<RiskDayBegan>());
        world.Now = new DateTimeOffset(2026, 11, 2, 1, 30, 0, TimeSpan.FromHours(1.5));
        Assert.Equal(new DateOnly(2026, 11, 2), Assert.Single(world.Tick(0).OfType<RiskDayBegan>()).Day);
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Buy, 1000, 1_905m));
        world.Mark(Linear, 1_810m);
        Assert.Empty(world.Latches);
        world.Mark(Linear, 1_800m);
        Assert.Equal("dailyLoss:USDt", Assert.Single(world.Latches).Name);
        world.Tick(86_400);
        Assert.Single(world.Latches);
    }

    [Fact]
    public void A_position_that_is_taken_over_is_neither_won_nor_lost()
    {
        var world = new RiskWorld(Limit.Of(LimitKind.DailyLoss, OfDollars, 1_000_000));
        world.State.Find(Linear.Symbol)!.Mark = null;
        // Bought at 2500 by somebody: 5,000,000 under water when the first mark comes.
        world.Tell(new HoldingSeen(Linear.Symbol, new Position(new Quantity(1000), 25_000_000, 0, 0), 0, IsAdopted: true));
        Assert.Contains("cannot be known", Refusal(world.Judge(Linear, Side.Buy, 1000, 2_000m)), StringComparison.Ordinal);
        Assert.Equal(new ProfitRebased(Linear.Symbol, 5_000_000), Assert.Single(world.Mark(Linear, 2_000m)));
        world.Restart();
        world.Mark(Linear, 1_910m);
        Assert.Empty(world.Latches);
        world.Mark(Linear, 1_890m);
        Assert.Single(world.Latches);
    }

    [Fact]
    public void What_is_lost_before_a_resume_is_forgiven_and_what_follows_counts()
    {
        var world = new RiskWorld(Limit.Of(LimitKind.DailyLoss, OfDollars, 1_000_000), Limit.Of(LimitKind.Drawdown, OfDollars, 1_000_000), Limit.Of(LimitKind.Loss, OfGrid, 1_000_000));
        world.Hold(Linear, 1000, 2_000m);
        world.Mark(Linear, 1_850m);
        Assert.Equal(["dailyLoss:USDt", "drawdown:USDt", "loss:grid"], world.Latches.Select(latch => latch.Name));
        world.Tell(new OperatorSaid(OperatorVerb.Resume, "one at a time", ["loss:grid"]));
        Assert.Equal(["dailyLoss:USDt", "drawdown:USDt"], world.Latches.Select(latch => latch.Name));
        var cleared = Assert.IsType<LatchesCleared>(world.Tell(new OperatorSaid(OperatorVerb.Resume, "all", []))[0]);
        Assert.Equal([new ClearedLatch("dailyLoss:USDt", 1_500_000), new ClearedLatch("drawdown:USDt", 1_500_000)], cleared.Latches);
        world.Restart();
        Assert.Empty(world.Latches);
        world.Mark(Linear, 1_760m);
        Assert.Empty(world.Latches);
        world.Mark(Linear, 1_740m);
        Assert.Equal(3, world.Latches.Count());
    }

    [Fact]
    public void A_resume_of_what_is_still_beyond_its_bound_latches_again_at_once()
    {
        var world = new RiskWorld(new Limit(LimitKind.Position, LimitScope.Of(Linear.Symbol), 2000, [new(1, RiskAction.ReduceOnly)]));
        world.Tell(new HoldingSeen(Linear.Symbol, new Position(new Quantity(3000), 60_000_000, 0, 0), 0, IsAdopted: true));
        Assert.Single(world.Latches);
        var events = world.Tell(new OperatorSaid(OperatorVerb.Resume, "try", []));
        Assert.Equal([typeof(LatchesCleared), typeof(LimitPassed)], events.Select(one => one.GetType()));
        Assert.Single(world.Latches);
    }

    [Fact]
    public void An_operators_halt_holds_over_a_restart_and_still_lets_positions_be_reduced()
    {
        var world = new RiskWorld();
        world.Hold(Linear, 2000, 2_000m);
        world.Tell(new OperatorSaid(OperatorVerb.Halt, "exchange maintenance", []));
        world.Restart();
        Assert.Equal("only reducing since 2026-11-01 12:00:00 UTC, until an operator clears operator: exchange maintenance", Refusal(world.Judge(Linear, Side.Buy, 1000, 2_000m)));
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Sell, 1000, 2_000m));
        Assert.IsType<Verdict.Refused>(world.Judge(Linear, Side.Sell, 2000, 2_000m));
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Sell, 1000, 2_000m));
        Assert.IsType<Verdict.Approved>(world.Judge(Linear, Side.Sell, 2000, 2_000m, OrderFlags.ReduceOnly));
        world.Tell(new OperatorSaid(OperatorVerb.Resume, "done", ["operator"]));
        Assert.Empty(world.Latches);
    }

    [Fact]
    public void A_door_without_a_record_on_an_account_with_a_history_starts_halted()
    {
        var state = new RiskState(new RiskLimits([.. RiskLimits.Basic(Linear.Symbol, 1000, 1000, 1, 1)]), [Linear]);
        state.Begin(Noon, "s");
        state.Apply(new GateClosed(Gate.Connection, "not connected"), Noon);
        Assert.Equal("unproved", Assert.IsType<LimitPassed>(Assert.Single(RiskWatch.Take(state, new OrdersSeen(7), Noon))).Name);
        Assert.Single(state.Memory.Latches);

        var fresh = new RiskState(state.Limits, [Linear]);
        fresh.Begin(Noon, "s");
        Assert.Empty(RiskWatch.Take(fresh, new OrdersSeen(0), Noon));
        Assert.Empty(RiskWatch.Take(fresh, new OrdersSeen(7), Noon));
    }

    [Fact]
    public void No_fill_is_counted_twice()
    {
        var world = new RiskWorld();
        var id = world.Work(Linear, Side.Buy, 1000, 2_000m);
        world.Fill(id, 1000, 2_000m, 5);
        var seen = new OrderSeen(id, OrderNews.Filled, 3) { Order = world.Find(id), Fill = new OrderFilled(id, "e", new Quantity(1000), 2_000m, 20_000_000, 5, Noon) };
        Assert.Empty(world.Tell(seen));
        Assert.Equal(1000, world.State.Memory.Strategies["grid"].PositionIn(Linear.Symbol).Quantity.Contracts);
    }

    private static string Refusal(Verdict verdict) => Assert.IsType<Verdict.Refused>(verdict).Reason;
}
