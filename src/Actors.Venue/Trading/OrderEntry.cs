using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>
/// The door for orders: accepts, changes and cancels them, and tells the observer in the venue's order: the order, its acknowledgement,
/// that it works, what it reserves, then its fills. Every call works off what it set off in other orders before it returns.
/// </summary>
internal sealed class OrderEntry
{
    private const string StopReached = "Triggered: Order stop price reached";

    private readonly Exchange _exchange;
    private readonly OrderLife _life;
    private readonly WaitingOrders _waiting;
    private readonly Matcher _matcher;
    private readonly AmendEntry _amends;
    private long _sequence;

    public OrderEntry(Exchange exchange)
    {
        _exchange = exchange;
        _life = new OrderLife(exchange);
        _waiting = new WaitingOrders(exchange, _life);
        _matcher = new Matcher(exchange, _life, _waiting);
        _amends = new AmendEntry(exchange, _life, _waiting, _matcher);
        exchange.On(ExchangeTask.DayEnd, task => Expire(task.Number));
    }

    /// <summary>Accepts and matches a new order. An order that may not trade as it asks ends canceled and is no refusal.</summary>
    public OrderOutcome Place(Account account, NewOrder request)
    {
        if (_exchange.Find(request.Symbol) is not { } instrument) return Refusal.Invalid("Unknown or expired symbol");
        var holding = account.Holdings[instrument.Index];
        if (NewOrderChecks.Refuse(holding, request, out var terms) is { } refusal) return refusal;
        var order = New(holding, request, terms);
        order.Parent = Contingencies.Parent(order);
        if (!MustWait(order) && RefuseMargin(order) is { } insufficient) return insufficient;
        Accept(order);
        Settle();
        return order;
    }

    /// <summary>
    /// Changes an open order, or within a minute a filled one that gets a new leavesQty. A smaller size keeps the place in the queue; any
    /// other change of price or size gives it up.
    /// </summary>
    public OrderOutcome Amend(VenueOrder order, OrderAmendment request)
    {
        var outcome = _amends.Amend(order, request);
        Settle();
        return outcome;
    }

    /// <summary>Cancels one order; null when it was open, otherwise why it could not be.</summary>
    public string? Cancel(VenueOrder order, string reason)
    {
        if (!order.IsOpen) return $"Unable to cancel order due to existing state: {order.Status}";
        CancelEach([order], reason);
        return null;
    }

    /// <summary>Cancels the account's open orders that <paramref name="which"/> names; returns them.</summary>
    public IReadOnlyList<VenueOrder> CancelAll(Account account, Func<VenueOrder, bool> which, string reason)
    {
        var canceled = account.Orders.Where(order => order.IsOpen && which(order)).ToList();
        CancelEach(canceled, reason);
        return canceled;
    }

    /// <summary>Cancels those of the orders that are open, as one event.</summary>
    public void CancelEach(IReadOnlyList<VenueOrder> orders, string reason)
    {
        foreach (var order in orders)
        {
            // One may have ended with another that it waited for.
            if (order.IsOpen) _life.Cancel(order, reason);
        }

        _life.Publish(orders);
    }

    /// <summary>
    /// A position changed other than by a match (liquidation, settlement): orders that may only reduce it follow at once.
    /// </summary>
    public void PositionChanged(Holding holding) => _matcher.PositionChanged(holding);

    /// <summary>Mark, index or last price of an instrument changed other than by a match: what it triggers is done at once.</summary>
    public void PriceChanged(ListedInstrument instrument)
    {
        _waiting.PriceChanged(instrument);
        Settle();
    }

    /// <summary>Lets trailing triggers follow the market; once a second.</summary>
    public void Trail() => _waiting.Trail();

    /// <summary>
    /// Opens, closes or settles an instrument. While it is closed open orders stay and can only be canceled, and nothing triggers; when
    /// it is settled or unlisted they are canceled. Both are our choice: what the venue does with them was never captured.
    /// </summary>
    public void SetState(ListedInstrument instrument, InstrumentState state)
    {
        instrument.SetState(state);
        instrument.Timestamp = _exchange.Now;
        _exchange.Observer.InstrumentChanged(instrument);
        _exchange.Flush();
        if (state is InstrumentState.Settled or InstrumentState.Unlisted)
        {
            foreach (var account in _exchange.Accounts) CancelEach([.. account.Holdings[instrument.Index].Orders.Open], "Instrument expired");
        }

        PriceChanged(instrument);
    }

    /// <summary>Passes how many orders there were. Nothing is set off while a snapshot is made.</summary>
    public void Pass(StateStream state) => _sequence = state.Pass(_sequence);

