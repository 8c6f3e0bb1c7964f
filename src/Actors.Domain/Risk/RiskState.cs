using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>
/// What the door knows: its gates, and for each instrument the position, the mark, the book and every order that may still trade. An approved
/// order counts from the moment of approval, so that two strategies cannot both get the same headroom. Not thread-safe; owned by one actor.
/// </summary>
public sealed class RiskState
{
    private readonly Dictionary<Symbol, InstrumentRisk> _instruments = [];
    private readonly Dictionary<Gate, string> _closed = [];
    private readonly Queue<DateTimeOffset> _recent = [];

    public RiskState(RiskLimits limits, IEnumerable<Instrument> instruments)
    {
        Limits = limits;
        foreach (var instrument in instruments)
        {
            if (limits.Instruments.FirstOrDefault(one => one.Symbol == instrument.Symbol) is { } bounds)
                _instruments[instrument.Symbol] = new InstrumentRisk(instrument, bounds);
        }
    }

    public RiskLimits Limits { get; }

    public IReadOnlyDictionary<Gate, string> ClosedGates => _closed;

    public InstrumentRisk? Find(Symbol symbol) => _instruments.GetValueOrDefault(symbol);

    public void Apply(RiskEvent happened)
    {
        if (happened is GateClosed closed) _closed[closed.Gate] = closed.Reason;
        else if (happened is GateOpened opened) _closed.Remove(opened.Gate);
    }

    /// <summary>What is journaled of it.</summary>
    public RiskKept Keep() => new([.. _closed.OrderBy(gate => gate.Key).Select(gate => new ClosedGate(gate.Key, gate.Value))]);

    public void Restore(RiskKept kept)
    {
        _closed.Clear();
        foreach (var (gate, reason) in kept.ClosedGates) _closed[gate] = reason;
    }

    /// <summary>
    /// The door begins, or begins anew. Gates of an earlier run say nothing about this one, but for the operator's; the start gate holds the door until the
    /// engine has reconciled.
    /// </summary>
    public void Begin()
    {
        foreach (var gate in Enum.GetValues<Gate>().Where(gate => gate != Gate.Operator)) Apply(new GateOpened(gate));
        Apply(new GateClosed(Gate.Start, "not reconciled since the door started"));
    }

    /// <summary>Takes note of what the door is told.</summary>
    public void Take(Input input)
    {
        switch (input)
        {
            case OrderSeen { Order: { } order }:
                Track(order);
                break;
            case OrdersSeen orders:
                Resynchronise(orders.Live);
                break;
            case PositionSeen position when Find(position.Symbol) is { } risk:
                risk.Position = position.Quantity;
                break;
            case MarkSeen mark when Find(mark.Symbol) is { } risk:
                risk.Mark = mark.Mark;
                break;
            case BookStatusSeen status when Find(status.Symbol) is { } risk:
                risk.Book = status.Status;
                break;
        }
    }

    /// <summary>Takes an order's present state: it counts while it may trade and stops counting when it is finished.</summary>
    public void Track(Order order)
    {
        if (Find(order.Terms.Symbol) is not { } risk) return;
        if (order.IsFinished) risk.Open.Remove(order.Id);
        else risk.Open[order.Id] = new OpenExposure(order.Terms.Side, order.Leaves, order);
    }

    /// <summary>Forgets all orders and takes these: after a restart of the door or of the orders.</summary>
    public void Resynchronise(IEnumerable<Order> live)
    {
        foreach (var risk in _instruments.Values) risk.Open.Clear();
        foreach (var order in live) Track(order);
    }

    /// <summary>Counts an approval against the headroom and the rate.</summary>
    internal void Reserve(Intent intent, DateTimeOffset now)
    {
        _recent.Enqueue(now);
        if (Find(intent.Symbol) is not { } risk) return;
        if (intent is PlaceIntent place) risk.Open[place.Terms.Id] = new OpenExposure(place.Terms.Side, place.Terms.Quantity);
        else if (intent is AmendIntent { Quantity: { } quantity } amend && risk.Open.TryGetValue(amend.Id, out var open))
            risk.Open[amend.Id] = open with { Leaves = quantity > open.Leaves ? quantity : open.Leaves };
    }

    /// <summary>New orders and amendments approved in the last second.</summary>
    internal int ApprovedLastSecond(DateTimeOffset now)
    {
        while (_recent.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromSeconds(1)) _recent.Dequeue();
        return _recent.Count;
    }
}

/// <summary>An order that may still trade: its side, the contracts left, and itself as last told; null while it is only approved.</summary>
public readonly record struct OpenExposure(Side Side, Quantity Leaves, Order? Order = null);

/// <summary>What the door knows of one instrument.</summary>
public sealed class InstrumentRisk(Instrument instrument, InstrumentLimits limits)
{
    public Instrument Instrument { get; } = instrument;

    public InstrumentLimits Limits { get; } = limits;

    public Quantity Position { get; set; }

    /// <summary>Mark price in quote units; null until the venue told one.</summary>
    public decimal? Mark { get; set; }

    public BookStatus Book { get; set; } = BookStatus.AwaitingSnapshot;

    public Dictionary<ClientOrderId, OpenExposure> Open { get; } = [];

    /// <summary>Position if every open order on one side, but the one named, were filled.</summary>
    public Quantity PositionIfFilled(Side side, ClientOrderId except)
    {
        var total = Position.Contracts;
        foreach (var (id, open) in Open)
        {
            if (open.Side == side && id != except) total += side.Sign() * open.Leaves.Contracts;
        }

        return new Quantity(total);
    }
}
