using Actors.Journal.Frames;
using ZstdSharp;

namespace Actors.Journal;

/// <summary>
/// The first form of a batch, which is read for ever and written no more (<see cref="FramePacker"/> writes the second). Inside the compression stand, for each frame, three
/// variable-length integers (step of the sequence, step of the receive time in 100 ns with its sign folded in, length), then the bytes of all frames end to end.
/// </summary>
public static class FrameBatch
{
    /// <summary>The most frames in a batch.</summary>
    public const int MaximumCount = 65_536;

    /// <summary>The most bytes of all frames in a batch: a bound on what reading a batch can ask for.</summary>
    public const int MaximumRawBytes = 64 * 1024 * 1024;

    /// <summary>Throws <see cref="JournalFormatException"/> when the batch is not what its header says.</summary>
    public static IReadOnlyList<RecordedFrame> Unpack(FramesRecorded batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CheckClaims(batch);
        ReadOnlyMemory<byte> body = Decompress(batch);
        var lengths = new int[batch.Count];
        var frames = new RecordedFrame[batch.Count];
        var sequence = batch.FirstFrame;
        var ticks = batch.FirstAt.UtcTicks;
        long total = 0;
        try
        {
            for (var index = 0; index < batch.Count; index++)
            {
                sequence += checked((long)ReadVariable(batch, ref body));
                ticks += Unfold(ReadVariable(batch, ref body));
                lengths[index] = checked((int)ReadVariable(batch, ref body));
                total += lengths[index];
                frames[index] = new RecordedFrame(sequence, new DateTimeOffset(ticks, TimeSpan.Zero), default);
            }
        }
        catch (Exception impossible) when (impossible is OverflowException or ArgumentOutOfRangeException)
        {
            throw Bad(batch, "a number in it is out of range", impossible);
        }

        if (total != batch.RawBytes || body.Length != total) throw Bad(batch, $"{body.Length} bytes where {batch.RawBytes} must be");
        for (int index = 0, at = 0; index < batch.Count; at += lengths[index], index++)
            frames[index] = frames[index] with { Bytes = body.Slice(at, lengths[index]) };
        return frames;
    }

    internal static void CheckClaims(FramesRecorded batch)
    {
        if (batch.Count is < 1 or > MaximumCount || batch.RawBytes is < 0 or > MaximumRawBytes)
            throw Bad(batch, $"it claims {batch.Count} frames and {batch.RawBytes} bytes");
    }

    /// <summary>The most that the texts of a batch can need: its frames whole, or their templates, which are never longer.</summary>
    internal static long LiteralsMax(FramesRecorded batch) => batch.RawBytes;

    internal static JournalFormatException Bad(FramesRecorded batch, string reason, Exception? inner = null)
    {
        var message = $"the batch from frame {batch.Connection}:{batch.FirstFrame} is broken: {reason}";
        return inner is null ? new JournalFormatException(message) : new JournalFormatException(message, inner);
    }

    private static byte[] Decompress(FramesRecorded batch)
    {
        var bound = (ulong)(batch.RawBytes + ((long)batch.Count * 3 * Variable.Longest));
        try
        {
            var size = Decompressor.GetDecompressedSize(batch.Compressed.Span);
            if (size > bound) throw Bad(batch, $"it unpacks to {size} bytes");
            var body = new byte[size];
            using var decompressor = new Decompressor();
            var written = decompressor.Unwrap(batch.Compressed.Span, body);
            return written == body.Length ? body : throw Bad(batch, $"it unpacks to {written} bytes where {size} must be");
        }
        catch (ZstdException broken)
        {
            throw Bad(batch, broken.Message, broken);
        }
    }

    private static long Unfold(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    private static ulong ReadVariable(FramesRecorded batch, ref ReadOnlyMemory<byte> from) => Variable.Read(ref from) ?? throw Bad(batch, "it ends inside its table of frames");
}
