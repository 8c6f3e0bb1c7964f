using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Recordings;

/// <summary>Owns the books of a played recording and what is counted of them.</summary>
internal sealed class FeedSink : IVenueMessages
{
    private readonly Dictionary<Symbol, Feed> _feeds = [];
    private readonly Dictionary<Symbol, TickSize> _ticks = [];

    public long Faults { get; private set; }

    public string? FirstFault { get; private set; }

    public IEnumerable<FeedSymbol> Finish() => _feeds.Values.OrderBy(feed => feed.Book.Symbol).Select(feed => feed.Finish());

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
    {
        var feed = Of(symbol);
        feed.Frames++;
        var wasLive = feed.Book.Status == BookStatus.Live;
        feed.Book.Apply(action, rows);
        if (action == BookAction.Snapshot && feed.SawBook) feed.Check.Restart();
        feed.SawBook |= action == BookAction.Snapshot;
        if (feed.Book.Status == BookStatus.Live) feed.Check.Book(feed.Book.Top);
        else if (wasLive) FirstFault ??= $"{symbol}: {feed.Book.Fault}";
    }

    public void Quotes(ReadOnlySpan<Quote> quotes)
    {
        foreach (ref readonly var quote in quotes)
        {
            var feed = Of(quote.Symbol);
            feed.Quotes++;
            feed.Check.Quote(new BookTop(Level(feed, quote.BidPrice, quote.BidSize), Level(feed, quote.AskPrice, quote.AskSize)), quote.Timestamp);
        }
    }

    public void Trades(ReadOnlySpan<TradePrint> trades)
    {
        foreach (ref readonly var trade in trades) Of(trade.Symbol).Trades++;
    }

    public void Instrument(InstrumentReport report) => _ticks[report.Definition.Symbol] = report.Definition.Tick;

    public void Undecodable(string reason)
    {
        Faults++;
        FirstFault ??= reason;
    }

    public void Session(SessionMessage message)
    {
        // A recording's own session is not replayed.
    }

    public void Order(OrderReport report)
    {
        // Orders are no part of a feed.
    }

    public void Execution(ExecutionReport report)
    {
        // Nor are executions,
    }

    public void Position(PositionReport report)
    {
        // positions,
    }

    public void Margin(MarginReport report)
    {
        // and margin.
    }

    private static BookLevel? Level(Feed feed, decimal? price, long? size)
    {
        if (price is not { } decimals) return null;
        // A price off the grid equals no level: it must disagree and not vanish.
        return new BookLevel(feed.Book.Tick.TryToPrice(decimals, out var level) ? level : new Price(long.MinValue), new Quantity(size ?? 0));
    }

    private Feed Of(Symbol symbol)
    {
        if (_feeds.TryGetValue(symbol, out var feed)) return feed;
        return _feeds[symbol] = new Feed(new OrderBook(symbol, _ticks.GetValueOrDefault(symbol, TickSize.Finest)));
    }

    private sealed class Feed(OrderBook book)
    {
        public OrderBook Book { get; } = book;

        public QuoteCheck Check { get; } = new();

        public long Frames { get; set; }

        public long Quotes { get; set; }

        public long Trades { get; set; }

        public bool SawBook { get; set; }

        public FeedSymbol Finish()
        {
            Check.End();
            var top = Book.Top;
            return new FeedSymbol(
                Book.Symbol.Value, Frames, Book.Rows, Decimal(top.Bid), top.Bid?.Size.Contracts, Decimal(top.Ask), top.Ask?.Size.Contracts,
                Book.BidLevels, Book.AskLevels, top.IsCrossed, Book.UnknownRows)
            {
                Fault = Book.Fault,
                Quotes = Quotes,
                Trades = Trades,
                QuotesAgreed = Check.Agreed,
                QuotesDisagreed = Check.Disagreed,
                QuotesUndecided = Check.Undecided,
            };
        }

        // Without the trailing zeros that the finest grid brings.
        private decimal? Decimal(BookLevel? level) => level is { } best ? Book.Tick.ToDecimal(best.Price) / 1.0000000000000000000000000000m : null;
    }
}
