using Actors.Domain.Port;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>Changes orders: those that wait, those that rest, and those that were filled a moment ago.</summary>
internal sealed class AmendEntry(Exchange exchange, OrderLife life, WaitingOrders waiting, Matcher matcher)
{
    public OrderOutcome Amend(VenueOrder order, OrderAmendment request)
    {
        if (AmendChecks.Refuse(order, request, exchange.Now, out var target) is { } refusal) return refusal;
        if (order is { IsOpen: true, IsWorking: false })
        {
            AmendWaiting(order, target);
            return order;
        }

        var more = target.Leaves - order.ReservedQuantity;
        var cost = OrderCost.Of(order, target.Leaves, target.PriceTicks) - order.ReservedCost;
        if (cost > 0 && Clearinghouse.RefuseMargin(order.Holding, order.Side, more, cost) is { } insufficient) return insufficient;
        if (order.IsOpen) AmendWorking(order, target);
        else Revive(order, target);
        return order;
    }

    private void AmendWaiting(VenueOrder order, in AmendTarget target)
    {
        var wasArmed = order.IsArmed;
        OrderLife.Withdraw(order);
        Apply(order, target);
        life.Record(ExecutionKind.Replaced, order);
        life.Publish([order]);
        if (wasArmed) waiting.Arm(order);
    }

    private void AmendWorking(VenueOrder order, in AmendTarget target)
    {
        var keepsPlace = target.PriceTicks == order.PriceTicks && target.Leaves <= order.Leaves;
        if (keepsPlace) order.Instrument.Book.Reduce(order.Handle, target.Leaves);
        else OrderLife.Withdraw(order);
        Apply(order, target);
        if (!keepsPlace && order.Has(ExecutionInstructions.ParticipateDoNotInitiate) && order.Instrument.Book.Crosses(order.Side, order.LimitTicks))
        {
            life.Cancel(order, Matcher.PostOnlyReason);
            life.Publish([order]);
            return;
        }

        order.Holding.Reserve(order);
        life.Record(ExecutionKind.Replaced, order);
        if (keepsPlace) life.Publish([order]);
        else matcher.Trade(order);
    }

    /// <summary>The order comes back as a new row, for its last one was told as finished.</summary>
    private void Revive(VenueOrder order, in AmendTarget target)
    {
        order.Revive();
        Apply(order, target);
        if (matcher.EndsAtOnce(order) is { } reason)
        {
            life.Cancel(order, reason);
            life.Publish([order]);
            return;
        }

        order.Holding.Orders.Add(order);
        life.Introduce(order);
        matcher.Begin(order, ExecutionKind.Replaced);
    }

    private void Apply(VenueOrder order, in AmendTarget target)
    {
        order.ClientId = target.ClientId;
        order.PriceTicks = target.PriceTicks;
        order.StopTicks = target.StopTicks;
        order.PegOffset = target.PegOffset;
        order.TrailedFrom = target.TrailedFrom;
        order.Resize(target.Leaves);
        order.Text = target.Text;
        order.Timestamp = exchange.Now;
        order.Account.Index(order);
    }
}
