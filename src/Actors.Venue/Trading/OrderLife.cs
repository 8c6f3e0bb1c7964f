using Actors.Domain.Port;

namespace Actors.Venue.Trading;

/// <summary>
/// The steps of an order's life that every path shares: out of the book, smaller, ended; and what is told of them. Each step leaves
/// the order, its holding and the book agreeing.
/// </summary>
internal sealed class OrderLife(Exchange exchange)
{
    /// <summary>Takes an order out of the book, or out of the orders that wait for a price.</summary>
    public static void Withdraw(VenueOrder order)
    {
        if (order.Handle >= 0) order.Instrument.Book.Remove(order.Handle);
        order.Handle = -1;
        if (order.IsArmed) order.Instrument.Triggers.Remove(order);
        order.IsArmed = false;
    }

    public void Cancel(VenueOrder order, string reason)
    {
        Withdraw(order);
        order.Cancel(reason, exchange.Now);
        Ended(order, ExecutionKind.Canceled);
    }

    /// <summary>Ends an order that was accepted and turned out impossible.</summary>
    public void Reject(VenueOrder order, string reason)
    {
        Withdraw(order);
        order.Reject(reason, exchange.Now);
        Ended(order, ExecutionKind.Rejected);
    }

    /// <summary>Makes a working order smaller by the venue's own rule; it keeps its place.</summary>
    public void Shrink(VenueOrder order, long leaves)
    {
        if (order.Handle >= 0) order.Instrument.Book.Reduce(order.Handle, leaves);
        order.Resize(leaves);
        order.Timestamp = exchange.Now;
        order.Holding.Reserve(order);
        Record(ExecutionKind.Replaced, order);
    }

    public void Record(ExecutionKind kind, VenueOrder order, FillMoney? fill = null)
    {
        if (!order.Account.KeepsHistory) return;
        var execution = Execution.Of(exchange.Identifiers.Next(), kind, order, fill);
        order.Account.Remember(execution);
        exchange.Observer.Executed(execution);
    }

    /// <summary>Tells of a new order, as an instant of its own.</summary>
    public void Introduce(VenueOrder order)
    {
        if (order.Account.KeepsHistory) exchange.Observer.OrderAdded(order);
        exchange.Flush();
    }

    /// <summary>Tells how orders stand, with their holdings and books, as one instant.</summary>
    public void Publish(IReadOnlyList<VenueOrder> orders)
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

    /// <summary>What waited for an order that will never be filled ends with it.</summary>
    private void Ended(VenueOrder order, ExecutionKind kind)
    {
        order.Holding.Reserve(order);
        Record(kind, order);
        if (order.Contingency != ContingencyType.OneTriggersTheOther) return;
        foreach (var child in Contingencies.Children(order))
        {
            Cancel(child, Contingencies.ParentEnded);
            if (child.Account.KeepsHistory) exchange.Observer.OrderChanged(child);
        }
    }
}
