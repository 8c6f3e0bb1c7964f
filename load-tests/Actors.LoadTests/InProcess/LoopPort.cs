using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.LoadTests.InProcess;

/// <summary>
/// A venue in the same process that answers at once: market frames are bytes of the first dialect and decoded by its decoder; what the stream says of itself is
/// told by number. Notes when the connection began with a frame and when an order's request was handed over; nothing else is measured here.
/// </summary>
internal sealed class LoopPort(TimeProvider clock, IReadOnlyList<Instrument> instruments, Func<IEnumerable<byte[]>> books) : IVenuePort, IVenueOrderEntry, IVenueQueries
{
    private readonly ConcurrentDictionary<int, Action<IVenueMessages>> _told = [];
    private readonly ConcurrentDictionary<ClientOrderId, OrderReport> _orders = [];
    private IVenueStreamObserver? _observer;
    private int _numbers;

    public string Dialect => "loop";

    public IVenueOrderEntry OrderEntry => this;

    public IVenueQueries Queries => this;

    /// <summary>By the frame's number on its connection, from 1: when the connection began to decode it. As large as a run needs from the start, since to grow takes the time that is measured.</summary>
    public List<DateTimeOffset> Begun { get; } = new(1 << 21) { default };

    /// <summary>Every request in its order: the order, its price in ticks, and when it was handed over.</summary>
    public ConcurrentQueue<(ClientOrderId Id, long Ticks, DateTimeOffset At)> Sent { get; } = [];

    /// <summary>Frames handed to the engine: the number of the newest.</summary>
    public long Frames { get; private set; }

    /// <summary>Hands a frame to the engine; its number on the connection.</summary>
    public long Send(byte[] frame)
    {
        lock (_told)
        {
            _observer!.OnFrame(frame, clock.GetUtcNow());
            return ++Frames;
        }
    }

    public IVenueDecoder CreateDecoder() => new Decoder(this, new BitmexDecoder());

    public IVenueStream CreateStream(IVenueStreamObserver observer)
    {
        _observer = observer;
        return new Stream(this);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<OrderEntryOutcome> PlaceAsync(OrderTerms terms, DateTimeOffset until, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        Sent.Enqueue((terms.Id, terms.Price!.Value.Ticks, now));
        return Answer(_orders[terms.Id] = new OrderReport(
            $"v{Interlocked.Increment(ref _numbers)}", terms.Id, terms.Symbol, terms.Side, terms.Type, terms.Quantity, Decimal(terms.Symbol, terms.Price), VenueOrderStatus.New,
            Quantity.Zero, terms.Quantity, null, "", now));
    }

    public Task<OrderEntryOutcome> AmendAsync(ClientOrderId id, Symbol symbol, OrderChange change, DateTimeOffset until, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        Sent.Enqueue((id, change.Price!.Value.Ticks, now));
        return Answer(_orders[id] = _orders[id] with { Price = Decimal(symbol, change.Price), Timestamp = now });
    }

    public Task<IReadOnlyList<OrderEntryOutcome>> CancelAsync(IReadOnlyList<ClientOrderId> ids, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OrderEntryOutcome>>(
        [.. ids.Select(id => new OrderEntryOutcome.Accepted(_orders[id] = _orders[id] with { Status = VenueOrderStatus.Canceled, Leaves = Quantity.Zero, Timestamp = clock.GetUtcNow() }))]);

    public async Task<OrderEntryOutcome> CancelAllAsync(CancellationToken cancellation)
    {
        await CancelAsync([.. Open.Select(order => order.ClientId)], cancellation);
        return new OrderEntryOutcome.Accepted(null);
    }

    public Task<BeatConfirmation?> BeatAsync(TimeSpan timeout, CancellationToken cancellation) => Task.FromResult<BeatConfirmation?>(Confirm(timeout));

    public Task<IReadOnlyList<InstrumentReport>> InstrumentsAsync(IReadOnlyList<Symbol> symbols, Action<string> setAside, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<InstrumentReport>>([.. instruments.Where(one => symbols.Contains(one.Symbol)).Select(Priced)]);

    public Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OrderReport>>([.. Open]);

    public Task<OrderReport?> FindOrderAsync(ClientOrderId id, CancellationToken cancellation) => Task.FromResult(_orders.GetValueOrDefault(id));

    public Task<IReadOnlyList<ExecutionReport>> ExecutionsAsync(DateTimeOffset since, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ExecutionReport>>([]);

    public Task<IReadOnlyList<PositionReport>> PositionsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<PositionReport>>([]);

    public Task<IReadOnlyList<MarginReport>> MarginsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<MarginReport>>([]);

    public Task<string> AccountAsync(CancellationToken cancellation) => Task.FromResult("1");

    private IEnumerable<OrderReport> Open => _orders.Values.Where(order => order.Status == VenueOrderStatus.New);

    private static Task<OrderEntryOutcome> Answer(OrderReport report) => Task.FromResult<OrderEntryOutcome>(new OrderEntryOutcome.Accepted(report));

    private decimal Decimal(Symbol symbol, Price? price) => instruments.First(one => one.Symbol == symbol).Tick.ToDecimal(price!.Value);

    private InstrumentReport Priced(Instrument instrument) => new(instrument, LoopMarket.Mark, LoopMarket.Mark, LoopMarket.Mark, null, null, clock.GetUtcNow());

    private BeatConfirmation Confirm(TimeSpan timeout)
    {
        var now = clock.GetUtcNow();
        return new BeatConfirmation(now, timeout == TimeSpan.Zero ? null : now + timeout);
    }

    private Task Tell(Action<IVenueMessages> message)
    {
        var number = Interlocked.Increment(ref _numbers);
        _told[number] = message;
        Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"!{number}")));
        return Task.CompletedTask;
    }

    private sealed class Decoder(LoopPort port, BitmexDecoder market) : IVenueDecoder
    {
        private int _frame;

        public void Decode(ReadOnlySpan<byte> frame, IVenueMessages messages)
        {
            var now = port.Clock.GetUtcNow();
            if (++_frame == port.Begun.Count) port.Begun.Add(now);
            else port.Begun[_frame] = now;
            if (frame[0] == '!') port._told[int.Parse(frame[1..], CultureInfo.InvariantCulture)](messages);
            else market.Decode(frame, messages);
        }
    }

    private TimeProvider Clock => clock;

    private sealed class Stream(LoopPort port) : IVenueStream
    {
        public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task AuthenticateAsync(CancellationToken cancellation) => port.Tell(messages => messages.Session(new SessionMessage.Authenticated()));

        public Task<IReadOnlyList<string>> SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation)
        {
            port.Tell(messages => messages.Session(new SessionMessage.Subscribed("all")));
            foreach (var instrument in port.Instruments) port.Tell(messages => messages.Instrument(port.Priced(instrument)));
            foreach (var book in port.Books()) port.Send(book);
            return Task.FromResult<IReadOnlyList<string>>(["all"]);
        }

        public Task ResubscribeBookAsync(Symbol symbol, CancellationToken cancellation) => Task.CompletedTask;

        public Task ResubscribeAccountAsync(AccountTable table, CancellationToken cancellation) => Task.CompletedTask;

        public Task PingAsync(CancellationToken cancellation) => port.Tell(messages => messages.Session(new SessionMessage.Pong()));

        public Task BeatAsync(TimeSpan timeout, CancellationToken cancellation) => port.Tell(messages => messages.Session(new SessionMessage.BeatConfirmed(port.Confirm(timeout))));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private IReadOnlyList<Instrument> Instruments => instruments;

    private Func<IEnumerable<byte[]>> Books => books;
}
