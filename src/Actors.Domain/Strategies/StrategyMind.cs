using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;

namespace Actors.Domain.Strategies;

/// <summary>
/// Everything that a hosted strategy knows and decides by: the orders it has, what it sees, which slots wait, and the pure strategy itself. The same inputs in
/// the same order lead to the same events, in life and in an audit. Knows no clock: the time comes with each input. Not thread-safe; owned by one actor.
/// </summary>
public sealed class StrategyMind(StrategyParameters parameters, string sessionId, TimeSpan refusedPause)
{
    /// <summary>A refusal by the venue is waited out this many times longer than one by our own door.</summary>
    private const int RejectedPauses = 5;

    private readonly IStrategy _strategy = StrategyFactory.Create(parameters);
    private readonly Dictionary<ClientOrderId, Order> _orders = [];
    private readonly Dictionary<int, DateTimeOffset> _pausedUntil = [];

    /// <summary>Slots whose intent is on its way: nothing more is wanted of them until it has been answered.</summary>
    private readonly HashSet<int> _busySlots = [];
    private long _counter;
    private BookTop _top;
    private Quantity _position;

    public StrategyMemory Memory { get; private set; } = StrategyMemory.Empty;

    /// <summary>Whether the orders it has are known.</summary>
    public bool IsSynchronised { get; private set; }

    public bool IsDoorOpen { get; private set; }

    public bool IsBookLive { get; private set; }

    public int OpenOrders => _orders.Count;

    /// <summary>A mind that remembers what an earlier incarnation remembered, and nothing else.</summary>
    public static StrategyMind Resume(StrategyParameters parameters, string sessionId, TimeSpan refusedPause, StrategyMemory memory, long counter) =>
        new(parameters, sessionId, refusedPause) { Memory = memory, _counter = counter };

    /// <summary>What is journaled of it.</summary>
    public StrategyKept Keep() => new(Memory, sessionId, _counter);

    public void Restore(StrategyKept kept) => (Memory, _counter) = (kept.Memory, kept.SessionId == sessionId ? kept.Counter : 0);

    public void Apply(StrategyEvent happened)
    {
        Memory = Memory.Apply(happened);
        if (happened is not IntentsDecided decided) return;
        // A counter used in an earlier session does not bind this one: the session is part of every identifier.
        if (decided.SessionId == sessionId) _counter = decided.Counter;
    }

    /// <summary>Takes note of an input; what it means at once, before any new decision.</summary>
    public IReadOnlyList<StrategyEvent> Take(Input input, DateTimeOffset now)
    {
        switch (input)
        {
            case TopSeen seen:
                (_top, IsBookLive) = (seen.Top, true);
                break;
            case BookStatusSeen status:
                IsBookLive = status.Status == BookStatus.Live && IsBookLive;
                break;
            case PositionSeen position:
                _position = position.Quantity;
                break;
            case DoorSeen door:
                IsDoorOpen = door.IsOpen;
                break;
            case IntentAnswered answered:
                if (SlotOf(answered.Intent) is { } slot) Free(slot, now);
                break;
            case OrdersForgotten:
                IsSynchronised = false;
                break;
            case OrderSeen { Order: { } order } seen:
                return TakeOrder(order, seen.News, now);
            case OrdersSeen orders:
                return TakeOrders(orders);
        }

        return [];
    }

    /// <summary>Whether an input of this kind is a reason to decide.</summary>
    public static bool IsReason(Input input) => input is not (BookStatusSeen or IntentAnswered or OrdersForgotten);

    /// <summary>The next step: an anchor to fix (then ask again), intents to send, or null when nothing is to be done or may be done.</summary>
    public StrategyEvent? Decide(DateTimeOffset now)
    {
        if (!IsSynchronised || !IsDoorOpen || !IsBookLive) return null;
        var context = new StrategyContext(_top, _position);
        if (_strategy.AnchorWanted(Memory, context) is { } anchor) return new StrategyAnchored(anchor);
        var counter = _counter;
        var intents = StrategyPlan.Steps(
            parameters,
            _strategy.ToleranceTicks,
            _strategy.Desired(Memory, context),
            _orders.Values,
            slot => _busySlots.Contains(slot) || (_pausedUntil.TryGetValue(slot, out var until) && now < until),
            () => new ClientOrderId(string.Create(CultureInfo.InvariantCulture, $"{sessionId}-{parameters.Id}-{++counter}")));
        if (intents.Count == 0) return null;
        intents = [.. intents.Where(intent => SlotOf(intent) is { } slot && !_busySlots.Contains(slot))];
        if (intents.Count == 0) return null;
        foreach (var intent in intents) _busySlots.Add(SlotOf(intent)!.Value);
        return new IntentsDecided(intents, sessionId, counter);
    }

    private IReadOnlyList<StrategyEvent> TakeOrders(OrdersSeen orders)
    {
        _orders.Clear();
        _busySlots.Clear();
        foreach (var order in orders.Live) _orders[order.Id] = order;
        IsSynchronised = true;
        // The question may have been asked more than once: what an earlier answer told is not news.
        return [.. orders.Finished.Where(IsNews).Select(SlotFilled)];
    }

    private IReadOnlyList<StrategyEvent> TakeOrder(Order order, OrderNews news, DateTimeOffset now)
    {
        _busySlots.Remove(order.Origin.Slot);
        if (order.IsFinished) _orders.Remove(order.Id);
        else _orders[order.Id] = order;
        // The venue, or its request limit, said no: asking again at once would only use up what the other slots need.
        if (news is OrderNews.Rejected or OrderNews.ChangeRefused) Pause(order.Origin.Slot, RejectedPauses, now);
        else if (news is OrderNews.Cancelled) Pause(order.Origin.Slot, 1, now);
        return IsNews(order) ? [SlotFilled(order)] : [];
    }

    private void Free(int slot, DateTimeOffset now)
    {
        _busySlots.Remove(slot);
        Pause(slot, 1, now);
    }

    private void Pause(int slot, int times, DateTimeOffset now) => _pausedUntil[slot] = now + (refusedPause * times);

    private int? SlotOf(Intent intent) => intent switch
    {
        PlaceIntent place => place.Slot,
        AmendIntent amend => _orders.GetValueOrDefault(amend.Id)?.Origin.Slot,
        CancelIntent cancel => _orders.GetValueOrDefault(cancel.Id)?.Origin.Slot,
        _ => null,
    };

    private bool IsNews(Order order) => order.IsFinished && !order.Filled.IsZero && order.FinishedSequence > Memory.LastSequence;

    private static SlotFilled SlotFilled(Order order) =>
        new(order.Origin.Slot, Quantity.Signed(order.Terms.Side, order.Filled), order.FinishedSequence);
}
