using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;

namespace Actors.Engine.Tests;

/// <summary>
/// A second, tiny venue behind the port: one instrument or two, a quiet book, fills when the test says so. A frame is the number of something it once said.
/// Faults are switched on by the test: an answer that is lost after the order was accepted, a socket that drops.
/// </summary>
internal sealed partial class FakeVenue : IVenuePort, IVenueOrderEntry, IVenueQueries
{
    public static readonly Symbol Symbol = new("PERP");
    public static readonly Symbol Other = new("SIDE");
    private static readonly Currency Settlement = new("USDm");
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, Action<IVenueMessages>> _said = [];
    private readonly Dictionary<ClientOrderId, OrderReport> _orders = [];
    private readonly List<ExecutionReport> _executions = [];
    private Stream? _stream;
    private readonly ConcurrentDictionary<Symbol, Position> _positions = [];
    private long _numbers;
    private long _book = 100;

    public static Instrument Instrument { get; } = new()
    {
        Symbol = Symbol,
        Kind = ContractKind.Linear,
        Settlement = Settlement,
        Underlying = "U",
        Quote = "USD",
        Tick = TickSize.From(0.5m),
        LotSize = new Quantity(1),
        Multiplier = 1000,
        OrderQuantityMax = new Quantity(1_000_000),
        PriceMax = 1_000_000m,
        InitialMarginRate = 0.01m,
        MaintenanceMarginRate = 0.005m,
        MakerFeeRate = 0m,
        TakerFeeRate = 0.001m,
        RiskLimit = 1_000_000_000,
        RiskStep = 1_000_000_000,
        State = InstrumentState.Open,
    };

    public string Dialect => "fake";

    public IVenueOrderEntry OrderEntry => this;

    public IVenueQueries Queries => this;

    /// <summary>Accept the next placement and lose the answer.</summary>
    public bool LoseNextAnswer { get; set; }

    /// <summary>Drop the next placement before it is accepted, and answer nothing.</summary>
    public bool LoseNextRequest { get; set; }

    /// <summary>Say the acknowledgement of a subscription after its first snapshot instead of before.</summary>
    public bool AcknowledgeLast { get; set; }

    /// <summary>Answer no request for a snapshot.</summary>
    public bool KeepsSnapshots { get; set; }

    /// <summary>Confirm no beat on the socket, which stays open and alive in all else.</summary>
    public bool KeepsBeats { get; set; }

    public int BeatsWithoutSocket { get; private set; }

    /// <summary>Refuse to connect.</summary>
    public bool Unreachable { get; set; }

    public int Placements { get; private set; }

    public int BookRequests { get; private set; }

    public ConcurrentQueue<TimeSpan> Beats { get; } = [];

    public ConcurrentQueue<AccountTable> TableRequests { get; } = [];

    /// <summary>Held placements are answered when it completes; what is out meanwhile is counted.</summary>
    public Task HeldUntil { get; set; } = Task.CompletedTask;

    public int PlacementsOut { get; private set; }

    public Action<OrderTerms> OnPlace { get; set; } = _ => { };

    public IReadOnlyList<OrderReport> Open
    {
        get
        {
            lock (_lock) return [.. _orders.Values.Where(order => order.Status is VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled)];
        }
    }

    public Quantity Position
    {
        get
        {
            lock (_lock) return PositionOf(Symbol).Quantity;
        }
    }

    public IVenueDecoder CreateDecoder() => new Decoder(this);

    public IVenueStream CreateStream(IVenueStreamObserver observer) => new Stream(this, observer);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Trades an order of ours against somebody.</summary>
    public void Fill(ClientOrderId id, long quantity)
    {
        lock (_lock)
        {
            var order = _orders[id];
            var filled = order.Filled + new Quantity(quantity);
            var status = filled == order.Quantity ? VenueOrderStatus.Filled : VenueOrderStatus.PartiallyFilled;
            _orders[id] = order with { Filled = filled, Leaves = order.Quantity - filled, Status = status, Timestamp = DateTimeOffset.UtcNow };
            var change = Quantity.Signed(order.Side, new Quantity(quantity));
            _positions[order.Symbol] = PositionOf(order.Symbol).Fill(change, ContractValue.Cost(Instrument, change, order.Price!.Value), 0);
            var execution = new ExecutionReport(
                $"x{++_numbers}", ExecutionKind.Trade, order.VenueOrderId, id, order.Symbol, order.Side, new Quantity(quantity), order.Price, Settlement,
                ContractValue.Cost(Instrument, change, order.Price!.Value), 0, 0m, true, status, filled, order.Quantity - filled, "", DateTimeOffset.UtcNow);
            _executions.Add(execution);
            Say(messages =>
            {
                messages.Execution(execution);
                messages.Order(_orders[id]);
            });
        }
    }

    /// <summary>Says a position that no execution has led to, and stays with it.</summary>
    public void SayPosition(long quantity, long cost)
    {
        _positions[Symbol] = new Position(new Quantity(quantity), cost, 0, 0);
        var row = Row(Symbol);
        Say(messages => messages.Position(row));
    }

