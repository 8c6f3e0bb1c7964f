using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>An order as the venue has it.</summary>
internal sealed record ModelOrder(OrderTerms Terms, string VenueId, Price Price, Quantity Quantity, Quantity Filled, VenueOrderStatus Status, DateTimeOffset Timestamp)
{
    public bool IsOpen => Status is VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled;

    public OrderReport ToReport() => new(
        VenueId, Terms.Id, Terms.Symbol, Terms.Side, Terms.Type, Quantity, Inverse.Tick.ToDecimal(Price), Status, Filled, IsOpen ? Quantity - Filled : Quantity.Zero, null, "", Timestamp);
}

/// <summary>
/// The simplest venue that is right: it does what it is asked at the moment it is asked, keeps every order and execution for ever, cancels everything when its switch
/// fires, and adds money up without any of the engine's code.
/// </summary>
internal sealed class ModelVenue(Simulation simulation)
{
    private const long Deposited = 100_000_000;
    private long _numbers;

    public ModelMarket Market { get; } = new(simulation);

    public int OpenCount { get; private set; }

    public Dictionary<ClientOrderId, ModelOrder> Orders { get; } = [];

    public List<ExecutionReport> Executions { get; } = [];

    /// <summary>Placements that arrived, also those that were refused.</summary>
    public Dictionary<ClientOrderId, int> Arrivals { get; } = [];

    public DateTimeOffset? CancelAllAt { get; private set; }

    public int Fires { get; private set; }

    /// <summary>When the newest beat arrived.</summary>
    public DateTimeOffset LastBeatAt { get; private set; } = DateTimeOffset.MinValue;

    public Action<object> Publish { get; set; } = _ => { };

    public Quantity Position => new(Executions.Where(one => one.Side is not null).Sum(one => one.Side!.Value.Sign() * one.LastQuantity.Contracts));

    /// <summary>What the position that is held cost, by average cost: what is closed takes its share along, truncated.</summary>
    public long UnrealisedCost { get; private set; }

    public long Cost => Executions.Where(one => one.Kind != ExecutionKind.Funding).Sum(one => one.Cost);

    public long Commission => Executions.Sum(one => one.Commission);

    public long Wallet => Deposited - Commission;

    /// <summary>The account's row. It counts fees and funding as realised, and no trades: what is tried here is how rows are followed, and not the arithmetic.</summary>
    public MarginReport Margin => new(Inverse.Settlement, Wallet, Wallet, Wallet, 0, 0, -Commission, 0, simulation.Now);

    public IReadOnlyList<OrderReport> Open => [.. Orders.Values.Where(order => order.IsOpen).Select(order => order.ToReport())];

    public OrderEntryOutcome Place(OrderTerms terms, DateTimeOffset expires)
    {
        Arrivals[terms.Id] = Arrivals.GetValueOrDefault(terms.Id) + 1;
        if (simulation.Now > expires) return new OrderEntryOutcome.Refused("This request has expired", false);
        if (simulation.Chance(30)) return new OrderEntryOutcome.Refused("overloaded", true);
        if (simulation.Chance(10)) return new OrderEntryOutcome.Refused("Invalid price", false);
        var cut = simulation.Chance(30) ? new Quantity(100) : terms.Quantity;
        var order = new ModelOrder(terms, $"v{++_numbers}", terms.Price!.Value, cut, Quantity.Zero, VenueOrderStatus.New, simulation.Now);
        Keep(order);
        // What would have traded at once ends cancelled, and the answer says so.
        if (simulation.Chance(50)) Keep(order with { Status = VenueOrderStatus.Canceled });
        else if (simulation.Chance(80)) Fill(terms.Id);
        return new OrderEntryOutcome.Accepted(Orders[terms.Id].ToReport());
    }

    public OrderEntryOutcome Amend(ClientOrderId id, OrderChange change)
    {
        if (!Orders.TryGetValue(id, out var order) || !order.IsOpen) return new OrderEntryOutcome.Refused("Invalid ordStatus", false);
        if (simulation.Chance(30)) return new OrderEntryOutcome.Refused("overloaded", true);
        if (change.Quantity is { } quantity && quantity <= order.Filled) return new OrderEntryOutcome.Refused("Invalid orderQty", false);
        Keep(order with { Price = change.Price ?? order.Price, Quantity = change.Quantity ?? order.Quantity });
        return new OrderEntryOutcome.Accepted(Orders[id].ToReport());
    }

