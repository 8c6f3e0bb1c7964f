using System.Globalization;
using System.Text.Json;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>What a vector says cannot be turned into a calculation; the reason in words.</summary>
internal sealed class NotUnderstoodException(string message) : Exception(message);

/// <summary>The named values of one part of a vector, read leniently: numbers may be strings, null is absent.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, JsonElement> _values = [];

    public Fields(string part, JsonElement? element)
    {
        Part = part;
        if (element is not { ValueKind: JsonValueKind.Object } values) return;
        foreach (var value in values.EnumerateObject())
        {
            if (value.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)) _values[value.Name] = value.Value;
        }
    }

    public string Part { get; }

    public IEnumerable<string> Names => _values.Keys;

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The value as written, without quotes; null when absent.</summary>
    public string? Text(string name) => !_values.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.GetRawText();

    public decimal? Number(string name)
    {
        if (Text(name) is not { } text) return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new NotUnderstoodException($"{Part}.{name}: {text} is no number that can be read");
    }

    public decimal Need(string name) => Number(name) ?? throw new NotUnderstoodException($"{Part}.{name} is missing");

    public long? Whole(string name)
    {
        if (Number(name) is not { } number) return null;
        return decimal.Truncate(number) == number && Math.Abs(number) <= long.MaxValue
            ? (long)number
            : throw new NotUnderstoodException($"{Part}.{name}: {number} is no whole number");
    }

    public long NeedWhole(string name) => Whole(name) ?? throw new NotUnderstoodException($"{Part}.{name} is missing");

    public bool? Flag(string name) => Text(name)?.ToUpperInvariant() switch
    {
        null or "" => null,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        var other => throw new NotUnderstoodException($"{Part}.{name}: {other} is neither true nor false"),
    };

    public DateTimeOffset NeedTime(string name) => DateTimeOffset.TryParse(
        Text(name) ?? throw new NotUnderstoodException($"{Part}.{name} is missing"),
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal,
        out var time) ? time : throw new NotUnderstoodException($"{Part}.{name} is no time");

    /// <summary>Rows of numbers; throws where they are none.</summary>
    public decimal[][] NeedRows(string name) => [.. NeedList(name).Select(row => row.ValueKind == JsonValueKind.Array
        ? row.EnumerateArray().Select(cell => Cell(name, cell)).ToArray()
        : throw new NotUnderstoodException($"{Part}.{name} is no list of rows"))];

    public decimal[] NeedNumbers(string name) => [.. NeedList(name).Select(cell => Cell(name, cell))];

    /// <summary>Digits after the point as shown.</summary>
    public int ShownDecimals(string name) => Number(name) is { } number ? number.Scale : 0;

    /// <summary>Fills what is absent here from another, unless it is disputed there.</summary>
    public void Fill(string name, JsonElement value) => _values.TryAdd(name, value);

    public JsonElement Raw(string name) => _values[name];

    private JsonElement.ArrayEnumerator NeedList(string name) => _values.TryGetValue(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray()
        : throw new NotUnderstoodException($"{Part}.{name} is no list");

    private decimal Cell(string name, JsonElement cell) => decimal.TryParse(cell.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new NotUnderstoodException($"{Part}.{name}: {cell} is no number that can be read");
}
