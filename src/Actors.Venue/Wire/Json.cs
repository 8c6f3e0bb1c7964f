using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>Writes answers and frames: UTF-8, nothing escaped that JSON does not demand.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        content(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A data frame of a table: the rows are written by <paramref name="rows"/>.</summary>
    public static byte[] Frame(string table, string action, Action<Utf8JsonWriter> rows) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("table", table);
        writer.WriteString("action", action);
        writer.WriteStartArray("data");
        rows(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>A frame that replaces a client's slice of a table.</summary>
    public static byte[] Partial<T>(Table<T> table, string? symbol, long? account, IEnumerable<FieldValue[]> rows) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("table", table.Name);
        writer.WriteString("action", "partial");
        table.WriteSchema(writer);
        writer.WriteStartObject("filter");
        if (account is { } number) writer.WriteNumber("account", number);
        if (symbol is not null) writer.WriteString("symbol", symbol);
        writer.WriteEndObject();
        writer.WriteStartArray("data");
        foreach (var row in rows) table.Write(writer, row);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>An error body as every refused request gets.</summary>
    public static byte[] Error(string message, string name = "HTTPError") => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", message);
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
