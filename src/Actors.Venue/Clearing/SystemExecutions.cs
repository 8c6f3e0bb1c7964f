using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>Executions that no order of the account brought about: funding, settlement, liquidation, deleveraging.</summary>
internal static class SystemExecutions
{
    /// <summary>
    /// Remembers and tells an execution. Its order exists for this row alone: the venue's rows of this kind name no order of the account,
    /// so its identifier is zero.
    /// </summary>
    public static void Record(Exchange exchange, Holding holding, ExecutionKind kind, Side side, FillMoney money, string text)
    {
        if (!holding.Account.KeepsHistory) return;
        var order = new VenueOrder
        {
            Id = Guid.Empty,
            Sequence = 0,
            Holding = holding,
            ClientId = "",
            Side = side,
            Type = VenueOrderType.Limit,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            Instructions = ExecutionInstructions.None,
            Quantity = money.Quantity,
            Leaves = money.Quantity,
            PriceTicks = holding.Instrument.Definition.Tick.Nearest(money.Price).Ticks,
            Text = text,
            Timestamp = exchange.Now,
        };
        order.Fill(money.Quantity, money.Price, exchange.Now);
        var execution = Execution.Of(exchange.Identifiers.Next(), kind, order, money);
        holding.Account.Remember(execution);
        exchange.Observer.Executed(execution);
        exchange.Clearing.Touch(holding);
    }
}