    public OrderEntryOutcome Cancel(ClientOrderId id)
    {
        if (!Orders.TryGetValue(id, out var order) || !order.IsOpen) return new OrderEntryOutcome.Refused("Unable to cancel order", false);
        Keep(order with { Status = VenueOrderStatus.Canceled });
        return new OrderEntryOutcome.Accepted(Orders[id].ToReport());
    }

    public BeatConfirmation Beat(TimeSpan timeout)
    {
        LastBeatAt = simulation.Now;
        CancelAllAt = timeout == TimeSpan.Zero ? null : simulation.Now + timeout;
        if (CancelAllAt is { } due) simulation.After(timeout, () => Fire(due));
        return new BeatConfirmation(simulation.Now, CancelAllAt);
    }

    public IReadOnlyList<ExecutionReport> ExecutionsSince(DateTimeOffset since) => [.. Executions.Where(one => one.Timestamp >= since)];

    /// <summary>Says the account's row once more.</summary>
    public void SayMargin() => Publish(Margin);

    /// <summary>The market moves: an open order trades in part or whole, or funding is paid, or the owner cancels one by hand.</summary>
    public void Happen()
    {
        var open = Orders.Values.Where(order => order.IsOpen).ToArray();
        if (open.Length == 0) return;
        var order = open[simulation.Random.Next(open.Length)];
        if (simulation.Chance(40)) Charge();
        else if (simulation.Chance(40)) Keep(order with { Status = VenueOrderStatus.Canceled });
        else Fill(order.Terms.Id);
    }

    private void Fire(DateTimeOffset due)
    {
        if (CancelAllAt != due) return;
        CancelAllAt = null;
        Fires++;
        simulation.Note($"venue: the switch fires");
        foreach (var order in Orders.Values.Where(order => order.IsOpen).ToArray()) Keep(order with { Status = VenueOrderStatus.Canceled });
    }

    private void Fill(ClientOrderId id)
    {
        var order = Orders[id];
        var left = (order.Quantity - order.Filled).Contracts;
        var quantity = new Quantity(simulation.Chance(500) ? left : Math.Min(left, 100));
        var filled = order.Filled + quantity;
        var status = filled == order.Quantity ? VenueOrderStatus.Filled : VenueOrderStatus.PartiallyFilled;
        var price = Inverse.Tick.ToDecimal(order.Price);
        // Written out for this one kind of contract: inverse, rounded per lot of 100, a buy costs less than nothing.
        var perLot = (long)Math.Floor((100_000_000m * 100 / price) + 0.5m);
        var value = perLot * quantity.Contracts / 100;
        var execution = new ExecutionReport(
            $"x{++_numbers}", ExecutionKind.Trade, order.VenueId, id, order.Terms.Symbol, order.Terms.Side, quantity, price, Inverse.Settlement,
            order.Terms.Side == Side.Buy ? -value : value, -(value / 4000), -0.00025m, true, status, filled, order.Quantity - filled, "", simulation.Now);
        Hold(order.Terms.Side == Side.Buy ? quantity.Contracts : -quantity.Contracts, execution.Cost);
        Executions.Add(execution);
        Publish(execution);
        Publish(Margin);
        Keep(order with { Filled = filled, Status = status });
    }

    /// <summary>Before the execution is among the others.</summary>
    private void Hold(long change, long cost)
    {
        var held = Position.Contracts;
        var closed = Math.Sign(held) == -Math.Sign(change) ? Math.Min(Math.Abs(held), Math.Abs(change)) : 0;
        var released = closed == 0 ? 0 : Math.Truncate((decimal)UnrealisedCost * closed / Math.Abs(held));
        UnrealisedCost += (long)(cost - Math.Truncate((decimal)cost * closed / Math.Abs(change)) - released);
    }

    private void Charge()
    {
        var funding = new ExecutionReport(
            $"f{++_numbers}", ExecutionKind.Funding, "", new ClientOrderId(""), Inverse.Symbol, null, Position.Absolute, 50_000m, Inverse.Settlement, 0,
            simulation.Random.Next(-500, 500), 0.0001m, null, VenueOrderStatus.Filled, default, default, "", simulation.Now);
        Executions.Add(funding);
        Publish(funding);
        Publish(Margin);
    }

    private void Keep(ModelOrder order)
    {
        var kept = order with { Timestamp = simulation.Now };
        var before = Orders.TryGetValue(order.Terms.Id, out var known) && known.IsOpen;
        OpenCount += (kept.IsOpen ? 1 : 0) - (before ? 1 : 0);
        Orders[order.Terms.Id] = kept;
        simulation.Note($"venue: {kept.Terms.Id} {kept.Status} {kept.Filled}/{kept.Quantity} at {kept.Price}");
        Publish(kept.ToReport());
    }
}
