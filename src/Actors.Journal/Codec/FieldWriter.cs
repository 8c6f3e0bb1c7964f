using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Journal.Codec;

/// <summary>Writes the fields of one JSON object. A null is left out, so that "absent" has one spelling.</summary>
internal readonly struct FieldWriter(Utf8JsonWriter json)
{
    public FieldWriter Text(string name, string value)
    {
        json.WriteString(name, value ?? throw new JournalFormatException($"field '{name}' has no value"));
        return this;
    }

    public FieldWriter OptionalText(string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
        return this;
    }

    public FieldWriter Number(string name, long value)
    {
        json.WriteNumber(name, value);
        return this;
    }

    public FieldWriter OptionalNumber(string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        return this;
    }

    /// <summary>All digits of the decimal, trailing zeros too.</summary>
    public FieldWriter Decimal(string name, decimal value)
    {
        json.WriteNumber(name, value);
        return this;
    }

    public FieldWriter OptionalDecimal(string name, decimal? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        return this;
    }

    public FieldWriter Cursor(string name, Cursor value)
    {
        Span<byte> text = stackalloc byte[CursorLength];
        json.WriteString(name, text[..Write(value, text)]);
        return this;
    }

    /// <summary>In UTC, to 100 ns.</summary>
    public FieldWriter Time(string name, DateTimeOffset value)
    {
        Span<byte> text = stackalloc byte[TimeLength];
        json.WriteString(name, text[..Write(value, text)]);
        return this;
    }

    /// <summary>Bytes of any cursor, and of any time, at most.</summary>
    public const int CursorLength = 32;
    public const int TimeLength = 28;

    /// <summary><see cref="FieldReader.TimeFormat"/>, which is the runtime's round-trip format of a time in UTC; the number of bytes.</summary>
    public static int Write(DateTimeOffset value, Span<byte> to) => value.UtcDateTime.TryFormat(to, out var length, "O", CultureInfo.InvariantCulture) ? length : throw new UnreachableException();

    public static int Write(Cursor value, Span<byte> to) => Utf8.TryWrite(to, CultureInfo.InvariantCulture, $"{value.Connection}:{value.Frame}", out var length) ? length : throw new UnreachableException();

    public FieldWriter OptionalTime(string name, DateTimeOffset? value) => value is { } time ? Time(name, time) : this;

    public FieldWriter TextList(string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
        return this;
    }

    public FieldWriter Word<T>(string name, T value, Words<T> words)
        where T : struct, Enum => Text(name, words.Of(value));

    public FieldWriter OptionalWord<T>(string name, T? value, Words<T> words)
        where T : struct, Enum => OptionalText(name, value is { } word ? words.Of(word) : null);

    public FieldWriter WordList<T>(string name, IEnumerable<T> values, Words<T> words)
        where T : struct, Enum
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(words.Of(value));
        json.WriteEndArray();
        return this;
    }

    public FieldWriter Object<T>(string name, T value, Action<FieldWriter, T> write)
    {
        json.WriteStartObject(name);
        write(this, value);
        json.WriteEndObject();
        return this;
    }

    public FieldWriter List<T>(string name, IEnumerable<T> values, Action<FieldWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            write(this, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return this;
    }

    public FieldWriter Order(ClientOrderId id) => Text("id", id.Value);

    public FieldWriter Symbol(Symbol symbol) => Text("symbol", symbol.Value);

    public FieldWriter Ticks(string name, Price? price) => OptionalNumber(name, price?.Ticks);

    public FieldWriter Contracts(string name, Quantity? quantity) => OptionalNumber(name, quantity?.Contracts);
}
