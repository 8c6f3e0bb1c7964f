using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Domain.Orders;

/// <summary>
/// Remembers of which orders the venue has counted more fills than we have. Mostly the fill is on its way; where it does not come, the order's executions are asked
/// for. Not thread-safe; time comes in.
/// </summary>
public sealed class MissingFills
{
    private readonly Dictionary<ClientOrderId, (Quantity Filled, DateTimeOffset Since)> _heard = [];
    private readonly Dictionary<ClientOrderId, DateTimeOffset> _asked = [];

    /// <summary>Orders with fills that have not come yet.</summary>
    public int Count => _heard.Count;

    /// <summary>The venue told an order's state.</summary>
    public void Heard(OrderLedger ledger, OrderReport report, DateTimeOffset now)
    {
        if (!OrderDecisions.MissesFills(ledger, report)) return;
        _heard[report.ClientId] = (report.Filled, _heard.TryGetValue(report.ClientId, out var before) ? before.Since : now);
    }

    /// <summary>The orders whose fills have been awaited for <paramref name="patience"/> and have not come.</summary>
    public IReadOnlyList<ClientOrderId> Due(OrderLedger ledger, DateTimeOffset now, TimeSpan patience)
    {
        foreach (var (id, (filled, _)) in _heard.ToArray())
        {
            if (ledger.Find(id) is { } order && order.Filled < filled) continue;
            _heard.Remove(id);
            _asked.Remove(id);
        }

        return [.. _heard.Where(one => now - one.Value.Since >= patience).Select(one => one.Key)];
    }

    /// <summary>Whether to ask now: at most one question for an order is on its way, and one whose answer never came is asked again after its longest life.</summary>
    public bool TryAsk(ClientOrderId id, DateTimeOffset now, TimeSpan longestLife)
    {
        if (_asked.TryGetValue(id, out var at) && now - at < longestLife) return false;
        _asked[id] = now;
        return true;
    }
}
