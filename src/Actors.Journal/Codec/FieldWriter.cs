using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Journal.Codec.Compact;

namespace Actors.Journal.Codec;

/// <summary>Writes the fields of one object, in JSON or in the compact form. A null is left out, so that "absent" has one spelling.</summary>
internal readonly struct FieldWriter
{
    private readonly Utf8JsonWriter? _json;
    private readonly CompactWriter? _compact;

    public FieldWriter(Utf8JsonWriter json) => _json = json;

    public FieldWriter(CompactWriter compact) => _compact = compact;

    public FieldWriter Text(string name, string value)
    {
        if (value is null) throw new JournalFormatException($"field '{name}' has no value");
        if (_compact is not null) _compact.Text(name, value);
        else _json!.WriteString(name, value);
        return this;
    }

    public FieldWriter OptionalText(string name, string? value) => value is null ? this : Text(name, value);

    public FieldWriter Number(string name, long value)
    {
        if (_compact is not null) _compact.Number(name, value);
        else _json!.WriteNumber(name, value);
        return this;
    }

    public FieldWriter OptionalNumber(string name, long? value) => value is { } number ? Number(name, number) : this;

    /// <summary>All digits of the decimal, trailing zeros too.</summary>
    public FieldWriter Decimal(string name, decimal value)
    {
        if (_compact is not null) _compact.Decimal(name, value);
        else _json!.WriteNumber(name, value);
        return this;
    }

    public FieldWriter OptionalDecimal(string name, decimal? value) => value is { } known ? Decimal(name, known) : this;

    public FieldWriter Cursor(string name, Cursor value)
    {
        if (_compact is not null)
        {
            _compact.Cursor(name, value);
            return this;
        }

        Span<byte> text = stackalloc byte[CursorLength];
        _json!.WriteString(name, text[..Write(value, text)]);
        return this;
    }

    /// <summary>In UTC, to 100 ns.</summary>
    public FieldWriter Time(string name, DateTimeOffset value)
    {
        if (_compact is not null)
        {
            _compact.Time(name, value);
            return this;
        }

        Span<byte> text = stackalloc byte[TimeLength];
        _json!.WriteString(name, text[..Write(value, text)]);
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
        if (_compact is not null) _compact.BeginList(name);
        else _json!.WriteStartArray(name);
        foreach (var value in values) Item(value);
        EndList();
        return this;
    }

    public FieldWriter Word<T>(string name, T value, Words<T> words)
        where T : struct, Enum => Text(name, words.Of(value));

    public FieldWriter OptionalWord<T>(string name, T? value, Words<T> words)
        where T : struct, Enum => OptionalText(name, value is { } word ? words.Of(word) : null);

    public FieldWriter WordList<T>(string name, IEnumerable<T> values, Words<T> words)
        where T : struct, Enum => TextList(name, values.Select(words.Of));

    public FieldWriter Object<T>(string name, T value, Action<FieldWriter, T> write)
    {
        if (_compact is not null) _compact.BeginObject(name);
        else _json!.WriteStartObject(name);
        write(this, value);
        EndObject();
        return this;
    }

    public FieldWriter List<T>(string name, IEnumerable<T> values, Action<FieldWriter, T> write)
    {
        if (_compact is not null) _compact.BeginList(name);
        else _json!.WriteStartArray(name);
        foreach (var value in values)
        {
            if (_compact is not null) _compact.BeginObject(null);
            else _json!.WriteStartObject();
            write(this, value);
            EndObject();
        }

        EndList();
        return this;
    }

    public FieldWriter Order(ClientOrderId id) => Text("id", id.Value);

    public FieldWriter Symbol(Symbol symbol) => Text("symbol", symbol.Value);

    public FieldWriter Ticks(string name, Price? price) => OptionalNumber(name, price?.Ticks);

    public FieldWriter Contracts(string name, Quantity? quantity) => OptionalNumber(name, quantity?.Contracts);

    private void Item(string value)
    {
        if (_compact is not null) _compact.Text(null, value);
        else _json!.WriteStringValue(value);
    }

    private void EndObject()
    {
        if (_compact is not null) _compact.End();
        else _json!.WriteEndObject();
    }

    private void EndList()
    {
        if (_compact is not null) _compact.End();
        else _json!.WriteEndArray();
    }
}
