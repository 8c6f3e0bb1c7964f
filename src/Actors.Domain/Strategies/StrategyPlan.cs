using Actors.Domain.Orders;

namespace Actors.Domain.Strategies;

/// <summary>The steps from the orders a strategy has to the orders it wants: one order a slot, amended where it can be, never doubled.</summary>
public static class StrategyPlan
{
    /// <summary>
    /// The intents that lead to <paramref name="desired"/>. A slot whose order is still being placed, changed or looked for is left alone until it settles; <paramref name="waiting"/>
    /// names slots that may not be placed in now (refused a moment ago). <paramref name="nextId"/> makes client order ids.
    /// </summary>
    public static IReadOnlyList<Intent> Steps(
        StrategyParameters parameters,
        long toleranceTicks,
        IReadOnlyList<DesiredOrder> desired,
        IEnumerable<Order> working,
        Func<int, bool> waiting,
        Func<ClientOrderId> nextId)
    {
        var intents = new List<Intent>();
        var bySlot = new Dictionary<int, Order>(working.TryGetNonEnumeratedCount(out var count) ? count : 0);
        foreach (var order in working)
        {
            // Two orders in one slot can only come from a crash between two journals: the surplus goes.
            if (!bySlot.TryAdd(order.Origin.Slot, order) && order.Pending == PendingChange.None) intents.Add(Cancel(order));
        }

        foreach (var want in desired)
        {
            if (!bySlot.Remove(want.Slot, out var order))
            {
                if (!waiting(want.Slot)) intents.Add(new PlaceIntent(parameters.Id, want.Slot, Terms(want)));
            }
            else if (order is { State: OrderState.Working, Pending: PendingChange.None })
            {
                if (order.Terms.Side != want.Side) intents.Add(Cancel(order));
                else if (order.Price is { } price && Math.Abs(price.Ticks - want.Price.Ticks) > toleranceTicks && !waiting(want.Slot))
                    intents.Add(new AmendIntent(parameters.Id, parameters.Symbol, order.Id, want.Price, null));
            }
        }

        foreach (var order in bySlot.Values)
        {
            if (order is { State: OrderState.Working, Pending: PendingChange.None }) intents.Add(Cancel(order));
        }

        return intents;

        CancelIntent Cancel(Order order) => new(parameters.Id, parameters.Symbol, order.Id);

        OrderTerms Terms(DesiredOrder want) => new(
            nextId(), parameters.Symbol, want.Side, want.Quantity, OrderType.Limit, want.Price, Flags: OrderFlags.PostOnly);
    }
}
