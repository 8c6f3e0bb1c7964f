using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;

namespace Actors.Domain.Tests.Campaign;

/// <summary>One comparison of engine and venue at a time: the venue is asked for everything, then orders and position compare.</summary>
internal sealed partial class ModelEngine
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _bornAt;
    private int _round;
    private bool _busy;
    private bool _awaitsPosition;
    private IReadOnlyList<ReconciliationRow> _rows = [];
    private Snapshot _theirs = null!;

    /// <summary>The round that the orders compare for.</summary>
    private int _comparing;

    private void Reconcile(bool anew)
    {
        if (!_live || _down.Count > 0 || (_busy && !anew)) return;
        (_busy, _awaitsPosition) = (true, false);
        var round = ++_round;
        simulation.After(LostAfter * 3, Alive(() => _engine.Tell(() => Retry(round))));
        _orders.Tell(() =>
        {
            var since = (_ledger.ExecutionsReconciledUntil ?? _ledger.LastFillAt ?? _bornAt) - Overlap;
            _engine.Tell(() =>
            {
                if (round == _round && _busy) TakeSnapshot(round, since);
            });
        });
    }

    /// <summary>Open orders before executions, and the position between two questions for executions, each an answer of its own moment.</summary>
    private void TakeSnapshot(int round, DateTimeOffset since)
    {
        var askedAt = Now;
        var again = _engine.Reply<bool>(_ => simulation.After(TimeSpan.FromSeconds(1), Alive(() => _engine.Tell(() => Retry(round)))));
        network.Ask(() => venue.Open, orders => network.Ask(
            () => venue.ExecutionsSince(since), before => network.Ask(
                () => venue.Position, position => network.Ask(
                    () => venue.ExecutionsSince(since), _engine.Reply<IReadOnlyList<ExecutionReport>>(executions =>
                    {
                        if (round != _round || !_busy) return;
                        var theirs = _theirs = new Snapshot(askedAt, orders, executions, position, executions.Count == before.Count);
                        _orders.Tell(() => Compare(theirs, round));
                    }), again), again), again), again);
    }

    private void Retry(int round)
    {
        if (round == _round && _busy) Reconcile(anew: true);
    }

    /// <summary>In the orders: the venue's executions first, then its list of open orders.</summary>
    private void Compare(Snapshot theirs, int round)
    {
        _comparing = round;
        var (events, ledger) = OrderDecisions.OnExecutions(_ledger, theirs.Executions, Now);
        Record([.. events, .. _comparison.Begin(ledger, theirs.Open, theirs.AskedAt, Now)], () =>
        {
            foreach (var execution in theirs.Executions) _position.Tell(() => OnExecuted(execution));
            foreach (var report in theirs.Open) _missingFills.Heard(_ledger, report, Now);
            foreach (var id in _comparison.Missing.OrderBy(id => id.Value, StringComparer.Ordinal).ToArray()) LookUp(id);
            Compared();
        });
    }

    private void OnCompared(IReadOnlyList<ReconciliationRow> rows, int round)
    {
        if (round != _round || !_busy) return;
        (_rows, _awaitsPosition) = (rows, true);
        var theirs = _theirs;
        _position.Tell(() => ComparePosition(theirs));
    }

    /// <summary>In the position. This venue tells no cost of it: ours stands in for it, so that quantities alone are compared.</summary>
    private void ComparePosition(Snapshot theirs)
    {
        // Executions that came along may have been lost with a message before it began anew: it is compared again.
        if (theirs.AskedAt < _positionBeganAt) return;
        if (_positions.Decide(new PositionCompared(theirs.Position, Position.UnrealisedCost, theirs.IsQuiet, theirs.Newest)) is { } adopted)
        {
            // Every execution can be had here, so that a position which has to be taken over is a fault of ours.
            simulation.Note($"engine: {adopted.Reason}");
            Adoptions++;
        }

        _engine.Tell(OnPositionCompared);
    }

    private void OnPositionCompared()
    {
        if (!_busy || !_awaitsPosition) return;
        (_busy, _awaitsPosition) = (false, false);
        if (_rows.Any(row => row.Finding == Finding.Unknown))
        {
            Close(Gate.Reconciliation);
            simulation.After(TimeSpan.FromSeconds(1), Alive(() => _engine.Tell(() => Reconcile(anew: false))));
            return;
        }

        _provedDoor = _knownDoor;
        Open(Gate.Reconciliation);
        Open(Gate.Connection);
        Open(Gate.Start);
        var askedAt = _theirs.AskedAt;
        _orders.Tell(() => Record(OrderDecisions.OnSettled(askedAt), () => { }));
        _beats.Tell(() => OnReconciled(askedAt));
    }

    private sealed record Snapshot(DateTimeOffset AskedAt, IReadOnlyList<OrderReport> Open, IReadOnlyList<ExecutionReport> Executions, Quantity Position, bool IsQuiet)
    {
        public DateTimeOffset? Newest => Executions.Max(one => (DateTimeOffset?)one.Timestamp);
    }
}