    /// <summary>Moves the whole book so that its best bid is at <paramref name="bid"/> and its best ask 1 above.</summary>
    public void Quote(long bid)
    {
        _book = bid;
        SayBook(Symbol);
    }

    /// <summary>A frame of which only this is known, that it may have changed these tables.</summary>
    public void SendGarbage(MissedTables tables, Symbol? symbol = null) => Say(messages =>
    {
        messages.Undecodable("garbage");
        messages.Missed(tables, symbol);
    });

    public void SendBook(BookAction action, params BookRow[] rows) => Say(messages => messages.Book(Symbol, action, rows, null));

    /// <summary>Sends a change of a level that does not exist.</summary>
    public void SendGap() => Say(messages => messages.Book(Symbol, BookAction.Update, [new BookRow(999, Side.Buy, 1, null)], null));

    public void DropSocket(string reason) => _stream!.Drop(reason);

    /// <summary>Answers nothing and sends nothing from now on, with the socket open.</summary>
    public void Hang() => _stream!.IsHung = true;

    public async Task<OrderEntryOutcome> PlaceAsync(OrderTerms terms, CancellationToken cancellation)
    {
        lock (_lock) PlacementsOut++;
        await HeldUntil;
        lock (_lock) PlacementsOut--;
        return await PlaceNowAsync(terms);
    }

    private Task<OrderEntryOutcome> PlaceNowAsync(OrderTerms terms)
    {
        OnPlace(terms);
        lock (_lock)
        {
            Placements++;
            if (LoseNextRequest)
            {
                LoseNextRequest = false;
                return Task.FromResult<OrderEntryOutcome>(new OrderEntryOutcome.Unknown("no answer"));
            }

            if (Open.Any(order => order.ClientId == terms.Id)) return Task.FromResult<OrderEntryOutcome>(new OrderEntryOutcome.Refused("Duplicate", false));
            var report = new OrderReport(
                $"v{++_numbers}", terms.Id, terms.Symbol, terms.Side, terms.Type, terms.Quantity, Instrument.Tick.ToDecimal(terms.Price!.Value),
                VenueOrderStatus.New, Quantity.Zero, terms.Quantity, null, "", DateTimeOffset.UtcNow);
            _orders[terms.Id] = report;
            if (LoseNextAnswer)
            {
                LoseNextAnswer = false;
                return Task.FromResult<OrderEntryOutcome>(new OrderEntryOutcome.Unknown("timeout"));
            }

            Say(messages => messages.Order(report));
            return Task.FromResult<OrderEntryOutcome>(new OrderEntryOutcome.Accepted(report));
        }
    }

    public Task<OrderEntryOutcome> AmendAsync(ClientOrderId id, Symbol symbol, OrderChange change, CancellationToken cancellation) => Task.FromResult(Change(
        id, order => order with { Price = change.Price is { } to ? Instrument.Tick.ToDecimal(to) : order.Price, Quantity = change.Quantity ?? order.Quantity }));

    public Task<IReadOnlyList<OrderEntryOutcome>> CancelAsync(IReadOnlyList<ClientOrderId> ids, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OrderEntryOutcome>>(
        [.. ids.Select(id => Change(id, order => order with { Status = VenueOrderStatus.Canceled, Leaves = Quantity.Zero, Text = "Canceled" }))]);

    public async Task<OrderEntryOutcome> CancelAllAsync(CancellationToken cancellation)
    {
        await CancelAsync([.. Open.Select(order => order.ClientId)], cancellation);
        return new OrderEntryOutcome.Accepted(null);
    }

    public Task<BeatConfirmation?> BeatAsync(TimeSpan timeout, CancellationToken cancellation) => Task.FromResult(Unreachable ? null : BeatWithoutSocket(timeout));

    public Task<IReadOnlyList<InstrumentReport>> InstrumentsAsync(IReadOnlyList<Symbol> symbols, Action<string> setAside, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<InstrumentReport>>([.. symbols.Select(Priced)]);

    public Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(CancellationToken cancellation) =>
        Unreachable ? throw new VenueUnreachableException("down") : Task.FromResult(Open);

    public Task<OrderReport?> FindOrderAsync(ClientOrderId id, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_orders.GetValueOrDefault(id));
    }

    public Task<IReadOnlyList<ExecutionReport>> ExecutionsAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<ExecutionReport>>([.. _executions.Where(one => one.Timestamp >= since)]);
    }

    public Task<IReadOnlyList<ExecutionReport>> ExecutionsOfAsync(ClientOrderId id, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<ExecutionReport>>([.. _executions.Where(one => one.ClientId == id)]);
    }

    public Task<IReadOnlyList<PositionReport>> PositionsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<PositionReport>>(
        [.. _positions.Keys.Select(Row)]);

