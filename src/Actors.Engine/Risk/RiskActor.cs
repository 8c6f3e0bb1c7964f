using Actors.Domain.Risk;
using Actors.Engine.Books;
using Actors.Engine.Journaling;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Session;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Risk;

/// <summary>
/// The only door from intent to order. It starts closed, because a door that was away cannot prove that it was open, and takes positions and open orders
/// anew from those who own them before it judges anything.
/// </summary>
public sealed class RiskActor : JournaledActor
{
    private readonly RiskState _state;
    private bool? _toldOpen;

    public RiskActor(SessionContext session)
        : base(session, PartNames.Risk, $"risk-{session.Account}") => _state = new RiskState(session.Settings.Limits, session.Instruments.Values);

    protected override void Apply(object happened, DateTimeOffset at) => _state.Apply((RiskEvent)happened);

    protected override void Recovered()
    {
        // Gates of an earlier run say nothing about this one; the start gate holds the door until the engine has reconciled.
        foreach (var gate in Enum.GetValues<Gate>().Where(gate => gate != Gate.Operator)) _state.Apply(new GateOpened(gate));
        _state.Apply(new GateClosed(Gate.Start, "not reconciled since the door started"));
        Session.Directory.Orders.Tell(new OrderMessages.AskLive(), Self);
        foreach (var symbol in Session.Instruments.Keys)
        {
            Session.Directory.Position(symbol).Tell(new PositionMessages.Ask(), Self);
            Session.Directory.Book(symbol).Tell(new BookMessages.Ask(), Self);
        }

        TellDoor();
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case RiskMessages.Judge judge:
                Judge(judge);
                break;
            case RiskMessages.CloseGate close:
                if (_state.ClosedGates.GetValueOrDefault(close.Gate) != close.Reason) Commit([new GateClosed(close.Gate, close.Reason)], TellDoor);
                break;
            case RiskMessages.OpenGate open:
                if (_state.ClosedGates.ContainsKey(open.Gate)) Commit([new GateOpened(open.Gate)], TellDoor);
                break;
            case OrderMessages.Updated updated:
                _state.Track(updated.Order);
                break;
            case OrderMessages.Recovered recovered:
                _state.Resynchronise(recovered.Live);
                break;
            case PositionMessages.Changed changed:
                if (_state.Find(changed.Symbol) is { } risk) risk.Position = changed.Quantity;
                break;
            case BookMessages.Priced priced:
                Cursor = priced.Cursor;
                if (_state.Find(priced.Report.Definition.Symbol) is { } priceRisk) priceRisk.Mark = priced.Report.MarkPrice ?? priceRisk.Mark;
                break;
            case BookMessages.StatusChanged status:
                if (_state.Find(status.Symbol) is { } bookRisk) bookRisk.Book = status.Status;
                break;
            case RiskMessages.Synchronise synchronise:
                Sender.Tell(Door());
                // Through the orders' own mailbox, behind every intent approved before: the answer then misses none of them.
                Session.Directory.Orders.Tell(new OrderMessages.Synchronise(synchronise.StrategyId, synchronise.SinceSequence), Sender);
                break;
        }
    }

    private void Judge(RiskMessages.Judge judge)
    {
        var strategy = Sender;
        switch (RiskDoor.Judge(_state, judge.Intent, Session.Now()))
        {
            case Verdict.Approved approved:
                Session.Directory.Orders.Tell(new OrderMessages.Execute(approved.Intent), Self);
                break;
            case Verdict.Refused refused:
                Session.Board.Refused++;
                Log.Info("refused {StrategyId}: {Reason}", judge.Intent.StrategyId, refused.Reason);
                Commit([new IntentRefused(judge.Intent, refused.Reason)], () => strategy.Tell(new RiskMessages.Refused(judge.Intent, refused.Reason)));
                break;
        }
    }

    private RiskMessages.DoorChanged Door() => _state.ClosedGates.Count == 0
        ? new RiskMessages.DoorChanged(true, "")
        : new RiskMessages.DoorChanged(false, string.Join("; ", _state.ClosedGates.OrderBy(gate => gate.Key).Select(gate => gate.Value)));

    private void TellDoor()
    {
        var door = Door();
        Session.Directory.Engine.Tell(door);
        if (_toldOpen == door.IsOpen) return;
        _toldOpen = door.IsOpen;
        foreach (var strategy in Session.Settings.Strategies) Session.Directory.Strategy(strategy.Id).Tell(door);
    }
}
