using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Engine.Clustering;

namespace Actors.Engine.Books;

/// <summary>A book's protocol.</summary>
public static class BookMessages
{
    public sealed record Change(Cursor Cursor, BookAction Action, BookRow[] Rows);

    /// <summary>The last trade's price, in quote units.</summary>
    public sealed record Traded(decimal Price);

    /// <summary>Mark, index, funding or state of the instrument changed.</summary>
    public sealed record Priced(Cursor Cursor, InstrumentReport Report);

    /// <summary>The connection is gone: nothing that was known of the book holds. Told by the connection itself, so that it comes before the next one's frames.</summary>
    public sealed record Disconnected;

    /// <summary>A new connection is live: its snapshot is here or on its way.</summary>
    public sealed record Connected;

    /// <summary>A frame that may have changed this book could not be understood.</summary>
    public sealed record Missed(string Reason);

    /// <summary>Tell me again how the book stands; answered with <see cref="StatusChanged"/> and, if prices are known, <see cref="Priced"/> and <see cref="BestChanged"/>.</summary>
    public sealed record Ask;

    /// <summary>Told to risk a few times a second while the best bid or ask changes; the cursor is of the frame that made this one.</summary>
    public sealed record BestChanged(Cursor Cursor, Symbol Symbol, BookTop Top);

    /// <summary>
    /// Told to strategies of this instrument when the best bid or ask of a live book changed; answered with <see cref="TopTaken"/>. Only then the next one is told:
    /// tops that changed meanwhile are conflated.
    /// </summary>
    public sealed record TopChanged(Cursor Cursor, Symbol Symbol, BookTop Top) : IBetweenNodes;

    /// <summary>The strategy has decided on the last top.</summary>
    public sealed record TopTaken(string StrategyId) : IBetweenNodes;

    /// <summary>The strategy begins anew and knows no top.</summary>
    public sealed record AskTop(string StrategyId) : IBetweenNodes;

    /// <summary>Told to risk, strategies and the engine when a book becomes fit to trade on or stops being it.</summary>
    public sealed record StatusChanged(Symbol Symbol, BookStatus Status, string? Fault) : IBetweenNodes;
}
