using System.Globalization;
using System.Text.Json;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// What a filter asks of a table's rows: a value for a column, a list of values of which one must match, a part of a time
/// (<c>timestamp.hh</c>), a symbol's root or series, and some names that are no columns. Parts of a name may be written with dots or as
/// nested objects.
/// </summary>
internal sealed class TableFilter<T>(Table<T> table, Exchange? exchange)
{
    private readonly List<Func<FieldValue[], bool>> _conditions = [];

    public bool Matches(FieldValue[] row) => _conditions.TrueForAll(condition => condition(row));

    public void AddSymbol(string symbol)
    {
        if (Index("symbol") is { } index) _conditions.Add(IsSymbol(index, [symbol]));
    }

    public void AddTimes(DateTimeOffset? from, DateTimeOffset? to)
    {
        if (Index("timestamp") is not { } time) return;
        if (from is { } start) _conditions.Add(row => row[time].Number >= start.UtcTicks);
        if (to is { } end) _conditions.Add(row => row[time].Number <= end.UtcTicks);
    }

    /// <summary>Adds every property of an object below <paramref name="prefix"/>. Throws <see cref="RequestException"/>.</summary>
    public void Add(string prefix, JsonElement wanted)
    {
        foreach (var property in wanted.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object) Add(name + ".", property.Value);
            else _conditions.Add(Condition(name, property.Value.Clone()));
        }
    }

    private Func<FieldValue[], bool> Condition(string name, JsonElement wanted)
    {
        if (name is "open" or "ordStatus.isTerminated" && Index("ordStatus") is { } status) return IsOpen(name, status, wanted);
        if (name is "startTime" or "endTime" && Index("timestamp") is { } time)
        {
            var bound = WireTime.True(Time(name, wanted)).UtcTicks;
            return name == "startTime" ? row => row[time].Number >= bound : row => row[time].Number <= bound;
        }

        if (name == "symbol" && Index("symbol") is { } symbol) return IsSymbol(symbol, Texts(name, wanted));
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && Index(name[..dot]) is { } part && table.Fields[part].Type == "timestamp") return HasPart(part, name, name[(dot + 1)..], wanted);
        var index = Index(name) ?? throw RequestException.Invalid($"Invalid filter: {OrderArguments.Bounded(name)} is not a column");
        return row => row[index].Matches(wanted);
    }

    private static Func<FieldValue[], bool> IsOpen(string name, int status, JsonElement wanted)
    {
        if (wanted.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw RequestException.Invalid($"Invalid filter: {name} is true or false");
        var wantsOpen = wanted.GetBoolean() == (name == "open");
        return row => row[status].Text is "New" or "PartiallyFilled" == wantsOpen;
    }

    private Func<FieldValue[], bool> IsSymbol(int index, IReadOnlyList<string> texts)
    {
        var symbols = new HashSet<string>(texts, StringComparer.OrdinalIgnoreCase);
        if (exchange is not null) symbols.UnionWith(texts.SelectMany(text => SymbolQuery.Resolve(text, exchange)).Select(instrument => instrument.Symbol));
        return row => row[index].Text is { } text && symbols.Contains(text);
    }

    private static Func<FieldValue[], bool> HasPart(int index, string name, string part, JsonElement wanted)
    {
        var values = Texts(name, wanted);
        if (!TimeParts.IsPart(part)) throw RequestException.Invalid($"Invalid filter: {OrderArguments.Bounded(name)} is not a column");
        return row => row[index].Kind == FieldKind.Time
            && values.Any(value => TimeParts.Matches(WireTime.Shown(new DateTimeOffset((long)row[index].Number, TimeSpan.Zero)), part, value));
    }

    private static DateTimeOffset Time(string name, JsonElement wanted) =>
        wanted.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(wanted.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw RequestException.Invalid($"Invalid filter: {name} is a time");

    private static List<string> Texts(string name, JsonElement wanted)
    {
        var elements = wanted.ValueKind == JsonValueKind.Array ? [.. wanted.EnumerateArray()] : new List<JsonElement> { wanted };
        return elements.ConvertAll(element => element.ValueKind switch
        {
            JsonValueKind.String => element.GetString()!,
            JsonValueKind.Number => element.GetRawText(),
            _ => throw RequestException.Invalid($"Invalid filter: {OrderArguments.Bounded(name)} is a text, a number or a list of them"),
        });
    }

    private int? Index(string name)
    {
        for (var i = 0; i < table.Fields.Count; i++)
        {
            if (table.Fields[i].Name == name) return i;
        }

        return null;
    }
}
