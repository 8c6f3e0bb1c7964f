using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Matching;

namespace Actors.Venue.Trading;

/// <summary>
/// The life of orders: accepts, matches, changes and cancels them, and tells the observer in the venue's order: the order, its
/// acknowledgement, that it works, what it reserves, then its fills.
/// </summary>
internal sealed class OrderEntry(Exchange exchange)
{
    public const int OpenOrdersMax = 200;

    private readonly List<Fill<VenueOrder>> _fills = [];
    private readonly List<VenueOrder> _touched = [];

    /// <summary>Accepts and matches a new order. An order that may not trade as it asks ends canceled and is no refusal.</summary>
    public OrderOutcome Place(Account account, NewOrder request)
    {
        if (exchange.Find(request.Symbol) is not { } instrument) return Refusal.Invalid("Unknown or expired symbol");
        var holding = account.Holdings[instrument.Index];
        if (OrderChecks.Refuse(holding, request, out var ticks) is { } refusal) return refusal;
        if (request.ClientId.Length > 0 && account.Find(request.ClientId) is { IsOpen: true }) return Refusal.Invalid("Duplicate clOrdID");
        var order = New(holding, request, ticks);
        if (order.Quantity > 0)
        {
            var cost = OrderChecks.Cost(order, order.Quantity);
            if (Clearinghouse.RefuseMargin(holding, order.Side, order.Quantity, cost) is { } insufficient) return insufficient;
        }

        Accept(order, request.Quantity!.Value);
        return order;
    }

    /// <summary>
    /// Changes price or size of an open order. A smaller size keeps the place in the queue; any other change gives it up.
    /// </summary>
    public OrderOutcome Amend(VenueOrder order, OrderAmendment request)
    {
        if (OrderChecks.Refuse(order, request, out var target) is { } refusal) return refusal;
        if (target.ClientId != order.ClientId && order.Account.Find(target.ClientId) is { IsOpen: true })
            return Refusal.Invalid("Duplicate clOrdID");
        var more = target.Leaves - order.ReservedQuantity;
        var cost = OrderChecks.Cost(order, target.Leaves, target.PriceTicks) - order.ReservedCost;
        if (cost > 0 && Clearinghouse.RefuseMargin(order.Holding, order.Side, more, cost) is { } insufficient) return insufficient;
        Apply(order, target);
        return order;
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

    /// <summary>Cancels orders that are known to be open, as one event.</summary>
    public void CancelEach(IReadOnlyList<VenueOrder> orders, string reason)
    {
        foreach (var order in orders)
        {
            Withdraw(order);
            End(order, reason);
        }

        Publish(orders);
    }

    private VenueOrder New(Holding holding, NewOrder request, long? ticks)
    {
        var quantity = request.Quantity!.Value;
        if (request.Flags.HasFlag(OrderFlags.ReduceOnly)) quantity = Math.Min(quantity, ReduceOnlyRule.Room(holding, request.Side, null));
        var order = new VenueOrder
        {
            Id = exchange.Identifiers.Next(),
            Holding = holding,
            ClientId = request.ClientId,
            Side = request.Side,
            Type = request.Type,
            TimeInForce = request.Type == OrderType.Market ? TimeInForce.ImmediateOrCancel : request.TimeInForce,
            Flags = request.Flags,
            Quantity = quantity,
            PriceTicks = ticks,
            Text = request.Text,
            Timestamp = exchange.Now,
        };
        order.Leaves = quantity;
        return order;
    }

    private void Accept(VenueOrder order, long asked)
    {
        var observer = exchange.Observer;
        order.Account.Remember(order);
        if (RefusedByFlags(order) is { } reason)
        {
            if (order.Quantity == 0) order.Quantity = asked;
            order.Leaves = order.Quantity;
            Record(ExecutionKind.New, order);
            order.Cancel(reason, exchange.Now);
            if (order.Account.KeepsHistory) observer.OrderAdded(order);
            Record(ExecutionKind.Canceled, order);
            exchange.Flush();
            return;
        }

        if (order.Account.KeepsHistory) observer.OrderAdded(order);
        exchange.Flush();
        order.IsWorking = true;
        order.Holding.Reserve(order);
        Record(ExecutionKind.New, order);
        if (order.Account.KeepsHistory) observer.OrderChanged(order);
        exchange.Clearing.Touch(order.Holding);
        exchange.Flush();
        Trade(order);
    }

    /// <summary>Why an order that is well formed still may not trade as it asks; null when it may.</summary>
    private static string? RefusedByFlags(VenueOrder order)
    {
        if (order.Quantity == 0) return "Order had execInst of Close or ReduceOnly but current position is not reduced by it";
        var limit = OrderChecks.Limit(order);
        var book = order.Instrument.Book;
        if (order.Has(OrderFlags.PostOnly) && book.Crosses(order.Side, limit)) return OrderChecks.PostOnlyReason;
        return order.TimeInForce == TimeInForce.FillOrKill && book.Available(order.Side, limit, order.Quantity) < order.Quantity
            ? "Order had timeInForce of FillOrKill"
            : null;
    }

    /// <summary>Matches what is left, rests or cancels the remainder, and publishes.</summary>
    private void Trade(VenueOrder order)
    {
        _touched.Clear();
        _touched.Add(order);
        _fills.Clear();
        var book = order.Instrument.Book;
        book.Match(order.Side, OrderChecks.Limit(order), order.Leaves, _fills);
        foreach (ref readonly var fill in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_fills)) Settle(order, fill);
        if (order.IsOpen)
        {
            if (order.TimeInForce == TimeInForce.GoodTillCancel)
                order.Handle = book.Rest(order, order.Side, order.PriceTicks!.Value, order.Leaves);
            else End(order, order.Type == OrderType.Market ? "No liquidity for the rest of a market order" : "Order had timeInForce of ImmediateOrCancel");
        }

        if (_fills.Count > 0) EnforceReduceOnly();
        Publish(_touched);
    }

