using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Engine.Positions;
using Actors.Engine.Supervision;
using Akka.Actor;

namespace Actors.Engine.Orders;

// What is heard of orders, and what is asked until it is known: single orders, their executions, and all of them in a comparison.
public sealed partial class OrdersActor
{
    /// <summary>By the venue's clock: whether a row of the account is older than what we know is told by it.</summary>
    private void HearTime(object message)
    {
        var report = message switch
        {
            OrderMessages.OrderReported reported => reported.Report,
            OrderMessages.Placed { Outcome: OrderEntryOutcome.Accepted accepted } => accepted.Order,
            OrderMessages.Changed { Outcome: OrderEntryOutcome.Accepted accepted } => accepted.Order,
            OrderMessages.Looked looked => looked.Report,
            _ => null,
        };
        if (report is not null) HearTime(report);
        if (message is not OrderMessages.Compare compare) return;
        foreach (var open in compare.Venue.OpenOrders) HearTime(open);
    }

    private void HearTime(OrderReport report)
    {
        if (report.Timestamp > _newestReportAt.GetValueOrDefault(report.Symbol)) _newestReportAt[report.Symbol] = report.Timestamp;
    }

    private void OnChanged(OrderMessages.Changed changed)
    {
        if (_ledger.Find(changed.Id) is not { } order) return;
        // Nobody knows whether the change was made: the order itself is asked.
        if (changed.Outcome is OrderEntryOutcome.Unknown) LookUp(changed.Id);
        Record(OrderDecisions.OnChanged(_ledger, changed.Id, changed.Outcome, TickOf(order.Terms.Symbol)));
    }

    private void OnReport(OrderReport report)
    {
        if (_ledger.Find(report.ClientId) is null) return;
        Record(OrderDecisions.OnReport(_ledger, report, TickOf(report.Symbol)), () => _missingFills.Heard(_ledger, report, Now));
    }

    /// <returns>Whether there is something to make durable, and so <paramref name="next"/> is done after it.</returns>
    private bool OnExecution(ExecutionReport execution, Action? next = null)
    {
        var events = OrderDecisions.OnExecution(_ledger, execution);
        Record(events, () =>
        {
            Session.Directory.Position(execution.Symbol).Tell(new PositionMessages.Executed(Cursor, execution));
            if (events.Count > 0) next?.Invoke();
        });
        return events.Count > 0;
    }

    private void OnLooked(OrderMessages.Looked looked)
    {
        _lookingSince.Remove(looked.Id);
        if (looked.Failure is not null || _ledger.Live.GetValueOrDefault(looked.Id) is not { } order)
        {
            Compared();
            return;
        }

        // A request may still be on its way: only after its longest life does "never had it" prove that it was lost.
        var provesLoss = looked.AskedAt - order.SentAfter >= Session.Timings.LostAfter;
        if (looked.Report is null && !provesLoss) return;
        Record(OrderDecisions.OnLookup(_ledger, looked.Id, looked.Report, TickOf(order.Terms.Symbol)), () =>
        {
            if (looked.Report is { } known) _missingFills.Heard(_ledger, known, Now);
            // One that is filled ends by its executions alone; one that is open is known, however many of its fills are still on their way.
            if (looked.Report is { Status: VenueOrderStatus.Filled } report && OrderDecisions.MissesFills(_ledger, report)) AskExecutions([looked.Id]);
            else _comparison.Settle(_ledger.Find(looked.Id)!, looked.Report);
            Compared();
        });
    }

    private void OnExecutionsFound(OrderMessages.ExecutionsFound found)
    {
        var (events, _) = OrderDecisions.OnExecutions(_ledger, found.Executions, Now);
        Record(events, () =>
        {
            foreach (var execution in found.Executions) Session.Directory.Position(execution.Symbol).Tell(new PositionMessages.Executed(Cursor, execution));
            Compared();
        });
    }

