using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit;

/// <summary>
/// Judges every intent of the risk stream again with <see cref="RiskDoor"/>, watches its limits again with <see cref="RiskWatch"/>, and checks that strategies, or
/// the door itself, had decided what was judged.
/// </summary>
internal class RiskReplay(Story story) : StreamReplay(story, story.RiskStream), IDisposable
{
    private readonly OrdersCursor _orders = new(story);
    private readonly Dictionary<string, IntentWalk> _decided = new(StringComparer.Ordinal);
    private readonly Dictionary<Symbol, PositionWalk> _positions = [];
    private readonly Queue<RiskEvent> _expected = [];
    private readonly RiskMemory _memory = new();
    private TakenInput? _last;
    private Intent? _judged;

    protected RiskState? State { get; private set; }

    public void Dispose()
    {
        _orders.Dispose();
        foreach (var walk in _decided.Values) walk.Dispose();
        foreach (var walk in _positions.Values) walk.Dispose();
    }

    protected override void Begin(PartBegan began)
    {
        State = null;
        _expected.Clear();
        if (Session is null) return;
        State = new RiskState(Plan.Limits, Plan.Instruments, _memory);
        State.Begin(Record.At, Session.Id);
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
        _last = taken;
        if (_orders.Resolve(taken.Input, null, 0) is not { } input)
        {
            Differ($"it refers to an order, or to orders, that the orders' stream does not have: {taken.Input}");
            return;
        }

        var events = RiskWatch.Take(State!, input, taken.At);
        if (!Session!.HasOldDoor) Expect(events);
        if (input is MarkSeen mark) Claim(new MarkClaim(Stream, Sequence, taken.At, Session.Id, taken.Cursor, mark.Symbol, mark.Mark));
        if (input is FundingSeen funding) Claim(new FundingClaim(Stream, Sequence, taken.At, Session.Id, taken.Cursor, funding.Symbol, funding.Rate, funding.DueAt));
        if (input is HoldingSeen holding) CheckHolding(holding);
    }

    protected override void Decided(object happened)
    {
        switch (happened)
        {
            case IntentApproved approved when State is not null:
                Judge(approved.Intent, null, null);
                break;
            case IntentRefused refused when State is not null:
                Judge(refused.Intent, refused.Reason, refused);
                break;
            case GateClosed or GateOpened:
                _memory.Apply((RiskEvent)happened, Record.At);
                break;
            case RiskEvent other when State is not null:
                Compare(other);
                break;
            case RiskEvent before:
                _memory.Apply(before, Record.At);
                break;
        }
    }

    protected override void Settle(bool mayBeCut)
    {
        // Input and events are one transaction: a crash leaves all of them or none.
        while (_expected.TryDequeue(out var decided)) Differ($"journaled is nothing; decided again it is {Describe(decided)}");
    }

    protected override void Restore(StateKept kept) => _memory.Restore((RiskKept)kept);

    protected override StateKept? Keep() => Session?.HasOldDoor == true ? null : State?.Keep();

    protected override IReadOnlyList<string> Causes()
    {
        var causes = new List<string> { $"last input: {_last?.Input.ToString() ?? "none"} after {AuditFindings.Words(_last?.Cursor ?? default)}", $"intent: {_judged}" };
        if (_judged is null || State?.Find(_judged.Symbol) is not { } risk) return causes;
        causes.Add($"position: {risk.Position}; {risk.Open.Count} open orders, all of one side filled {risk.PositionIfFilled(Side.Buy, default)} or {risk.PositionIfFilled(Side.Sell, default)}");
        causes.Add($"book: {risk.Book}, mark {risk.Mark?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        causes.Add($"limits: {string.Join(", ", State.Limits.All.Where(limit => limit.Scope.Covers(risk.Instrument, _judged.StrategyId)).Select(limit => $"{limit.Name} {LimitWords.Shown(limit.Bound)}"))}");
        causes.Add($"latched: {(State.Memory.Latches.Count == 0 ? "nothing" : string.Join("; ", State.Memory.Latches.Values.Select(latch => $"{latch.Name}: {latch.Words}")))}");
        causes.Add($"gates closed: {(State.ClosedGates.Count == 0 ? "none" : string.Join("; ", State.ClosedGates.Select(gate => $"{gate.Key}: {gate.Value.Reason}")))}");
        return causes;
    }

    /// <summary>The verdict of the rules on an intent whose journaled refusal is given, or null for an approval.</summary>
    protected virtual void Judge(Intent intent, string? journaled, IntentRefused? record)
    {
        Settle(mayBeCut: false);
        _judged = intent;
        Findings.Count("risk verdicts made again");
        var verdict = RiskDoor.Judge(State!, intent, Record.At);
        var refused = verdict as Verdict.Refused;
        if (Session!.HasOldDoor)
        {
            if (refused is null != (journaled is null)) Findings.Count("risk verdicts of an older build that this one would give otherwise");
        }
        else
        {
            Expect(verdict.Consequences);
            if (refused?.Reason != journaled || (record is not null && !IsSame(record with { Finding = refused?.Finding }, record)))
                Differ($"journaled is {Verdict(journaled)}; judged again it is {Verdict(refused?.Reason)}");
        }

        if (!WalkOf(intent.StrategyId).Finds(Session.Id, intent)) Differ($"risk judged an intent that strategy {intent.StrategyId} had not decided: {intent}");
    }

    private void Expect(IReadOnlyList<RiskEvent> events)
    {
        foreach (var one in events) _expected.Enqueue(one);
    }

    /// <summary>What was decided again has been applied already; the journaled event is only where it is another one.</summary>
    private void Compare(RiskEvent journaled)
    {
        Findings.Count("steps of limits made again");
        var decided = _expected.TryDequeue(out var next) ? next : null;
        if (decided is not null && IsSame(decided, journaled)) return;
        Differ($"journaled is {Describe(journaled)}; decided again it is {Describe(decided)}");
        State!.Apply(journaled, Record.At);
    }

    private void CheckHolding(HoldingSeen holding)
    {
        if (!_positions.TryGetValue(holding.Symbol, out var walk)) _positions.Add(holding.Symbol, walk = new PositionWalk(Story, holding.Symbol));
        if (!walk.Finds(holding.Position)) Differ($"risk was told a position that its own stream never came to: {holding}");
    }

    /// <summary>What a strategy decided; or the door itself, whose decisions stand in this stream.</summary>
    private IntentWalk WalkOf(string strategyId)
    {
        if (_decided.TryGetValue(strategyId, out var walk)) return walk;
        walk = strategyId == RiskDoor.OwnId
            ? IntentWalk.Over<ReductionDecided>(Story, Story.RiskStream, static decision => decision.Intents)
            : IntentWalk.Over<IntentsDecided>(Story, Story.StrategyStream(strategyId), static decision => decision.Intents);
        _decided.Add(strategyId, walk);
        return walk;
    }

    private static string Verdict(string? refusal) => refusal is null ? "approved" : $"refused ({refusal})";
}
