using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Domain.Reconciliation;

/// <summary>
/// One comparison of the orders with the venue's list of open ones: begun with the list, finished when every order that the list lacks has been looked up or
/// the patience for that is over. Not thread-safe; owned by the orders. <paramref name="lostAfter"/> is the longest life of a request.
/// </summary>
public sealed class OrderComparison(TimeSpan lostAfter, Func<Symbol, TickSize> tickOf)
{
    private readonly List<ReconciliationRow> _rows = [];
    private readonly Dictionary<ClientOrderId, OrderState> _missing = [];
    private DateTimeOffset? _begunAt;

    /// <summary>Our live orders that the venue's list does not have.</summary>
    public IReadOnlyCollection<ClientOrderId> Missing => _missing.Keys;

    /// <summary>Judges what the list, asked for at <paramref name="askedAt"/>, can judge and returns the events it means.</summary>
    public IReadOnlyList<OrderEvent> Begin(OrderLedger ledger, IReadOnlyList<OrderReport> open, DateTimeOffset askedAt, DateTimeOffset now)
    {
        _rows.Clear();
        _missing.Clear();
        _begunAt = now;
        var events = new List<OrderEvent>();
        var seen = new HashSet<ClientOrderId>();
        foreach (var report in open)
        {
            var ours = ledger.Find(report.ClientId);
            if (ours is null)
            {
                var subject = report.ClientId.Value is { Length: > 0 } id ? id : report.VenueOrderId;
                Add(subject, Finding.Foreign, string.Create(CultureInfo.InvariantCulture, $"{report.Side} {report.Quantity} {report.Symbol} at {report.Price} is not ours"));
            }
            else if (seen.Add(report.ClientId))
            {
                events.AddRange(Judge(ledger, ours, report, askedAt));
            }
        }

        // An order that moved after the question was asked cannot be judged by its answer.
        foreach (var order in ledger.LiveInOrder.Where(order => !seen.Contains(order.Id) && order.UpdatedAt < askedAt)) _missing[order.Id] = order.State;
        return events;
    }

    /// <summary>A looked-up order has been dealt with; <paramref name="report"/> is what the venue said, null if it never had it.</summary>
    public void Settle(Order after, OrderReport? report)
    {
        if (!_missing.Remove(after.Id, out var before)) return;
        if (after.State == OrderState.Lost) Add(after.Id.Value, Finding.Lost, $"we had {before}, the venue never had it");
        else if (after.State != before) Add(after.Id.Value, Finding.Adopted, $"we had {before}, the venue has {report?.Status.ToString() ?? after.State.ToString()}");
        else Add(after.Id.Value, Finding.Agreed, "");
    }

    /// <summary>Orders that ended while they were being looked for need no answer any more.</summary>
    public void SettleFinished(OrderLedger ledger)
    {
        foreach (var id in _missing.Keys.ToArray())
        {
            if (ledger.Find(id) is { IsFinished: true } finished) Settle(finished, null);
        }
    }

    /// <summary>Whether the patience for lookups is over: what is still missing is unknown.</summary>
    public bool GiveUp(DateTimeOffset now)
    {
        if (_begunAt is not { } begun || now - begun < lostAfter * 2) return false;
        foreach (var id in _missing.Keys) Add(id.Value, Finding.Unknown, "the venue could not be asked, or has not answered");
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

    private IReadOnlyList<OrderEvent> Judge(OrderLedger ledger, Order ours, OrderReport report, DateTimeOffset askedAt)
    {
        // The venue's list may lag behind its stream by a moment: only an order that has been finished for longer than any lag is finished wrongly.
        var isWronglyFinished = ours is { IsFinished: true, State: not OrderState.Lost } && askedAt - ours.UpdatedAt >= lostAfter;
        var found = isWronglyFinished ? OrderDecisions.OnStillOpen(ledger, report) : OrderDecisions.OnReport(ledger, report, tickOf(report.Symbol));
        if (found.Count == 0) Add(report.ClientId.Value, Finding.Agreed, "");
        else Add(report.ClientId.Value, Finding.Adopted, $"we had {ours.State}, the venue has {report.Status}");
        return found;
    }

    private void Add(string subject, Finding finding, string words) => _rows.Add(new ReconciliationRow(subject, finding, words));
}
