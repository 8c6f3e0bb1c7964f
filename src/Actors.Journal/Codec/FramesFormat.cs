using System.Buffers.Binary;
using Actors.Domain;

namespace Actors.Journal.Codec;

/// <summary>
/// How a batch of frames is stored: a header of 84 bytes (little endian: at, cursor, hash of the predecessor, then the batch's own numbers; times in
/// 100 ns since year 1, UTC) and the compressed frames; the version is their form. Binary, because Base64 in JSON would cost a third more.
/// </summary>
internal sealed class FramesFormat() : RecordFormat("frames", FramesRecorded.Grouped, typeof(FramesRecorded))
{
    private const int HeaderLength = 8 + 4 + 8 + JournalRecord.HashLength + 4 + 8 + 8 + 4 + 8;

    public override byte[] Write(object happened, in Envelope envelope)
    {
        var batch = (FramesRecorded)happened;
        if (batch.Form != Version) throw new JournalFormatException($"frames in the form {batch.Form} are not written any more");
        var bytes = new byte[HeaderLength + batch.Compressed.Length];
        var at = bytes.AsSpan();
        BinaryPrimitives.WriteInt64LittleEndian(at, envelope.At.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(at[8..], envelope.Cursor.Connection);
        BinaryPrimitives.WriteInt64LittleEndian(at[12..], envelope.Cursor.Frame);
        envelope.Previous.Span.CopyTo(at[20..]);
        at = at[(20 + JournalRecord.HashLength)..];
        BinaryPrimitives.WriteInt32LittleEndian(at, batch.Connection);
        BinaryPrimitives.WriteInt64LittleEndian(at[4..], batch.FirstFrame);
        BinaryPrimitives.WriteInt64LittleEndian(at[12..], batch.FirstAt.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(at[20..], batch.Count);
        BinaryPrimitives.WriteInt64LittleEndian(at[24..], batch.RawBytes);
        batch.Compressed.Span.CopyTo(at[32..]);
        return bytes;
    }

    public override bool IsWords(string manifest) => false;

    public override byte[] WriteWords(object happened, in Envelope envelope) => throw new NotSupportedException("frames are told one by one, not as a record");

    public override (object Happened, Envelope Envelope) Read(int version, ReadOnlyMemory<byte> bytes)
    {
        var envelope = ReadEnvelope(Manifest, bytes);
        var at = bytes.Span[(20 + JournalRecord.HashLength)..];
        var batch = new FramesRecorded(
            BinaryPrimitives.ReadInt32LittleEndian(at),
            BinaryPrimitives.ReadInt64LittleEndian(at[4..]),
            ReadTime(at[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(at[24..]),
            bytes[HeaderLength..],
            version);
        return (batch, envelope);
    }

    public override Envelope ReadEnvelope(string manifest, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeaderLength) throw new JournalFormatException($"a record '{manifest}' has {bytes.Length} bytes, too few for its header");
        var at = bytes.Span;
        return new Envelope(
            ReadTime(at),
            new Cursor(BinaryPrimitives.ReadInt32LittleEndian(at[8..]), BinaryPrimitives.ReadInt64LittleEndian(at[12..])),
            bytes.Slice(20, JournalRecord.HashLength));
    }

    private DateTimeOffset ReadTime(ReadOnlySpan<byte> from)
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(from);
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new JournalFormatException($"a record '{Manifest}' holds a time that no calendar has");
    }
}
