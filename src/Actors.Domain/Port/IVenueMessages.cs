using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Domain.Port;

/// <summary>
/// Receives what a decoder found in a frame. Spans are only valid during the call. Rows of private tables are always whole: the decoder merges
/// sparse updates. <c>snapshot</c> means: these rows are all there are, forget others.
/// </summary>
public interface IVenueMessages
{
    void Session(SessionMessage message);

    void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime);

    void Quotes(ReadOnlySpan<Quote> quotes);

    void Trades(ReadOnlySpan<TradePrint> trades);

    void Instrument(InstrumentReport report);

    void Order(OrderReport report);

    void Execution(ExecutionReport report);

    void Position(PositionReport report);

    void Margin(MarginReport report);

    /// <summary>A frame, or a row of one, that could not be understood: what was expected, in one line.</summary>
    void Undecodable(string reason);

    /// <summary>
    /// What may lack something because of what was undecodable; told right after it. Books of <paramref name="symbol"/>, or of all where it is not known.
    /// Whoever keeps none of these tables need not listen.
    /// </summary>
    void Missed(MissedTables tables, Symbol? symbol)
    {
    }
}

/// <summary>Tables that a frame which could not be understood may have changed.</summary>
[Flags]
public enum MissedTables
{
    None = 0,
    Books = 1,
    Orders = 2,
    Executions = 4,
    Positions = 8,
    Margins = 16,
    All = Books | Orders | Executions | Positions | Margins,
}

/// <summary>What a stream says about itself rather than about a market or an account.</summary>
public abstract record SessionMessage
{
    private SessionMessage()
    {
    }

    public sealed record Welcome(string Text) : SessionMessage;

    public sealed record Authenticated : SessionMessage;

    public sealed record Subscribed(string Topic) : SessionMessage;

    public sealed record Pong : SessionMessage;

    /// <summary>The venue's clock and the moment it will cancel everything; null after a disarm.</summary>
    public sealed record BeatConfirmed(BeatConfirmation Confirmation) : SessionMessage;

    /// <summary>
    /// The next <paramref name="Rows"/> reports of this table are all there are, of <paramref name="Symbol"/> where it is given: forget others.
    /// Told also when there are none, which is the only sign of an account without open orders.
    /// </summary>
    public sealed record Snapshot(AccountTable Table, Symbol? Symbol, int Rows) : SessionMessage;

    /// <summary>The venue refused a request on the stream. Status in the sense of HTTP.</summary>
    public sealed record Refused(int Status, string Reason) : SessionMessage;
}

/// <summary>The venue's answer to a beat: its own clock, and when it will cancel all orders (null: disarmed).</summary>
public sealed record BeatConfirmation(DateTimeOffset VenueTime, DateTimeOffset? CancelTime);

/// <summary>The tables of an account that a stream keeps whole.</summary>
public enum AccountTable
{
    Orders = 1,
    Executions = 2,
    Positions = 3,
    Margins = 4,
}
