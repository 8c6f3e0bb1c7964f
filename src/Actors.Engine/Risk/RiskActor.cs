using Actors.Domain.Risk;
using Actors.Domain.Sessions;
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

    protected override StateKept Keep() => _state.Keep();

    protected override void Restore(object kept) => _state.Restore((RiskKept)kept);

    protected override void Recovered()
    {
        _state.Begin();
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
                Learn(new OrderSeen(updated.Order.Id, OrderSeen.NewsOf(updated.Event), updated.Sequence) { Order = updated.Order });
                break;
            case OrderMessages.Recovered recovered:
                Learn(new OrdersSeen(recovered.Sequence) { Live = recovered.Live });
                break;
            case PositionMessages.Changed changed:
                Learn(new PositionSeen(changed.Symbol, changed.Quantity));
                break;
            case BookMessages.Priced { Report: { MarkPrice: { } mark, Definition.Symbol: var symbol } } priced:
                Cursor = priced.Cursor;
                if (_state.Find(symbol) is { } known && known.Mark != mark) Learn(new MarkSeen(symbol, mark));
                break;
            case BookMessages.StatusChanged status:
                Learn(new BookStatusSeen(status.Symbol, status.Status));
                break;
            case RiskMessages.Synchronise synchronise:
                Sender.Tell(Door());
                // Through the orders' own mailbox, behind every intent approved before: the answer then misses none of them.
                Session.Directory.Orders.Tell(new OrderMessages.Synchronise(synchronise.StrategyId, synchronise.SinceSequence), Sender);
                break;
        }
    }

    private void Learn(Input input)
    {
        Take(input);
        _state.Take(input);
    }

    private void Judge(RiskMessages.Judge judge)
    {
        var strategy = Sender;
        switch (RiskDoor.Judge(_state, judge.Intent, Now))
        {
            case Verdict.Approved approved:
                // Nothing waits for this record: the order itself is durable before it is sent.
                Note(new IntentApproved(judge.Intent));
                Session.Directory.Orders.Tell(new OrderMessages.Execute(approved.Intent, Now), Self);
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
