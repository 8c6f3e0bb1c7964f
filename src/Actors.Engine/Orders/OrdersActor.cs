using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Engine.Journaling;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;

namespace Actors.Engine.Orders;

/// <summary>
/// The only writer of orders: every order of the account has its life here. An order is sent after it is durable, its outcome is never assumed, and what is
/// not known is asked for until it is.
/// </summary>
public sealed partial class OrdersActor : JournaledActor
{
    private static readonly TimeSpan ChaseInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ClientOrderId, DateTimeOffset> _lookingSince = [];
    private readonly Dictionary<Symbol, DateTimeOffset> _newestReportAt = [];
    private readonly MissingFills _missingFills = new();
    private readonly Queue<object> _heldBack = [];
    private readonly OrderComparison _comparison;
    private readonly List<(OrderEvent Event, Order? Order, long Sequence)> _steps = [];
    private OrderLedger _ledger = OrderLedger.Empty;
    private IActorRef _gateway = ActorRefs.Nobody;
    private DateTimeOffset _beganAt;
    private string? _cancelAllReason;
    private int _round;

    /// <summary>The newest connection over which a comparison has brought what came before it; zero, none since this part began.</summary>
    private int _comparedOver;

    public OrdersActor(SessionContext session)
        : base(session, PartNames.Orders, $"orders-{session.Account}") => _comparison = new OrderComparison(session.Timings.LostAfter, TickOf);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        var row = SupervisionTable.Row(PartNames.Gateway, cause);
        Session.Directory.Engine.Tell(new PartMessages.Failed(PartNames.Gateway, cause, row));
        return SupervisionTable.Directive(row.Remedy);
    });

    protected override void PreStart()
    {
        _gateway = Context.ActorOf(Props.Create(() => new GatewayActor(Session)), PartNames.Gateway);
        base.PreStart();
    }

    protected override void Apply(object happened, DateTimeOffset at)
    {
        _ledger = _ledger.Apply((OrderEvent)happened, at);
        if (!IsRecovering) _steps.Add(((OrderEvent)happened, _ledger.Find(((OrderEvent)happened).Id), _ledger.Sequence));
    }

    protected override StateKept Keep() => _ledger.Keep();

    protected override void Restore(object kept) => _ledger = OrderLedger.Restore((OrdersKept)kept);

    protected override void Recovered()
    {
        _beganAt = Now;
        Timers.StartPeriodicTimer(Chase.Instance, Chase.Instance, ChaseInterval);
        var recovered = new OrderMessages.Recovered([.. _ledger.LiveInOrder], _ledger.Sequence);
        Session.Directory.Risk.Tell(recovered);
        Session.Directory.Account.Tell(recovered);
        foreach (var strategy in Session.Settings.Strategies) Session.Directory.Strategy(strategy.Id).Tell(recovered);
        Show();
    }

    protected override void Handle(object message)
    {
        if (HoldsBack(message)) return;
        Take(message);
    }

    /// <summary>
    /// A position's cost depends on the order of its executions. What a new connection tells, or one that this part has missed something of, may be newer than executions that
    /// only a comparison brings: it waits for that, unless none comes because everything is being cancelled, or too many wait already. What waits is told again by the venue
    /// if this part ends.
    /// </summary>
    private bool HoldsBack(object message)
    {
        var awaitsComparison = _cancelAllReason is null;
        switch (message)
        {
            case OrderMessages.ExecutionReported reported when _heldBack.Count > 0 || awaitsComparison && reported.Cursor.Connection > _comparedOver:
                _heldBack.Enqueue(message);
                break;
            case OrderMessages.Drain drain when _heldBack.Count > 0:
                _heldBack.Enqueue(new HeldDrain(drain.Token, Sender));
                break;
            default:
                return false;
        }

        if (_heldBack.Count >= Session.Timings.WaitingMax) Release(int.MaxValue);
        return true;
    }

    /// <summary>Takes what was held back, in its order, each after the one before is durable, up to the first of a connection after <paramref name="last"/>.</summary>
    private void Release(int last)
    {
        while (_heldBack.TryPeek(out var message))
        {
            if (message is OrderMessages.ExecutionReported reported)
            {
                if (reported.Cursor.Connection > last) return;
                _heldBack.Dequeue();
                Cursor = reported.Cursor;
                TakePassing(new ExecutionTold(reported.Report));
                if (OnExecution(reported.Report, () => Release(last))) return;
            }
            else
            {
                var drain = (HeldDrain)_heldBack.Dequeue();
                OnDrain(drain.Token, drain.Asker);
            }
        }
    }

    private void Take(object message)
    {
        Cursor = message switch
        {
            OrderMessages.OrderReported reported => reported.Cursor,
            OrderMessages.ExecutionReported reported => reported.Cursor,
            _ => Cursor,
        };
        if (InputOf(message) is { } input) TakePassing(input);
        HearTime(message);
        switch (message)
        {
            case OrderMessages.Execute execute:
                Execute(execute.Approved, execute.At);
                break;
            case OrderMessages.Placed placed:
                Record(OrderDecisions.OnPlaced(_ledger, placed.Id, placed.Outcome));
                break;
            case OrderMessages.Changed changed:
                OnChanged(changed);
                break;
            case OrderMessages.OrderReported reported:
                OnReport(reported.Report);
                break;
            case OrderMessages.ExecutionReported reported:
                OnExecution(reported.Report);
                break;
            case OrderMessages.Looked looked:
                OnLooked(looked);
                break;
            case OrderMessages.ExecutionsFound found:
                OnExecutionsFound(found);
                break;
            case OrderMessages.Reconciled reconciled:
                Record(OrderDecisions.OnSettled(reconciled.Until));
                break;
            case OrderMessages.Synchronise synchronise:
                Sender.Tell(OrdersOf(synchronise));
                break;
            case OrderMessages.CancelAll cancelAll:
                _cancelAllReason = cancelAll.Reason;
                ChaseCancellations();
                break;
            case OrderMessages.Recognise recognise:
                Sender.Tell(new OrderMessages.Recognised(recognise.Ids.Count(id => _ledger.Find(id) is not null)));
                break;
            case OrderMessages.Drain drain:
                OnDrain(drain.Token, Sender);
                break;
            case OrderMessages.AskLive:
                Sender.Tell(new OrderMessages.Recovered([.. _ledger.LiveInOrder], _ledger.Sequence));
                break;
            case OrderMessages.AskExecutionsKnown:
                Sender.Tell(new OrderMessages.ExecutionsKnown(ExecutionsKnown));
                break;
            case OrderMessages.Compare compare:
                _round = compare.Round;
                Compare(compare.Venue, compare.Connection);
                break;
            case OrderMessages.GatewayRestarted:
                Record(OrderDecisions.OnGatewayForgot(_ledger));
                break;
            case Chase:
                OnChase();
                break;
        }
    }

    /// <summary>What an audit needs to decide again; what leads to no event is not journaled.</summary>
    private static Input? InputOf(object message) => message switch
    {
        OrderMessages.Placed placed => new PlaceAnswered(placed.Id, placed.Outcome),
        OrderMessages.Changed changed => new ChangeAnswered(changed.Id, changed.Outcome),
        OrderMessages.OrderReported reported => new ReportTold(reported.Report),
        OrderMessages.ExecutionReported reported => new ExecutionTold(reported.Report),
        OrderMessages.Looked { Failure: null } looked => new LookupAnswered(looked.Id, looked.Report, looked.AskedAt),
        OrderMessages.ExecutionsFound found => new ExecutionsAnswered(found.Executions),
        OrderMessages.Reconciled reconciled => new ComparisonSettled(reconciled.Until),
        OrderMessages.Compare compare => new VenueCompared(compare.Venue.AskedAt, compare.Venue.Executions, compare.Venue.OpenOrders),
        OrderMessages.CancelAll cancelAll => new CancelAllAsked(cancelAll.Reason),
        OrderMessages.GatewayRestarted => new GatewayForgot(),
        Chase => new ChaseDue(),
        _ => null,
    };

    /// <summary>One after the other, each by what the ones before it lead to, and made durable together; then all their requests leave.</summary>
    private void Execute(IReadOnlyList<ApprovedIntent> approved, DateTimeOffset approvedAt)
    {
        var (ledger, sent, steps) = (_ledger, new List<Intent>(approved.Count), new List<(Input Passed, IReadOnlyList<object> Events)>(approved.Count));
        foreach (var intent in approved.Select(one => one.Intent))
        {
            var events = OrderTransitions.Enforce(ref ledger, OrderDecisions.OnPassed(ledger, intent), Now);
            if (events.Count == 0)
            {
                Drop(intent, ledger);
                continue;
            }

            sent.Add(intent);
            steps.Add((new IntentPassed(intent), events));
        }

        if (steps.Count == 0) return;
        Commit(steps, () =>
        {
            // Before anybody is told: a request to the venue waits for nothing but its record.
            foreach (var intent in sent) Send(intent, approvedAt);
            PublishSteps();
        });
    }

    private void Drop(Intent intent, OrderLedger ledger)
    {
        var isLive = intent switch { AmendIntent amend => ledger.Live.ContainsKey(amend.Id), CancelIntent cancel => ledger.Live.ContainsKey(cancel.Id), _ => false };
        Session.Directory.Strategy(intent.StrategyId).Tell(new OrderMessages.Dropped(intent, isLive ? "a change is under way" : "no such live order"));
    }

    private void Send(Intent intent, DateTimeOffset approvedAt) => _gateway.Tell(intent switch
    {
        PlaceIntent place => new OrderMessages.Request.Place(place.Terms, approvedAt),
        AmendIntent amend => new OrderMessages.Request.Amend(amend.Id, amend.Symbol, amend.Change, approvedAt),
        CancelIntent cancel => new OrderMessages.Request.Cancel(cancel.Id),
        _ => throw new InvalidOperationException($"no request carries out {intent.GetType().Name}"),
    });

    /// <param name="decided">What is to be made durable.</param>
    /// <param name="then">Done when all have been told.</param>
    private void Record(IReadOnlyList<OrderEvent> decided, Action? then = null) => Commit(OrderTransitions.Enforce(_ledger, decided, Now), () =>
    {
        PublishSteps();
        then?.Invoke();
    });

    private sealed record HeldDrain(long Token, IActorRef Asker);

    private sealed record Chase
    {
        public static readonly Chase Instance = new();
    }
}
