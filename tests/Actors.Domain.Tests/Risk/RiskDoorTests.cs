using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Risk;

public class RiskDoorTests
{
    private const long PositionMax = 3000;

    private static readonly RiskLimits Limits = new(
        [Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 5), .. RiskLimits.Basic(Inverse.Symbol, 2000, PositionMax, 3, 0.05m)]);

    private readonly RiskState _state = new(Limits, [Inverse, Linear]);
    private int _counter;

    public RiskDoorTests()
    {
        var risk = _state.Find(Inverse.Symbol)!;
        risk.Book = BookStatus.Live;
        risk.Mark = 50_000m;
    }

    [Fact]
    public void An_order_within_every_limit_passes() => Assert.IsType<Verdict.Approved>(Judge(1000));

    [Theory]
    [InlineData(2100, 100_000, "orderQuantity:XBTUSD 2100")]
    [InlineData(150, 100_000, "not a multiple of the lot")]
    [InlineData(0, 100_000, "not positive")]
    [InlineData(1000, 106_000, "priceDistance")]
    [InlineData(1000, -1, "outside 0")]
    public void A_breach_is_refused_in_words_that_name_it(long quantity, long ticks, string words) =>
        Assert.Contains(words, Refusal(Judge(quantity, ticks)), StringComparison.Ordinal);

    [Fact]
    public void Of_several_closed_gates_a_refusal_names_the_same_one_in_whatever_order_they_closed()
    {
        foreach (var gate in (Gate[])[Gate.Start, Gate.Switch, Gate.Connection]) _state.Apply(new GateClosed(gate, "closed"));
        _state.Apply(new GateOpened(Gate.Start));
        _state.Apply(new GateClosed(Gate.Reconciliation, "closed"));
        Assert.Equal("door closed (Connection): closed", Refusal(Judge(1000)));
        _state.Apply(new GateClosed(Gate.Start, "closed"));
        Assert.Equal("door closed (Start): closed", Refusal(Judge(1000)));
    }

    [Fact]
    public void Two_orders_cannot_both_get_the_same_headroom()
    {
        Assert.IsType<Verdict.Approved>(Judge(2000));
        Assert.Contains("position:XBTUSD 4000", Refusal(Judge(2000)), StringComparison.Ordinal);
        Assert.IsType<Verdict.Approved>(Judge(1000));
    }

    [Fact]
    public void A_finished_order_gives_its_headroom_back()
    {
        var first = Terms("a-grid-1", quantity: 2000);
        Assert.IsType<Verdict.Approved>(RiskDoor.Judge(_state, new PlaceIntent("grid", 0, first), Noon));
        var ledger = OrderLedger.Empty.Apply(new OrderSubmitted(first, new OrderOrigin("grid", 0)), Noon).Apply(new OrderRejected(first.Id, "no"), Noon);
        _state.Track(ledger.Find(first.Id)!);
        Assert.IsType<Verdict.Approved>(Judge(2000));
    }

    [Fact]
    public void An_order_that_reduces_a_position_beyond_its_bound_passes()
    {
        _state.Find(Inverse.Symbol)!.Position = new Quantity(5000);
        Assert.IsType<Verdict.Approved>(Judge(1000, side: Side.Sell));
        Assert.IsType<Verdict.Refused>(Judge(1000, side: Side.Buy));
    }

    [Fact]
    public void The_number_of_open_orders_and_the_rate_are_bounded()
    {
        for (var i = 0; i < 3; i++) Assert.IsType<Verdict.Approved>(Judge(100));
        Assert.Contains("openOrders:XBTUSD 4", Refusal(Judge(100)), StringComparison.Ordinal);
        _state.Resynchronise([]);
        _state.Resynchronise([]);
        for (var i = 0; i < 2; i++) Assert.IsType<Verdict.Approved>(Judge(100));
        Assert.Contains("ordersPerSecond", Refusal(Judge(100)), StringComparison.Ordinal);
        Assert.IsType<Verdict.Approved>(Judge(100, at: Noon.AddSeconds(1)));
    }

    /// <summary>Orders that began anew tell of what they have; what the door approved before it heard that may still be on its way to them.</summary>
    [Fact]
    public void What_was_approved_goes_on_counting_when_the_orders_begin_anew_until_they_must_know_of_it()
    {
        for (var i = 0; i < 3; i++) Assert.IsType<Verdict.Approved>(Judge(100));
        _state.Resynchronise([]);
        Assert.True(_state.HasUnproved);
        Assert.Contains("openOrders:XBTUSD 4", Refusal(Judge(100, at: Noon.AddSeconds(1))), StringComparison.Ordinal);
        _state.Resynchronise([]);
        Assert.False(_state.HasUnproved);
        Assert.IsType<Verdict.Approved>(Judge(100, at: Noon.AddSeconds(2)));
    }

    [Fact]
    public void A_closed_gate_refuses_everything_but_cancellations()
    {
        _state.Apply(new GateClosed(Gate.Switch, "late"));
        Assert.Contains("late", Refusal(Judge(100)), StringComparison.Ordinal);
        Assert.IsType<Verdict.Approved>(RiskDoor.Judge(_state, new CancelIntent("grid", Inverse.Symbol, new ClientOrderId("x")), Noon));
        _state.Apply(new GateOpened(Gate.Switch));
        Assert.IsType<Verdict.Approved>(Judge(100));
    }

    [Fact]
    public void A_stale_book_a_missing_mark_and_an_instrument_without_limits_refuse()
    {
        _state.Find(Inverse.Symbol)!.Book = BookStatus.Stale;
        Assert.Contains("Stale", Refusal(Judge(100)), StringComparison.Ordinal);
        _state.Find(Inverse.Symbol)!.Book = BookStatus.Live;
        _state.Find(Inverse.Symbol)!.Mark = null;
        Assert.Contains("no mark", Refusal(Judge(100)), StringComparison.Ordinal);
        var linear = new PlaceIntent("grid", 0, Terms() with { Symbol = Linear.Symbol });
        Assert.Contains("no limits", Refusal(RiskDoor.Judge(_state, linear, Noon)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_amendment_is_held_to_the_rules_of_orders_as_well_as_to_the_limits()
    {
        var id = new ClientOrderId("s-grid-1");
        string Refused(Price? price, Quantity? quantity, Price? stop = null) =>
            Refusal(RiskDoor.Judge(_state, new AmendIntent("grid", Inverse.Symbol, id, price, quantity, stop), Noon));
        Assert.Equal("order s-grid-1 is not open", Refused(new Price(100_001), null));
        Judge(1000);
        Assert.Equal("order s-grid-1 is approved and has not been submitted yet", Refused(new Price(100_001), null));
        var ledger = OrderLedger.Empty
            .Apply(new OrderSubmitted(Terms(id.Value, Side.Buy, 1000, 100_000), new OrderOrigin("grid", 0)), Noon)
            .Apply(new OrderFilled(id, "e", new Quantity(400), 50_000m, -800_000, 0, Noon), Noon);
        _state.Track(ledger.Find(id)!);
        Assert.Equal("an amendment that changes nothing", Refused(null, null));
        Assert.Equal("quantity 400 is not above the 400 filled already", Refused(null, new Quantity(400)));
        Assert.Equal("a Limit order has no stop price to amend", Refused(null, null, new Price(100_000)));
        Assert.Contains("orderQuantity:XBTUSD 2100", Refused(null, new Quantity(2100)), StringComparison.Ordinal);
        Assert.Contains("priceDistance", Refused(new Price(106_000), null), StringComparison.Ordinal);
        Assert.IsType<Verdict.Approved>(RiskDoor.Judge(_state, new AmendIntent("grid", Inverse.Symbol, id, new Price(100_001), new Quantity(900)), Noon));
    }

    /// <summary>The venue may carry the amendment out at any moment until it answers: what it was granted stays reserved.</summary>
    [Fact]
    public void What_an_amendment_was_granted_stays_reserved_while_it_is_under_way()
    {
        var (working, id) = ApprovedToAmend();
        var amending = working.Apply(new OrderAmendRequested(id, null, new Quantity(2000)), Noon);
        _state.Track(amending.Find(id)!);
        Assert.Contains("position:XBTUSD 3100", Refusal(Judge(1100)), StringComparison.Ordinal);
        _state.Track(amending.Apply(new OrderChangeRefused(id, "no"), Noon).Find(id)!);
        Assert.IsType<Verdict.Approved>(Judge(1100));
    }

    /// <summary>The orders told of a fill before the amendment reached them: that says nothing about the amendment.</summary>
    [Fact]
    public void What_an_amendment_was_granted_stays_reserved_until_the_orders_take_it_whatever_they_tell_before()
    {
        var (working, id) = ApprovedToAmend();
        var filled = working.Apply(new OrderFilled(id, "e", new Quantity(400), 50_000m, -800_000, 0, Noon), Noon);
        _state.Track(filled.Find(id)!);
        _state.Find(Inverse.Symbol)!.Position = new Quantity(400);
        Assert.Equal(new Quantity(1600), _state.Find(Inverse.Symbol)!.Open[id].Leaves);
        Assert.Contains("position:XBTUSD 3100", Refusal(Judge(1100)), StringComparison.Ordinal);
        var amending = filled.Apply(new OrderAmendRequested(id, null, new Quantity(2000)), Noon);
        _state.Track(amending.Find(id)!);
        _state.Track(amending.Apply(new OrderChangeRefused(id, "no"), Noon).Find(id)!);
        Assert.IsType<Verdict.Approved>(Judge(1100));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void No_random_sequence_gets_past_the_position_bound(int seed)
    {
        var random = new Random(seed);
        var now = Noon;
        for (var i = 0; i < 5000; i++)
        {
            now = now.AddMilliseconds(random.Next(400));
            Judge(100 * random.Next(1, 25), 100_000, random.Next(2) == 0 ? Side.Buy : Side.Sell, now);
            var risk = _state.Find(Inverse.Symbol)!;
            if (random.Next(3) == 0 && risk.Open.Count > 0)
            {
                var (id, open) = risk.Open.First();
                risk.Open.Remove(id);
                if (random.Next(2) == 0) risk.Position += Quantity.Signed(open.Side, open.Leaves);
            }

            Assert.True(risk.Position.Absolute <= new Quantity(PositionMax), $"seed {seed}, step {i}: position {risk.Position}");
        }
    }

    /// <summary>An order of 1,000 that works, and whose amendment to 2,000 has passed.</summary>
    private (OrderLedger Working, ClientOrderId Id) ApprovedToAmend()
    {
        var id = new ClientOrderId("s-grid-1");
        Judge(1000);
        var working = OrderLedger.Empty
            .Apply(new OrderSubmitted(Terms(id.Value, Side.Buy, 1000, 100_000), new OrderOrigin("grid", 0)), Noon)
            .Apply(new OrderAcknowledged(id, "v", Noon), Noon);
        _state.Track(working.Find(id)!);
        Assert.IsType<Verdict.Approved>(RiskDoor.Judge(_state, new AmendIntent("grid", Inverse.Symbol, id, null, new Quantity(2000)), Noon));
        return (working, id);
    }

    private static string Refusal(Verdict verdict) => Assert.IsType<Verdict.Refused>(verdict).Reason;

    private Verdict Judge(long quantity, long ticks = 100_000, Side side = Side.Buy, DateTimeOffset? at = null) =>
        RiskDoor.Judge(_state, new PlaceIntent("grid", 0, Terms($"s-grid-{++_counter}", side, quantity, ticks)), at ?? Noon);
}
