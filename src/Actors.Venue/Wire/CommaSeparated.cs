using System.Text;
using System.Text.Json;

namespace Actors.Venue.Wire;

/// <summary>Turns a JSON list of flat rows into comma-separated values: one head of all columns met, in the order of meeting them.</summary>
internal static class CommaSeparated
{
    public static byte[] Of(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var rows = document.RootElement.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object).ToList();
        var columns = rows.SelectMany(row => row.EnumerateObject().Select(property => property.Name)).Distinct(StringComparer.Ordinal).ToList();
        var text = new StringBuilder(string.Join(',', columns.Select(column => Cell(column)))).Append('\n');
        foreach (var row in rows)
        {
            text.Append(string.Join(',', columns.Select(column => row.TryGetProperty(column, out var value) ? Cell(Text(value)) : ""))).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
