using System.Text.Json;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>The query grammar that all tables share: symbol, filter, columns, count, start, reverse, startTime, endTime.</summary>
internal sealed record TableQuery
{
    public string? Symbol { get; private init; }

    public JsonElement? Filter { get; private init; }

    public IReadOnlySet<string>? Columns { get; private init; }

    public int Count { get; private init; }

    public int Start { get; private init; }

    public bool IsReverse { get; private init; }

    public DateTimeOffset? StartTime { get; private init; }

    public DateTimeOffset? EndTime { get; private init; }

    public static TableQuery Read(RequestArguments arguments, int countMax, int countDefault = 100)
    {
        var columns = arguments.Texts("columns").SelectMany(text => text.Split(',')).ToHashSet(StringComparer.Ordinal);
        return new TableQuery
        {
            Symbol = arguments.Text("symbol"),
            Filter = arguments.Object("filter"),
            Columns = columns.Count == 0 ? null : columns,
            Count = Bounded(arguments, "count", countDefault, 1, countMax),
            Start = Bounded(arguments, "start", 0, 0, int.MaxValue),
            IsReverse = arguments.Flag("reverse") ?? false,
            StartTime = arguments.Time("startTime"),
            EndTime = arguments.Time("endTime"),
        };
    }

    /// <summary>The rows asked for as a JSON array. <paramref name="rows"/> come oldest first.</summary>
    public byte[] Answer<T>(Table<T> table, IEnumerable<FieldValue[]> rows)
    {
        var matching = rows.Where(Condition(table));
        if (IsReverse) matching = matching.Reverse();
        return Json.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var row in matching.Skip(Start).Take(Count)) table.Write(writer, row, Columns);
            writer.WriteEndArray();
        });
    }

    public byte[] Answer<T>(Table<T> table, IEnumerable<T> rows) => Answer(table, rows.Select(table.Read));

    /// <summary>
    /// What the query asks of a row. Throws <see cref="RequestException"/> when the filter names a column that is not there.
    /// </summary>
    public Func<FieldValue[], bool> Condition<T>(Table<T> table)
    {
        var conditions = new List<Func<FieldValue[], bool>>();
        if (Symbol is not null && Index(table, "symbol") is { } symbol)
            conditions.Add(row => string.Equals(row[symbol].Text, Symbol, StringComparison.OrdinalIgnoreCase));
        if (Index(table, "timestamp") is { } time)
        {
            if (StartTime is { } from) conditions.Add(row => row[time].Number >= from.UtcTicks);
            if (EndTime is { } to) conditions.Add(row => row[time].Number <= to.UtcTicks);
        }

        if (Filter is { } filter)
            conditions.AddRange(filter.EnumerateObject().Select(wanted => Matching(table, wanted.Name, wanted.Value.Clone())));
        return row => conditions.TrueForAll(condition => condition(row));
    }

    private static Func<FieldValue[], bool> Matching<T>(Table<T> table, string name, JsonElement wanted)
    {
        if (name is "open" or "ordStatus.isTerminated" && Index(table, "ordStatus") is { } status)
        {
            if (wanted.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                throw RequestException.Invalid($"Invalid filter: {name} is true or false");
            var wantsOpen = wanted.GetBoolean() == (name == "open");
            return row => row[status].Text is "New" or "PartiallyFilled" == wantsOpen;
        }

        if (name is "startTime" or "endTime" && Index(table, "timestamp") is { } time)
        {
            var bound = wanted.ValueKind == JsonValueKind.String && wanted.TryGetDateTimeOffset(out var parsed) ? parsed.UtcTicks : throw RequestException.Invalid($"Invalid filter: {name} is a time");
            return row => name == "startTime" ? row[time].Number >= bound : row[time].Number <= bound;
        }

        var index = Index(table, name) ?? throw RequestException.Invalid($"Invalid filter: {name} is not a column");
        return row => row[index].Matches(wanted);
    }

    private static int? Index<T>(Table<T> table, string name)
    {
        for (var i = 0; i < table.Fields.Count; i++)
        {
            if (table.Fields[i].Name == name) return i;
        }

        return null;
    }

    private static int Bounded(RequestArguments arguments, string name, int absent, int low, int high)
    {
        var value = arguments.Whole(name) ?? absent;
        return value >= low && value <= high ? (int)value : throw RequestException.Invalid($"Invalid {name}: expected {low} to {high}");
    }
}
