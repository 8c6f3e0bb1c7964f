using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Domain.Switch;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>The half that wants, sends, follows and compares orders.</summary>
internal sealed partial class ModelEngine
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _bornAt = simulation.Now;
    private readonly Dictionary<ClientOrderId, DateTimeOffset> _lookingSince = [];
    private OrderComparison _comparison = null!;
    private MissingFills _missingFills = null!;
    private long _counter;
    private int _round;
    private bool _busy;
    private DateTimeOffset _askedAt;
    private (Quantity Position, bool IsQuiet, DateTimeOffset? Newest) _theirs;

    private void ForgetOrders()
    {
        RememberNothing();
        _counter = 0;
    }

    /// <summary>What the orders keep in memory alone.</summary>
    private void RememberNothing()
    {
        _comparison = new OrderComparison(LostAfter, _ => Inverse.Tick);
        _missingFills = new MissingFills();
        _lookingSince.Clear();
        _busy = false;
        _round++;
    }

    private void OnMessage(object message)
    {
        if (Mutation == Mutation.RevivesFinished && message is OrderReport { Status: VenueOrderStatus.New } late && _ledger.Find(late.ClientId) is { IsFinished: true })
            Record([new OrderAcknowledged(late.ClientId, late.VenueOrderId, late.Timestamp)], () => { });
        if (message is ExecutionReport execution) OnExecutions([execution], () => { });
        else if (message is OrderReport report && _ledger.Find(report.ClientId) is not null)
            Record(OrderDecisions.OnReport(_ledger, report, Inverse.Tick), () => _missingFills.Heard(_ledger, report, Now));
    }

    /// <summary>Orders first, then positions; a crash may come between the two.</summary>
    private void OnExecutions(IReadOnlyList<ExecutionReport> executions, Action then)
    {
        var (events, _) = OrderDecisions.OnExecutions(_ledger, executions, Now);
        Record(events, () =>
        {
            foreach (var execution in executions)
            {
                if (Mutation == Mutation.CountsTwice && network.Loses(20)) _positions = PositionLedger.Empty.Apply(new PositionAdopted(Position.Quantity, Position.UnrealisedCost, ""));
                if (!IsUp || _positions.Decide(execution) is not { } happened) continue;
                _journal.Add((Now, happened));
                _positions = _positions.Apply(happened);
                _risk.Find(Inverse.Symbol)!.Position = _positions.Position.Quantity;
                if (network.Loses(2)) Crash();
            }

            if (IsUp) then();
        });
    }

    private void Record(IReadOnlyList<OrderEvent> decided, Action then)
    {
        var events = OrderTransitions.Enforce(_ledger, decided, Now);
        foreach (var happened in events)
        {
            simulation.Note($"engine: {happened}");
            _journal.Add((Now, happened));
            _ledger = _ledger.Apply(happened, Now);
            if (happened is not (OrderTransitionRefused or ExecutionsReconciled)) _risk.Track(_ledger.Find(happened.Id)!);
        }

        // Durable, and not acted on: the worst moment to die.
        if (events.Count > 0 && network.Loses(2)) Crash();
        else then();
    }

    private void Decide()
    {
        if (!Quotes || IsHung) return;
        var live = _ledger.LiveInOrder.ToArray();
        var some = live.Length > 0 ? live[simulation.Random.Next(live.Length)] : null;
        Intent intent = simulation.Random.Next(10) switch
        {
            < 2 when some is not null => new CancelIntent("grid", Inverse.Symbol, some.Id),
            < 5 when some is not null => new AmendIntent("grid", Inverse.Symbol, some.Id, RandomPrice(), simulation.Chance(500) ? RandomQuantity() : null),
            _ => new PlaceIntent("grid", 0, Terms(
                $"s{_sessions}-{++_counter}", simulation.Chance(500) ? Side.Buy : Side.Sell, RandomQuantity().Contracts, RandomPrice().Ticks)),
        };
        if (RiskDoor.Judge(_risk, intent, Now) is Verdict.Approved approved) Execute(approved.Intent.Intent);
    }

    private Price RandomPrice() => new(100_000 + simulation.Random.Next(-2_000, 2_000));

    private Quantity RandomQuantity() => new(100 * simulation.Random.Next(1, 6));

    private void Execute(Intent intent)
    {
        var events = OrderDecisions.OnPassed(_ledger, intent);
        if (events.Count > 0) Record(events, () => Send(intent));
    }

    private void Send(Intent intent)
    {
        if (intent is PlaceIntent place) SendPlacement(place.Terms);
        else if (intent is AmendIntent amend) SendChange(amend.Id, () => venue.Amend(amend.Id, amend.Change));
        else if (intent is CancelIntent cancel) SendChange(cancel.Id, () => venue.Cancel(cancel.Id));
    }

    private void SendPlacement(OrderTerms terms)
    {
        Sent[terms.Id] = Sent.GetValueOrDefault(terms.Id) + 1;
        var expires = Now + SignatureLife;
        network.Ask(
            () => venue.Place(terms, expires),
            Gateway<OrderEntryOutcome>(outcome => Record(OrderDecisions.OnPlaced(_ledger, terms.Id, outcome), () => { })),
            Gateway<bool>(neverLeft => Record(OrderDecisions.OnPlaced(_ledger, terms.Id, Failed(neverLeft)), () => { })));
    }

    private void SendChange(ClientOrderId id, Func<OrderEntryOutcome> change)
    {
        network.Ask(change, Gateway<OrderEntryOutcome>(OnChanged), Gateway<bool>(neverLeft => OnChanged(Failed(neverLeft))));

        void OnChanged(OrderEntryOutcome outcome)
        {
            if (_ledger.Find(id) is null) return;
            if (outcome is OrderEntryOutcome.Unknown) LookUp(id);
            Record(OrderDecisions.OnChanged(_ledger, id, outcome, Inverse.Tick), () => { });
        }
    }

    private static OrderEntryOutcome Failed(bool neverLeft) =>
        neverLeft ? new OrderEntryOutcome.Refused("cannot connect", true) : new OrderEntryOutcome.Unknown("no answer in time");

    private void LookUp(ClientOrderId id)
    {
        if (_lookingSince.TryGetValue(id, out var since) && Now - since < LostAfter) return;
        var askedAt = _lookingSince[id] = Now;
        network.Ask(
            () => venue.Orders.GetValueOrDefault(id)?.ToReport(),
            Gateway<OrderReport?>(report => OnLooked(id, report, askedAt)),
            Gateway<bool>(_ =>
            {
                _lookingSince.Remove(id);
                Compared();
            }));
    }

    private void OnLooked(ClientOrderId id, OrderReport? report, DateTimeOffset askedAt)
    {
        _lookingSince.Remove(id);
        if (_ledger.Live.GetValueOrDefault(id) is not { } order)
        {
            Compared();
            return;
        }

        if (report is null && askedAt - order.UpdatedAt < LostAfter) return;
        Record(OrderDecisions.OnLookup(_ledger, id, report, Inverse.Tick), () =>
        {
            if (report is not null) _missingFills.Heard(_ledger, report, Now);
            if (report is { Status: VenueOrderStatus.Filled } && OrderDecisions.MissesFills(_ledger, report)) AskExecutions(id);
            else _comparison.Settle(_ledger.Find(id)!, report);
            Compared();
        });
    }

    private void AskExecutions(ClientOrderId id)
    {
        if (!_missingFills.TryAsk(id, Now, LostAfter)) return;
        network.Ask(
            () => venue.Executions.Where(one => one.ClientId == id).ToArray(),
            Gateway<ExecutionReport[]>(found => OnExecutions(found, Compared)),
            Gateway<bool>(_ => { }));
    }

    private void Chase()
    {
        if (IsHung) return;
        foreach (var order in _ledger.LiveInOrder)
        {
            var open = order.State == OrderState.Unknown || ((order.State == OrderState.Submitted || order.Pending != PendingChange.None) && Now - order.UpdatedAt >= LostAfter);
            if (open) LookUp(order.Id);
        }

        foreach (var id in _missingFills.Due(_ledger, Now, TimeSpan.FromSeconds(1))) AskExecutions(id);
        if (_comparison.GiveUp(Now)) Compared();
    }

    private void Reconcile(bool anew)
    {
        if (!_machine.IsLive || (_busy && !anew)) return;
        _busy = true;
        var round = ++_round;
        var askedAt = Now;
        var since = (_ledger.ExecutionsReconciledUntil ?? _bornAt) - Overlap;
        var again = Alive<bool>(_ => simulation.After(TimeSpan.FromSeconds(1), Alive(() => Retry(round))));
        simulation.After(LostAfter * 3, Alive(() => Retry(round)));
        network.Ask(() => venue.Open, Orders<IReadOnlyList<OrderReport>>(orders => network.Ask(
            () => venue.ExecutionsSince(since), Orders<IReadOnlyList<ExecutionReport>>(before => network.Ask(
                () => venue.Position, Orders<Quantity>(position => network.Ask(
                    () => venue.ExecutionsSince(since), Orders<IReadOnlyList<ExecutionReport>>(executions =>
                    {
                        if (round != _round) return;
                        _theirs = (position, executions.Count == before.Count, executions.Max(one => (DateTimeOffset?)one.Timestamp));
                        OnSnapshot(orders, executions, askedAt);
                    }), again)), again)), again)), again);
    }

    private void Retry(int round)
    {
        if (round == _round && _busy) Reconcile(anew: true);
    }

    private void OnSnapshot(IReadOnlyList<OrderReport> open, IReadOnlyList<ExecutionReport> executions, DateTimeOffset askedAt) => OnExecutions(executions, () =>
    {
        _askedAt = askedAt;
        Record(_comparison.Begin(_ledger, open, askedAt, Now), () =>
        {
            foreach (var report in open) _missingFills.Heard(_ledger, report, Now);
            foreach (var id in _comparison.Missing.OrderBy(id => id.Value, StringComparer.Ordinal).ToArray()) LookUp(id);
            Compared();
        });
    });

    private void Compared()
    {
        _comparison.SettleFinished(_ledger);
        if (_comparison.TakeFinished() is not { } rows) return;
        ComparePosition();
        _busy = false;
        if (rows.Any(row => row.Finding == Finding.Unknown))
        {
            _risk.Apply(new GateClosed(Gate.Reconciliation, "not everything is known"));
            simulation.After(TimeSpan.FromSeconds(1), Alive(() => Reconcile(anew: false)));
            return;
        }

        foreach (var gate in new[] { Gate.Reconciliation, Gate.Connection, Gate.Start }) _risk.Apply(new GateOpened(gate));
        Record(OrderDecisions.OnSettled(_askedAt), () =>
        {
            var fired = _switch.State == SwitchState.AssumedFired;
            Move(_switch.Reconciled(Now, _askedAt));
            if (fired && _switch.MayBeat) Beat();
        });
    }

    private void ComparePosition()
    {
        // This venue tells no cost of a position: ours stands in for it, so that quantities alone are compared.
        if (_positions.Decide(new PositionCompared(_theirs.Position, Position.UnrealisedCost, _theirs.IsQuiet, _theirs.Newest)) is null) return;
        // Every execution can be had here, so that a position which has to be taken over is a fault of ours.
        simulation.Note($"engine: position {Position.Quantity} is {_theirs.Position} at the venue");
        Adoptions++;
    }
}
