using System.Text.Json;
using Actors.Bitmex.Wire;

namespace Actors.Bitmex.Rest;

/// <summary>Reads the rows of an answer's body: an array of objects, or a single one.</summary>
internal static class RestRows
{
    /// <summary>The rows, or null with the reason in words when the body is not what was expected.</summary>
    public static List<TRow>? Read<TRow>(byte[] body, Func<TRow> create, out string reason)
        where TRow : class, IWireRow
    {
        reason = string.Empty;
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            var rows = new List<TRow>();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                rows.Add(One(ref reader, create));
            }
            else
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) rows.Add(One(ref reader, create));
            }

            while (reader.Read())
            {
                // To the end: a body that was cut or goes on is no answer.
            }

            return rows;
        }
        catch (Exception broken) when (broken is JsonException or WireFormatException or InvalidOperationException)
        {
            reason = WireFormatException.OneLine($"unreadable answer: {broken.Message}");
            return null;
        }
    }

    private static TRow One<TRow>(ref Utf8JsonReader reader, Func<TRow> create)
        where TRow : class, IWireRow
    {
        var row = create();
        WireReader.Object(ref reader, row);
        return row;
    }
}