    public Task<IReadOnlyList<MarginReport>> MarginsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<MarginReport>>(
        [new MarginReport(Settlement, 1_000_000, 1_000_000, 1_000_000, 0, 0, 0, 0, DateTimeOffset.UtcNow)]);

    public Task<string> AccountAsync(CancellationToken cancellation) => Task.FromResult("7");

    private Position PositionOf(Symbol symbol) => _positions.TryGetValue(symbol, out var position) ? position : Domain.Positions.Position.Flat;

    private PositionReport Row(Symbol symbol) => new(
        symbol, Settlement, PositionOf(symbol).Quantity, null, 100m, null, PositionOf(symbol).UnrealisedCost, 0, 0, 1m, true, DateTimeOffset.UtcNow);

    private static InstrumentReport Priced(Symbol symbol) => new(Instrument with { Symbol = symbol }, 100m, 100m, 100m, null, null, DateTimeOffset.UtcNow);

    private OrderEntryOutcome Change(ClientOrderId id, Func<OrderReport, OrderReport> change)
    {
        lock (_lock)
        {
            if (Open.FirstOrDefault(order => order.ClientId == id) is not { } order) return new OrderEntryOutcome.Refused("Invalid ordStatus", false);
            var changed = _orders[id] = change(order) with { Timestamp = DateTimeOffset.UtcNow };
            Say(messages => messages.Order(changed));
            return new OrderEntryOutcome.Accepted(changed);
        }
    }

    private BeatConfirmation BeatWithoutSocket(TimeSpan timeout)
    {
        BeatsWithoutSocket++;
        return Beat(timeout);
    }

    private BeatConfirmation Beat(TimeSpan timeout)
    {
        Beats.Enqueue(timeout);
        var now = DateTimeOffset.UtcNow;
        return new BeatConfirmation(now, timeout == TimeSpan.Zero ? null : now + timeout);
    }

    private void SayBook(Symbol symbol) => Say(messages => messages.Book(
        symbol, BookAction.Snapshot, [new BookRow(1, Side.Buy, 50, _book), new BookRow(2, Side.Sell, 50, _book + 1)], null));

    private void Say(Action<IVenueMessages> message) => _stream?.Say(message);

    private sealed class Decoder(FakeVenue venue) : IVenueDecoder
    {
        public void Decode(ReadOnlySpan<byte> frame, IVenueMessages messages) =>
            venue._said[long.Parse(Encoding.ASCII.GetString(frame), CultureInfo.InvariantCulture)](messages);
    }

    private sealed class Stream(FakeVenue venue, IVenueStreamObserver observer) : IVenueStream
    {
        public bool IsHung { get; set; }

        public void Say(Action<IVenueMessages> message)
        {
            if (IsHung) return;
            var number = Interlocked.Increment(ref venue._numbers);
            venue._said[number] = message;
            observer.OnFrame(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)), DateTimeOffset.UtcNow);
        }

        public void Drop(string reason)
        {
            IsHung = true;
            observer.OnClosed(reason);
        }

        public Task ConnectAsync(CancellationToken cancellation)
        {
            if (venue.Unreachable) throw new VenueUnreachableException("connection refused");
            venue._stream = this;
            return Task.CompletedTask;
        }

        public Task AuthenticateAsync(CancellationToken cancellation) => Saying(messages => messages.Session(new SessionMessage.Authenticated()));

        public Task<IReadOnlyList<string>> SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation)
        {
            if (!venue.AcknowledgeLast) Say(messages => messages.Session(new SessionMessage.Subscribed("all")));
            foreach (var symbol in symbols)
            {
                Say(messages => messages.Instrument(Priced(symbol)));
                venue.SayBook(symbol);
            }

            if (venue.AcknowledgeLast) Say(messages => messages.Session(new SessionMessage.Subscribed("all")));
            return Task.FromResult<IReadOnlyList<string>>(["all"]);
        }

        public Task ResubscribeBookAsync(Symbol symbol, CancellationToken cancellation)
        {
            venue.BookRequests++;
            if (!venue.KeepsSnapshots) venue.SayBook(symbol);
            return Task.CompletedTask;
        }

        public Task ResubscribeAccountAsync(AccountTable table, CancellationToken cancellation)
        {
            venue.TableRequests.Enqueue(table);
            return Task.CompletedTask;
        }

        public Task PingAsync(CancellationToken cancellation) => Saying(messages => messages.Session(new SessionMessage.Pong()));

        public Task BeatAsync(TimeSpan timeout, CancellationToken cancellation)
        {
            if (IsHung || venue.KeepsBeats) return Task.CompletedTask;
            var confirmation = venue.Beat(timeout);
            return Saying(messages => messages.Session(new SessionMessage.BeatConfirmed(confirmation)));
        }

        public ValueTask DisposeAsync()
        {
            IsHung = true;
            return ValueTask.CompletedTask;
        }

        private Task Saying(Action<IVenueMessages> message)
        {
            Say(message);
            return Task.CompletedTask;
        }
    }
}
