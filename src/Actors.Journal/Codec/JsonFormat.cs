using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Journal.Codec.Compact;

namespace Actors.Journal.Codec;

/// <summary>A format in JSON: the envelope is the same for all, the event's own fields are written and read by hand.</summary>
/// <param name="name">The stable name.</param>
/// <param name="write">Writes the event's fields at the newest version.</param>
/// <param name="read">Reads the event's fields at the newest version.</param>
/// <param name="upgrades">Each turns the fields of one version into those of the next: the first from version 1 to 2. None: version 1 is the newest.</param>
internal sealed class JsonFormat<T>(
    string name, Action<FieldWriter, T> write, Func<FieldReader, T> read, params IReadOnlyList<Func<JsonObject, JsonObject>> upgrades)
    : RecordFormat(name, upgrades.Count + 1, typeof(T))
    where T : class
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public override byte[] Write(object happened, in Envelope envelope) => WriteWords(happened, envelope);

    public override bool IsWords(string manifest) => true;

    public override byte[] WriteWords(object happened, in Envelope envelope) => JsonRecord.Write(envelope, (T)happened, write);

    /// <summary>The version after this one: the same fields in the compact form.</summary>
    public RecordFormat Compact() => new CompactFormat<T>(this);

    /// <summary>The event's own fields at the newest version, in whatever form.</summary>
    public void WriteFields(FieldWriter to, T happened) => write(to, happened);

    /// <summary>The same back.</summary>
    public T ReadFields(FieldReader from) => read(from);

    public override (object Happened, Envelope Envelope) Read(int version, ReadOnlyMemory<byte> bytes) =>
        Parse($"{Name}/{version}", bytes, version) is ({ } happened, var envelope) ? (happened, envelope) : throw new UnreachableException();

    public override Envelope ReadEnvelope(string manifest, ReadOnlyMemory<byte> bytes) => Parse(manifest, bytes, null).Envelope;

    /// <summary>The hash stands before the event, as every build wrote it: what follows is not looked at.</summary>
    public override ReadOnlyMemory<byte> ReadPrevious(string manifest, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var json = new Utf8JsonReader(bytes.Span);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName && !json.ValueTextEquals("event"u8))
            {
                var isPrevious = json.ValueTextEquals("prev"u8);
                json.Read();
                var previous = new byte[isPrevious ? JournalRecord.HashLength : 0];
                if (isPrevious && json.TokenType == JsonTokenType.String
                    && Convert.FromHexString(json.ValueSpan, previous, out var consumed, out var written) == OperationStatus.Done
                    && consumed == json.ValueSpan.Length && written == previous.Length) return previous;
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Whatever it is: it is told in full below.
        }

        return base.ReadPrevious(manifest, bytes);
    }

    /// <summary>Without a version the event is left alone.</summary>
    private (T? Happened, Envelope Envelope) Parse(string manifest, ReadOnlyMemory<byte> bytes, int? version)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            var record = new FieldReader(document.RootElement, manifest);
            var envelope = new Envelope(record.Time("at"), record.Cursor("cursor"), ReadPrevious(record));
            return (version is { } known ? ReadEvent(record.Object("event"), known) : null, envelope);
        }
        catch (JsonException broken)
        {
            throw new JournalFormatException($"a record '{manifest}' is not JSON: {broken.Message}", broken);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or OverflowException or FormatException)
        {
            // Text that is not UTF-8, and values that no type of the domain takes: only damage makes them.
            throw new JournalFormatException($"a record '{manifest}' holds what cannot be: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }

    private T ReadEvent(FieldReader fields, int version)
    {
        if (version == Version) return read(fields);
        var upgraded = JsonObject.Create(fields.Element) ?? throw fields.Bad("event", "an object");
        foreach (var upgrade in upgrades.Skip(version - 1)) upgraded = upgrade(upgraded);
        using var document = JsonDocument.Parse(upgraded.ToJsonString());
        return read(new FieldReader(document.RootElement, $"{Name}/{version}"));
    }

    private static byte[] ReadPrevious(FieldReader record)
    {
        var previous = new byte[JournalRecord.HashLength];
        var text = record.Text("prev");
        if (Convert.FromHexString(text, previous, out var consumed, out var written) != OperationStatus.Done
            || consumed != text.Length
            || written != previous.Length)
            throw record.Bad("prev", "32 bytes in hexadecimal");
        return previous;
    }
}