    private void OnDrain(long token, IActorRef asker)
    {
        foreach (var symbol in Session.Instruments.Keys)
            Session.Directory.Position(symbol).Tell(new PositionMessages.Drain(token, _newestReportAt.GetValueOrDefault(symbol), asker), Self);
    }

    /// <summary>Counts the venue's executions first, then judges the orders by its list of open ones, then counts what was told meanwhile.</summary>
    private void Compare(VenueSnapshot venue, int connection)
    {
        var (events, ledger) = OrderDecisions.OnExecutions(_ledger, venue.Executions, Now);
        events.AddRange(_comparison.Begin(ledger, venue.OpenOrders, venue.AskedAt, Now));
        Record(events, () =>
        {
            foreach (var execution in venue.Executions)
                Session.Directory.Position(execution.Symbol).Tell(new PositionMessages.Executed(Cursor, execution) { ComparedAt = venue.AskedAt });
            foreach (var report in venue.OpenOrders) _missingFills.Heard(_ledger, report, Now);
            foreach (var id in _comparison.Missing) LookUp(id);
            Compared();
            // One that was asked for before this part began lacks what was lost when the one before ended.
            if (venue.AskedAt < _beganAt || connection <= _comparedOver) return;
            _comparedOver = connection;
            // Asked over one connection, it says nothing of what was lost before the next.
            Release(_comparedOver);
        });
    }

    private void Compared()
    {
        _comparison.SettleFinished(_ledger);
        if (_comparison.TakeFinished() is { } rows) Session.Directory.Engine.Tell(new OrderMessages.Compared(rows, _round));
    }

    private void OnChase()
    {
        foreach (var order in _ledger.LiveInOrder)
        {
            var open = order.State == OrderState.Unknown
                || (order.State == OrderState.Submitted || order.Pending != PendingChange.None) && Now - order.UpdatedAt >= Session.Timings.LostAfter;
            if (open) LookUp(order.Id);
        }

        if (_heldBack.Count == 0) AskExecutions(_missingFills.Due(_ledger, Now, ChaseInterval));
        if (_comparison.GiveUp(Now)) Compared();
        if (_cancelAllReason is not null && _heldBack.Count > 0) Release(int.MaxValue);
        else ChaseCancellations();
    }

    private void ChaseCancellations()
    {
        if (_cancelAllReason is null) return;
        var requested = OrderDecisions.OnCancelAll(_ledger);
        Record(requested, () =>
        {
            foreach (var one in requested) _gateway.Tell(new OrderMessages.Request.Cancel(one.Id));
        });
        if (_ledger.Live.IsEmpty) Session.Directory.Engine.Tell(new OrderMessages.NoneLeft());
    }

    /// <summary>At most one query for an order is on its way; one whose answer never came is made again after the longest life of a request.</summary>
    private void LookUp(ClientOrderId id)
    {
        if (_lookingSince.TryGetValue(id, out var since) && Now - since < Session.Timings.LostAfter) return;
        _lookingSince[id] = Now;
        _gateway.Tell(new OrderMessages.Request.Find(id));
    }

    private DateTimeOffset? ExecutionsKnown => _ledger.ExecutionsReconciledUntil ?? _ledger.LastFillAt;

    /// <summary>
    /// The venue has counted fills that we have not heard of: whatever swallowed them, they are asked for, in one question with those of all other orders, which may be older
    /// and missing too.
    /// </summary>
    private void AskExecutions(IReadOnlyList<ClientOrderId> missing)
    {
        var asked = missing.Where(id => _missingFills.TryAsk(id, Now, Session.Timings.LostAfter)).ToArray();
        if (asked.Length == 0) return;
        var since = ExecutionsKnown ?? asked.Min(id => _ledger.Find(id)!.SentAfter);
        _gateway.Tell(new OrderMessages.Request.FindExecutions(since - Reconciler.Overlap));
    }
}
