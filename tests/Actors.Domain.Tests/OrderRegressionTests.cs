using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

/// <summary>What bit other engines, by name.</summary>
public class OrderRegressionTests
{
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);
    private readonly OrderTerms _terms = Terms();
    private readonly OrderComparison _comparison = new(LostAfter, _ => Inverse.Tick);
    private OrderLedger _ledger = OrderLedger.Empty;

    public OrderRegressionTests() => Apply([new OrderSubmitted(_terms, new OrderOrigin("grid", -1))], Noon);

    private Order Order => _ledger.Find(_terms.Id)!;

    [Fact]
    [Trait("Regression", "orders dropped at reconcile after a kill")]
    public void An_order_that_was_journaled_before_a_kill_is_not_dropped_at_reconciliation()
    {
        Compare(Noon.AddSeconds(1), []);
        Assert.Equal(_terms.Id, Assert.Single(_comparison.Missing));
        Assert.Null(_comparison.TakeFinished());

        Assert.False(_comparison.GiveUp(Noon.AddSeconds(30)));
        Assert.True(_comparison.GiveUp(Noon.AddSeconds(31)));
        Assert.Equal(Finding.Unknown, Assert.Single(_comparison.TakeFinished()!).Finding);
        Assert.Single(_ledger.Live);
    }

    [Fact]
    [Trait("Regression", "a live order marked rejected on a timeout")]
    public void A_live_order_is_never_marked_rejected_by_a_timeout()
    {
        Apply(OrderDecisions.OnPlaced(_ledger, _terms.Id, new OrderEntryOutcome.Unknown("timeout")), Noon);
        Compare(Noon.AddSeconds(1), [Report(_terms, VenueOrderStatus.New)]);
        Assert.Equal(OrderState.Working, Order.State);
        Assert.Equal(Finding.Adopted, Assert.Single(_comparison.TakeFinished()!).Finding);
    }

    [Theory]
    [InlineData(VenueOrderStatus.New)]
    [InlineData(VenueOrderStatus.PartiallyFilled)]
    [InlineData(VenueOrderStatus.Pending)]
    [Trait("Regression", "a late New reviving a filled order")]
    public void A_late_report_of_an_open_order_does_not_revive_a_filled_one(VenueOrderStatus late)
    {
        Apply(OrderDecisions.OnExecution(_ledger, Fill(_terms, "e1", 1000, VenueOrderStatus.Filled)), Noon);
        Assert.Empty(OrderDecisions.OnReport(_ledger, Report(_terms, late), Inverse.Tick));
        Assert.Empty(OrderDecisions.OnPlaced(_ledger, _terms.Id, new OrderEntryOutcome.Accepted(Report(_terms, late))));
        Compare(Noon.AddSeconds(14), [Report(_terms, late)]);
        Assert.Equal((OrderState.Filled, 0), (Order.State, _ledger.Live.Count));
    }

    [Fact]
    [Trait("Regression", "fills counted twice by changing synthetic identifiers")]
    public void A_fill_that_reports_and_comparisons_tell_before_its_execution_is_counted_by_the_execution_alone_and_once()
    {
        var (missing, position) = (new MissingFills(), PositionLedger.Empty);
        // What the venue has filled is told again and again, each time as something new, and nothing is made up of it.
        for (var i = 1; i <= 3; i++)
        {
            var report = Report(_terms, VenueOrderStatus.PartiallyFilled, filled: 400, atSecond: i);
            Apply(OrderDecisions.OnReport(_ledger, report, Inverse.Tick), Noon);
            Apply(OrderDecisions.OnLookup(_ledger, _terms.Id, report, Inverse.Tick), Noon);
            Compare(Noon.AddSeconds(20 + i), [report]);
            missing.Heard(_ledger, report, Noon);
        }

        Assert.Equal((Quantity.Zero, 1), (Order.Filled, missing.Count));
        // The execution that is asked for for that comes by every way, and after a restart once more.
        var execution = Fill(_terms, "e1", 400);
        for (var i = 0; i < 3; i++)
        {
            Apply(OrderDecisions.OnExecution(_ledger, execution), Noon);
            _ledger = OrderLedger.Restore(_ledger.Keep());
            if (position.Decide(execution) is { } happened) position = position.Apply(happened);
            position = PositionLedger.Restore(position.Keep());
        }

        Assert.Equal((new Quantity(400), new Quantity(400)), (Order.Filled, position.Position.Quantity));
    }

    [Fact]
    public void A_fill_told_by_socket_query_and_comparison_counts_once()
    {
        var fill = Fill(_terms, "e1", 400);
        for (var i = 0; i < 3; i++) Apply(OrderDecisions.OnExecution(_ledger, fill), Noon);
        Assert.Equal(new Quantity(400), Order.Filled);
    }

    [Fact]
    public void An_order_that_the_venue_lists_long_after_we_finished_it_is_taken_back_and_the_error_is_recorded()
    {
        Apply(OrderDecisions.OnPlaced(_ledger, _terms.Id, new OrderEntryOutcome.Refused("400 Invalid price", false)), Noon);
        Compare(Noon.AddSeconds(14), [Report(_terms, VenueOrderStatus.New)]);
        Assert.Equal(OrderState.Rejected, Order.State);

        var events = Compare(Noon.AddSeconds(15), [Report(_terms, VenueOrderStatus.New)]);
        Assert.Collection(events, one => Assert.IsType<OrderTransitionRefused>(one), one => Assert.IsType<OrderAcknowledged>(one));
        Assert.Equal((OrderState.Working, 1), (Order.State, _ledger.Live.Count));
        Assert.Equal(Finding.Adopted, Assert.Single(_comparison.TakeFinished()!).Finding);
    }

    [Fact]
    public void Fills_that_never_came_are_noticed_by_what_the_venue_has_counted_and_asked_for()
    {
        var missing = new MissingFills();
        Apply(OrderDecisions.OnReport(_ledger, Report(_terms, VenueOrderStatus.New), Inverse.Tick), Noon);
        var report = Report(_terms, VenueOrderStatus.Filled, filled: 1000, atSecond: 5);
        Apply(OrderDecisions.OnReport(_ledger, report, Inverse.Tick), Noon);
        missing.Heard(_ledger, report, Noon);
        Assert.Equal(OrderState.Working, Order.State);
        Assert.Empty(missing.Due(_ledger, Noon.AddSeconds(0.9), TimeSpan.FromSeconds(1)));
        Assert.Equal(_terms.Id, Assert.Single(missing.Due(_ledger, Noon.AddSeconds(1), TimeSpan.FromSeconds(1))));
        Assert.True(missing.TryAsk(_terms.Id, Noon, LostAfter));
        Assert.False(missing.TryAsk(_terms.Id, Noon.AddSeconds(14), LostAfter));
        Assert.True(missing.TryAsk(_terms.Id, Noon.AddSeconds(15), LostAfter));

        Apply(OrderDecisions.OnExecution(_ledger, Fill(_terms, "e1", 1000, VenueOrderStatus.Filled)), Noon);
        Assert.Empty(missing.Due(_ledger, Noon.AddSeconds(20), TimeSpan.FromSeconds(1)));
        Assert.Equal((OrderState.Filled, 0), (Order.State, missing.Count));
    }

    [Fact]
    public void An_order_that_the_venue_took_smaller_ends_when_that_much_is_filled()
    {
        Apply(OrderDecisions.OnPlaced(_ledger, _terms.Id, new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New, quantity: 300))), Noon);
        Assert.Equal(new Quantity(300), Order.Quantity);
        Apply(OrderDecisions.OnExecution(_ledger, Fill(_terms, "e1", 300, VenueOrderStatus.Filled)), Noon);
        Assert.Equal(OrderState.Filled, Order.State);
    }

    [Fact]
    public void An_order_that_closes_a_position_learns_its_quantity_from_the_venue()
    {
        var close = _terms with { Id = new ClientOrderId("close"), Quantity = default, Flags = OrderFlags.Close };
        Apply([new OrderSubmitted(close, new OrderOrigin("grid", 5))], Noon);
        Apply(OrderDecisions.OnExecution(_ledger, Fill(close, "e1", 100)), Noon);
        Assert.Equal(OrderState.Working, _ledger.Find(close.Id)!.State);
        Apply(OrderDecisions.OnReport(_ledger, Report(close, VenueOrderStatus.PartiallyFilled, 100, quantity: 300, atSecond: 9), Inverse.Tick), Noon);
        Apply(OrderDecisions.OnExecution(_ledger, Fill(close, "e2", 200, VenueOrderStatus.Filled)), Noon);
        Assert.Equal((OrderState.Filled, new Quantity(300)), (_ledger.Find(close.Id)!.State, _ledger.Find(close.Id)!.Filled));
    }

    [Fact]
    public void A_lost_order_that_the_venue_reports_ended_or_filled_after_all_is_what_the_venue_says()
    {
        Apply([new OrderLost(_terms.Id)], Noon);
        Apply(OrderDecisions.OnExecution(_ledger, Fill(_terms, "e1", 400)), Noon);
        Assert.Equal((OrderState.Working, new Quantity(400)), (Order.State, Order.Filled));
        Apply([new OrderCancelled(_terms.Id, "x")], Noon);

        var other = Terms("other");
        Apply([new OrderSubmitted(other, new OrderOrigin("grid", 1)), new OrderLost(other.Id)], Noon);
        Apply(OrderDecisions.OnReport(_ledger, Report(other, VenueOrderStatus.Canceled), Inverse.Tick), Noon);
        Assert.Equal(OrderState.Cancelled, _ledger.Find(other.Id)!.State);
    }

    [Fact]
    public void A_report_that_contradicts_a_finished_order_is_recorded_and_changes_nothing()
    {
        Apply([new OrderCancelled(_terms.Id, "asked")], Noon);
        var events = OrderDecisions.OnReport(_ledger, Report(_terms, VenueOrderStatus.Rejected), Inverse.Tick);
        Assert.Equal("reported Rejected", Assert.IsType<OrderTransitionRefused>(Assert.Single(events)).Report);
        Apply(events, Noon);
        Assert.Equal(OrderState.Cancelled, Order.State);
    }

    [Fact]
    public void Every_event_is_legal_or_illegal_in_every_state_and_finished_states_only_take_late_fills_and_a_return()
    {
        foreach (var state in Enum.GetValues<OrderState>())
        {
            Assert.True(OrderTransitions.Allows(state, new OrderTransitionRefused(_terms.Id, state, "")));
            Assert.False(OrderTransitions.Allows(state, new OrderSubmitted(_terms, default)));
        }

        Assert.False(OrderTransitions.Allows(OrderState.Rejected, new OrderFilled(_terms.Id, "e", default, 1m, 0, 0, Noon)));
        Assert.False(OrderTransitions.Allows(OrderState.Working, new OrderLost(_terms.Id)));
        Assert.False(OrderTransitions.Allows(OrderState.Filled, new OrderCancelled(_terms.Id, "")));
        Assert.True(OrderTransitions.Allows(OrderState.Cancelled, new OrderFilled(_terms.Id, "e", default, 1m, 0, 0, Noon)));
    }

    private List<OrderEvent> Compare(DateTimeOffset at, IReadOnlyList<OrderReport> open)
    {
        var events = _comparison.Begin(_ledger, open, at, at).ToList();
        Apply(events, at);
        return events;
    }

    private void Apply(IEnumerable<OrderEvent> events, DateTimeOffset at) => _ledger = events.Aggregate(_ledger, (ledger, one) => ledger.Apply(one, at));
}
