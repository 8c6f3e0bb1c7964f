using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Domain.Sessions;

/// <summary>A book became fit to trade on, or stopped being it.</summary>
public sealed record BookStatusSeen(Symbol Symbol, BookStatus Status) : Input;

/// <summary>The account's position in an instrument, in contracts, signed.</summary>
public sealed record PositionSeen(Symbol Symbol, Quantity Quantity) : Input;

/// <summary>What an order's event means to those who are told of it.</summary>
public enum OrderNews
{
    Other = 1,
    Filled = 2,
    Cancelled = 3,
    Rejected = 4,
    ChangeRefused = 5,
}

/// <summary>
/// An order changed. Its state stands in the orders' stream: it is what the ledger held at its own <see cref="Sequence"/>; <see cref="Order"/> is filled in by
/// whoever has the ledger, and not journaled again.
/// </summary>
public sealed record OrderSeen(ClientOrderId Id, OrderNews News, long Sequence) : Input
{
    public Order? Order { get; init; }

    /// <summary>The fill, where that is what the ledger applied; filled in and not journaled again either.</summary>
    public OrderFilled? Fill { get; init; }

    public static OrderNews NewsOf(OrderEvent happened) => happened switch
    {
        OrderFilled => OrderNews.Filled,
        OrderCancelled => OrderNews.Cancelled,
        OrderRejected => OrderNews.Rejected,
        OrderChangeRefused => OrderNews.ChangeRefused,
        _ => OrderNews.Other,
    };
}

/// <summary>All live orders (a strategy: its own, and those that finished since it last knew) as the ledger held them at its <see cref="Sequence"/>; by reference too.</summary>
public sealed record OrdersSeen(long Sequence) : Input
{
    /// <summary>In the order of their identifiers.</summary>
    public IReadOnlyList<Order> Live { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Order> Finished { get; init; } = [];
}

/// <summary>An execution that the venue told, from a frame or as the answer to a question.</summary>
public sealed record ExecutionTold(ExecutionReport Report) : Input;
