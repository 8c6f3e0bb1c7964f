using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Engine.Books;
using Actors.Engine.Journaling;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Risk;
using Actors.Engine.Session;
using Akka.Event;

namespace Actors.Engine.Strategies;

/// <summary>
/// Hosts one <see cref="StrategyMind"/>: brings it what it sees, makes what it decides durable and sends it through the door. It decides nothing while the door
/// is closed, its book is not live or its orders are not known.
/// </summary>
public sealed class StrategyActor : JournaledActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly StrategyParameters _parameters;
    private readonly StrategyMind _mind;
    private long _fills;

    /// <summary>The door that was heard of last; zero, of none since this part began.</summary>
    private int _door;

    public StrategyActor(SessionContext session, StrategyParameters parameters)
        : base(session, PartNames.Strategy(parameters.Id), $"strategy-{session.Account}-{parameters.Id}")
    {
        _parameters = parameters;
        _mind = new StrategyMind(parameters, session.SessionId, session.Timings.RefusedPause);
    }

    protected override void Apply(object happened, DateTimeOffset at) => _mind.Apply((StrategyEvent)happened);

    protected override StateKept Keep() => _mind.Keep();

    protected override void Restore(object kept) => _mind.Restore((StrategyKept)kept);

    protected override void Recovered()
    {
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookInterval);
        Synchronise();
        Show();
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case BookMessages.TopChanged changed:
                Cursor = changed.Cursor;
                Sender.Tell(new BookMessages.TopTaken(_parameters.Id), Self);
                Learn(new TopSeen(changed.Top));
                break;
            case BookMessages.StatusChanged status:
                Learn(new BookStatusSeen(status.Symbol, status.Status));
                break;
            case PositionMessages.Changed changed:
                Learn(new PositionSeen(changed.Symbol, changed.Quantity));
                break;
            case RiskMessages.DoorChanged door:
                Learn(new DoorSeen(door.IsOpen));
                OnDoor(door.Door);
                break;
            case RiskMessages.Refused refused:
                Learn(new IntentAnswered(refused.Intent, refused.Reason));
                break;
            case OrderMessages.Dropped dropped:
                Learn(new IntentAnswered(dropped.Intent, dropped.Reason));
                break;
            case OrderMessages.Updated updated:
                if (updated.Event is OrderFilled) _fills++;
                Learn(new OrderSeen(updated.Order.Id, OrderSeen.NewsOf(updated.Event), updated.Sequence) { Order = updated.Order });
                break;
            case OrderMessages.StrategyOrders orders:
                Learn(new OrdersSeen(orders.Sequence) { Live = orders.Live, Finished = orders.FinishedSince });
                break;
            case OrderMessages.Recovered:
                Learn(new OrdersForgotten());
                Synchronise();
                break;
            case Look:
                if (!_mind.IsSynchronised) Synchronise();
                TakePassing(new TimePassed());
                Decide();
                break;
        }
    }

    /// <summary>What was wanted of a door that ended may have ended with it, and nobody would answer it.</summary>
    private void OnDoor(int door)
    {
        var isAnother = _door != 0 && _door != door;
        _door = door;
        if (!isAnother) return;
        Learn(new OrdersForgotten());
        Synchronise();
    }

    /// <summary>Asks for the orders along the way that intents take, so that the answer knows all that was sent before.</summary>
    private void Synchronise()
    {
        Session.Directory.Risk.Tell(new RiskMessages.Synchronise(_parameters.Id, _mind.Memory.LastSequence), Self);
        Session.Directory.Position(_parameters.Symbol).Tell(new PositionMessages.Ask(), Self);
        Session.Directory.Book(_parameters.Symbol).Tell(new BookMessages.AskTop(_parameters.Id), Self);
    }

    private void Learn(Input input)
    {
        if (input is IntentAnswered answered) Log.Debug("{Intent} waits: {Reason}", answered.Intent.GetType().Name, answered.Reason);
        Take(input);
        var news = _mind.Take(input, Now);
        if (StrategyMind.IsReason(input)) Commit(news, Decide);
    }

    private void Decide()
    {
        switch (_mind.Decide(Now))
        {
            case IntentsDecided decided:
                Commit([decided], () => Session.Directory.Risk.Tell(new RiskMessages.Judge(decided.Intents), Self));
                break;
            case { } anchored:
                Commit([anchored], Decide);
                break;
        }

        Show();
    }

    private void Show() => Session.Board.Strategies[_parameters.Id] = new StrategyView(
        _parameters.Id,
        _parameters switch { GridParameters => "grid", QuotingParameters => "quoting", _ => _parameters.GetType().Name },
        _parameters.Symbol,
        !_mind.IsSynchronised ? "synchronising" : !_mind.IsDoorOpen ? "door closed" : !_mind.IsBookLive ? "book not live" : "trading",
        _mind.OpenOrders,
        _fills);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
