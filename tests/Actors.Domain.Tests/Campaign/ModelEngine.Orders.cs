using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Reconciliation;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>The half that sends and follows orders, and the gateway.</summary>
internal sealed partial class ModelEngine
{
    private readonly List<(DateTimeOffset At, OrderEvent Event)> _orderJournal = [];
    private readonly Dictionary<ClientOrderId, DateTimeOffset> _lookingSince = [];
    private readonly Queue<(ExecutionReport Execution, int Socket)> _heldBack = [];
    private OrderLedger _ledger = OrderLedger.Empty;
    private OrderComparison _comparison = null!;
    private MissingFills _missingFills = null!;

    /// <summary>The newest socket over which a comparison has brought what came before it; zero, none since the orders began.</summary>
    private int _comparedOver;
    private DateTimeOffset _ordersBeganAt;

    public OrderLedger Ledger => _ledger;

    public Dictionary<ClientOrderId, int> Sent { get; } = [];

    /// <summary>From when on executions may be missing.</summary>
    private DateTimeOffset ExecutionsKnown => (_ledger.ExecutionsReconciledUntil ?? _ledger.LastFillAt ?? _bornAt) - Overlap;

    public IEnumerable<OrderSubmitted> Submitted => _orderJournal.Select(record => record.Event).OfType<OrderSubmitted>();

    private void RecoverOrders()
    {
        _ledger = _orderJournal.Aggregate(OrderLedger.Empty, (ledger, record) => ledger.Apply(record.Event, record.At));
        _comparison = new OrderComparison(LostAfter, _ => Inverse.Tick);
        _missingFills = new MissingFills();
        _lookingSince.Clear();
        _heldBack.Clear();
        (_comparedOver, _ordersBeganAt) = (0, Now);
        // Its child is made anew with it: what waited there is gone.
        _gateway.End();
        _gateway.Begin();
        TellLive();
    }

    private void TellLive()
    {
        var live = _ledger.Live.Values.ToArray();
        _door.Tell(() => _risk.Resynchronise(live));
    }

    private void OnMessage(object message, int socket)
    {
        if (Mutation == Mutation.RevivesFinished && message is OrderReport { Status: VenueOrderStatus.New } late && _ledger.Find(late.ClientId) is { IsFinished: true })
            Record([new OrderAcknowledged(late.ClientId, late.VenueOrderId, late.Timestamp)], () => { });
        if (message is ExecutionReport execution) CountInOrder(execution, socket);
        else if (message is OrderReport report && _ledger.Find(report.ClientId) is not null)
            Record(OrderDecisions.OnReport(_ledger, report, Inverse.Tick), () => _missingFills.Heard(_ledger, report, Now));
    }

    /// <summary>What a new connection tells may be newer than executions that only the comparison brings.</summary>
    private void CountInOrder(ExecutionReport execution, int socket)
    {
        if ((socket > _comparedOver || _heldBack.Count > 0) && Mutation != Mutation.CountsAsTheyCome) _heldBack.Enqueue((execution, socket));
        else OnExecutions([execution], () => { });
    }

    private void ReleaseHeldBack()
    {
        // A comparison that was asked for over one socket says nothing of what was lost before the next.
        if (!_heldBack.TryPeek(out var first) || first.Socket > _comparedOver) return;
        _heldBack.Dequeue();
        OnExecutions([first.Execution], ReleaseHeldBack);
    }

    private void OnExecutions(IReadOnlyList<ExecutionReport> executions, Action then)
    {
        var (events, _) = OrderDecisions.OnExecutions(_ledger, executions, Now);
        Record(events, () =>
        {
            foreach (var execution in executions) _position.Tell(() => OnExecuted(execution, comparedAt: null));
            then();
        });
    }

    private void Record(IReadOnlyList<OrderEvent> decided, Action then) => Write(OrderTransitions.Enforce(_ledger, decided, Now), then);

    private void Write(IReadOnlyList<OrderEvent> events, Action then)
    {
        foreach (var happened in events)
        {
            simulation.Note($"engine: {happened}");
            _orderJournal.Add((Now, happened));
            _ledger = _ledger.Apply(happened, Now);
        }

        // Durable, and not acted on: the worst moment to die, for one part or for all of them.
        if (events.Count > 0 && network.Loses(2))
        {
            Crash();
            return;
        }

        if (events.Count > 0) _orders.Durable();
        foreach (var id in events.Where(one => one is not (OrderTransitionRefused or ExecutionsReconciled)).Select(one => one.Id))
        {
            var order = _ledger.Find(id)!;
            _door.Tell(() => _risk.Track(order));
        }

        then();
    }

    private void Execute(IReadOnlyList<Intent> approved, DateTimeOffset approvedAt)
    {
        var (ledger, sent, all) = (_ledger, new List<Intent>(), new List<OrderEvent>());
        foreach (var intent in approved)
        {
            if (intent is PlaceIntent { Terms.Id: var id } && ledger.Find(id) is not null) Violations.Add($"{id} was given to two orders");
            var events = OrderTransitions.Enforce(ref ledger, OrderDecisions.OnPassed(ledger, intent), Now);
            if (events.Count > 0) sent.Add(intent);
            all.AddRange(events);
        }

        if (all.Count == 0) return;
        Write(all, () =>
        {
            foreach (var intent in sent) _gateway.Tell(() => Send(intent, approvedAt));
        });
    }

