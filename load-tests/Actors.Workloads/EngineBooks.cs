using Actors.Bitmex;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Workloads;

/// <summary>The engine's own way from bytes to books: its decoder, its books, and a look at the top after every message.</summary>
public sealed class EngineBooks(TickSize tick) : IVenueMessages
{
    private readonly BitmexDecoder _decoder = new();
    private readonly Dictionary<Symbol, OrderBook> _books = [];

    /// <summary>Frames that could not be read, and messages that left a book stale. Anything but zero makes a measurement worthless.</summary>
    public long Faults { get; private set; }

    public BookTop LastTop { get; private set; }

    public void Apply(IReadOnlyList<Frame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        for (var i = 0; i < frames.Count; i++) _decoder.Decode(frames[i].Bytes, this);
    }

    public void Apply(ReadOnlySpan<byte> frame) => _decoder.Decode(frame, this);

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
    {
        if (!_books.TryGetValue(symbol, out var book)) _books[symbol] = book = new OrderBook(symbol, tick);
        if (book.Apply(action, rows) is not null || book.Status != BookStatus.Live) Faults++;
        LastTop = book.Top;
    }

    public void Undecodable(string reason) => Faults++;

    public void Session(SessionMessage message) => Faults++;

    public void Quotes(ReadOnlySpan<Quote> quotes) => Faults++;

    public void Trades(ReadOnlySpan<TradePrint> trades) => Faults++;

    public void Instrument(InstrumentReport report) => Faults++;

    public void Order(OrderReport report) => Faults++;

    public void Execution(ExecutionReport report) => Faults++;

    public void Position(PositionReport report) => Faults++;

    public void Margin(MarginReport report) => Faults++;
}
