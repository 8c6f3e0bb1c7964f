using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit;

/// <summary>Decides one strategy's stream again with <see cref="StrategyMind"/>.</summary>
internal sealed class StrategyReplay(Story story, string id) : StreamReplay(story, story.StrategyStream(id)), IDisposable
{
    private readonly OrdersCursor _orders = new(story);
    private readonly Queue<StrategyEvent> _news = [];
    private StrategyMemory _memory = StrategyMemory.Empty;
    private (string SessionId, long Counter) _counter = ("", 0);
    private StrategyMind? _mind;
    private Symbol _symbol;
    private TakenInput? _last;
    private bool _mayDecide;
    private BookTop _top;
    private Quantity _position;

    public void Dispose() => _orders.Dispose();

    protected override void Begin(PartBegan began)
    {
        _news.Clear();
        (_mayDecide, _mind, _last) = (false, null, null);
        if (Session is null || Plan.Strategies.FirstOrDefault(one => one.Id == id) is not { } parameters) return;
        _symbol = parameters.Symbol;
        _mind = StrategyMind.Resume(parameters, Session.Id, Plan.RefusedPause, _memory, _counter.SessionId == Session.Id ? _counter.Counter : 0);
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
        if (_mind is null) return;
        _last = taken;
        var input = _orders.Resolve(taken.Input, id, _memory.LastSequence);
        if (input is null)
        {
            Differ($"it refers to an order, or to orders, that the orders' stream does not have: {taken.Input}");
            return;
        }

        if (input is TopSeen seen)
        {
            _top = seen.Top;
            Findings.Count("best bids and offers compared");
            Claim(new TopClaim(Stream, Sequence, taken.At, Session!.Id, taken.Cursor, _symbol, seen.Top));
        }
        else if (input is PositionSeen position)
        {
            _position = position.Quantity;
        }

        foreach (var news in _mind.Take(input, taken.At)) _news.Enqueue(news);
        _mayDecide = StrategyMind.IsReason(input);
    }

    protected override void Decided(object happened)
    {
        var journaled = (StrategyEvent)happened;
        if (_mind is not null)
        {
            Findings.Count(journaled is IntentsDecided ? "strategy decisions made again" : "strategy notes made again");
            var decided = Next();
            if (decided is null || !IsSame(decided, journaled)) Differ($"journaled is {Describe(journaled)}; decided again it is {Describe(decided)}");
            _mind.Apply(journaled);
        }

        _memory = _memory.Apply(journaled);
        if (journaled is IntentsDecided intents) _counter = (intents.SessionId, intents.Counter);
    }

    protected override void Settle(bool mayBeCut)
    {
        if (_mind is null) return;
        while (Next() is { } decided)
        {
            if (mayBeCut) Findings.Count("decisions cut off by a crash before they were journaled");
            else Differ($"journaled is nothing; decided again it is {Describe(decided)}");
            _mind.Apply(decided);
        }
    }

    protected override void Restore(StateKept kept)
    {
        var state = (StrategyKept)kept;
        (_memory, _counter) = (state.Memory, (state.SessionId, state.Counter));
    }

    protected override StateKept? Keep() => _mind?.Keep();

    protected override IReadOnlyList<string> Causes() =>
    [
        $"input: {_last?.Input.ToString() ?? "none"}, taken at {_last?.At:HH:mm:ss.fffffff} after {AuditFindings.Words(_last?.Cursor ?? default)}",
        $"book: {TopClaim.Describe(_top)} of {_symbol}",
        $"position: {_position}; the strategy's own inventory {_memory.Inventory}, anchor {_memory.Anchor?.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}",
        $"parameters: {Session?.Manifest.Plan?.Strategies.FirstOrDefault(one => one.Id == id)}",
    ];

    /// <summary>What comes next by the rules: what an input meant at once, then a decision; after an anchor another one.</summary>
    private StrategyEvent? Next()
    {
        if (_news.TryDequeue(out var news)) return news;
        if (!_mayDecide || _last is null) return null;
        var decided = _mind!.Decide(_last.At);
        _mayDecide = decided is StrategyAnchored;
        return decided;
    }
}
