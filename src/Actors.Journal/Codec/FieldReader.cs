using System.Globalization;
using System.Text.Json;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Journal.Codec.Compact;

namespace Actors.Journal.Codec;

/// <summary>
/// Reads the fields of one object, in JSON or in the compact form. Each method throws <see cref="JournalFormatException"/> naming manifest and field when it is not what it must be.
/// </summary>
internal readonly struct FieldReader
{
    /// <summary>UTC to 100 ns: the one spelling of a time.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private const int TimeLength = 28;

    private readonly string _manifest;
    private readonly CompactDocument? _compact;
    private readonly int _from;
    private readonly int _end;

    public FieldReader(JsonElement element, string manifest)
    {
        Element = element;
        _manifest = manifest;
        if (element.ValueKind != JsonValueKind.Object) throw new JournalFormatException($"a record '{manifest}' holds no object where one must be");
    }

    public FieldReader(CompactDocument document, string manifest)
        : this(document, manifest, 0, document.Count)
    {
    }

    private FieldReader(CompactDocument document, string manifest, int from, int end) => (_compact, _manifest, _from, _end) = (document, manifest, from, end);

    /// <summary>In JSON only.</summary>
    public JsonElement Element { get; }

    public string Text(string name) => OptionalText(name) ?? throw Bad(name, "a text");

    public string? OptionalText(string name)
    {
        if (_compact is not null) return Find(name) is >= 0 and var at ? _compact.TextOf(at) ?? throw Bad(name, "a text") : null;
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
        if (_compact is not null) return Find(name, CompactKind.Number, "a whole number") is >= 0 and var at ? _compact.NumberOf(at) : null;
        if (!Element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Bad(name, "a whole number");
    }

    public decimal Decimal(string name) => OptionalDecimal(name) ?? throw Bad(name, "a decimal");

    public decimal? OptionalDecimal(string name)
    {
        if (_compact is not null) return Find(name, CompactKind.Decimal, "a decimal") is >= 0 and var at ? _compact.DecimalOf(at) : null;
        if (!Element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : throw Bad(name, "a decimal");
    }

    public bool Has(string name) => _compact is not null ? Find(name) >= 0 : Element.TryGetProperty(name, out _);

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
        if (_compact is not null) return _compact.CursorOf(Must(name, CompactKind.Cursor, "connection:frame"));
        var text = Text(name);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var connection)
            && long.TryParse(text.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var frame)
            ? new Cursor(connection, frame)
            : throw Bad(name, "connection:frame");
    }

    public DateTimeOffset Time(string name)
    {
        const string Expected = "a time in UTC with seven decimals";
        if (_compact is not null) return _compact.TimeOf(Must(name, CompactKind.Time, Expected));
        return TryTime(Text(name), out var time) ? time : throw Bad(name, Expected);
    }

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
        const string Expected = "a list of texts";
        var values = new List<string>();
        if (_compact is not null)
        {
            foreach (var at in CompactItems(name)) values.Add(_compact.TextOf(at) ?? throw Bad(name, Expected));
            return values;
        }

        foreach (var item in Items(name)) values.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Bad(name, Expected));
        return values;
    }

    public T Word<T>(string name, Words<T> words)
        where T : struct, Enum => words.TryRead(Text(name), out var value) ? value : throw Bad(name, $"one of {words}");

    public T? OptionalWord<T>(string name, Words<T> words)
        where T : struct, Enum => OptionalText(name) is not { } word ? null : words.TryRead(word, out var value) ? value : throw Bad(name, $"one of {words}");

    public IEnumerable<T> WordList<T>(string name, Words<T> words)
        where T : struct, Enum
    {
        var values = new List<T>();
        foreach (var word in TextList(name)) values.Add(words.TryRead(word, out var value) ? value : throw Bad(name, $"a list of {words}"));
        return values;
    }

    public FieldReader Object(string name)
    {
        const string Expected = "an object";
        if (_compact is not null) return Inside(Must(name, CompactKind.Object, Expected));
        return Element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? new FieldReader(value, _manifest) : throw Bad(name, Expected);
    }

    public IReadOnlyList<T> List<T>(string name, Func<FieldReader, T> read)
    {
        var values = new List<T>();
        if (_compact is not null)
        {
            foreach (var at in CompactItems(name)) values.Add(_compact.KindOf(at) == CompactKind.Object ? read(Inside(at)) : throw Bad(name, "a list of objects"));
            return values;
        }

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

    /// <summary>Where the field is in a compact record; below zero when it is not there.</summary>
    private int Find(string name) => _compact!.Find(name, _from, _end);

    private int Find(string name, CompactKind kind, string expected)
    {
        var at = _compact!.Find(name, _from, _end);
        return at < 0 || _compact.KindOf(at) == kind ? at : throw Bad(name, expected);
    }

    private int Must(string name, CompactKind kind, string expected) => Find(name, kind, expected) is >= 0 and var at ? at : throw Bad(name, expected);

    /// <summary>What is in an object: its fields follow it up to the one that comes next to it.</summary>
    private FieldReader Inside(int at) => new(_compact!, _manifest, at + 1, _compact!.Next(at));

    private IEnumerable<int> CompactItems(string name)
    {
        var list = Must(name, CompactKind.List, "a list");
        for (var at = list + 1; at < _compact!.Next(list); at = _compact.Next(at)) yield return at;
    }
}
