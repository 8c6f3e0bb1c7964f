using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Tests;

/// <summary>Remembers everything it is told.</summary>
internal sealed class MessageLog : IVenueMessages
{
    public List<SessionMessage> SessionMessages { get; } = [];

    public List<(Symbol Symbol, BookAction Action, BookRow[] Rows, DateTimeOffset? Time)> Books { get; } = [];

    public List<Quote> AllQuotes { get; } = [];

    public List<TradePrint> AllTrades { get; } = [];

    public List<InstrumentReport> Instruments { get; } = [];

    public List<OrderReport> Orders { get; } = [];

    public List<ExecutionReport> Executions { get; } = [];

    public List<PositionReport> Positions { get; } = [];

    public List<MarginReport> Margins { get; } = [];

    public List<string> Faults { get; } = [];

    public void Session(SessionMessage message) => SessionMessages.Add(message);

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime) =>
        Books.Add((symbol, action, rows.ToArray(), venueTime));

    public void Quotes(ReadOnlySpan<Quote> quotes) => AllQuotes.AddRange(quotes);

    public void Trades(ReadOnlySpan<TradePrint> trades) => AllTrades.AddRange(trades);

    public void Instrument(InstrumentReport report) => Instruments.Add(report);

    public void Order(OrderReport report) => Orders.Add(report);

    public void Execution(ExecutionReport report) => Executions.Add(report);

    public void Position(PositionReport report) => Positions.Add(report);

    public void Margin(MarginReport report) => Margins.Add(report);

    public List<(MissedTables Tables, Symbol? Symbol)> AllMissed { get; } = [];

    public void Undecodable(string reason) => Faults.Add(reason);

    public void Missed(MissedTables tables, Symbol? symbol) => AllMissed.Add((tables, symbol));
}
