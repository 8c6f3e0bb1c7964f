using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using MarginReport = Actors.Domain.Port.MarginReport;

namespace Actors.Engine.Tests;

/// <summary>
/// A second, tiny venue behind the port: two instruments alike, a quiet book, a cross-margined account; fills when the test says so. A frame is the number of
/// something it once said. What can be made to go wrong stands in the other half.
/// </summary>
internal sealed partial class FakeVenue : IVenuePort, IVenueOrderEntry, IVenueQueries
{
    public static readonly Symbol Symbol = new("PERP");
    public static readonly Symbol Other = new("SIDE");
    public static readonly Currency Settlement = new("USDm");
    private const long Deposited = 1_000_000;
    private const decimal Mark = 100m;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, Action<IVenueMessages>> _said = [];
    private readonly Dictionary<ClientOrderId, OrderReport> _orders = [];
    private readonly List<ExecutionReport> _executions = [];
    private readonly Dictionary<Symbol, Position> _positions = [];
    private DateTimeOffset _marginAt = DateTimeOffset.UtcNow;
    private Stream? _stream;
    private long _numbers;
    private long _book = 100;

    public static Instrument Instrument { get; } = SampleInstruments.Linear with { Symbol = Symbol, Settlement = Settlement };

    public string Dialect => "fake";

    public IVenueOrderEntry OrderEntry => this;

    public IVenueQueries Queries => this;

    public IReadOnlyList<OrderReport> Open
    {
        get
        {
            lock (_lock) return [.. _orders.Values.Where(order => order.Status is VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled)];
        }
    }

    public Quantity Position => PositionOf(Symbol).Quantity;

    private DateTimeOffset Now => DateTimeOffset.UtcNow + ClockAhead;

    public IVenueDecoder CreateDecoder() => new Decoder(this);

    public IVenueStream CreateStream(IVenueStreamObserver observer) => new Stream(this, observer);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public async Task<OrderEntryOutcome> PlaceAsync(OrderTerms terms, DateTimeOffset until, CancellationToken cancellation)
    {
        Blocks?.WaitOne();
        lock (_lock) PlacementsOut++;
        await HeldUntil;
        lock (_lock)
        {
            PlacementsOut--;
            OnPlace(terms, until);
            Placements++;
            if (TakeOnce(ref _loseNextRequest)) return new OrderEntryOutcome.Unknown("no answer");
            if (Now > until) return new OrderEntryOutcome.Refused("expired", true);
            if (PlacementRefusal is { } refusal) return new OrderEntryOutcome.Refused(refusal, false);
            if (_orders.ContainsKey(terms.Id)) return new OrderEntryOutcome.Refused("Duplicate", false);
            var report = _orders[terms.Id] = new OrderReport(
                $"v{++_numbers}", terms.Id, terms.Symbol, terms.Side, terms.Type, terms.Quantity, Instrument.Tick.ToDecimal(terms.Price!.Value),
                VenueOrderStatus.New, Quantity.Zero, terms.Quantity, null, "", Now);
            if (TakeOnce(ref _loseNextAnswer)) return new OrderEntryOutcome.Unknown("timeout");
            SayAccount(messages => messages.Order(report));
            return new OrderEntryOutcome.Accepted(report);
        }
    }

    public Task<OrderEntryOutcome> AmendAsync(ClientOrderId id, Symbol symbol, OrderChange change, DateTimeOffset until, CancellationToken cancellation) => Task.FromResult(Change(
        id, order => order with { Price = change.Price is { } to ? Instrument.Tick.ToDecimal(to) : order.Price, Quantity = change.Quantity ?? order.Quantity }));

    public Task<IReadOnlyList<OrderEntryOutcome>> CancelAsync(IReadOnlyList<ClientOrderId> ids, CancellationToken cancellation)
    {
        FailCancel();
        CancelRequests.Enqueue(ids.Count);
        return Task.FromResult<IReadOnlyList<OrderEntryOutcome>>(
            [.. ids.Select(id => Change(id, order => order with { Status = VenueOrderStatus.Canceled, Leaves = Quantity.Zero, Text = "Canceled" }))]);
    }

    public Task<OrderEntryOutcome> CancelAllAsync(CancellationToken cancellation) => FirstAsync(CancelAsync([.. Open.Select(order => order.ClientId)], cancellation));

    public Task<BeatConfirmation?> BeatAsync(TimeSpan timeout, CancellationToken cancellation) => BeatWithoutSocketAsync(timeout);

    public Task<IReadOnlyList<InstrumentReport>> InstrumentsAsync(IReadOnlyList<Symbol> symbols, Action<string> setAside, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<InstrumentReport>>([.. symbols.Select(Priced)]);

    public async Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(CancellationToken cancellation)
    {
        if (Unreachable) throw new VenueUnreachableException("down");
        await ComparisonsHeldUntil;
        return Open;
    }

    public Task<OrderReport?> FindOrderAsync(ClientOrderId id, CancellationToken cancellation) => QueryAsync(() => _orders.GetValueOrDefault(id));

    public Task<IReadOnlyList<ExecutionReport>> ExecutionsAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<ExecutionReport>>([.. _executions.Where(one => one.Timestamp >= since)]);
    }

    public Task<IReadOnlyList<PositionReport>> PositionsAsync(CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<PositionReport>>([.. _positions.Keys.Select(Row)]);
    }

    public Task<IReadOnlyList<MarginReport>> MarginsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<MarginReport>>([Margin()]);

    public Task<string> AccountAsync(CancellationToken cancellation) => Task.FromResult("7");

    private static async Task<OrderEntryOutcome> FirstAsync(Task<IReadOnlyList<OrderEntryOutcome>> all) => (await all).FirstOrDefault(new OrderEntryOutcome.Accepted(null));

