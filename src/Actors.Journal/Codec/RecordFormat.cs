using Actors.Domain;

namespace Actors.Journal.Codec;

/// <summary>What every record carries beside its event.</summary>
internal readonly record struct Envelope(DateTimeOffset At, Cursor Cursor, ReadOnlyMemory<byte> Previous);

/// <summary>How one type of event is stored: its stable name, the version written now, and both directions.</summary>
internal abstract class RecordFormat(string name, int version, Type type)
{
    public string Name { get; } = name;

    /// <summary>The version that is written, and the newest that can be read.</summary>
    public int Version { get; } = version;

    public Type Type { get; } = type;

    public string Manifest { get; } = $"{name}/{version}";

    public abstract byte[] Write(object happened, in Envelope envelope);

    /// <summary>Whether what is stored under this manifest is JSON already.</summary>
    public abstract bool IsWords(string manifest);

    /// <summary>The same as JSON, for people: <c>at</c>, <c>cursor</c>, <c>prev</c>, and the fields of the <c>event</c> at the newest version.</summary>
    public abstract byte[] WriteWords(object happened, in Envelope envelope);

    /// <summary>Reads what every record carries, whatever the version of the rest.</summary>
    public abstract Envelope ReadEnvelope(string manifest, ReadOnlyMemory<byte> bytes);

    /// <summary>Of that the hash of the predecessor alone, as cheaply as may be: for readers that follow the chain through records they do not want.</summary>
    public virtual ReadOnlyMemory<byte> ReadPrevious(string manifest, ReadOnlyMemory<byte> bytes) => ReadEnvelope(manifest, bytes).Previous;

    /// <summary>Reads <paramref name="version"/>, 1 to <see cref="Version"/>.</summary>
    public abstract (object Happened, Envelope Envelope) Read(int version, ReadOnlyMemory<byte> bytes);
}
