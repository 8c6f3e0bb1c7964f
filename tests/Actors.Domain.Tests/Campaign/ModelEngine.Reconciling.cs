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

    /// <summary>The newest socket that was live: what it did not tell, because it came before, a comparison begun since brings.</summary>
    private int _liveOver;
    private IReadOnlyList<ReconciliationRow> _rows = [];
    private Snapshot _theirs = null!;

    /// <summary>The round that the orders compare for.</summary>
    private int _comparing;

    private void Reconcile(bool anew)
    {
        if (!_live || _down.Count > 0 || (_busy && !anew)) return;
        (_busy, _awaitsPosition) = (true, false);
        var (round, over) = (++_round, _liveOver);
        simulation.After(LostAfter * 3, Alive(() => _engine.Tell(() => Retry(round))));
        _orders.Tell(() =>
        {
            var since = ExecutionsKnown;
            _engine.Tell(() =>
            {
                if (round == _round && _busy) TakeSnapshot(round, over, since);
            });
        });
    }

    /// <summary>Open orders before executions, and the position between two questions for executions, each an answer of its own moment.</summary>
    private void TakeSnapshot(int round, int over, DateTimeOffset since)
    {
        var askedAt = Now;
        var again = _engine.Reply<bool>(_ => simulation.After(TimeSpan.FromSeconds(1), Alive(() => _engine.Tell(() => Retry(round)))));
        network.Ask(() => venue.Open, orders => network.Ask(
            () => venue.ExecutionsSince(since), before => network.Ask(
                () => (venue.Position, venue.UnrealisedCost), position => network.Ask(
                    () => venue.ExecutionsSince(since), _engine.Reply<IReadOnlyList<ExecutionReport>>(executions =>
                    {
                        if (round != _round || !_busy) return;
                        var theirs = _theirs = new Snapshot(askedAt, over, orders, executions, position.Position, position.UnrealisedCost, executions.Count == before.Count);
                        _orders.Tell(() => Compare(theirs, round));
                    }), again), again), again), again);
    }

    private void Retry(int round)
    {
        if (round == _round && _busy) Reconcile(anew: true);
    }

    /// <summary>In the orders: the venue's executions first, then its list of open orders, then what was told meanwhile.</summary>
    private void Compare(Snapshot theirs, int round)
    {
        _comparing = round;
        var (events, ledger) = OrderDecisions.OnExecutions(_ledger, theirs.Executions, Now);
        Record([.. events, .. _comparison.Begin(ledger, theirs.Open, theirs.AskedAt, Now)], () =>
        {
            foreach (var execution in theirs.Executions) _position.Tell(() => OnExecuted(execution, theirs.AskedAt));
            foreach (var report in theirs.Open) _missingFills.Heard(_ledger, report, Now);
            foreach (var id in _comparison.Missing.OrderBy(id => id.Value, StringComparer.Ordinal).ToArray()) LookUp(id);
            Compared();
            // One that was asked for before the orders began lacks what was lost when those before them ended.
            if (theirs.AskedAt < _ordersBeganAt || theirs.Over <= _comparedOver) return;
            _comparedOver = theirs.Over;
            ReleaseHeldBack();
        });
    }

    private void OnCompared(IReadOnlyList<ReconciliationRow> rows, int round)
    {
        if (round != _round || !_busy) return;
        (_rows, _awaitsPosition) = (rows, true);
        var theirs = _theirs;
        _position.Tell(() => ComparePosition(theirs));
    }

    /// <summary>
    /// In the position. Every execution can be had here, so that one which has to be taken over is a fault of ours, unless its contracts are right and its cost differs because
    /// something was lost or late on a socket that went on, and what came after it is counted.
    /// </summary>
    private void ComparePosition(Snapshot theirs)
    {
        // Executions that came along may have been lost with a message before it began anew: it is compared again.
        if (theirs.AskedAt < _positionBeganAt) return;
        var compared = new PositionCompared(theirs.Position, theirs.UnrealisedCost, theirs.IsQuiet, theirs.Newest);
        if (_positions.Decide(compared) is { } adopted)
        {
            if (!_costMayDiffer || adopted.Quantity != Position.Quantity) Violations.Add($"a position had to be taken over: {adopted.Reason}");
            AdoptedCost += adopted.UnrealisedCost - Position.UnrealisedCost;
            _positionJournal.Add(adopted);
            _positions = _positions.Apply(adopted);
            TellPosition(_door);
            TellPosition(_account);
        }

        // While trades go on, what the venue had a moment ago may be what we have now by chance alone.
        if (compared.Quiet && _positions.Agrees(compared) && !(_positions.LastExecutionAt > compared.NewestExecutionAt)) _costMayDiffer = false;
        _positionWaits = false;
        ReleaseExecuted();
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

    private sealed record Snapshot(
        DateTimeOffset AskedAt, int Over, IReadOnlyList<OrderReport> Open, IReadOnlyList<ExecutionReport> Executions, Quantity Position, long UnrealisedCost, bool IsQuiet)
    {
        public DateTimeOffset? Newest => Executions.Max(one => (DateTimeOffset?)one.Timestamp);
    }
}
