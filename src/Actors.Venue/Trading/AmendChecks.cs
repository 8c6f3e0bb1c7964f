using Actors.Domain.Port;

namespace Actors.Venue.Trading;

/// <summary>What an amendment makes of an order, after all checks. Contracts and ticks.</summary>
internal readonly record struct AmendTarget(
    string ClientId, long? PriceTicks, long? StopTicks, decimal? PegOffset, decimal TrailedFrom, long Leaves, string Text)
{
    public static AmendTarget Of(VenueOrder order) =>
        new(order.ClientId, order.PriceTicks, order.StopTicks, order.PegOffset, order.TrailedFrom, order.Leaves, order.Text);
}

/// <summary>The rules that an amendment must pass. Side, type, symbol, time in force and instructions cannot be amended.</summary>
internal static class AmendChecks
{
    /// <summary>How long a filled order can be made live again with a new leavesQty.</summary>
    public static readonly TimeSpan RevivalMax = TimeSpan.FromSeconds(60);

    public static Refusal? Refuse(VenueOrder order, OrderAmendment request, DateTimeOffset now, out AmendTarget target)
    {
        target = AmendTarget.Of(order) with { ClientId = request.NewClientId ?? order.ClientId, Text = request.Text ?? order.Text };
        if (!order.IsOpen && !MayRevive(order, request, now)) return Refusal.Invalid($"Invalid ordStatus: {order.Status}");
        var refusal = TermChecks.RefuseState(order.Instrument)
            ?? TermChecks.RefuseClientId(order.Account, target.ClientId, order)
            ?? RefuseSize(order, request, ref target)
            ?? RefusePrice(order, request, ref target)
            ?? RefuseTrigger(order, request, ref target);
        if (refusal is not null) return refusal;
        return target == AmendTarget.Of(order) ? Refusal.Invalid("Invalid amend: orderQty, leavesQty, price, stopPx unchanged") : null;
    }

    private static bool MayRevive(VenueOrder order, OrderAmendment request, DateTimeOffset now) =>
        order.Status == VenueOrderStatus.Filled && request.Leaves is > 0 && now - order.Timestamp <= RevivalMax;

    private static Refusal? RefuseSize(VenueOrder order, OrderAmendment request, ref AmendTarget target)
    {
        if (request is { Quantity: null, Leaves: null }) return null;
        // Our words: the venue's for naming both are not known.
        if (request is { Quantity: not null, Leaves: not null })
            return Refusal.Invalid("Invalid leavesQty: expected only one of orderQty and leavesQty");
        if (request.Leaves is <= 0 or > long.MaxValue / 4) return Refusal.Invalid("Invalid leavesQty");
        var total = request.Quantity ?? (order.Filled + request.Leaves!.Value);
        if (TermChecks.RefuseQuantity(order.Instrument.Definition, total) is { } refusal) return refusal;
        // Our words after the colon.
        if (total <= order.Filled) return Refusal.Invalid("Invalid orderQty: not above what is filled already");
        var leaves = total - order.Filled;
        target = target with { Leaves = order.Reduces && order.IsWorking ? Math.Min(leaves, ReduceOnlyRule.Reducible(order.Holding, order.Side)) : leaves };
        return target.Leaves > 0 ? null : Refusal.Invalid("Invalid orderQty: nothing to reduce");
    }

    private static Refusal? RefusePrice(VenueOrder order, OrderAmendment request, ref AmendTarget target)
    {
        if (request.Price is null) return null;
        if (order.PriceTicks is null) return Refusal.Invalid($"Invalid price: a {order.Type} order has none");
        if (TermChecks.RefusePrice(order.Instrument, request.Price, out var ticks) is { } refusal) return refusal;
        target = target with { PriceTicks = ticks };
        return null;
    }

    private static Refusal? RefuseTrigger(VenueOrder order, OrderAmendment request, ref AmendTarget target)
    {
        var definition = order.Instrument.Definition;
        if (request.StopPrice is not null)
        {
            if (!order.Type.Waits() || order.Triggered == OrderTrigger.StopOrderTriggered) return Refusal.Invalid("Invalid stopPx for ordType");
            if (TermChecks.RefuseStop(definition, request.StopPrice, out var stop) is { } refusal) return refusal;
            target = target with { StopTicks = stop };
        }

        if (request.PegOffset is not { } offset) return null;
        if (order.Triggered == OrderTrigger.StopOrderTriggered) return Refusal.Invalid("Invalid pegOffsetValue for pegPriceType");
        if (TermChecks.RefuseOffset(definition, order.Peg, offset, order.Type.TriggersAbove(order.Side)) is { } wrong) return wrong;
        return order.Type == VenueOrderType.Pegged ? Repeg(order, offset, ref target) : Retrail(order, offset, ref target);
    }

    private static Refusal? Repeg(VenueOrder order, decimal offset, ref AmendTarget target)
    {
        if (TermChecks.RefusePegged(order.Instrument, order.Side, order.Peg, offset, out var ticks) is { } refusal) return refusal;
        target = target with { PegOffset = offset, PriceTicks = ticks };
        return null;
    }

    private static Refusal? Retrail(VenueOrder order, decimal offset, ref AmendTarget target)
    {
        var instrument = order.Instrument;
        var reference = instrument.ReferencePrice(order.Instructions.TriggerPrice());
        var price = instrument.Decimal(instrument.Definition.Tick.Nearest(reference + offset).Ticks);
        if (TermChecks.RefuseStop(instrument.Definition, price, out var stop) is { } refusal) return refusal;
        target = target with { PegOffset = offset, StopTicks = stop, TrailedFrom = reference };
        return null;
    }
}
