using System.Globalization;
using System.Text.Json;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Journal.Codec;

/// <summary>Reads the fields of one JSON object. Each method throws <see cref="JournalFormatException"/> naming manifest and field when it is not what it must be.</summary>
internal readonly struct FieldReader
{
    /// <summary>UTC to 100 ns: the one spelling of a time.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private const int TimeLength = 28;

    private readonly string _manifest;

    public FieldReader(JsonElement element, string manifest)
    {
        Element = element;
        _manifest = manifest;
        if (element.ValueKind != JsonValueKind.Object) throw new JournalFormatException($"a record '{manifest}' holds no object where one must be");
    }

    public JsonElement Element { get; }

    public string Text(string name) => OptionalText(name) ?? throw Bad(name, "a text");

    public string? OptionalText(string name)
    {
        if (!Element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(name, "a text");
    }

    public long Number(string name) => OptionalNumber(name) ?? throw Bad(name, "a whole number");

    /// <summary>A number that fits 32 bits.</summary>
    public int SmallNumber(string name)
    {
        var value = Number(name);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Bad(name, "a whole number of 32 bits");
    }

    public long? OptionalNumber(string name)
    {
        if (!Element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Bad(name, "a whole number");
    }

    public decimal Decimal(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            ? number
            : throw Bad(name, "a decimal");

    public decimal? OptionalDecimal(string name) => Has(name) ? Decimal(name) : null;

    public bool Has(string name) => Element.TryGetProperty(name, out _);

    /// <summary>A step that prices can lie on.</summary>
    public TickSize Tick(string name)
    {
        var step = Decimal(name);
        try
        {
            return TickSize.From(step);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Bad(name, "a tick between 1e-12 and 1e6");
        }
    }

    public Cursor Cursor(string name)
    {
        var text = Text(name);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var connection)
            && long.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var frame)
            ? new Cursor(connection, frame)
            : throw Bad(name, "connection:frame");
    }

    public DateTimeOffset Time(string name) => TryTime(Text(name), out var time) ? time : throw Bad(name, "a time in UTC with seven decimals");

    /// <summary><see cref="TimeFormat"/> digit by digit, several times as fast as by a format: a record of inputs has hundreds of times.</summary>
    internal static bool TryTime(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != TimeLength || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[27] != 'Z') return false;
        if (!Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day) || !Digits(text, 11, 2, out var hour)
            || !Digits(text, 14, 2, out var minute) || !Digits(text, 17, 2, out var second) || !Digits(text, 20, 7, out var fraction)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(fraction);
        return true;
    }

    private static bool Digits(string text, int from, int count, out int value)
    {
        value = 0;
        for (var at = from; at < from + count; at++)
        {
            if (!char.IsAsciiDigit(text[at])) return false;
            value = (value * 10) + (text[at] - '0');
        }

        return true;
    }

    public DateTimeOffset? OptionalTime(string name) => Has(name) ? Time(name) : null;

    public IReadOnlyList<string> TextList(string name)
    {
        var values = new List<string>();
        foreach (var item in Items(name)) values.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Bad(name, "a list of texts"));
        return values;
    }

    public T Word<T>(string name, Words<T> words)
        where T : struct, Enum => words.TryRead(Text(name), out var value) ? value : throw Bad(name, $"one of {words}");

    public T? OptionalWord<T>(string name, Words<T> words)
        where T : struct, Enum => Element.TryGetProperty(name, out _) ? Word(name, words) : null;

    public IEnumerable<T> WordList<T>(string name, Words<T> words)
        where T : struct, Enum
    {
        var values = new List<T>();
        foreach (var item in Items(name))
        {
            if (item.ValueKind != JsonValueKind.String || !words.TryRead(item.GetString()!, out var value)) throw Bad(name, $"a list of {words}");
            values.Add(value);
        }

        return values;
    }

    public FieldReader Object(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? new FieldReader(value, _manifest)
            : throw Bad(name, "an object");

    public IReadOnlyList<T> List<T>(string name, Func<FieldReader, T> read)
    {
        var values = new List<T>();
        foreach (var item in Items(name)) values.Add(read(new FieldReader(item, _manifest)));
        return values;
    }

    public ClientOrderId Order() => new(Text("id"));

    public Symbol Symbol() => new(Text("symbol"));

    public Price Ticks(string name) => new(Number(name));

    public Price? OptionalTicks(string name) => OptionalNumber(name) is { } ticks ? new Price(ticks) : null;

    public Quantity Contracts(string name) => new(Number(name));

    public Quantity? OptionalContracts(string name) => OptionalNumber(name) is { } contracts ? new Quantity(contracts) : null;

    public JournalFormatException Bad(string name, string expected) => new($"a record '{_manifest}' has a bad field '{name}': {expected} was expected");

    private JsonElement.ArrayEnumerator Items(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Bad(name, "a list");
}
