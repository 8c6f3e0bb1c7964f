using System.Globalization;
using Actors.Domain.Instruments;

namespace Actors.Domain.Books;

/// <summary>Whether a book may be traded on.</summary>
public enum BookStatus
{
    /// <summary>No snapshot yet; changes are dropped.</summary>
    AwaitingSnapshot = 1,
    Live = 2,

    /// <summary>A fault was found; nothing but a new snapshot heals it.</summary>
    Stale = 3,
}

/// <summary>
/// Owns the price levels of one instrument. Levels are keyed by the venue's identifier and sorted by price, so that a price that is deleted and
/// inserted again under another identifier, in either order, is summed and never lost. A row that names an unknown level, an impossible
/// size or a price off the grid makes the book stale and is counted.
/// </summary>
public sealed class OrderBook(Symbol symbol, TickSize tick)
{
    private readonly BookSide _bids = new(Side.Buy);
    private readonly BookSide _asks = new(Side.Sell);

    public Symbol Symbol { get; } = symbol;

    public TickSize Tick { get; } = tick;

    public BookStatus Status { get; private set; } = BookStatus.AwaitingSnapshot;

    /// <summary>Why the book is stale, in words; null while it is not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Rows applied since the book was made.</summary>
    public long Rows { get; private set; }

    /// <summary>Updates and deletes of levels that were not there, since the book was made.</summary>
    public long UnknownRows { get; private set; }

    public int BidLevels => _bids.Levels;

    public int AskLevels => _asks.Levels;

    public BookTop Top => new(_bids.Best, _asks.Best);

    /// <summary>The <paramref name="depth"/> best levels of a side, best first.</summary>
    public IEnumerable<BookLevel> Levels(Side side, int depth) => (side == Side.Buy ? _bids : _asks).FromBest(depth);

    /// <summary>Applies one message whole; returns the fault that it caused, or null. Changes before the first snapshot are dropped.</summary>
    public string? Apply(BookAction action, ReadOnlySpan<BookRow> rows)
    {
        if (action == BookAction.Snapshot) Clear();
        else if (Status != BookStatus.Live) return null;
        foreach (ref readonly var row in rows)
        {
            Rows++;
            var side = row.Side == Side.Buy ? _bids : _asks;
            var fault = action switch
            {
                BookAction.Update => Update(side, row),
                BookAction.Delete => side.Delete(row.Id) ? null : Unknown("delete", row),
                _ => Insert(side, row),
            };
            if (fault is not null) MarkStale(fault);
        }

        if (action == BookAction.Snapshot && Fault is null) Status = BookStatus.Live;
        return Fault;
    }

    /// <summary>Makes the book unfit to trade on until the next snapshot.</summary>
    public void MarkStale(string reason)
    {
        Status = BookStatus.Stale;
        Fault ??= reason;
    }

    private void Clear()
    {
        _bids.Clear();
        _asks.Clear();
        Status = BookStatus.AwaitingSnapshot;
        Fault = null;
    }

    private string? Insert(BookSide side, in BookRow row)
    {
        if (row.Size is not { } size || size < 0) return Invalid("size", row);
        if (row.Price is not { } decimals || !Tick.TryToPrice(decimals, out var price)) return Invalid("price", row);
        return side.Insert(row.Id, price, size) ? null : Invalid("second insert of the same id", row);
    }

    private string? Update(BookSide side, in BookRow row)
    {
        Price? price = null;
        string? fault = null;
        if (row.Size is < 0) fault = "size";
        else if (row.Price is { } decimals && !TryPrice(decimals, out price)) fault = "price";
        // That the level is not there is the greater fault.
        if (fault is null ? side.Change(row.Id, price, row.Size) : side.Contains(row.Id)) return fault is null ? null : Invalid(fault, row);
        return Unknown("update", row);
    }

    private bool TryPrice(decimal decimals, out Price? price)
    {
        var isOnGrid = Tick.TryToPrice(decimals, out var found);
        price = found;
        return isOnGrid;
    }

    private string Unknown(string what, in BookRow row)
    {
        UnknownRows++;
        return $"{what} of unknown level {row.Side} id {row.Id.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Invalid(string what, in BookRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}: {row.Side} id {row.Id} price {row.Price} size {row.Size}");
}