    private static InstrumentReport Priced(Symbol symbol) => new(Instrument with { Symbol = symbol }, Mark, Mark, Mark, null, null, DateTimeOffset.UtcNow);

    private Position PositionOf(Symbol symbol)
    {
        lock (_lock) return _positions.GetValueOrDefault(symbol);
    }

    private PositionReport Row(Symbol symbol) => new(
        symbol, Settlement, PositionOf(symbol).Quantity, null, Mark, null, PositionOf(symbol).UnrealisedCost, 0, 0, 1m, true, _marginAt);

    private MarginReport Margin()
    {
        using var held = _lock.EnterScope();
        var realised = _positions.Values.Sum(position => position.RealisedPnl) + MarginError;
        var holdings = _orders.Values.Select(order => order.Symbol).Concat(_positions.Keys).Distinct().Select(Holding).ToArray();
        var margin = AccountMargin.Of(new Money(Deposited + Moved + realised, Settlement), holdings);
        return new MarginReport(
            Settlement, margin.WalletBalance, margin.MarginBalance, margin.Available, margin.OrderMargin, margin.PositionMargin, realised, margin.UnrealisedPnl, _marginAt);
    }

    private MarginHolding Holding(Symbol symbol)
    {
        var orders = Open.Where(order => order.Symbol == symbol).Aggregate(default(OpenOrders), (sum, order) =>
            sum.Plus(order.Side, order.Leaves, ContractValue.Value(Instrument, order.Leaves, order.Price!.Value), 0));
        return new MarginHolding(MarginTerms.From(Instrument with { Symbol = symbol })).WithMark(Mark).WithPosition(PositionOf(symbol)).WithOrders(orders);
    }

    private OrderEntryOutcome Change(ClientOrderId id, Func<OrderReport, OrderReport> change)
    {
        lock (_lock)
        {
            if (Open.FirstOrDefault(order => order.ClientId == id) is not { } order) return new OrderEntryOutcome.Refused("Invalid ordStatus", false);
            var changed = change(order) with { Timestamp = Now };
            changed = _orders[id] = changed with { Leaves = changed.Status == VenueOrderStatus.Canceled ? Quantity.Zero : changed.Quantity - changed.Filled };
            SayAccount(messages => messages.Order(changed));
            return new OrderEntryOutcome.Accepted(changed);
        }
    }

    private BeatConfirmation Beat(TimeSpan timeout)
    {
        Beats.Enqueue(timeout);
        CancelsAt = timeout == TimeSpan.Zero ? null : Now + timeout;
        return new BeatConfirmation(Now, CancelsAt);
    }

    private void SayBook(Symbol symbol)
    {
        var bid = _book;
        _stream?.Say(messages => messages.Book(symbol, BookAction.Snapshot, [new BookRow(1, Side.Buy, 50, bid), new BookRow(2, Side.Sell, 50, bid + 1)], null));
    }

    /// <summary>Says what happened to the account, then its positions and margin as they stand after it.</summary>
    private void SayAccount(Action<IVenueMessages> happened)
    {
        lock (_lock)
        {
            _marginAt = Now;
            var (rows, margin) = (_positions.Keys.Select(Row).ToArray(), Margin());
            _stream?.Say(messages =>
            {
                happened(messages);
                foreach (var row in rows) messages.Position(row);
                messages.Margin(margin);
            });
        }
    }

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
            if (venue.ConnectRefusal is { } refusal) return Task.FromException(new VenueUnreachableException(refusal) { RetryAfter = venue.RetryAfter });
            venue._stream = this;
            return Task.CompletedTask;
        }

        public Task AuthenticateAsync(CancellationToken cancellation) => Saying("authenticate", messages =>
            messages.Session(venue.RefusesKey ? new SessionMessage.Refused(401, "Invalid API Key.") : new SessionMessage.Authenticated()));

        public Task<IReadOnlyList<string>> SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation)
        {
            venue.Requested.Enqueue((this, "subscribe"));
            if (!venue.AcknowledgeLast) Say(messages => messages.Session(new SessionMessage.Subscribed("all")));
            foreach (var symbol in symbols)
            {
                Say(messages => messages.Instrument(Priced(symbol)));
                venue.SayBook(symbol);
            }

            venue.SayAccount(_ => { });
            if (venue.AcknowledgeLast) Say(messages => messages.Session(new SessionMessage.Subscribed("all")));
            return Task.FromResult<IReadOnlyList<string>>(["all"]);
        }

        public Task ResubscribeBookAsync(Symbol symbol, CancellationToken cancellation)
        {
            venue.Requested.Enqueue((this, "book"));
            venue.BookRequests++;
            if (!venue.KeepsSnapshots) venue.SayBook(symbol);
            return Task.CompletedTask;
        }

        public Task ResubscribeAccountAsync(AccountTable table, CancellationToken cancellation)
        {
            venue.TableRequests.Enqueue(table);
            return Task.CompletedTask;
        }

        public Task PingAsync(CancellationToken cancellation) => Saying("ping", messages => messages.Session(new SessionMessage.Pong()));

        public Task BeatAsync(TimeSpan timeout, CancellationToken cancellation)
        {
            if (IsHung || venue.KeepsBeats) return Task.CompletedTask;
            var confirmation = venue.Beat(timeout);
            return Saying("beat", messages => messages.Session(new SessionMessage.BeatConfirmed(confirmation)));
        }

        public ValueTask DisposeAsync()
        {
            IsHung = true;
            return ValueTask.CompletedTask;
        }

        private Task Saying(string request, Action<IVenueMessages> message)
        {
            venue.Requested.Enqueue((this, request));
            Say(message);
            return Task.CompletedTask;
        }
    }
}
