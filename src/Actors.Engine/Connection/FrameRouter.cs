using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Engine.Accounts;
using Actors.Engine.Books;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Connection;

/// <summary>Sends what a frame holds to the actors it concerns, marked with the frame's cursor. Used by the connection alone, one frame at a time.</summary>
internal sealed class FrameRouter(SessionContext session, Action<SessionMessage> onSession, Action<string> onUndecodable, Action<MissedTables, Symbol?> onMissed) : IVenueMessages
{
    /// <summary>The frame being decoded.</summary>
    public Cursor Cursor { get; set; }

    public void Session(SessionMessage message) => onSession(message);

    public void Undecodable(string reason) => onUndecodable(reason);

    public void Missed(MissedTables tables, Symbol? symbol) => onMissed(tables, symbol);

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
    {
        // A book that has fallen too far behind is not told more: when it has caught up it fetches itself anew.
        if (session.BookBacklog(symbol) is { } backlog && backlog.TryEnter())
            session.Directory.Book(symbol).Tell(new BookMessages.Change(Cursor, action, rows.ToArray()), ActorRefs.NoSender);
    }

    public void Quotes(ReadOnlySpan<Quote> quotes)
    {
        // The books say the same and more; the venue's own best bid and offer is checked against them by `feed`.
    }

    public void Trades(ReadOnlySpan<TradePrint> trades)
    {
        if (trades.Length > 0) session.Directory.Book(trades[^1].Symbol).Tell(new BookMessages.Traded(trades[^1].Price), ActorRefs.NoSender);
    }

    public void Instrument(InstrumentReport report)
    {
        var message = new BookMessages.Priced(Cursor, report);
        session.Directory.Book(report.Definition.Symbol).Tell(message, ActorRefs.NoSender);
        session.Directory.Position(report.Definition.Symbol).Tell(message, ActorRefs.NoSender);
        session.Directory.Risk.Tell(message, ActorRefs.NoSender);
    }

    public void Order(OrderReport report) => session.Directory.Orders.Tell(new OrderMessages.OrderReported(Cursor, report), ActorRefs.NoSender);

    public void Execution(ExecutionReport report) => session.Directory.Orders.Tell(new OrderMessages.ExecutionReported(Cursor, report), ActorRefs.NoSender);

    public void Position(PositionReport report)
    {
        session.Directory.Position(report.Symbol).Tell(new PositionMessages.VenueSays(Cursor, report), ActorRefs.NoSender);
        // Behind each other as the venue told them: which marks a row of the margin was computed at is told by the positions before it.
        session.Directory.Account.Tell(new AccountMessages.VenueSaysPosition(report), ActorRefs.NoSender);
    }

    public void Margin(MarginReport report) => session.Directory.Account.Tell(new AccountMessages.VenueSays(Cursor, report), ActorRefs.NoSender);
}
