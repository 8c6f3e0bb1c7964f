using System.Text.Json;

namespace Actors.Bitmex.Wire;

/// <summary>The tables that the port has a message for; all others are <see cref="Other"/>.</summary>
internal enum TableId
{
    Other = 0,
    Book = 1,
    Quote = 2,
    Trade = 3,
    Instrument = 4,
    Order = 5,
    Execution = 6,
    Position = 7,
    Margin = 8,
}

internal static class TableIds
{
    /// <summary>Rows that are read in one pass with the frame.</summary>
    public static bool IsMarketData(this TableId table) => table is TableId.Book or TableId.Quote or TableId.Trade;

    public static TableId Read(ref Utf8JsonReader value)
    {
        if (value.TokenType != JsonTokenType.String) throw WireReader.Wrong("a table", ref value);
        var name = value.ValueSpan;
        if (name.SequenceEqual("orderBookL2"u8)) return TableId.Book;
        if (name.SequenceEqual("orderBookL2_25"u8) || name.SequenceEqual("orderBookL2_100"u8)) return TableId.Book;
        if (name.SequenceEqual("quote"u8)) return TableId.Quote;
        if (name.SequenceEqual("trade"u8)) return TableId.Trade;
        if (name.SequenceEqual("instrument"u8)) return TableId.Instrument;
        if (name.SequenceEqual("order"u8)) return TableId.Order;
        if (name.SequenceEqual("execution"u8)) return TableId.Execution;
        if (name.SequenceEqual("position"u8)) return TableId.Position;
        return name.SequenceEqual("margin"u8) ? TableId.Margin : TableId.Other;
    }
}
