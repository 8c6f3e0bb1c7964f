using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Actors.Journal.Codec;

/// <summary>
/// Writes the envelope that all records in JSON share. Each thread has one buffer and one writer, used for one record after the other: new ones for
/// each would be most of what a short record allocates.
/// </summary>
internal static class JsonRecord
{
    // People read these bytes in a database shell: quotes and umlauts stay what they are. They are never embedded in a page as they stand.
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes that are held on to; what one longer record took is let go.</summary>
    private const int KeptMost = 64 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _ofThread;

    /// <summary>A record whose event has the fields that <paramref name="write"/> writes.</summary>
    public static byte[] Write<T>(in Envelope envelope, T happened, Action<FieldWriter, T> write)
    {
        var (buffer, json) = Take();
        Span<byte> text = stackalloc byte[2 * JournalRecord.HashLength];
        json.WriteStartObject();
        json.WriteString("at"u8, text[..FieldWriter.Write(envelope.At, text)]);
        json.WriteString("cursor"u8, text[..FieldWriter.Write(envelope.Cursor, text)]);
        Convert.TryToHexStringLower(envelope.Previous.Span, text, out var length);
        json.WriteString("prev"u8, text[..length]);
        json.WriteStartObject("event"u8);
        write(new FieldWriter(json), happened);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Empty, whatever became of the record before.</summary>
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Take()
    {
        if (_ofThread is not { } kept || kept.Buffer.Capacity > KeptMost)
        {
            var buffer = new ArrayBufferWriter<byte>(4 * 1024);
            _ofThread = kept = (buffer, new Utf8JsonWriter(buffer, Written));
        }

        kept.Buffer.ResetWrittenCount();
        kept.Json.Reset();
        return kept;
    }
}
