using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Risk;

/// <summary>A door with two instruments, everything known and open, and orders that live as the ledger says. All that was journaled is kept.</summary>
internal sealed class RiskWorld
{
    private OrderLedger _ledger = OrderLedger.Empty;
    private readonly Dictionary<Symbol, Position> _positions = [];
    private readonly Queue<HoldingSeen> _untold = [];
    private int _counter;

    public RiskWorld(params IEnumerable<Limit> limits)
    {
        // Wide enough that only the limit under test has a say.
        Limits = new RiskLimits(
        [
            .. limits,
            .. new[] { Inverse.Symbol, Linear.Symbol }.SelectMany(symbol => RiskLimits.Basic(symbol, 1_000_000, 10_000_000, 1_000, 0.9m))
                .Where(wide => !limits.Any(one => one.Kind == wide.Kind && one.Scope == wide.Scope)),
        ]);
        State = Begin(new RiskMemory());
        Know();
    }

    public RiskLimits Limits { get; }

    public RiskState State { get; private set; }

    public DateTimeOffset Now { get; set; } = Noon;

    public List<(DateTimeOffset At, RiskEvent Event)> Journal { get; } = [];

    public IEnumerable<Latch> Latches => State.Memory.Latches.Values;

    /// <summary>Positions, wallets, marks and books as they are at first.</summary>
    public void Know()
    {
        foreach (var instrument in new[] { Inverse, Linear })
        {
            Tell(new HoldingSeen(instrument.Symbol, Position.Flat, 0, false));
            Tell(new BookStatusSeen(instrument.Symbol, BookStatus.Live));
            Tell(new WalletSeen(instrument.Settlement, 1_000_000_000));
        }

        Mark(Inverse, 50_000m);
        Mark(Linear, 2_000m);
    }

    public IReadOnlyList<RiskEvent> Tell(Input input)
    {
        var events = RiskWatch.Take(State, input, Now);
        Journal.AddRange(events.Select(one => (Now, one)));
        return events;
    }

    public IReadOnlyList<RiskEvent> Mark(Instrument instrument, decimal mark) => Tell(new MarkSeen(instrument.Symbol, mark));

    public IReadOnlyList<RiskEvent> Tick(double seconds = 1)
    {
        Now = Now.AddSeconds(seconds);
        return Tell(new TimePassed());
    }

    public PlaceIntent Intent(Instrument instrument, Side side, long quantity, decimal? price, OrderFlags flags = OrderFlags.None, string strategy = "grid") => new(
        strategy,
        0,
        new OrderTerms(
            new ClientOrderId($"s-{strategy}-{++_counter}"),
            instrument.Symbol,
            side,
            new Quantity(quantity),
            price is null ? OrderType.Market : OrderType.Limit,
            price is { } known ? instrument.Tick.ToPrice(known) : null,
            Flags: flags));

    public Verdict Judge(Instrument instrument, Side side, long quantity, decimal? price, OrderFlags flags = OrderFlags.None, string strategy = "grid") =>
        Judge(Intent(instrument, side, quantity, price, flags, strategy));

    public Verdict Judge(Intent intent)
    {
        var verdict = RiskDoor.Judge(State, intent, Now);
        Journal.AddRange(verdict.Consequences.Select(one => (Now, one)));
        return verdict;
    }

    /// <summary>Approves, journals and acknowledges an order; fails the test when the door refuses.</summary>
    public ClientOrderId Work(Instrument instrument, Side side, long quantity, decimal price, OrderFlags flags = OrderFlags.None, string strategy = "grid")
    {
        var intent = Intent(instrument, side, quantity, price, flags, strategy);
        Assert.IsType<Verdict.Approved>(Judge(intent));
        Happen(new OrderSubmitted(intent.Terms, new OrderOrigin(strategy, 0)));
        Happen(new OrderAcknowledged(intent.Terms.Id, "v", Now));
        return intent.Terms.Id;
    }

    /// <summary>Fills some of an order at a price: the order, then the position, as the engine tells them.</summary>
    public void Fill(ClientOrderId id, long quantity, decimal price, long commission = 0)
    {
        var order = _ledger.Find(id)!;
        var instrument = State.Find(order.Terms.Symbol)!.Instrument;
        var change = Quantity.Signed(order.Terms.Side, new Quantity(quantity));
        var cost = ContractValue.Cost(instrument, change, price);
        var execution = $"e{_ledger.Sequence}";
        Happen(new OrderFilled(id, execution, new Quantity(quantity), price, cost, commission, Now));
        _positions[instrument.Symbol] = _positions.GetValueOrDefault(instrument.Symbol).Fill(change, cost, commission);
        _untold.Enqueue(new HoldingSeen(instrument.Symbol, _positions[instrument.Symbol], 0, false) { ExecutionId = execution });
        if (!PositionsLag) CatchUp();
    }

    /// <summary>Whether positions tell later what orders have told already.</summary>
    public bool PositionsLag { get; set; }

    public bool IsBehind => _untold.Count > 0;

    /// <summary>Positions tell what they have counted meanwhile.</summary>
    public void CatchUp()
    {
        while (_untold.TryDequeue(out var holding)) Tell(holding);
    }

    /// <summary>A filled order from nowhere: a position at a price, and the strategy's book with it.</summary>
    public void Hold(Instrument instrument, long quantity, decimal price, long commission = 0, string strategy = "grid") =>
        Fill(Work(instrument, quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(quantity), price, strategy: strategy), Math.Abs(quantity), price, commission);

    public void Happen(OrderEvent happened)
    {
        _ledger = _ledger.Apply(happened, Now);
        Tell(new OrderSeen(happened.Id, OrderSeen.NewsOf(happened), _ledger.Sequence) { Order = _ledger.Find(happened.Id), Fill = happened as OrderFilled });
    }

    public Order? Find(ClientOrderId id) => _ledger.Find(id);

    public IEnumerable<Order> Live => _ledger.LiveInOrder;

    /// <summary>A new door that remembers what was journaled, and is told everything anew.</summary>
    public void Restart()
    {
        CatchUp();
        var memory = new RiskMemory();
        foreach (var (at, happened) in Journal) memory.Apply(happened, at);
        var holdings = State.Instruments.ToDictionary(risk => risk.Instrument.Symbol, risk => (risk.Holding, risk.Mark));
        State = Begin(memory);
        Tell(new OrdersSeen(_ledger.Sequence) { Live = [.. _ledger.LiveInOrder] });
        foreach (var instrument in new[] { Inverse, Linear })
        {
            Tell(new HoldingSeen(instrument.Symbol, holdings[instrument.Symbol].Holding, 0, false));
            Tell(new BookStatusSeen(instrument.Symbol, BookStatus.Live));
            Tell(new WalletSeen(instrument.Settlement, 1_000_000_000));
            if (holdings[instrument.Symbol].Mark is { } mark) Mark(instrument, mark);
        }
    }

    private RiskState Begin(RiskMemory memory)
    {
        var state = new RiskState(Limits, [Inverse, Linear], memory);
        state.Begin(Now, "s");
        state.Apply(new GateOpened(Gate.Start), Now);
        return state;
    }
}
