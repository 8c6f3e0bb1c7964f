using Actors.Domain.Orders;
using Actors.Engine.Session;

namespace Actors.Engine.Orders;

/// <summary>Counts what happened to orders since the session began, for the person's eye.</summary>
internal sealed class OrderTally
{
    private long _sent;
    private long _filled;
    private long _fills;
    private long _cancelled;
    private long _amended;
    private long _rejected;

    public void Count(Order order, OrderEvent happened)
    {
        switch (happened)
        {
            case OrderSubmitted:
                _sent++;
                break;
            case OrderFilled:
                _fills++;
                if (order.State == OrderState.Filled) _filled++;
                break;
            case OrderCancelled or OrderExpired:
                _cancelled++;
                break;
            case OrderAmended:
                _amended++;
                break;
            case OrderRejected:
                _rejected++;
                break;
        }
    }

    public OrderCounts Counts(OrderLedger ledger) => new(
        _sent, _filled, _fills, _cancelled, _amended, _rejected, 0, ledger.Live.Values.Count(order => order.State == OrderState.Unknown), ledger.Live.Count);
}
