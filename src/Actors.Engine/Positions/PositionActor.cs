using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;
using Actors.Engine.Books;
using Actors.Engine.Journaling;
using Actors.Engine.Session;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Positions;

/// <summary>Owns the account's position in one instrument: what the executions add up to, compared with what the venue says.</summary>
public sealed class PositionActor : JournaledActor
{
    private readonly Instrument _instrument;
    private readonly IReadOnlyList<string> _strategies;
    private PositionLedger _ledger = PositionLedger.Empty;
    private PositionReport? _venue;
    private decimal? _mark;
    private Quantity? _suspectedDifference;

    public PositionActor(SessionContext session, Instrument instrument)
        : base(session, PartNames.Position(instrument.Symbol), $"position-{session.Account}-{instrument.Symbol}")
    {
        _instrument = instrument;
        _strategies = [.. session.Settings.Strategies.Where(strategy => strategy.Symbol == instrument.Symbol).Select(strategy => strategy.Id)];
    }

    protected override void Apply(object happened, DateTimeOffset at) => _ledger = _ledger.Apply((PositionEvent)happened);

    protected override void Recovered() => Publish();

    protected override void Handle(object message)
    {
        switch (message)
        {
            case PositionMessages.Executed executed:
                Cursor = executed.Cursor;
                TakePassing(new ExecutionTold(executed.Report));
                if (_ledger.Decide(executed.Report) is { } happened) Commit([happened], Publish);
                break;
            case PositionMessages.VenueSays says:
                Cursor = says.Cursor;
                _venue = says.Report;
                Show();
                break;
            case BookMessages.Priced priced:
                _mark = priced.Report.MarkPrice ?? _mark;
                Show();
                break;
            case PositionMessages.Compare compare:
                TakePassing(new PositionCompared(compare.Venue?.Quantity ?? Quantity.Zero, compare.Venue?.UnrealisedCost ?? 0, compare.Quiet));
                Compare(compare);
                break;
            case PositionMessages.Ask:
                Sender.Tell(new PositionMessages.Changed(_instrument.Symbol, _ledger.Position.Quantity));
                break;
        }
    }

    private void Compare(PositionMessages.Compare compare)
    {
        var theirs = compare.Venue?.Quantity ?? Quantity.Zero;
        var difference = theirs - _ledger.Position.Quantity;
        if (difference.IsZero)
        {
            _suspectedDifference = null;
            Answer(Finding.Agreed, "");
            return;
        }

        // While trades go on the two numbers are never of the same instant: only a difference that stays is one.
        if (!compare.Quiet && _suspectedDifference != difference)
        {
            _suspectedDifference = difference;
            Answer(Finding.Agreed, $"venue {theirs}, ours {_ledger.Position.Quantity}: in motion");
            return;
        }

        _suspectedDifference = null;
        var words = $"ours {_ledger.Position.Quantity}, the venue has {theirs}";
        Log.Warning("position {Symbol}: {Words}; the venue's is taken over", _instrument.Symbol, words);
        Session.Board.Say(Session.Now(), $"position {_instrument.Symbol}: {words}; the venue's is taken over");
        Commit([new PositionAdopted(theirs, compare.Venue?.UnrealisedCost ?? 0, words)], () =>
        {
            Publish();
            Answer(Finding.Adopted, words);
        });
    }

    private void Answer(Finding finding, string words) =>
        Session.Directory.Engine.Tell(new PositionMessages.Compared(new ReconciliationRow(_instrument.Symbol.Value, finding, words)));

    private void Publish()
    {
        var changed = new PositionMessages.Changed(_instrument.Symbol, _ledger.Position.Quantity);
        Session.Directory.Risk.Tell(changed);
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
            _venue?.LiquidationPrice,
            position.RealisedPnl,
            _mark is { } mark ? position.UnrealisedPnl(_instrument, mark) : 0,
            position.Commission);
    }
}
