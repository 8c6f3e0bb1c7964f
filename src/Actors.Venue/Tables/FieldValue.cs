using System.Globalization;
using System.Text.Json;

namespace Actors.Venue.Tables;

/// <summary>What a cell holds.</summary>
internal enum FieldKind : byte
{
    /// <summary>Nothing; never written, for absent means null.</summary>
    Absent = 0,
    Number = 1,
    Text = 2,
    Flag = 3,
    Time = 4,
}

/// <summary>One cell of a table's row: small, comparable, and written to JSON without loss. Times are kept as UTC ticks.</summary>
internal readonly record struct FieldValue
{
    private FieldValue(FieldKind kind, decimal number, string? text)
    {
        Kind = kind;
        Number = number;
        Text = text;
    }

    public FieldKind Kind { get; }

    public decimal Number { get; }

    public string? Text { get; }

    public static FieldValue Of(long? value) => value is { } number ? new FieldValue(FieldKind.Number, number, null) : default;

    public static FieldValue Of(decimal? value) => value is { } number ? new FieldValue(FieldKind.Number, Shortened(number), null) : default;

    /// <summary>Empty text is absent.</summary>
    public static FieldValue Of(string? value) => string.IsNullOrEmpty(value) ? default : new FieldValue(FieldKind.Text, 0, value);

    public static FieldValue Of(bool value) => new(FieldKind.Flag, value ? 1 : 0, null);

    public static FieldValue Of(Guid value) => new(FieldKind.Text, 0, value.ToString());

    public static FieldValue Of(DateTimeOffset? value) => value is { } time ? new FieldValue(FieldKind.Time, time.UtcTicks, null) : default;

    public void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case FieldKind.Number when Number.Scale == 0 && Number is >= long.MinValue and <= long.MaxValue: writer.WriteNumberValue((long)Number); break;
            case FieldKind.Number: writer.WriteNumberValue(Number); break;
            case FieldKind.Text: writer.WriteStringValue(Text); break;
            case FieldKind.Flag: writer.WriteBooleanValue(Number != 0); break;
            case FieldKind.Time: WireTime.Write(writer, Time); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>Whether a JSON value of a query's filter means this cell.</summary>
    public bool Matches(JsonElement wanted) => wanted.ValueKind switch
    {
        JsonValueKind.Array => MatchesAny(wanted),
        JsonValueKind.Null => Kind == FieldKind.Absent,
        JsonValueKind.True => Kind == FieldKind.Flag && Number != 0,
        JsonValueKind.False => Kind == FieldKind.Flag && Number == 0,
        JsonValueKind.Number => Kind == FieldKind.Number && wanted.TryGetDecimal(out var number) && number == Number,
        JsonValueKind.String => MatchesText(wanted.GetString()!),
        _ => false,
    };

    /// <summary>Without the zeros at its end. The framework does that when it divides by one with 28 zeros, which takes longer than all the rest.</summary>
    private static decimal Shortened(decimal number)
    {
        if (number.Scale == 0) return number;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        if (parts[2] != 0) return number / 1.0000000000000000000000000000m;
        var (digits, scale) = ((unchecked((ulong)(uint)parts[1]) << 32) | unchecked((uint)parts[0]), (int)number.Scale);
        while (scale > 0 && digits % 10 == 0) (digits, scale) = (digits / 10, scale - 1);
        return new decimal(unchecked((int)digits), unchecked((int)(digits >> 32)), 0, number < 0, (byte)scale);
    }

    private DateTimeOffset Time => new((long)Number, TimeSpan.Zero);

    private bool MatchesAny(JsonElement wanted)
    {
        foreach (var element in wanted.EnumerateArray())
        {
            if (Matches(element)) return true;
        }

        return false;
    }

    private bool MatchesText(string wanted) => Kind switch
    {
        FieldKind.Text => string.Equals(Text, wanted, StringComparison.Ordinal),
        FieldKind.Time => DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.UtcTicks == Number,
        FieldKind.Number => decimal.TryParse(wanted, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number == Number,
        _ => Kind == FieldKind.Absent && wanted.Length == 0,
    };
}