    private static bool MustWait(VenueOrder order) => order.Parent is not null || order.Type.Waits();

    /// <summary>
    /// The clearing's word on what an order needs: margin, or for spot the balance that it would give away. A closing order needs
    /// nothing, for it makes room for itself.
    /// </summary>
    private static Refusal? RefuseMargin(VenueOrder order)
    {
        var quantity = order.Reduces ? Math.Min(order.Leaves, ReduceOnlyRule.Reducible(order.Holding, order.Side)) : order.Leaves;
        return quantity == 0 || order.Has(ExecutionInstructions.Close)
            ? null
            : Clearinghouse.RefuseMargin(order.Holding, order.Side, quantity, OrderCost.Of(order, quantity, order.PriceTicks));
    }

    private VenueOrder New(Holding holding, NewOrder request, in CheckedOrder terms) => new()
    {
        Id = _exchange.Identifiers.Next(),
        Sequence = ++_sequence,
        Holding = holding,
        ClientId = request.ClientId,
        LinkId = request.LinkId,
        Contingency = request.Contingency,
        Side = terms.Side,
        Type = request.Type,
        TimeInForce = terms.TimeInForce,
        Instructions = request.Instructions,
        Quantity = terms.Quantity,
        Leaves = terms.Quantity,
        DisplayQuantity = request.DisplayQuantity,
        PriceTicks = terms.PriceTicks,
        StopTicks = terms.StopTicks,
        Peg = request.Peg,
        PegOffset = request.PegOffset,
        TrailedFrom = terms.TrailedFrom,
        Text = request.Text,
        Timestamp = _exchange.Now,
    };

    private void Accept(VenueOrder order)
    {
        order.Account.Remember(order);
        if (!MustWait(order) && _matcher.EndsAtOnce(order) is { } reason)
        {
            _life.Record(ExecutionKind.New, order);
            order.Cancel(reason, _exchange.Now);
            _life.Introduce(order);
            _life.Record(ExecutionKind.Canceled, order);
            _exchange.Flush();
            return;
        }

        order.Holding.Orders.Add(order);
        if (order.TimeInForce == TimeInForce.Day) _exchange.At(EndOfDay(), ExchangeTask.DayEnd, order.Sequence);
        _life.Introduce(order);
        if (MustWait(order)) Wait(order);
        else _matcher.Begin(order, ExecutionKind.New);
    }

    private void Wait(VenueOrder order)
    {
        order.Holding.Reserve(order);
        _life.Record(ExecutionKind.New, order);
        _life.Publish([order]);
        if (order.Parent is null) _waiting.Arm(order);
    }

    /// <summary>A day ends at midnight UTC.</summary>
    private DateTimeOffset EndOfDay() => new DateTimeOffset(_exchange.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);

    /// <summary>The venue has a status Expired but no execution of that kind: the order is canceled, which is our choice.</summary>
    private void Expire(long sequence)
    {
        var open = _exchange.Accounts.SelectMany(account => account.Holdings).SelectMany(holding => holding.Orders.Open);
        if (open.FirstOrDefault(order => order.Sequence == sequence) is { } order) CancelEach([order], "Order had timeInForce of Day");
    }

    /// <summary>Makes the orders active that were set off, one after the other, and those that they set off.</summary>
    private void Settle()
    {
        while (_waiting.TryTake(out var order, out var why)) Activate(order, why);
    }

    private void Activate(VenueOrder order, OrderTrigger why)
    {
        order.Triggered = why;
        order.Timestamp = _exchange.Now;
        if (why == OrderTrigger.StopOrderTriggered)
        {
            order.Note(StopReached);
            if (order.Contingency == ContingencyType.OneCancelsTheOther) CancelEach(Contingencies.Others(order), Contingencies.OtherExecuted);
        }

        // A closing order without a quantity takes the position's.
        if (order.Quantity == 0 && order.Has(ExecutionInstructions.Close) && (why == OrderTrigger.StopOrderTriggered || !order.Type.Waits()))
            order.Resize(ReduceOnlyRule.Reducible(order.Holding, order.Side));
        _life.Record(ExecutionKind.Triggered, order);
        if (why == OrderTrigger.OtoOrderTriggered && order.Type.Waits())
        {
            _life.Publish([order]);
            _waiting.Arm(order);
            return;
        }

        if (_matcher.EndsAtOnce(order) is { } reason) _life.Cancel(order, reason);
        else if (RefuseMargin(order) is { } insufficient) _life.Reject(order, insufficient.Message);
        else
        {
            _matcher.Begin(order, told: null);
            return;
        }

        _life.Publish([order]);
    }
}
