using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>One level of a book as published.</summary>
internal readonly record struct BookLevelRow(ListedInstrument Instrument, long Id, Side Side, long? Size, decimal Price, DateTimeOffset Timestamp)
{
    public static BookLevelRow Of(ListedInstrument instrument, in LevelView level, DateTimeOffset time) =>
        new(instrument, level.Id, level.Side, level.Size, instrument.Decimal(level.PriceTicks), time);

    public static BookLevelRow Of(ListedInstrument instrument, in LevelChange change, DateTimeOffset time) => new(
        instrument, change.Id, change.Side, change.Action == LevelAction.Delete ? null : change.Size, instrument.Decimal(change.PriceTicks), time);
}

/// <summary>Trades, quotes and books on the wire.</summary>
internal static class MarketTables
{
    public static readonly Table<Trade> Trade = new(
        "trade",
        [],
        [],
        [
            new("timestamp", "timestamp", trade => FieldValue.Of(trade.Timestamp)),
            new("symbol", "symbol", trade => FieldValue.Of(trade.Instrument.Symbol)),
            new("side", "symbol", trade => FieldValue.Of(trade.Taker.Name())),
            new("size", "long", trade => FieldValue.Of(trade.Quantity)),
            new("price", "float", trade => FieldValue.Of(trade.Price)),
            new("tickDirection", "symbol", trade => FieldValue.Of(trade.TickDirection)),
            new("trdMatchID", "guid", trade => FieldValue.Of(trade.Id)),
            new("grossValue", "long", trade => FieldValue.Of(trade.Value)),
            new("homeNotional", "float", trade => FieldValue.Of(Notional.Of(trade.Instrument, trade.Quantity, trade.Value).Home)),
            new("foreignNotional", "float", trade => FieldValue.Of(Notional.Of(trade.Instrument, trade.Quantity, trade.Value).Foreign)),
            new("trdType", "symbol", _ => FieldValue.Of("Regular")),
        ]);

    public static readonly Table<QuoteRow> Quote = NewQuote("quote");

    public static readonly Table<BookLevelRow> Book = NewBook("orderBookL2");

    public static readonly Table<BookLevelRow> TopOfBook = NewBook("orderBookL2_25");

    /// <summary>Best bids and offers under a table's name: each change of them, or the last one of each bin.</summary>
    public static Table<QuoteRow> NewQuote(string name) => new(
        name,
        [],
        [],
        [
            new("timestamp", "timestamp", quote => FieldValue.Of(quote.Timestamp)),
            new("symbol", "symbol", quote => FieldValue.Of(quote.Instrument.Symbol)),
            new("bidSize", "long", quote => FieldValue.Of(quote.BidSize)),
            new("bidPrice", "float", quote => FieldValue.Of(quote.BidPrice)),
            new("askPrice", "float", quote => FieldValue.Of(quote.AskPrice)),
            new("askSize", "long", quote => FieldValue.Of(quote.AskSize)),
        ]);

    private static Table<BookLevelRow> NewBook(string name) => new(
        name,
        ["symbol", "id", "side"],
        [],
        [
            new("symbol", "symbol", row => FieldValue.Of(row.Instrument.Symbol)),
            new("id", "long", row => FieldValue.Of(row.Id)),
            new("side", "symbol", row => FieldValue.Of(row.Side.Name())),
            new("size", "long", row => FieldValue.Of(row.Size)),
            new("price", "float", row => FieldValue.Of(row.Price)),
            new("timestamp", "timestamp", row => FieldValue.Of(row.Timestamp)),
            new("transactTime", "timestamp", row => FieldValue.Of(row.Timestamp)),
        ]);
}
