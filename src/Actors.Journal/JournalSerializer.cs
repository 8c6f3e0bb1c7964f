using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Serialization;

namespace Actors.Journal;

/// <summary>
/// Hands <see cref="JournalRecord"/>s to Akka.Persistence as they are: a sealed record's bytes are written untouched, so that what was hashed is what is
/// stored. Named in configuration; its identifier stands in every row of the journal and must never change.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored beside every record.</summary>
    public const int FixedIdentifier = 7301;

    public override int Identifier => FixedIdentifier;

    public override string Manifest(object o) => Record(o).Manifest;

    public override byte[] ToBinary(object obj)
    {
        var bytes = Record(obj).Bytes;
        // Nobody writes to them: a record that fills its array is stored from there.
        return MemoryMarshal.TryGetArray(bytes, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length ? whole.Array : bytes.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest) => RecordCodec.Open(manifest, bytes);

    private static JournalRecord Record(object value) =>
        value as JournalRecord ?? throw new JournalFormatException($"{value.GetType().Name} is not a journal record: seal it first");
}
