using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests;

public class OrderLifeTests
{
    private readonly OrderTerms _terms = Terms();
    private OrderLedger _ledger = OrderLedger.Empty;

    public OrderLifeTests() => Apply([new OrderSubmitted(_terms, new OrderOrigin("grid", -1))]);

    private Order Order => _ledger.Find(_terms.Id)!;

    [Fact]
    public void An_acknowledged_order_works_and_fills_finish_it()
    {
        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New)));
        Assert.Equal(OrderState.Working, Order.State);

        Executed(Fill(_terms, "e1", 400));
        Executed(Fill(_terms, "e2", 600, VenueOrderStatus.Filled));

        Assert.Equal(OrderState.Filled, Order.State);
        Assert.Empty(_ledger.Live);
    }

    [Fact]
    public void A_fill_may_overtake_the_answer_to_the_placement_and_the_late_answer_changes_nothing()
    {
        Executed(Fill(_terms, "e1", 1000, VenueOrderStatus.Filled));
        Assert.Equal(OrderState.Filled, Order.State);

        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New)));
        Reported(Report(_terms, VenueOrderStatus.New));

        Assert.Equal(OrderState.Filled, Order.State);
    }

    [Fact]
    public void The_same_execution_counts_once()
    {
        Executed(Fill(_terms, "e1", 400));
        Executed(Fill(_terms, "e1", 400));

        Assert.Equal(new Quantity(400), Order.Filled);
        Assert.Equal(new Quantity(600), Order.Leaves);
    }

    [Fact]
    public void A_timeout_makes_the_outcome_unknown_and_never_a_rejection()
    {
        Placed(new OrderEntryOutcome.Unknown("timeout"));
        Assert.Equal(OrderState.Unknown, Order.State);
        Assert.Equal(new Quantity(1000), Order.Leaves);

        Looked(Report(_terms, VenueOrderStatus.New));
        Assert.Equal(OrderState.Working, Order.State);
    }

    [Fact]
    public void An_order_that_the_venue_never_had_is_lost_and_comes_back_if_the_venue_has_it_after_all()
    {
        Placed(new OrderEntryOutcome.Unknown("timeout"));
        Looked(null);
        Assert.Equal(OrderState.Lost, Order.State);

        Reported(Report(_terms, VenueOrderStatus.New));
        Assert.Equal(OrderState.Working, Order.State);
        Assert.Single(_ledger.Live);
    }

    [Fact]
    public void A_working_order_is_not_lost_by_a_query_that_does_not_find_it()
    {
        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New)));
        Looked(null);
        Assert.Equal(OrderState.Working, Order.State);
    }

    [Fact]
    public void A_post_only_order_that_would_have_traded_ends_cancelled()
    {
        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.Canceled)));
        Assert.Equal(OrderState.Cancelled, Order.State);
    }

    [Fact]
    public void A_fill_reported_after_the_cancellation_counts_and_does_not_revive_the_order()
    {
        Reported(Report(_terms, VenueOrderStatus.New));
        Reported(Report(_terms, VenueOrderStatus.Canceled, filled: 400));
        Executed(Fill(_terms, "e1", 400));

        Assert.Equal(OrderState.Cancelled, Order.State);
        Assert.Equal(new Quantity(400), Order.Filled);
    }

    [Fact]
    public void A_fill_of_a_rejected_order_is_recorded_and_not_applied()
    {
        Placed(new OrderEntryOutcome.Refused("Invalid price", false));
        var events = OrderDecisions.OnExecution(_ledger, Fill(_terms, "e1", 400));

        Assert.IsType<OrderTransitionRefused>(Assert.Single(events));
        Apply(events);
        Assert.Equal(OrderState.Rejected, Order.State);
        Assert.Equal(Quantity.Zero, Order.Filled);
    }

    [Fact]
    public void An_amendment_is_confirmed_by_answer_or_report_and_an_older_report_does_not_undo_it()
    {
        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New)));
        Apply([new OrderAmendRequested(_terms.Id, new Price(100_010), null)]);
        Changed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New, price: 50_005m, atSecond: 5)));
        Assert.Equal((new Price(100_010), PendingChange.None), (Order.Price!.Value, Order.Pending));

        Reported(Report(_terms, VenueOrderStatus.New, atSecond: 3));
        Assert.Equal(new Price(100_010), Order.Price);
    }

    [Fact]
    public void A_refused_change_leaves_the_order_as_it_was()
    {
        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New)));
        Apply([new OrderCancelRequested(_terms.Id)]);
        Changed(new OrderEntryOutcome.Refused("overloaded", true));
        Assert.Equal((OrderState.Working, PendingChange.None), (Order.State, Order.Pending));
    }

    [Fact]
    public void A_change_of_unknown_outcome_waits_for_the_query()
    {
        Placed(new OrderEntryOutcome.Accepted(Report(_terms, VenueOrderStatus.New)));
        Apply([new OrderCancelRequested(_terms.Id)]);
        Changed(new OrderEntryOutcome.Unknown("timeout"));
        Assert.Equal(PendingChange.Cancel, Order.Pending);

        Looked(Report(_terms, VenueOrderStatus.New));
        Assert.Equal(PendingChange.None, Order.Pending);
    }

    [Fact]
    public void Events_of_an_order_without_its_submission_say_that_the_journal_is_not_whole() =>
        Assert.Throws<InvalidOperationException>(() => _ledger.Apply(new OrderCancelled(new ClientOrderId("other"), ""), Noon));

    [Fact]
    public void Replaying_the_events_gives_the_same_ledger_state()
    {
        OrderEvent[] events =
        [
            new OrderAcknowledged(_terms.Id, "v1", Noon),
            new OrderFilled(_terms.Id, "e1", new Quantity(400), 50_000m, -1, 0, Noon),
            new OrderCancelRequested(_terms.Id),
            new OrderCancelled(_terms.Id, "asked"),
        ];
        Apply(events);
        var again = events.Aggregate(OrderLedger.Empty.Apply(new OrderSubmitted(_terms, new OrderOrigin("grid", -1)), Noon), (ledger, one) => ledger.Apply(one, Noon));

        Assert.Equal(_ledger.Find(_terms.Id), again.Find(_terms.Id));
        Assert.Equal(_ledger.Sequence, again.Sequence);
        Assert.True(again.HasCounted("e1"));
    }

    private void Apply(IEnumerable<OrderEvent> events) => _ledger = events.Aggregate(_ledger, (ledger, one) => ledger.Apply(one, Noon));

    private void Placed(OrderEntryOutcome outcome) => Apply(OrderDecisions.OnPlaced(_ledger, _terms.Id, outcome));

    private void Changed(OrderEntryOutcome outcome) => Apply(OrderDecisions.OnChanged(_ledger, _terms.Id, outcome, Inverse.Tick));

    private void Reported(OrderReport report) => Apply(OrderDecisions.OnReport(_ledger, report, Inverse.Tick));

    private void Executed(ExecutionReport execution) => Apply(OrderDecisions.OnExecution(_ledger, execution));

    private void Looked(OrderReport? report) => Apply(OrderDecisions.OnLookup(_ledger, _terms.Id, report, Inverse.Tick));
}
