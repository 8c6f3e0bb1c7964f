using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Recordings;

/// <summary>Passes everything on and counts what could not be decoded.</summary>
internal sealed class FaultWatch(IVenueMessages inner) : IVenueMessages
{
    public long Faults { get; private set; }

    public void Session(SessionMessage message) => inner.Session(message);

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime) =>
        inner.Book(symbol, action, rows, venueTime);

    public void Quotes(ReadOnlySpan<Quote> quotes) => inner.Quotes(quotes);

    public void Trades(ReadOnlySpan<TradePrint> trades) => inner.Trades(trades);

    public void Instrument(InstrumentReport report) => inner.Instrument(report);

    public void Order(OrderReport report) => inner.Order(report);

    public void Execution(ExecutionReport report) => inner.Execution(report);

    public void Position(PositionReport report) => inner.Position(report);

    public void Margin(MarginReport report) => inner.Margin(report);

    public void Undecodable(string reason)
    {
        Faults++;
        inner.Undecodable(reason);
    }
}
