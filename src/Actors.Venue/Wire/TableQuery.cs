using System.Text.Json;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>The query grammar that all tables share: symbol, filter, columns, count, start, reverse, startTime, endTime, _format.</summary>
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

    /// <summary>What the exchange lists, so that roots and series can be resolved; null takes a symbol as it is.</summary>
    private Exchange? Listed { get; init; }

    public static TableQuery Read(RequestArguments arguments, int countMax, int countDefault = 100, Exchange? exchange = null)
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
            StartTime = arguments.Time("startTime") is { } from ? WireTime.True(from) : null,
            EndTime = arguments.Time("endTime") is { } to ? WireTime.True(to) : null,
            Listed = exchange,
        };
    }

    public static TableQuery Read(RestCall call, int countMax, int countDefault = 100) => Read(call.Arguments, countMax, countDefault, call.Exchange);

    /// <summary>The same query for a table whose rows come newest first unless asked otherwise.</summary>
    public TableQuery With(bool isReverse) => this with { IsReverse = isReverse };

    /// <summary>The answer as JSON or, when the query asks for it and the answer is a list, as comma-separated values.</summary>
    public static RestAnswer Format(RequestArguments arguments, byte[] json)
    {
        var format = arguments.IsText("_format") ? arguments.Text("_format") : null;
        return format switch
        {
            null or "json" => new RestAnswer(json, RestAnswer.Json),
            "csv" when json.Length > 0 && json[0] == (byte)'[' => new RestAnswer(CommaSeparated.Of(json), RestAnswer.Csv),
            _ => throw RequestException.Invalid("Invalid _format: expected json, or csv for a table"),
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
        var filter = new TableFilter<T>(table, Listed);
        if (Symbol is not null) filter.AddSymbol(Symbol);
        filter.AddTimes(StartTime, EndTime);
        if (Filter is { } wanted) filter.Add("", wanted);
        return filter.Matches;
    }

    private static int Bounded(RequestArguments arguments, string name, int absent, int low, int high)
    {
        var value = arguments.Whole(name) ?? absent;
        return value >= low && value <= high ? (int)value : throw RequestException.Invalid($"Invalid {name}: expected {low} to {high}");
    }
}
