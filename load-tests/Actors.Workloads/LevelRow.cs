using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Workloads;

/// <summary>A level of a simulated book; price in ticks of a tenth.</summary>
internal readonly record struct LevelRow(long Id, Side Side, long Size, long Ticks);

/// <summary>One simulated message: what it does, to which instrument, with which rows.</summary>
internal sealed record LevelMessage(string Symbol, BookAction Action, IReadOnlyList<LevelRow> Rows)
{
    private static readonly DateTime Start = new(2026, 9, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// The text of the newest form: arbitrary identifiers, price and both times on every row, no size where a level is deleted, and a
    /// partial that carries keys, types and filter.
    /// </summary>
    public Frame ToFrame(long number)
    {
        var published = Start.AddMilliseconds(number * 7);
        var text = new System.Text.StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"table\":\"orderBookL2\",\"action\":\"{Name(Action)}\",");
        if (Action == BookAction.Snapshot)
        {
            text.Append("\"keys\":[\"symbol\",\"id\",\"side\"],\"types\":{\"symbol\":\"symbol\",\"id\":\"long\",\"side\":\"symbol\",");
            text.Append("\"size\":\"long\",\"price\":\"float\",\"timestamp\":\"timestamp\",\"transactTime\":\"timestamp\"},");
            text.Append(CultureInfo.InvariantCulture, $"\"filter\":{{\"symbol\":\"{Symbol}\"}},");
        }

        text.Append("\"data\":[");
        for (var i = 0; i < Rows.Count; i++)
        {
            if (i > 0) text.Append(',');
            Write(text, Rows[i], published, published.AddMilliseconds(-3 - (i % 20)));
        }

        text.Append("]}");
        return new Frame(System.Text.Encoding.UTF8.GetBytes(text.ToString()), Rows.Count);
    }

    private void Write(System.Text.StringBuilder text, LevelRow row, DateTime published, DateTime transacted)
    {
        text.Append(CultureInfo.InvariantCulture, $"{{\"symbol\":\"{Symbol}\",\"id\":{row.Id},\"side\":\"{row.Side}\",");
        if (Action != BookAction.Delete) text.Append(CultureInfo.InvariantCulture, $"\"size\":{row.Size},");
        text.Append(CultureInfo.InvariantCulture, $"\"price\":{row.Ticks / 10m:0.0##},");
        text.Append(CultureInfo.InvariantCulture, $"\"timestamp\":\"{published:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\",");
        text.Append(CultureInfo.InvariantCulture, $"\"transactTime\":\"{transacted:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"}}");
    }

    private static string Name(BookAction action) => action switch
    {
        BookAction.Snapshot => "partial",
        BookAction.Insert => "insert",
        BookAction.Update => "update",
        _ => "delete",
    };
}