    /// <summary>What is too late for its life, or for the switch, never leaves.</summary>
    private void Send(Intent intent, DateTimeOffset approvedAt)
    {
        var until = approvedAt + RequestLife;
        if (_lease < until && Mutation != Mutation.ForgetsLease) until = _lease.Value;
        var late = (_lease is null && Mutation != Mutation.ForgetsLease) || Now - approvedAt > RequestLife / 2 || until - Now < RequestLife / 2;
        if (intent is PlaceIntent place)
        {
            if (late) _orders.Tell(() => OnPlaced(place.Terms.Id, Failed(neverLeft: true)));
            else Ask(place.Terms, until);
        }
        else if (intent is AmendIntent amend)
        {
            if (late) _orders.Tell(() => OnChanged(amend.Id, Failed(neverLeft: true)));
            else AskChange(amend.Id, () => venue.Amend(amend.Id, amend.Change));
        }
        else if (intent is CancelIntent cancel)
        {
            AskChange(cancel.Id, () => venue.Cancel(cancel.Id));
        }
    }

    private void Ask(OrderTerms terms, DateTimeOffset until)
    {
        Sent[terms.Id] = Sent.GetValueOrDefault(terms.Id) + 1;
        network.Ask(
            () => venue.Place(terms, until),
            FromGateway<OrderEntryOutcome>(outcome => OnPlaced(terms.Id, outcome)),
            FromGateway<bool>(neverLeft => OnPlaced(terms.Id, Failed(neverLeft))));
    }

    private void AskChange(ClientOrderId id, Func<OrderEntryOutcome> change) => network.Ask(
        change,
        FromGateway<OrderEntryOutcome>(outcome => OnChanged(id, outcome)),
        FromGateway<bool>(neverLeft => OnChanged(id, Failed(neverLeft))));

    /// <summary>An answer to the gateway goes straight to the orders, and may or may not be heard when the gateway has failed since.</summary>
    private Action<T> FromGateway<T>(Action<T> heard)
    {
        var (faults, mayBeLost) = (_gateway.Faults, simulation.Chance(500));
        return _orders.Reply<T>(value =>
        {
            if (faults == _gateway.Faults || !mayBeLost) heard(value);
        });
    }

    private void OnPlaced(ClientOrderId id, OrderEntryOutcome outcome) => Record(OrderDecisions.OnPlaced(_ledger, id, outcome), () => { });

    private void OnChanged(ClientOrderId id, OrderEntryOutcome outcome)
    {
        if (_ledger.Find(id) is null) return;
        if (outcome is OrderEntryOutcome.Unknown) LookUp(id);
        Record(OrderDecisions.OnChanged(_ledger, id, outcome, Inverse.Tick), () => { });
    }

    private static OrderEntryOutcome Failed(bool neverLeft) =>
        neverLeft ? new OrderEntryOutcome.Refused("cannot connect", true) : new OrderEntryOutcome.Unknown("no answer in time");

    private void LookUp(ClientOrderId id)
    {
        if (_lookingSince.TryGetValue(id, out var since) && Now - since < LostAfter) return;
        _lookingSince[id] = Now;
        _gateway.Tell(() =>
        {
            var askedAt = Now;
            network.Ask(
                () => venue.Orders.GetValueOrDefault(id)?.ToReport(),
                FromGateway<OrderReport?>(report => OnLooked(id, report, askedAt)),
                FromGateway<bool>(_ =>
                {
                    _lookingSince.Remove(id);
                    Compared();
                }));
        });
    }

    private void OnLooked(ClientOrderId id, OrderReport? report, DateTimeOffset askedAt)
    {
        _lookingSince.Remove(id);
        if (_ledger.Live.GetValueOrDefault(id) is not { } order)
        {
            Compared();
            return;
        }

        if (report is null && askedAt - order.SentAfter < LostAfter) return;
        Record(OrderDecisions.OnLookup(_ledger, id, report, Inverse.Tick), () =>
        {
            if (report is not null) _missingFills.Heard(_ledger, report, Now);
            if (report is { Status: VenueOrderStatus.Filled } && OrderDecisions.MissesFills(_ledger, report)) AskExecutions(id);
            else _comparison.Settle(_ledger.Find(id)!, report);
            Compared();
        });
    }

    /// <summary>Of all orders: those of one alone may be newer than others that are missing too.</summary>
    private void AskExecutions(ClientOrderId id)
    {
        if (!_missingFills.TryAsk(id, Now, LostAfter)) return;
        var since = ExecutionsKnown;
        _gateway.Tell(() => network.Ask(
            () => Mutation == Mutation.AsksOfOneOrder ? [.. venue.Executions.Where(one => one.ClientId == id)] : venue.ExecutionsSince(since),
            FromGateway<IReadOnlyList<ExecutionReport>>(found => OnExecutions(found, Compared)),
            FromGateway<bool>(_ => { })));
    }

    private void Chase()
    {
        foreach (var order in _ledger.LiveInOrder)
        {
            var open = order.State == OrderState.Unknown || ((order.State == OrderState.Submitted || order.Pending != PendingChange.None) && Now - order.UpdatedAt >= LostAfter);
            if (open) LookUp(order.Id);
        }

        if (_heldBack.Count == 0)
        {
            foreach (var id in _missingFills.Due(_ledger, Now, TimeSpan.FromSeconds(1))) AskExecutions(id);
        }

        if (_comparison.GiveUp(Now)) Compared();
    }

    private void Compared()
    {
        _comparison.SettleFinished(_ledger);
        var round = _comparing;
        if (_comparison.TakeFinished() is { } rows) _engine.Tell(() => OnCompared(rows, round));
    }
}
