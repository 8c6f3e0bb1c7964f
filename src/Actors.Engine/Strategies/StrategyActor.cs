using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
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
/// Hosts one pure strategy. It keeps the orders that the strategy has by what the orders' owner tells, lets the plan find the steps to the orders that the strategy wants,
/// makes that decision durable and sends it through the door. It decides nothing while the door is closed, its book is not live or its orders are not known.
/// </summary>
public sealed class StrategyActor : JournaledActor
{
    /// <summary>A refusal by the venue is waited out this many times longer than one by our own door.</summary>
    private const int RejectedPauses = 5;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly IStrategy _strategy;
    private readonly StrategyParameters _parameters;
    private readonly Dictionary<ClientOrderId, Order> _orders = [];
    private readonly Dictionary<int, DateTimeOffset> _pausedUntil = [];

    /// <summary>Slots, or orders, whose intent is on its way: nothing more is wanted of them until it has been answered.</summary>
    private readonly HashSet<int> _busySlots = [];
    private StrategyMemory _memory = StrategyMemory.Empty;
    private long _counter;
    private bool _synchronised;
    private bool _doorOpen;
    private bool _bookLive;
    private BookTop _top;
    private Quantity _position;
    private long _fills;

    public StrategyActor(SessionContext session, StrategyParameters parameters)
        : base(session, PartNames.Strategy(parameters.Id), $"strategy-{session.Account}-{parameters.Id}")
    {
        _parameters = parameters;
        _strategy = StrategyFactory.Create(parameters);
    }

    protected override void Apply(object happened, DateTimeOffset at)
    {
        _memory = _memory.Apply((StrategyEvent)happened);
        // A counter used in an earlier session does not bind this one: the session is part of every identifier.
        if (happened is IntentsDecided decided && decided.SessionId == Session.SessionId) _counter = decided.Counter;
    }

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
                _top = changed.Top;
                _bookLive = true;
                Sender.Tell(new BookMessages.TopTaken(_parameters.Id), Self);
                Decide();
                break;
            case BookMessages.StatusChanged status:
                _bookLive = status.Status == BookStatus.Live && _bookLive;
                break;
            case PositionMessages.Changed changed:
                _position = changed.Quantity;
                Decide();
                break;
            case RiskMessages.DoorChanged door:
                _doorOpen = door.IsOpen;
                Decide();
                break;
            case RiskMessages.Refused refused:
                Answered(refused.Intent, refused.Reason);
                break;
            case OrderMessages.Dropped dropped:
                Answered(dropped.Intent, dropped.Reason);
                break;
            case OrderMessages.Updated updated:
                OnUpdated(updated);
                break;
            case OrderMessages.StrategyOrders orders:
                OnSynchronised(orders);
                break;
            case OrderMessages.Recovered:
                Synchronise();
                break;
            case Look:
                if (!_synchronised) Synchronise();
                Decide();
                break;
        }
    }

    /// <summary>Asks for the orders along the way that intents take, so that the answer knows all that was sent before.</summary>
    private void Synchronise()
    {
        _synchronised = false;
        Session.Directory.Risk.Tell(new RiskMessages.Synchronise(_parameters.Id, _memory.LastSequence), Self);
        Session.Directory.Position(_parameters.Symbol).Tell(new PositionMessages.Ask(), Self);
        Session.Directory.Book(_parameters.Symbol).Tell(new BookMessages.AskTop(_parameters.Id), Self);
    }

    private void OnSynchronised(OrderMessages.StrategyOrders orders)
    {
        _orders.Clear();
        _busySlots.Clear();
        foreach (var order in orders.Live) _orders[order.Id] = order;
        _synchronised = true;
        // The question may have been asked more than once: what an earlier answer told is not news.
        Commit([.. orders.FinishedSince.Where(IsNews).Select(SlotFilled)], Decide);
    }

    private void OnUpdated(OrderMessages.Updated updated)
    {
        var order = updated.Order;
        _busySlots.Remove(order.Origin.Slot);
        if (updated.Event is OrderFilled) _fills++;
        if (order.IsFinished) _orders.Remove(order.Id);
        else _orders[order.Id] = order;
        // The venue, or its request limit, said no: asking again at once would only use up what the other slots need.
        if (updated.Event is OrderRejected or OrderChangeRefused) Pause(order.Origin.Slot, RejectedPauses);
        else if (updated.Event is OrderCancelled) Pause(order.Origin.Slot, 1);
        Commit(IsNews(order) ? [SlotFilled(order)] : [], Decide);
    }

    private void Answered(Intent intent, string reason)
    {
        if (SlotOf(intent) is not { } known) return;
        Log.Debug("slot {Slot} waits: {Reason}", known, reason);
        _busySlots.Remove(known);
        Pause(known, 1);
    }

    private void Pause(int slot, int times) => _pausedUntil[slot] = Session.Now() + (Session.Timings.RefusedPause * times);

    private void Decide()
    {
        Show();
        if (!_synchronised || !_doorOpen || !_bookLive) return;
        var context = new StrategyContext(_top, _position);
        if (_strategy.AnchorWanted(_memory, context) is { } anchor)
        {
            Commit([new StrategyAnchored(anchor)], Decide);
            return;
        }

        var now = Session.Now();
        var counter = _counter;
        var intents = StrategyPlan.Steps(
            _parameters,
            _strategy.ToleranceTicks,
            _strategy.Desired(_memory, context),
            _orders.Values,
            slot => _busySlots.Contains(slot) || (_pausedUntil.TryGetValue(slot, out var until) && now < until),
            () => new ClientOrderId(string.Create(CultureInfo.InvariantCulture, $"{Session.SessionId}-{_parameters.Id}-{++counter}")));
        intents = [.. intents.Where(intent => SlotOf(intent) is { } slot && !_busySlots.Contains(slot))];
        if (intents.Count == 0) return;
        foreach (var intent in intents) _busySlots.Add(SlotOf(intent)!.Value);
        Commit([new IntentsDecided(intents, Session.SessionId, counter)], () =>
        {
            foreach (var intent in intents) Session.Directory.Risk.Tell(new RiskMessages.Judge(intent), Self);
        });
    }

    private int? SlotOf(Intent intent) => intent switch
    {
        PlaceIntent place => place.Slot,
        AmendIntent amend => _orders.GetValueOrDefault(amend.Id)?.Origin.Slot,
        CancelIntent cancel => _orders.GetValueOrDefault(cancel.Id)?.Origin.Slot,
        _ => null,
    };

    private bool IsNews(Order order) => order.IsFinished && !order.Filled.IsZero && order.FinishedSequence > _memory.LastSequence;

    private static SlotFilled SlotFilled(Order order) =>
        new(order.Origin.Slot, Quantity.Signed(order.Terms.Side, order.Filled), order.FinishedSequence);

    private void Show() => Session.Board.Strategies[_parameters.Id] = new StrategyView(
        _parameters.Id,
        _parameters switch { GridParameters => "grid", QuotingParameters => "quoting", _ => _parameters.GetType().Name },
        _parameters.Symbol,
        !_synchronised ? "synchronising" : !_doorOpen ? "door closed" : !_bookLive ? "book not live" : "trading",
        _orders.Count,
        _fills);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
