using System.Globalization;

namespace Actors.Journal.Codec.Compact;

/// <summary>
/// The next version of a format in JSON: the same fields in the <see cref="CompactForm"/>. What was written before is read as it was; and for people it still has the words of JSON.
/// </summary>
/// <param name="json">The version before, with all that came before it.</param>
internal sealed class CompactFormat<T>(JsonFormat<T> json) : RecordFormat(json.Name, json.Version + 1, typeof(T))
    where T : class
{
    public override byte[] Write(object happened, in Envelope envelope)
    {
        var to = CompactWriter.Begin(envelope);
        json.WriteFields(new FieldWriter(to), (T)happened);
        to.End();
        return to.Finish();
    }

    public override byte[] WriteWords(object happened, in Envelope envelope) => json.WriteWords(happened, envelope);

    /// <summary>What a newer build wrote is taken to be compact, too: of a state that it kept no more than the link is read.</summary>
    public override bool IsWords(string manifest) => manifest != Manifest && int.Parse(manifest.AsSpan(Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture) < Version;

    public override (object Happened, Envelope Envelope) Read(int version, ReadOnlyMemory<byte> bytes)
    {
        if (version < Version) return json.Read(version, bytes);
        using var document = CompactDocument.Open(Manifest, bytes);
        try
        {
            return (json.ReadFields(new FieldReader(document, Manifest)), document.Envelope);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or OverflowException or FormatException)
        {
            // Values that no type of the domain takes: only damage makes them.
            throw new JournalFormatException($"a record '{Manifest}' holds what cannot be: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }

    public override Envelope ReadEnvelope(string manifest, ReadOnlyMemory<byte> bytes)
    {
        if (IsWords(manifest)) return json.ReadEnvelope(manifest, bytes);
        using var document = CompactDocument.Open(manifest, bytes, envelopeOnly: true);
        return document.Envelope;
    }

    public override ReadOnlyMemory<byte> ReadPrevious(string manifest, ReadOnlyMemory<byte> bytes) =>
        IsWords(manifest) ? json.ReadPrevious(manifest, bytes) : CompactDocument.Previous(manifest, bytes);
}
