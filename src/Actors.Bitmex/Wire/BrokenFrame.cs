using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>Finds out, as far as a frame that could not be read allows, whose changes are lost with it.</summary>
internal static class BrokenFrame
{
    /// <summary>
    /// The tables, and for a book the instrument. A frame whose table cannot be made out may have held anything. What moves anew with every tick (quotes,
    /// trades, instruments) is not missed.
    /// </summary>
    public static (MissedTables Tables, Symbol? Symbol) Missed(ReadOnlySpan<byte> frame, SymbolTable symbols)
    {
        TableId? table = null;
        Symbol? symbol = null;
        try
        {
            var reader = new Utf8JsonReader(frame);
            while (reader.Read() && (table is null || symbol is null))
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                var isTable = reader.CurrentDepth == 1 && reader.ValueTextEquals("table"u8);
                var isSymbol = reader.ValueTextEquals("symbol"u8);
                if (!reader.Read() || reader.TokenType != JsonTokenType.String) continue;
                if (isTable) table = TableIds.Read(ref reader);
                else if (isSymbol) symbol = WireReader.Symbol(ref reader, symbols);
            }
        }
        catch (Exception broken) when (broken is JsonException or WireFormatException or InvalidOperationException)
        {
            // As far as it could be read: that it is broken has been told already.
        }

        return table switch
        {
            null => (MissedTables.All, null),
            TableId.Book => (MissedTables.Books, symbol),
            TableId.Order => (MissedTables.Orders, null),
            TableId.Execution => (MissedTables.Executions, null),
            TableId.Position => (MissedTables.Positions, null),
            TableId.Margin => (MissedTables.Margins, null),
            _ => (MissedTables.None, null),
        };
    }

    public static MissedTables Of(AccountTable? table) => table switch
    {
        AccountTable.Orders => MissedTables.Orders,
        AccountTable.Executions => MissedTables.Executions,
        AccountTable.Positions => MissedTables.Positions,
        AccountTable.Margins => MissedTables.Margins,
        _ => MissedTables.None,
    };
}
