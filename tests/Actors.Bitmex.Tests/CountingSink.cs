using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Tests;

/// <summary>Counts and keeps nothing, so that allocations seen are the decoder's.</summary>
internal sealed class CountingSink : IVenueMessages
{
    public long Rows { get; private set; }

    public long Others { get; private set; }

    public long Faults { get; private set; }

    public void Session(SessionMessage message) => Others++;

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime) => Rows += rows.Length;

    public void Quotes(ReadOnlySpan<Quote> quotes) => Others++;

    public void Trades(ReadOnlySpan<TradePrint> trades) => Others++;

    public void Instrument(InstrumentReport report) => Others++;

    public void Order(OrderReport report) => Others++;

    public void Execution(ExecutionReport report) => Others++;

    public void Position(PositionReport report) => Others++;

    public void Margin(MarginReport report) => Others++;

    public void Undecodable(string reason) => Faults += reason.Contains('\n', StringComparison.Ordinal) ? throw new InvalidOperationException("two lines") : 1;
}
