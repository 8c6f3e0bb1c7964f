using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>Writes answers and frames: UTF-8, nothing escaped that JSON does not demand.</summary>
internal static class Json
{
    public static readonly byte[] EmptyList = "[]"u8.ToArray();

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int SpareMax = 1024 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _spare;

    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 8 };

    public static byte[] Write(Action<Utf8JsonWriter> content) => Write(content, static (writer, write) => write(writer));

    /// <summary>As <see cref="Write(Action{Utf8JsonWriter})"/>, with what is written handed in, so that nothing has to be captured.</summary>
    public static byte[] Write<T>(T state, Action<Utf8JsonWriter, T> content)
    {
        // One writer a thread; whoever writes while another is being written has one of its own.
        var (buffer, writer) = _spare ?? (new ArrayBufferWriter<byte>(4_096), new Utf8JsonWriter(Stream.Null, Options));
        _spare = null;
        writer.Reset(buffer);
        content(writer, state);
        writer.Flush();
        var written = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > SpareMax) return written;
        buffer.ResetWrittenCount();
        _spare = (buffer, writer);
        return written;
    }

    /// <summary>
    /// Reads JSON from a stranger: at most eight deep, and every text in it can be read. Throws <see cref="JsonException"/> for anything
    /// else, also for texts that no text can hold, which the library only finds when they are asked for.
    /// </summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Limits);
        try
        {
            Touch(document.RootElement);
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException("a text is not valid", broken);
        }

        return document.RootElement.Clone();
    }

    public static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    public static byte[] Object(Action<Utf8JsonWriter> properties) => Write(writer =>
    {
        writer.WriteStartObject();
        properties(writer);
        writer.WriteEndObject();
    });

    /// <summary>A list of objects, the properties of each written by <paramref name="properties"/>.</summary>
    public static byte[] List<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> properties) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStartObject();
            properties(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    public static byte[] Row<T>(Table<T> table, T row) => Write(writer => table.Write(writer, row));

    public static byte[] Rows<T>(Table<T> table, IEnumerable<T> rows) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var row in rows) table.Write(writer, row);
        writer.WriteEndArray();
    });

    /// <summary>A data frame of a table: the rows are written by <paramref name="rows"/>.</summary>
    public static byte[] Frame(string table, string action, Action<Utf8JsonWriter> rows) => Frame(table, action, rows, static (writer, write) => write(writer));

    /// <summary>As <see cref="Frame(string, string, Action{Utf8JsonWriter})"/>, with what is written handed in, so that nothing has to be captured.</summary>
    public static byte[] Frame<T>(string table, string action, T state, Action<Utf8JsonWriter, T> rows) => Write((table, action, state, rows), static (writer, frame) =>
    {
        writer.WriteStartObject();
        writer.WriteString("table"u8, frame.table);
        writer.WriteString("action"u8, frame.action);
        writer.WriteStartArray("data"u8);
        frame.rows(writer, frame.state);
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

    private static void Touch(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) _ = element.GetString();
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Touch(item);
        }

        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var property in element.EnumerateObject())
        {
            _ = property.Name;
            Touch(property.Value);
        }
    }
}
