using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit;

/// <summary>An order, or a change of one, that other limits would have refused, with the reason.</summary>
public sealed record NotSent(DateTimeOffset At, Intent Intent, string Reason);

/// <summary>What other limits would have meant. <see cref="Refused"/> holds the first ones, <see cref="RefusedCount"/> all.</summary>
/// <param name="Judged">Intents judged again.</param>
/// <param name="RefusedCount">Approved then, refused by the other limits.</param>
/// <param name="Refused">The first of those, oldest first.</param>
/// <param name="AllowedCount">Refused then, approved by the other limits.</param>
public sealed record WhatIfResult(long Judged, long RefusedCount, IReadOnlyList<NotSent> Refused, long AllowedCount);

/// <summary>
/// Judges a story's intents by other limits. Orders that these would not have let through are not counted as open afterwards; positions, marks and what the
/// strategies wanted stay as they were, because nobody knows how the market would have answered. What the other limits would have latched is latched.
/// </summary>
internal sealed class WhatIfReplay : IDisposable
{
    private const int KeptMax = 1_000;

    private readonly Story _story;
    private readonly RiskLimits _limits;
    private readonly OrdersCursor _orders;
    private readonly HashSet<ClientOrderId> _neverSent = [];
    private readonly List<NotSent> _refused = [];
    private readonly RiskMemory _memory = new();
    private RiskState? _state;
    private long _judged;
    private long _refusedCount;
    private long _allowed;

    private WhatIfReplay(Story story, RiskLimits limits)
    {
        _story = story;
        _limits = limits;
        _orders = new OrdersCursor(story);
    }

    public static WhatIfResult Run(Story story, RiskLimits limits)
    {
        using var replay = new WhatIfReplay(story, limits);
        foreach (var (sequence, record) in story.Archive.Read(story.RiskStream))
        {
            if (record.Event is PartBegan began && story.IsOver(began.SessionId)) break;
            if (record.Event is RiskKept kept && story.Archive.IsBeginning(story.RiskStream, sequence)) replay._memory.Restore(kept);
            else replay.Step(record);
        }

        return new WhatIfResult(replay._judged, replay._refusedCount, replay._refused, replay._allowed);
    }

    public void Dispose() => _orders.Dispose();

    private void Step(JournalRecord record)
    {
        switch (record.Event)
        {
            case PartBegan began:
                _state = _story.Find(began.SessionId) is { } session ? new RiskState(_limits, session.Manifest.Plan!.Instruments, _memory) : null;
                _state?.Begin(record.At, began.SessionId);
                break;
            case Consumed consumed when _state is not null:
                foreach (var taken in consumed.Inputs) Take(taken);
                break;
            // What the door itself did because of a latch is no strategy's wish.
            case IntentApproved { Intent.StrategyId: RiskDoor.OwnId } or IntentRefused { Intent.StrategyId: RiskDoor.OwnId }:
                break;
            case IntentApproved approved when _state is not null:
                Judge(approved.Intent, record.At, wasApproved: true);
                break;
            case IntentRefused refused when _state is not null:
                Judge(refused.Intent, record.At, wasApproved: false);
                break;
            // Latches, days and peaks of the story are decided again by the other limits; what was before it stays as it was.
            case RiskEvent happened when happened is GateClosed or GateOpened || _state is null:
                _memory.Apply(happened, record.At);
                break;
        }
    }

    private void Take(TakenInput taken)
    {
        var resolved = _orders.Resolve(taken.Input, null, 0);
        if (resolved is OrderSeen { Order: { } order } && _neverSent.Contains(order.Id))
        {
            if (order.IsFinished) _neverSent.Remove(order.Id);
            return;
        }

        if (resolved is OrdersSeen orders) resolved = orders with { Live = [.. orders.Live.Where(one => !_neverSent.Contains(one.Id))] };
        if (resolved is not null) RiskWatch.Take(_state!, resolved, taken.At);
    }

    private void Judge(Intent intent, DateTimeOffset at, bool wasApproved)
    {
        _judged++;
        // A change of an order that would not exist is not one.
        if (intent is AmendIntent amend && _neverSent.Contains(amend.Id)) return;
        var verdict = RiskDoor.Judge(_state!, intent, at);
        if (verdict is Verdict.Approved && !wasApproved) _allowed++;
        if (verdict is not Verdict.Refused refused || !wasApproved) return;
        _refusedCount++;
        if (intent is PlaceIntent place) _neverSent.Add(place.Terms.Id);
        if (_refused.Count < KeptMax) _refused.Add(new NotSent(at, intent, refused.Reason));
    }
}