    private void Settle(VenueOrder taker, in Fill<VenueOrder> fill)
    {
        var (paid, received, value) = exchange.Clearing.Settle(taker, fill);
        Record(ExecutionKind.Trade, taker, paid);
        Record(ExecutionKind.Trade, fill.Maker, received);
        _touched.Add(fill.Maker);
        exchange.Observer.Traded(taker.Instrument.Print(paid.TradeId, taker.Side, fill.Quantity, fill.PriceTicks, value, exchange.Now));
    }

    /// <summary>Positions may have shrunk: no reduce-only order may stay larger than what it would reduce.</summary>
    private void EnforceReduceOnly()
    {
        for (var i = _touched.Count - 1; i >= 0; i--)
        {
            foreach (var (order, leaves) in ReduceOnlyRule.Excess(_touched[i].Holding))
            {
                _touched.Add(order);
                if (leaves == 0)
                {
                    Withdraw(order);
                    End(order, "Order had execInst of Close or ReduceOnly but current position is too small");
                    continue;
                }

                order.Instrument.Book.Reduce(order.Handle, leaves);
                order.Quantity = order.Filled + leaves;
                order.Leaves = leaves;
                order.Timestamp = exchange.Now;
                order.Holding.Reserve(order);
                Record(ExecutionKind.Replaced, order);
            }
        }
    }

    private void Apply(VenueOrder order, in AmendTarget target)
    {
        var keepsPlace = target.PriceTicks == order.PriceTicks && target.Leaves <= order.Leaves;
        if (keepsPlace && target.Leaves > 0) order.Instrument.Book.Reduce(order.Handle, target.Leaves);
        else Withdraw(order);
        order.ClientId = target.ClientId;
        order.PriceTicks = target.PriceTicks;
        order.Quantity = order.Filled + target.Leaves;
        order.Leaves = target.Leaves;
        order.Text = target.Text;
        order.Timestamp = exchange.Now;
        order.Account.Index(order);
        if (order.Has(OrderFlags.PostOnly) && !keepsPlace && order.Instrument.Book.Crosses(order.Side, OrderChecks.Limit(order)))
        {
            End(order, OrderChecks.PostOnlyReason);
            Publish([order]);
            return;
        }

        order.Holding.Reserve(order);
        Record(ExecutionKind.Replaced, order);
        if (keepsPlace) Publish([order]);
        else Trade(order);
    }

    private static void Withdraw(VenueOrder order)
    {
        if (order.Handle < 0) return;
        order.Instrument.Book.Remove(order.Handle);
        order.Handle = -1;
    }

    private void End(VenueOrder order, string reason)
    {
        order.Cancel(reason, exchange.Now);
        order.Holding.Reserve(order);
        Record(ExecutionKind.Canceled, order);
    }

    private void Record(ExecutionKind kind, VenueOrder order, FillMoney? fill = null)
    {
        if (!order.Account.KeepsHistory) return;
        var execution = Execution.Of(exchange.Identifiers.Next(), kind, order, fill);
        order.Account.Remember(execution);
        exchange.Observer.Executed(execution);
    }

    private void Publish(IReadOnlyList<VenueOrder> orders)
    {
        for (var i = 0; i < orders.Count; i++)
        {
            var order = orders[i];
            if (order.Account.KeepsHistory) exchange.Observer.OrderChanged(order);
            exchange.Clearing.Touch(order.Holding);
            exchange.PublishBook(order.Instrument);
        }

        exchange.Flush();
    }
}
