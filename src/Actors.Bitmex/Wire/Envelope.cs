using System.Text.Json;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>
/// The outer object of a frame. The rows are left where they are: <see cref="Data"/> is a reader standing on them, because nothing promises that
/// table and action come first.
/// </summary>
internal ref struct Envelope
{
    public Utf8JsonReader Data;
    public bool HasData;
    public TableId Table;
    public bool HasTable;
    public TableAction Action;
    public Symbol? Slice;
    public bool ByStrategy;
    public bool HasCancelTime;
    public DateTimeOffset? CancelTime;
    public DateTimeOffset? Now;
    public string? Info, Error, Subscribed, Unsubscribed, Operation, Version;
    public int? Status;
    public bool Success;

    /// <summary>Reads one whole frame; throws on anything that is not one JSON object.</summary>
    public static Envelope Read(ReadOnlySpan<byte> frame, SymbolTable symbols)
    {
        var reader = new Utf8JsonReader(frame);
        var envelope = new Envelope();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw WireReader.Wrong("an object", ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("data"u8))
            {
                envelope.Data = reader;
                envelope.HasData = true;
                // With table and action known the decoder reads the rows and what follows them in one pass.
                if (envelope.HasTable && envelope.Action != TableAction.Unknown && envelope.Table.IsMarketData()) return envelope;
            }
            else
            {
                envelope.Set(name, ref reader, symbols);
            }

            reader.Skip();
        }

        reader.Read();
        return envelope;
    }

    /// <summary>Reads what follows the rows, to the frame's end.</summary>
    public void ReadRest(ref Utf8JsonReader reader, SymbolTable symbols)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            Set(name, ref reader, symbols);
            reader.Skip();
        }

        reader.Read();
    }

    private void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value, SymbolTable symbols)
    {
        if (name.SequenceEqual("table"u8)) (Table, HasTable) = (TableIds.Read(ref value), true);
        else if (name.SequenceEqual("action"u8)) Action = ReadAction(ref value);
        else if (name.SequenceEqual("filter"u8)) ReadFilter(ref value, symbols);
        else if (name.SequenceEqual("keys"u8)) ReadKeys(ref value);
        else if (name.SequenceEqual("info"u8)) Info = WireReader.Text(ref value);
        else if (name.SequenceEqual("version"u8)) Version = WireReader.Text(ref value);
        else if (name.SequenceEqual("error"u8)) Error = value.TokenType == JsonTokenType.StartObject ? "refused" : WireReader.Text(ref value);
        else if (name.SequenceEqual("status"u8)) Status = WireReader.Integer(ref value) is >= 0 and <= 999 and { } status ? (int)status : null;
        else if (name.SequenceEqual("success"u8)) Success = WireReader.Flag(ref value) == true;
        else if (name.SequenceEqual("subscribe"u8)) Subscribed = WireReader.Text(ref value);
        else if (name.SequenceEqual("unsubscribe"u8)) Unsubscribed = WireReader.Text(ref value);
        else if (name.SequenceEqual("now"u8)) Now = WireReader.Time(ref value);
        else if (name.SequenceEqual("cancelTime"u8)) ReadCancelTime(ref value);
        else if (name.SequenceEqual("request"u8)) ReadRequest(ref value);
    }

    private static TableAction ReadAction(ref Utf8JsonReader value)
    {
        if (value.ValueTextEquals("update"u8)) return TableAction.Update;
        if (value.ValueTextEquals("insert"u8)) return TableAction.Insert;
        if (value.ValueTextEquals("delete"u8)) return TableAction.Delete;
        return value.ValueTextEquals("partial"u8) ? TableAction.Partial : throw WireReader.Wrong("an action", ref value);
    }

    // What a disarmed switch answers was never captured: zero, null and nothing are all read as "no time".
    private void ReadCancelTime(ref Utf8JsonReader value)
    {
        HasCancelTime = true;
        if (value.TokenType != JsonTokenType.Number) CancelTime = WireReader.Time(ref value);
    }

    private void ReadFilter(ref Utf8JsonReader value, SymbolTable symbols)
    {
        if (value.TokenType != JsonTokenType.StartObject) return;
        while (value.Read() && value.TokenType == JsonTokenType.PropertyName)
        {
            var isSymbol = value.ValueTextEquals("symbol"u8);
            value.Read();
            if (isSymbol && value.TokenType == JsonTokenType.String) Slice = WireReader.Symbol(ref value, symbols);
            value.Skip();
        }
    }

    private void ReadKeys(ref Utf8JsonReader value)
    {
        if (value.TokenType != JsonTokenType.StartArray) return;
        while (value.Read() && value.TokenType != JsonTokenType.EndArray)
        {
            if (value.TokenType == JsonTokenType.String && value.ValueTextEquals("strategy"u8)) ByStrategy = true;
            value.Skip();
        }
    }

    private void ReadRequest(ref Utf8JsonReader value)
    {
        if (value.TokenType != JsonTokenType.StartObject) return;
        while (value.Read() && value.TokenType == JsonTokenType.PropertyName)
        {
            var isOperation = value.ValueTextEquals("op"u8);
            value.Read();
            if (isOperation && value.TokenType == JsonTokenType.String) Operation = WireReader.Text(ref value);
            value.Skip();
        }
    }
}
