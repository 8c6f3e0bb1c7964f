using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit;

/// <summary>Judges every intent of the risk stream again with <see cref="RiskDoor"/>, and checks that strategies had decided it.</summary>
internal class RiskReplay(Story story) : StreamReplay(story, story.RiskStream), IDisposable
{
    private readonly OrdersCursor _orders = new(story);
    private readonly Dictionary<string, IntentWalk> _decided = new(StringComparer.Ordinal);
    private readonly Dictionary<Gate, string> _gates = [];
    private TakenInput? _last;
    private Intent? _judged;

    protected RiskState? State { get; private set; }

    public void Dispose()
    {
        _orders.Dispose();
        foreach (var walk in _decided.Values) walk.Dispose();
    }

    protected override void Begin(PartBegan began)
    {
        State = null;
        if (Session is null) return;
        State = new RiskState(Plan.Limits, Plan.Instruments);
        foreach (var (gate, reason) in _gates) State.Apply(new GateClosed(gate, reason));
        State.Begin();
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
        _last = taken;
        if (_orders.Resolve(taken.Input, null, 0) is not { } input)
        {
            Differ($"it refers to an order, or to orders, that the orders' stream does not have: {taken.Input}");
            return;
        }

        State!.Take(input);
        if (input is MarkSeen mark) Claim(new MarkClaim(Stream, Sequence, taken.At, Session!.Id, taken.Cursor, mark.Symbol, mark.Mark));
    }

    protected override void Decided(object happened)
    {
        switch (happened)
        {
            case IntentApproved approved when State is not null:
                Judge(approved.Intent, null);
                break;
            case IntentRefused refused when State is not null:
                Judge(refused.Intent, refused.Reason);
                break;
            case RiskEvent gate:
                if (gate is GateClosed closed) _gates[closed.Gate] = closed.Reason;
                else if (gate is GateOpened opened) _gates.Remove(opened.Gate);
                State?.Apply(gate);
                break;
        }
    }

    protected override void Settle(bool mayBeCut)
    {
    }

    protected override StateKept? Keep() => State?.Keep();

    protected override IReadOnlyList<string> Causes()
    {
        var causes = new List<string> { $"last input: {_last?.Input.ToString() ?? "none"} after {AuditFindings.Words(_last?.Cursor ?? default)}", $"intent: {_judged}" };
        if (_judged is null || State?.Find(_judged.Symbol) is not { } risk) return causes;
        causes.Add($"position: {risk.Position}; {risk.Open.Count} open orders, all of one side filled {risk.PositionIfFilled(Domain.Instruments.Side.Buy, default)} or {risk.PositionIfFilled(Domain.Instruments.Side.Sell, default)}");
        causes.Add($"book: {risk.Book}, mark {risk.Mark?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
        causes.Add($"limits: {risk.Limits}, ordersPerSecondMax {State.Limits.OrdersPerSecondMax}");
        causes.Add($"gates closed: {(State.ClosedGates.Count == 0 ? "none" : string.Join("; ", State.ClosedGates.Select(gate => $"{gate.Key}: {gate.Value}")))}");
        return causes;
    }

    /// <summary>The verdict of the rules on an intent whose journaled refusal is given, or null for an approval.</summary>
    protected virtual void Judge(Intent intent, string? journaled)
    {
        _judged = intent;
        Findings.Count("risk verdicts made again");
        var decided = RiskDoor.Judge(State!, intent, Record.At) is Verdict.Refused refused ? refused.Reason : null;
        if (decided != journaled) Differ($"journaled is {Verdict(journaled)}; judged again it is {Verdict(decided)}");
        if (!_decided.TryGetValue(intent.StrategyId, out var walk))
        {
            walk = new IntentWalk(Story, Story.StrategyStream(intent.StrategyId), static happened => happened is IntentsDecided decision ? decision.Intents : []);
            _decided.Add(intent.StrategyId, walk);
        }

        if (!walk.Finds(Session!.Id, intent)) Differ($"risk judged an intent that strategy {intent.StrategyId} had not decided: {intent}");
    }

    private static string Verdict(string? refusal) => refusal is null ? "approved" : $"refused ({refusal})";
}
