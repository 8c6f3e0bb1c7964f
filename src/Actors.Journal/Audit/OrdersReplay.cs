using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>Decides every order's life again with <see cref="OrderDecisions"/>, <see cref="OrderComparison"/> and <see cref="OrderTransitions"/> over <see cref="OrderLedger"/>, and checks that risk had approved what was sent.</summary>
internal sealed class OrdersReplay(Story story) : StreamReplay(story, story.OrdersStream), IDisposable
{
    private readonly IntentWalk _approved = IntentWalk.Over<IntentApproved>(story, story.RiskStream, static approved => [approved.Intent]);
    private readonly Queue<OrderEvent> _expected = [];
    private OrderLedger _ledger = OrderLedger.Empty;
    private TakenInput? _last;
    private Order? _order;

    public void Dispose() => _approved.Dispose();

    protected override void Begin(PartBegan began) => _expected.Clear();

    protected override void Take(TakenInput taken, bool isLast)
    {
        _last = taken;
        foreach (var decided in OrderTransitions.Enforce(_ledger, Decide(taken), taken.At)) _expected.Enqueue(decided);
        switch (taken.Input)
        {
            case IntentPassed passed when !_approved.Finds(Session!.Id, passed.Intent):
                // The record of an approval is not waited for: a crash may lose it, and then only the order itself is there.
                if (Session.Ended is null) Findings.Count("orders whose approval a crash cut off");
                else Differ($"an intent was carried out that risk had not approved: {passed.Intent}");
                break;
            case ReportTold told:
                Claim(new ReportClaim(Stream, Sequence, taken.At, Session!.Id, taken.Cursor, told.Report));
                break;
            case ExecutionTold told:
                Claim(new ExecutionClaim(Stream, Sequence, taken.At, Session!.Id, taken.Cursor, told.Report));
                break;
        }
    }

    protected override void Decided(object happened)
    {
        var journaled = (OrderEvent)happened;
        if (Session is not null)
        {
            Findings.Count("steps of orders made again");
            _order = _ledger.Find(journaled.Id);
            var decided = _expected.TryDequeue(out var next) ? next : null;
            if (decided is null || !IsSame(decided, journaled)) Differ($"journaled is {Describe(journaled)}; decided again it is {Describe(decided)}");
        }

        _ledger = _ledger.Apply(journaled, Record.At);
    }

    protected override void Settle(bool mayBeCut)
    {
        while (_expected.TryDequeue(out var decided))
        {
            // Input and events are one transaction: a crash leaves all of them or none.
            Differ($"journaled is nothing; decided again it is {Describe(decided)}");
        }
    }

    protected override void Restore(StateKept kept) => _ledger = OrderLedger.Restore((OrdersKept)kept);

    protected override StateKept? Keep() => _ledger.Keep();

    protected override IReadOnlyList<string> Causes() =>
    [
        $"input: {_last?.Input.ToString() ?? "none"}, taken at {_last?.At:HH:mm:ss.fffffff} after {AuditFindings.Words(_last?.Cursor ?? default)}",
        $"order before it: {_order?.ToString() ?? "none"}",
    ];

    private IReadOnlyList<OrderEvent> Decide(TakenInput taken) => taken.Input switch
    {
        IntentPassed passed => OrderDecisions.OnPassed(_ledger, passed.Intent),
        PlaceAnswered answered => OrderDecisions.OnPlaced(_ledger, answered.Id, answered.Outcome),
        ChangeAnswered answered => OrderDecisions.OnChanged(_ledger, answered.Id, answered.Outcome, TickOf(_ledger.Find(answered.Id)?.Terms.Symbol)),
        LookupAnswered answered => OnLookup(answered),
        ReportTold told => OrderDecisions.OnReport(_ledger, told.Report, TickOf(told.Report.Symbol)),
        ExecutionTold told => OrderDecisions.OnExecution(_ledger, told.Report),
        ExecutionsAnswered answered => OrderDecisions.OnExecutions(_ledger, answered.Executions, taken.At).Events,
        VenueCompared compared => OnCompared(compared, taken.At),
        ComparisonSettled settled => OrderDecisions.OnSettled(settled.Until),
        CancelAllAsked or ChaseDue => OrderDecisions.OnCancelAll(_ledger),
        GatewayForgot => OrderDecisions.OnGatewayForgot(_ledger),
        _ => [],
    };

    private IReadOnlyList<OrderEvent> OnLookup(LookupAnswered answered)
    {
        if (_ledger.Live.GetValueOrDefault(answered.Id) is not { } order) return [];
        return answered.Report is null && answered.AskedAt - order.SentAfter < Plan.LostAfter
            ? []
            : OrderDecisions.OnLookup(_ledger, answered.Id, answered.Report, TickOf(order.Terms.Symbol));
    }

    private List<OrderEvent> OnCompared(VenueCompared compared, DateTimeOffset at)
    {
        var (events, after) = OrderDecisions.OnExecutions(_ledger, compared.Executions, at);
        events.AddRange(new OrderComparison(Plan.LostAfter, symbol => TickOf(symbol)).Begin(after, compared.OpenOrders, compared.AskedAt, at));
        return events;
    }

    private TickSize TickOf(Symbol? symbol) => Plan.Instruments.FirstOrDefault(one => one.Symbol == symbol)?.Tick ?? TickSize.Finest;
}
