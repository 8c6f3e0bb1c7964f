using System.Globalization;
using System.Text;
using System.Text.Json;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>Something that takes the fields of one JSON object, one at a time and in any order.</summary>
internal interface IWireRow
{
    /// <summary>Takes the field if it is known. <paramref name="value"/> stands on the value's first token and may be left there.</summary>
    void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value);

    /// <summary>Told when what stands in the row's place is no object. A row whose loss would be a lie about the account breaks the message.</summary>
    void SetAside(string reason) => throw new WireFormatException(reason);
}

/// <summary>
/// Typed reads of the token a reader stands on. An absent field, an explicit null (2018 to 2022) and, for names, an empty string all mean
/// "nothing" and come out as null. A wrong type throws <see cref="WireFormatException"/>.
/// </summary>
internal static class WireReader
{
    /// <summary>Reads the object the reader stands on into <paramref name="row"/> and leaves the reader on its end.</summary>
    public static void Object<TRow>(ref Utf8JsonReader reader, TRow row)
        where TRow : class, IWireRow
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            row.SetAside(Wrong("an object", ref reader).Message);
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            row.Set(name, ref reader);
            reader.Skip();
        }
    }

    public static decimal? Decimal(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when WireNumber.TryDecimal(reader.ValueSpan, out var value) => value,
        _ => throw Wrong("a number", ref reader),
    };

    public static long? Integer(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when WireNumber.TryInteger(reader.ValueSpan, out var value) => value,
        _ => throw Wrong("an integer", ref reader),
    };

    public static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when reader.ValueIsEscaped => reader.GetString(),
        JsonTokenType.String => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan), // accounts are numbers here and names there
        _ => throw Wrong("text", ref reader),
    };

    public static bool? Flag(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false", ref reader),
    };

    public static DateTimeOffset? Time(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String when reader.ValueSpan.IsEmpty => null,
        JsonTokenType.String when WireTime.TryRead(reader.ValueSpan, out var time) => time,
        _ => throw Wrong("a timestamp", ref reader),
    };

    public static Side? Side(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueSpan.SequenceEqual("Buy"u8)) return Domain.Instruments.Side.Buy;
            if (reader.ValueSpan.SequenceEqual("Sell"u8)) return Domain.Instruments.Side.Sell;
            if (reader.ValueSpan.IsEmpty) return null;
        }

        throw Wrong("Buy or Sell", ref reader);
    }

    public static Symbol? Symbol(ref Utf8JsonReader reader, SymbolTable symbols)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.String) throw Wrong("a symbol", ref reader);
        if (reader.ValueSpan.IsEmpty) return null;
        return reader.ValueIsEscaped ? new Symbol(reader.GetString()!) : symbols.Get(reader.ValueSpan);
    }

    public static WireFormatException Wrong(string expected, ref Utf8JsonReader reader)
    {
        var found = reader.TokenType is JsonTokenType.String or JsonTokenType.Number
            ? Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)])
            : reader.TokenType.ToString();
        return new WireFormatException(string.Create(
            CultureInfo.InvariantCulture, $"byte {reader.TokenStartIndex}: expected {expected}, found {found}"));
    }
}
