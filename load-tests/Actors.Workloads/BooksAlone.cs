using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Workloads;

/// <summary>Takes books from a decoder and passes over everything else; what cannot be decoded makes a measurement worthless, and throws.</summary>
public abstract class BooksAlone : IVenueMessages
{
    public abstract void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime);

    public void Undecodable(string reason) => throw new InvalidOperationException($"a frame was not understood: {reason}");

    public void Session(SessionMessage message)
    {
    }

    public void Quotes(ReadOnlySpan<Quote> quotes)
    {
    }

    public void Trades(ReadOnlySpan<TradePrint> trades)
    {
    }

    public void Instrument(InstrumentReport report)
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

    public void Margin(MarginReport report)
    {
    }
}
