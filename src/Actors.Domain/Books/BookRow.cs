using Actors.Domain.Instruments;

namespace Actors.Domain.Books;

/// <summary>What a market-data message does to a book.</summary>
public enum BookAction
{
    /// <summary>Replaces the whole book.</summary>
    Snapshot = 1,
    Insert = 2,
    Update = 3,
    Delete = 4,
}

/// <summary>One level as a venue sent it. The identifier is arbitrary and unique per side; price and size may be absent, as the action allows.</summary>
public readonly record struct BookRow(long Id, Side Side, long? Size, decimal? Price);

/// <summary>The best level of a side: price and aggregated size in contracts.</summary>
public readonly record struct BookLevel(Price Price, Quantity Size);

/// <summary>The best bid and ask; null where a side is empty.</summary>
public readonly record struct BookTop(BookLevel? Bid, BookLevel? Ask)
{
    /// <summary>Bid at or above ask: either a moment inside a split message, or a broken book.</summary>
    public bool IsCrossed => Bid is { } bid && Ask is { } ask && bid.Price >= ask.Price;
}

/// <summary>A best bid and offer as published by a venue's own quote stream.</summary>
public readonly record struct Quote(Symbol Symbol, decimal? BidPrice, long? BidSize, decimal? AskPrice, long? AskSize, DateTimeOffset Timestamp);

/// <summary>One print on the tape; <see cref="TakerSide"/> is absent for settlements.</summary>
public readonly record struct TradePrint(Symbol Symbol, Side? TakerSide, Quantity Size, decimal Price, string TradeId, DateTimeOffset Timestamp);
