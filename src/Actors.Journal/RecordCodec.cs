using System.Text.Json;
using Actors.Domain;
using Actors.Journal.Codec;

namespace Actors.Journal;

/// <summary>
/// Turns events into stored bytes and back. Owns the format of the journal: pure, without a clock, the same bytes for the same event for ever.
/// A record is UTF-8 JSON, <c>{"at":...,"cursor":"connection:frame","prev":"hex","event":{...}}</c>, under a manifest <c>name/version</c>;
/// prices are ticks, money is minor units, decimals keep every digit. Inputs, which are most of a journal, have the same fields in a compact form (<c>consumed/2</c>,
/// <see cref="Codec.Compact.CompactForm"/>). Batches of frames are binary (<c>frames/1</c>).
/// </summary>
public static class RecordCodec
{
    /// <summary>Manifests of all formats that this build writes, in ordinal order.</summary>
    public static IReadOnlyList<string> Manifests { get; } =
        [.. RecordFormats.Known.All.Select(format => format.Manifest).Order(StringComparer.Ordinal)];

    /// <summary>Whether events of this type can be journaled.</summary>
    public static bool Knows(Type type) => RecordFormats.Known.Find(type) is not null;

    /// <summary>
    /// Encodes what happened as the link after <paramref name="previous"/> (the predecessor's hash; empty for the first record of a stream).
    /// Throws <see cref="JournalFormatException"/> for a type that has no format, <see cref="ArgumentException"/> for a hash of another length.
    /// </summary>
    public static JournalRecord Seal(object happened, DateTimeOffset at, Cursor cursor, ReadOnlySpan<byte> previous)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var (format, envelope) = (FormatOf(happened), EnvelopeOf(at, cursor, previous));
        return new JournalRecord(
            happened, envelope.At, envelope.Cursor, envelope.Previous, format.Manifest, format.Write(happened, envelope));
    }

    /// <summary>The same of inputs that are encoded already.</summary>
    internal static JournalRecord SealTaken(TakenInputs taken, DateTimeOffset at, Cursor cursor, ReadOnlySpan<byte> previous)
    {
        var envelope = EnvelopeOf(at, cursor, previous);
        var (happened, bytes) = taken.Drain(envelope);
        return new JournalRecord(happened, envelope.At, envelope.Cursor, envelope.Previous, FormatOf(happened).Manifest, bytes);
    }

    /// <summary>
    /// Decodes a stored record. The bytes are kept, not copied. Throws <see cref="JournalFormatException"/> for an unknown manifest, a version newer
    /// than this build knows, and bytes that are not what the manifest says.
    /// </summary>
    public static JournalRecord Open(string manifest, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var (happened, envelope) = RecordFormats.Known.Read(manifest, bytes);
        return new JournalRecord(happened, envelope.At, envelope.Cursor, envelope.Previous, manifest, bytes);
    }

    /// <summary>
    /// What type of event a manifest stands for; null for one that this build does not know.
    /// </summary>
    internal static Type? TypeOf(string manifest) => RecordFormats.Known.FindByManifest(manifest)?.Type;

    /// <summary>The hash that a stored record names as its predecessor's, without reading its event. Throws <see cref="JournalFormatException"/> as <see cref="Open"/>.</summary>
    internal static ReadOnlyMemory<byte> ReadPrevious(string manifest, ReadOnlyMemory<byte> bytes) =>
        RecordFormats.Known.ReadPrevious(manifest, bytes);

    /// <summary>An event in the words of the journal: its manifest and its fields, without the envelope. For a person to read.</summary>
    public static string Describe(object happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var format = FormatOf(happened);
        if (happened is FramesRecorded) return format.Manifest;
        using var json = JsonDocument.Parse(format.WriteWords(happened, new Envelope(DateTimeOffset.UnixEpoch, default, JournalRecord.NoPredecessor)));
        return $"{format.Manifest} {json.RootElement.GetProperty("event").GetRawText()}";
    }

    /// <summary>
    /// A record as JSON, <c>{"at":...,"cursor":"connection:frame","prev":"hex","event":{...}}</c>: as it is stored, or what a compact one says. Null for frames, which have no such words.
    /// </summary>
    internal static ReadOnlyMemory<byte>? Words(JournalRecord record) => record.Event switch
    {
        FramesRecorded => null,
        _ when IsWords(record.Manifest) => record.Bytes,
        var happened => FormatOf(happened).WriteWords(happened, new Envelope(record.At, record.Cursor, record.Previous)),
    };

    /// <summary>Whether what is stored under this manifest is JSON.</summary>
    internal static bool IsWords(string manifest) => RecordFormats.Known.FindByManifest(manifest)?.IsWords(manifest) == true;

    private static Envelope EnvelopeOf(DateTimeOffset at, Cursor cursor, ReadOnlySpan<byte> previous) => previous.Length is 0 or JournalRecord.HashLength
        ? new Envelope(at.ToUniversalTime(), cursor, previous.IsEmpty ? JournalRecord.NoPredecessor : previous.ToArray())
        : throw new ArgumentException($"a hash has {JournalRecord.HashLength} bytes, not {previous.Length}", nameof(previous));

    private static RecordFormat FormatOf(object happened) =>
        RecordFormats.Known.Find(happened.GetType()) ?? throw new JournalFormatException($"no format is known for events of type {happened.GetType().Name}");
}
