using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Reconciliation;
using Actors.Engine.Session;

namespace Actors.Engine.Orders;

/// <summary>
/// One comparison of the orders with the venue's list of open ones: begun with a snapshot, finished when every order that the list lacks has been looked up or
/// the patience for that is over. Owned by the orders.
/// </summary>
internal sealed class OrderComparison(SessionContext session)
{
    private readonly List<ReconciliationRow> _rows = [];
    private readonly HashSet<ClientOrderId> _missing = [];
    private DateTimeOffset? _begunAt;

    /// <summary>Our live orders that the venue's list does not have.</summary>
    public IReadOnlyCollection<ClientOrderId> Missing => _missing;

    /// <summary>Judges what the snapshot can judge and returns the events it means.</summary>
    public IReadOnlyList<OrderEvent> Begin(OrderLedger ledger, VenueSnapshot venue)
    {
        _rows.Clear();
        _missing.Clear();
        _begunAt = session.Now();
        var events = new List<OrderEvent>();
        var seen = new HashSet<ClientOrderId>();
        foreach (var report in venue.OpenOrders)
        {
            var ours = ledger.Find(report.ClientId);
            if (ours is null)
            {
                Add(report.ClientId.Value.Length > 0 ? report.ClientId.Value : report.VenueOrderId, Finding.Foreign, string.Create(CultureInfo.InvariantCulture, $"{report.Side} {report.Quantity} {report.Symbol} at {report.Price} is not ours"));
                continue;
            }

            seen.Add(report.ClientId);
            var tick = session.Instruments.TryGetValue(report.Symbol, out var instrument) ? instrument.Tick : TickSize.Finest;
            var found = OrderDecisions.OnReport(ledger, report, tick);
            events.AddRange(found);
            if (found.Count == 0) Add(report.ClientId.Value, Finding.Agreed, "");
            else Add(report.ClientId.Value, Finding.Adopted, $"we had {ours.State}, the venue has {report.Status}");
        }

        // An order that moved after the question was asked cannot be judged by its answer.
        foreach (var order in ledger.Live.Values.Where(order => !seen.Contains(order.Id) && order.UpdatedAt < venue.AskedAt)) _missing.Add(order.Id);
        return events;
    }

    /// <summary>A looked-up order has been dealt with.</summary>
    public void Settle(Order before, IReadOnlyList<OrderEvent> events, OrderReport? report)
    {
        if (!_missing.Remove(before.Id)) return;
        if (events.Any(happened => happened is OrderLost)) Add(before.Id.Value, Finding.Lost, $"we had {before.State}, the venue never had it");
        else if (events.Count > 0) Add(before.Id.Value, Finding.Adopted, $"we had {before.State}, the venue has {report?.Status}");
        else Add(before.Id.Value, Finding.Agreed, "");
    }

    /// <summary>Whether the patience for lookups is over: what is still missing is unknown.</summary>
    public bool GiveUp(DateTimeOffset now)
    {
        if (_begunAt is not { } begun || now - begun < session.Timings.LostAfter * 2) return false;
        foreach (var id in _missing) Add(id.Value, Finding.Unknown, "the venue could not be asked, or has not answered");
        _missing.Clear();
        return true;
    }

    /// <summary>The findings, once, when nothing is missing any more.</summary>
    public IReadOnlyList<ReconciliationRow>? TakeFinished()
    {
        if (_begunAt is null || _missing.Count > 0) return null;
        _begunAt = null;
        return [.. _rows];
    }

    private void Add(string subject, Finding finding, string words) => _rows.Add(new ReconciliationRow(subject, finding, words));
}
