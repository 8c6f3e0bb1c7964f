using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

public class StrategyTests
{
    private static readonly GridParameters Grid = new("grid", Inverse.Symbol, 2, 10, new Quantity(100), new Quantity(300));
    private static readonly QuotingParameters Quoting = new("quote", Inverse.Symbol, new Quantity(100), 3, 2, 4, new Quantity(400));

    [Fact]
    public void A_grid_hangs_its_ladder_on_the_middle_and_wants_both_sides()
    {
        var grid = new GridStrategy(Grid);
        var context = Context(999, 1001);
        Assert.Equal(new Price(1000), grid.AnchorWanted(StrategyMemory.Empty, context));
        var memory = StrategyMemory.Empty.Apply(new StrategyAnchored(new Price(1000)));

        Assert.Null(grid.AnchorWanted(memory, context));
        Assert.Equal("-1 Buy 990, 1 Sell 1010, -2 Buy 980, 2 Sell 1020", Words(grid.Desired(memory, context)));
    }

    [Fact]
    public void A_filled_buy_is_answered_by_a_sell_one_step_higher()
    {
        var memory = StrategyMemory.Empty.Apply(new StrategyAnchored(new Price(1000))).Apply(new SlotFilled(-1, new Quantity(100), 7));

        Assert.Equal("-2 Buy 980, 0 Sell 1000, -3 Buy 970, 1 Sell 1010", Words(new GridStrategy(Grid).Desired(memory, Context(985, 995))));
        Assert.Equal(7, memory.LastSequence);
    }

    [Fact]
    public void A_line_that_the_market_jumped_over_is_not_counted_as_traded()
    {
        var memory = StrategyMemory.Empty
            .Apply(new StrategyAnchored(new Price(1000)))
            .Apply(new SlotFilled(-1, new Quantity(100), 7))
            .Apply(new SlotFilled(1, new Quantity(-100), 8));

        Assert.Equal("-1 Buy 990, 1 Sell 1010, -2 Buy 980, 2 Sell 1020", Words(new GridStrategy(Grid).Desired(memory, Context(999, 1001))));
    }

    [Fact]
    public void The_same_fill_told_twice_counts_once()
    {
        var once = StrategyMemory.Empty.Apply(new SlotFilled(-1, new Quantity(100), 7));
        Assert.Equal(once, once.Apply(new SlotFilled(-1, new Quantity(100), 7)));
    }

    [Fact]
    public void A_grid_never_wants_beyond_its_largest_position()
    {
        var memory = StrategyMemory.Empty.Apply(new StrategyAnchored(new Price(1000))).Apply(new SlotFilled(-3, new Quantity(300), 9));
        Assert.Equal("-2 Sell 980, -1 Sell 990", Words(new GridStrategy(Grid).Desired(memory, Context(965, 975))));
    }

    [Fact]
    public void A_line_that_the_market_has_passed_waits()
    {
        var memory = StrategyMemory.Empty.Apply(new StrategyAnchored(new Price(1000)));
        Assert.Equal("-2 Buy 980, 1 Sell 1010, 2 Sell 1020", Words(new GridStrategy(Grid).Desired(memory, Context(984, 986)).OrderBy(one => one.Slot)));
    }

    [Theory]
    [InlineData(0, 1000, 1002, "0 Buy 998, 1 Sell 1004")]
    [InlineData(0, 1000, 1001, "0 Buy 997, 1 Sell 1004")]
    [InlineData(200, 1000, 1002, "0 Buy 996, 1 Sell 1002")]
    [InlineData(400, 1000, 1002, "1 Sell 1001")]
    [InlineData(-400, 1000, 1002, "0 Buy 1001")]
    public void Quotes_stand_around_the_middle_and_lean_against_the_position(long position, long bid, long ask, string expected)
    {
        var desired = new QuotingStrategy(Quoting).Desired(StrategyMemory.Empty, Context(bid, ask, position));
        Assert.Equal(expected, Words(desired));
    }

    [Fact]
    public void The_plan_places_what_is_missing_amends_what_moved_and_cancels_what_is_not_wanted()
    {
        Order[] working = [Working("s-q-1", 0, Side.Buy, 995), Working("s-q-2", 7, Side.Sell, 1010)];
        DesiredOrder[] desired = [Want(0, Side.Buy, 998), Want(1, Side.Sell, 1004)];

        var steps = Plan(desired, working);

        Assert.Collection(
            steps,
            one => Assert.Equal(new Price(998), Assert.IsType<AmendIntent>(one).Price),
            one => Assert.Equal(1, Assert.IsType<PlaceIntent>(one).Slot),
            one => Assert.Equal("s-q-2", Assert.IsType<CancelIntent>(one).Id.Value));
    }

    [Fact]
    public void The_plan_leaves_alone_what_is_close_enough_in_flight_or_waiting()
    {
        Order[] working =
        [
            Working("s-q-1", 0, Side.Buy, 997),
            Working("s-q-2", 1, Side.Sell, 900) with { Pending = PendingChange.Amend },
            Working("s-q-3", 2, Side.Sell, 900) with { State = OrderState.Unknown },
        ];
        DesiredOrder[] desired = [Want(0, Side.Buy, 998), Want(1, Side.Sell, 1004), Want(2, Side.Sell, 1004), Want(3, Side.Sell, 1004)];

        Assert.Empty(Plan(desired, working, waiting: slot => slot == 3));
    }

    [Fact]
    public void A_second_order_in_one_slot_is_cancelled() =>
        Assert.Equal("s-q-2", Assert.IsType<CancelIntent>(Assert.Single(Plan([Want(0, Side.Buy, 998)], [Working("s-q-1", 0, Side.Buy, 998), Working("s-q-2", 0, Side.Buy, 998)]))).Id.Value);

    private static IReadOnlyList<Intent> Plan(DesiredOrder[] desired, Order[] working, Func<int, bool>? waiting = null)
    {
        var counter = 10;
        return StrategyPlan.Steps(Quoting, 2, desired, working, waiting ?? (_ => false), () => new ClientOrderId($"s-q-{++counter}"));
    }

    private static DesiredOrder Want(int slot, Side side, long ticks) => new(slot, side, new Price(ticks), new Quantity(100));

    private static Order Working(string id, int slot, Side side, long ticks) => OrderLedger.Empty
        .Apply(new OrderSubmitted(Terms(id, side, 100, ticks), new OrderOrigin("quote", slot)), Noon)
        .Apply(new OrderAcknowledged(new ClientOrderId(id), "v", Noon), Noon)
        .Find(new ClientOrderId(id))!;

    private static string Words(IEnumerable<DesiredOrder> desired) => string.Join(", ", desired.Select(one => $"{one.Slot} {one.Side} {one.Price.Ticks}"));

    private static StrategyContext Context(long bid, long ask, long position = 0) => new(
        new BookTop(new BookLevel(new Price(bid), new Quantity(1)), new BookLevel(new Price(ask), new Quantity(1))), new Quantity(position));
}
