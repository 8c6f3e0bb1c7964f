using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;

namespace Actors.Journal.Audit;

/// <summary>An instrument as it was known at a moment: the book's best levels, the mark and our position; profit in minor units of settlement.</summary>
public sealed record InstrumentMoment(Instrument Instrument, BookStatus Book, BookTop Top, decimal? Mark, Position Position, long UnrealisedPnl);

/// <summary>
/// What was known at one moment of a session: live orders as journaled, positions, the newest margin the venue had told, and the books that the frames received
/// until then make.
/// </summary>
public sealed record MomentState(
    SessionInfo Session,
    DateTimeOffset At,
    Cursor LastFrame,
    IReadOnlyList<InstrumentMoment> Instruments,
    IReadOnlyList<Order> Orders,
    IReadOnlyList<MarginReport> Margins)
{
    /// <summary>
    /// Reads no further than the moment. Throws <see cref="JournalException"/> when no session had begun by then, and as <see cref="JournalArchive.Read"/>.
    /// </summary>
    /// <param name="archive">The journal.</param>
    /// <param name="chosen">Names the account; the session is its last one that had begun.</param>
    /// <param name="at">The moment.</param>
    /// <param name="decoders">As <see cref="AuditRequest.Decoder"/>.</param>
    public static MomentState Of(JournalArchive archive, SessionInfo chosen, DateTimeOffset at, Func<string, IVenueDecoder> decoders)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(decoders);
        var session = SessionIndex.List(archive).LastOrDefault(one => one.Chronicle == chosen.Chronicle && one.StartedAt <= at)
            ?? throw new JournalException($"no session of {chosen.Account} had begun at {at:yyyy-MM-dd HH:mm:ss}");
        var instruments = session.Manifest.Plan?.Instruments ?? throw new JournalException($"the manifest of session {session.Id} has no instruments: an older build journaled it");
        var (market, last) = Play(archive, session, at, decoders, instruments);
        if (session.IsPruned) throw new JournalException($"what session {session.Id} decided was removed by its retention: what was known at {at:yyyy-MM-dd HH:mm:ss} cannot be told any more");
        var ledger = OrderLedger.Empty;
        var orders = $"orders-{session.Account}";
        foreach (var (sequence, record) in Until(archive, orders, LedgerFolds.IsOfOrders, at)) ledger = ledger.After(archive, orders, sequence, record);

        return new MomentState(
            session,
            at,
            last,
            [.. instruments.Select(instrument => Moment(archive, session, at, market, instrument))],
            [.. ledger.LiveInOrder],
            [.. market.Margins.Values.OrderBy(margin => margin.Currency.Code, StringComparer.Ordinal)]);
    }

    private static InstrumentMoment Moment(JournalArchive archive, SessionInfo session, DateTimeOffset at, MarketState market, Instrument instrument)
    {
        var ledger = PositionLedger.Empty;
        var stream = $"position-{session.Account}-{instrument.Symbol}";
        foreach (var (sequence, record) in Until(archive, stream, LedgerFolds.IsOfPosition, at)) ledger = ledger.After(archive, stream, sequence, record);

        var mark = market.Marks.TryGetValue(instrument.Symbol, out var known) ? known : (decimal?)null;
        var book = market.Books[instrument.Symbol];
        var unrealised = mark is { } price ? ledger.Position.UnrealisedPnl(instrument, price) : 0;
        return new InstrumentMoment(instrument, book.Status, book.Top, mark, ledger.Position, unrealised);
    }

    private static (MarketState Market, Cursor Last) Play(
        JournalArchive archive, SessionInfo session, DateTimeOffset at, Func<string, IVenueDecoder> decoders, IReadOnlyList<Instrument> instruments)
    {
        var market = new MarketState(instruments);
        var last = default(Cursor);
        var decoder = decoders(session.Manifest.Dialect);
        var unpacker = new FrameUnpacker();
        foreach (var (_, record) in archive.Read(session.FramesStream))
        {
            if (record.Event is not FramesRecorded batch) continue;
            if (batch.FirstAt > at) break;
            if (batch.Connection != last.Connection)
            {
                decoder = decoders(session.Manifest.Dialect);
                market.Disconnect();
            }

            foreach (var frame in unpacker.Unpack(batch).TakeWhile(frame => frame.ReceivedAt <= at))
            {
                last = new Cursor(batch.Connection, frame.Sequence);
                decoder.Decode(frame.Bytes.Span, market);
            }
        }

        return (market, last);
    }

    private static IEnumerable<(long Sequence, JournalRecord Record)> Until(JournalArchive archive, string stream, Predicate<Type> wants, DateTimeOffset at) =>
        archive.Read(stream, wants).TakeWhile(one => one.Record.At <= at);
}

/// <summary>What the frames of a session make of the market and the account's margin: the newest of everything.</summary>
internal sealed class MarketState : IVenueMessages
{
    public MarketState(IEnumerable<Instrument> instruments)
    {
        foreach (var instrument in instruments) Books[instrument.Symbol] = new OrderBook(instrument.Symbol, instrument.Tick);
    }

    public Dictionary<Symbol, OrderBook> Books { get; } = [];

    public Dictionary<Symbol, decimal> Marks { get; } = [];

    public Dictionary<Currency, MarginReport> Margins { get; } = [];

    public void Disconnect()
    {
        foreach (var book in Books.Values) book.MarkStale("disconnected");
    }

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
    {
        if (Books.TryGetValue(symbol, out var book)) book.Apply(action, rows);
    }

    public void Instrument(InstrumentReport report)
    {
        if (report.MarkPrice is { } mark) Marks[report.Definition.Symbol] = mark;
    }

    public void Margin(MarginReport report) => Margins[report.Currency] = report;

    public void Session(SessionMessage message)
    {
    }

    public void Quotes(ReadOnlySpan<Quote> quotes)
    {
    }

    public void Trades(ReadOnlySpan<TradePrint> trades)
    {
    }

    public void Order(OrderReport report)
    {
    }

    public void Execution(ExecutionReport report)
    {
    }

    public void Position(PositionReport report)
    {
    }

    public void Undecodable(string reason)
    {
    }

    public void Missed(MissedTables tables, Symbol? symbol)
    {
        if (!tables.HasFlag(MissedTables.Books)) return;
        foreach (var book in Books.Values.Where(book => symbol is null || book.Symbol == symbol)) book.MarkStale("a frame could not be understood");
    }
}
