using Actors.Domain.Reconciliation;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>What the venue had of an account at one moment.</summary>
internal sealed record VenueMoment(DateTimeOffset At, IReadOnlyDictionary<string, VenueOrder> Orders, IReadOnlyList<VenueFill> Fills)
{
    public static async Task<VenueMoment> TakeAsync(VenueRecord venue)
    {
        // Trades first: whatever an order shows as filled later may have more of them, never fewer.
        var (at, fills) = (DateTimeOffset.UtcNow, await venue.FillsAsync());
        return new VenueMoment(at, await venue.OrdersAsync(), fills);
    }
}

/// <summary>Holds an engine's journal against what the venue has; every difference in a line.</summary>
internal static class Agreement
{
    /// <summary>What must hold while the engine is down: the venue has what it acknowledged.</summary>
    public static IEnumerable<string> Forgotten(VenueMoment venue, EngineRecord engine) =>
        engine.Orders.Where(one => one.Value.IsAcknowledged && !venue.Orders.ContainsKey(one.Key)).Select(one => $"{one.Key} was acknowledged, and the venue does not have it");

    /// <summary>
    /// What must hold at any moment, whether or not the engine is up: nothing is at the venue that was not journaled before, and nothing is counted twice. The journal
    /// is read after the venue.
    /// </summary>
    public static IEnumerable<string> Always(VenueMoment venue, EngineRecord engine)
    {
        foreach (var id in venue.Orders.Keys.Where(id => !engine.Orders.ContainsKey(id))) yield return $"{id} is at the venue and not in the journal";
        foreach (var (id, order) in engine.Orders)
        {
            if (order.Submissions != 1) yield return $"{id} was submitted {order.Submissions} times";
        }

        foreach (var (id, (_, times)) in engine.Fills.Where(fill => fill.Value.Times > 1)) yield return $"execution {id} was counted {times} times by the orders";
        foreach (var (symbol, fills) in engine.PositionFills)
        {
            foreach (var twice in fills.GroupBy(fill => fill.ExecutionId).Where(group => group.Count() > 1)) yield return $"execution {twice.Key} was counted {twice.Count()} times by the position in {symbol}";
        }

        foreach (var adopted in engine.Adoptions) yield return $"a position had to be taken over: {adopted.Reason}";
        foreach (var refused in engine.Refused) yield return $"{refused.Id} was {refused.State} when the venue reported {refused.Report}";
    }

    /// <summary>
    /// What must hold once an engine has reconciled: it knows everything that the venue had at the moment before. Empty when it does, and may take a while to become so,
    /// because what was on its way has to be asked for.
    /// </summary>
    public static IEnumerable<string> Since(VenueMoment venue, EngineRecord engine)
    {
        foreach (var fill in venue.Fills)
        {
            if (Difference(fill, engine) is { } difference) yield return $"execution {fill.ExecutionId} of {fill.ClientId}: {difference}";
        }

        foreach (var theirs in venue.Orders.Values)
        {
            if (!engine.Orders.TryGetValue(theirs.ClientId, out var ours)) yield return $"{theirs.ClientId} is forgotten";
            else if (theirs.IsOpen ? ours.Status is "Submitted" or "Unknown" or "Lost" or "Rejected" : ours.Status != theirs.Status || ours.Filled != theirs.Filled)
                yield return $"{theirs.ClientId} is {ours.Status} with {ours.Filled}, and the venue had it {theirs.Status} with {theirs.Filled}";
        }

        foreach (var (at, report) in engine.Reconciliations.Where(one => one.Report.IsSettled))
        {
            foreach (var row in report.Rows.Where(row => row.Finding == Finding.Foreign)) yield return $"{row.Subject} was foreign to the comparison of {at:O}";
        }
    }

    /// <summary>What must hold after an orderly stop, when nothing moves any more: both sides have the same, to the last unit.</summary>
    public static IEnumerable<string> AtTheEnd(VenueMoment venue, EngineRecord engine)
    {
        foreach (var (id, ours) in engine.Orders)
        {
            if (!venue.Orders.TryGetValue(id, out var theirs))
            {
                if (ours.Status is not ("Lost" or "Rejected")) yield return $"{id} is {ours.Status}, and the venue never had it";
                if (ours.IsAcknowledged) yield return $"{id} was acknowledged, and the venue never had it";
            }
            else if (theirs.IsOpen || ours.Status != theirs.Status || ours.Filled != theirs.Filled || ours.Quantity != theirs.Quantity)
            {
                yield return $"{id} is {ours.Status} with {ours.Filled} of {ours.Quantity}, and the venue has it {theirs.Status} with {theirs.Filled} of {theirs.Quantity}";
            }
        }

        foreach (var unknown in engine.Fills.Keys.Except(venue.Fills.Select(fill => fill.ExecutionId))) yield return $"execution {unknown} is not the venue's";
        foreach (var symbol in venue.Fills.GroupBy(fill => fill.Symbol))
        {
            var ours = engine.Positions.GetValueOrDefault(symbol.Key);
            var (held, money) = (symbol.Sum(fill => fill.Change), symbol.Sum(fill => fill.Cost + fill.Commission));
            if (ours.Quantity.Contracts != held) yield return $"{symbol.Key}: our position is {ours.Quantity}, the venue's trades add up to {held}";
            // Funding is in ours and not among the trades; a campaign is over before any is due.
            if (ours.UnrealisedCost - ours.RealisedPnl != money) yield return $"{symbol.Key}: our costs are {ours.UnrealisedCost - ours.RealisedPnl}, the venue's trades add up to {money}";
        }
    }

    private static string? Difference(VenueFill theirs, EngineRecord engine)
    {
        if (!engine.Fills.TryGetValue(theirs.ExecutionId, out var ours)) return "the orders have not counted it";
        if (engine.PositionFills.GetValueOrDefault(theirs.Symbol)?.Find(fill => fill.ExecutionId == theirs.ExecutionId) is not { } position) return "the position has not counted it";
        var ordersSay = (ours.Fill.Quantity.Contracts, ours.Fill.Price, ours.Fill.Cost, ours.Fill.Commission);
        if (ordersSay != (Math.Abs(theirs.Change), theirs.Price, theirs.Cost, theirs.Commission)) return $"the orders have {ordersSay}, the venue has {theirs}";
        var positionSays = (position.Change.Contracts, position.Price, position.Cost, position.Commission);
        return positionSays == (theirs.Change, theirs.Price, theirs.Cost, theirs.Commission) ? null : $"the position has {positionSays}, the venue has {theirs}";
    }
}
