using Actors.Domain.Instruments;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;
using Actors.Engine.Books;
using Actors.Engine.Journaling;
using Actors.Engine.Orders;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Positions;

/// <summary>Owns the account's position in one instrument: what the executions add up to, compared with what the venue says.</summary>
public sealed class PositionActor : JournaledActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly Instrument _instrument;
    private readonly IReadOnlyList<string> _strategies;
    private readonly Queue<object> _heldBack = [];
    private DateTimeOffset _beganAt;

    /// <summary>Until a comparison has brought what was lost when the part before this one ended.</summary>
    private bool _holdsBack = true;
    private PositionLedger _ledger = PositionLedger.Empty;
    private PositionWatch _watch = PositionWatch.Idle;
    private decimal? _mark;
    private (long Token, DateTimeOffset MovedAt)? _draining;
    private long _drains;

    public PositionActor(SessionContext session, Instrument instrument)
        : base(session, PartNames.Position(instrument.Symbol), $"position-{session.Account}-{instrument.Symbol}")
    {
        _instrument = instrument;
        _strategies = [.. session.Settings.Strategies.Where(strategy => strategy.Symbol == instrument.Symbol).Select(strategy => strategy.Id)];
    }

    protected override void Apply(object happened, DateTimeOffset at) => _ledger = _ledger.Apply((PositionEvent)happened);

    protected override StateKept Keep() => _ledger.Keep();

    protected override void Restore(object kept) => _ledger = PositionLedger.Restore((PositionKept)kept);

    protected override void Recovered()
    {
        _beganAt = Now;
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookInterval);
        Publish();
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case PositionMessages.Executed or PositionMessages.Drain when _holdsBack && !(message is PositionMessages.Executed { ComparedAt: { } at } && at >= _beganAt):
                _heldBack.Enqueue(message);
                if (_heldBack.Count >= Session.Timings.WaitingMax) Release();
                break;
            case PositionMessages.Executed executed:
                OnExecuted(executed);
                break;
            case PositionMessages.VenueSays says:
                Cursor = says.Cursor;
                var leverage = Leverage;
                _watch = _watch.Heard(says.Report, Now);
                if (Leverage != leverage) Session.Directory.Risk.Tell(Changed(isAdopted: false));
                Show();
                break;
            case BookMessages.Priced priced:
                _mark = priced.Report.MarkPrice ?? _mark;
                Show();
                break;
            case PositionMessages.Compare compare when compare.AskedAt < _beganAt:
                // The engine compares anew, because this part came back.
                break;
            case PositionMessages.Compare compare:
                Compare(new PositionCompared(compare.Venue?.Quantity ?? Quantity.Zero, compare.Venue?.UnrealisedCost ?? 0, compare.Quiet, compare.NewestExecutionAt), compare.AskedAt);
                _holdsBack = false;
                break;
            case Look:
                OnLook(isDrained: false);
                break;
            case PositionMessages.Drained drained when drained.Symbol == _instrument.Symbol && drained.Token == _draining?.Token:
                OnLook(isDrained: _draining?.MovedAt == _watch.MovedAt);
                _draining = null;
                break;
            case PositionMessages.Drain drain:
                OnDrain(drain);
                break;
            case PositionMessages.AskCounted:
                Session.Directory.Account.Tell(Counted());
                break;
            case PositionMessages.Ask:
                Sender.Tell(Changed(isAdopted: false));
                break;
        }
    }

    /// <returns>Whether there is something to make durable, and so <paramref name="next"/> is done after it.</returns>
    private bool OnExecuted(PositionMessages.Executed executed, Action? next = null)
    {
        Cursor = executed.Cursor;
        TakePassing(new ExecutionTold(executed.Report));
        if (_ledger.Decide(executed.Report) is not { } happened) return false;
        _watch = _watch.Moved(Now);
        Commit([happened], () =>
        {
            Publish(executionId: executed.Report.ExecutionId);
            next?.Invoke();
        });
        return true;
    }

    /// <summary>Takes what was held back, in its order, each after the one before is durable.</summary>
    private void Release()
    {
        while (_heldBack.TryDequeue(out var message))
        {
            if (message is PositionMessages.Executed executed && OnExecuted(executed, Release)) return;
            if (message is PositionMessages.Drain drain) OnDrain(drain);
        }
    }

    /// <summary>
    /// A difference at a quiet moment is an alarm with both numbers in it; one that lasts is a reason to compare everything. Quiet means proved so: everything that the stream
    /// told before the venue's row has been counted, however long the orders or the journal took, and nothing has moved meanwhile.
    /// </summary>
    private void OnLook(bool isDrained)
    {
        var (next, ours, theirs, mustCompare) = _watch.Look(_ledger, Now);
        var subject = $"position {_instrument.Symbol}";
        if ((ours is not null || mustCompare) && !isDrained)
        {
            if (_draining is not { MovedAt: var asked } || asked != _watch.MovedAt)
            {
                _draining = (++_drains, _watch.MovedAt);
                Session.Directory.Orders.Tell(new OrderMessages.Drain(_drains), Self);
            }

            return;
        }

        _watch = next;
        if (!_watch.IsDifferent) Session.Board.Differences.TryRemove(subject, out _);
        if (ours is not null && theirs is not null)
        {
            Session.Board.Differences[subject] = $"ours {ours}, the venue has {theirs}";
            Log.Error("{Subject}: ours {Ours}, the venue has {Theirs}", subject, ours, theirs);
            Session.Board.Say(Now, $"{subject}: ours {ours}, the venue has {theirs}");
            Session.Directory.Chronicle.Tell(new ChronicleMessages.Write(new DifferenceFound(subject, ours, theirs)));
        }

        if (mustCompare) Session.Directory.Engine.Tell(new EngineMessages.Suspect($"{subject} differs from the venue's"));
    }

    private void OnDrain(PositionMessages.Drain drain)
    {
        var newest = _ledger.LastExecutionAt > drain.NewestReportAt ? _ledger.LastExecutionAt.Value : drain.NewestReportAt;
        drain.Asker.Tell(new PositionMessages.Drained(_instrument.Symbol, drain.Token, newest), Self);
    }

    private PositionMessages.Counted Counted() => new(_instrument.Symbol, _ledger.Position, _ledger.LastExecutionAt);

    private void Compare(PositionCompared venue, DateTimeOffset askedAt)
    {
        TakePassing(venue);
        if (_ledger.Decide(venue) is not { } adopted)
        {
            Answer(askedAt, Finding.Agreed, _ledger.Agrees(venue) ? "" : $"venue {venue.Quantity}, ours {_ledger.Position.Quantity}: in motion");
            Release();
            return;
        }

        Log.Warning("position {Symbol}: {Words}; the venue's is taken over", _instrument.Symbol, adopted.Reason);
        Session.Board.Say(Now, $"position {_instrument.Symbol}: {adopted.Reason}; the venue's is taken over");
        Commit([adopted], () =>
        {
            // What was told before holds no longer.
            _watch = PositionWatch.Idle;
            Session.Board.Differences.TryRemove($"position {_instrument.Symbol}", out _);
            Publish(isAdopted: true);
            Answer(askedAt, Finding.Adopted, adopted.Reason);
            Release();
        });
    }

    private void Answer(DateTimeOffset askedAt, Finding finding, string words) =>
        Session.Directory.Engine.Tell(new PositionMessages.Compared(new ReconciliationRow(_instrument.Symbol.Value, finding, words), askedAt));

    private PositionMessages.Changed Changed(bool isAdopted) => new(_instrument.Symbol, _ledger.Position, Leverage, isAdopted);

    /// <summary>As the venue's newest row has it; cross margin until there is one.</summary>
    private decimal Leverage => _watch.Theirs is { IsCross: false, Leverage: > 0 } row ? row.Leverage : 0;

    private void Publish(bool isAdopted = false, string? executionId = null)
    {
        var changed = Changed(isAdopted) with { ExecutionId = executionId };
        Session.Directory.Risk.Tell(changed);
        Session.Directory.Account.Tell(Counted());
        foreach (var strategy in _strategies) Session.Directory.Strategy(strategy).Tell(changed);
        Show();
    }

    private void Show()
    {
        var position = _ledger.Position;
        Session.Board.Positions[_instrument.Symbol] = new PositionView(
            _instrument.Symbol,
            _instrument.Settlement.Code,
            position.Quantity.Contracts,
            position.AverageEntryPrice(_instrument),
            _mark,
            _watch.Theirs?.LiquidationPrice,
            position.RealisedPnl,
            _mark is { } mark ? position.UnrealisedPnl(_instrument, mark) : 0,
            position.Commission);
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
