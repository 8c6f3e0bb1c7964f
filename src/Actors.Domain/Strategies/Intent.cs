using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Domain.Strategies;

/// <summary>What a strategy wants. Nothing happens until risk has approved it.</summary>
public abstract record Intent(string StrategyId, Symbol Symbol);

/// <summary>A new order for a slot of the strategy's plan.</summary>
public sealed record PlaceIntent(string StrategyId, int Slot, OrderTerms Terms) : Intent(StrategyId, Terms.Symbol);

/// <summary>Another price or total quantity for a working order; null keeps the one it has.</summary>
public sealed record AmendIntent(
    string StrategyId, Symbol Symbol, ClientOrderId Id, Price? Price, Quantity? Quantity, Price? StopPrice = null, long? PegOffsetTicks = null)
    : Intent(StrategyId, Symbol)
{
    public OrderChange Change => new(Price, Quantity, StopPrice, PegOffsetTicks);
}

public sealed record CancelIntent(string StrategyId, Symbol Symbol, ClientOrderId Id) : Intent(StrategyId, Symbol);
