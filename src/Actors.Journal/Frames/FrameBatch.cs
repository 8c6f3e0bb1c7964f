using System.Buffers;
using ZstdSharp;

namespace Actors.Journal;

/// <summary>
/// Packs frames into a <see cref="FramesRecorded"/> and back, byte for byte and tick for tick. Inside the compression stand, for each frame, three
/// variable-length integers (step of the sequence, step of the receive time in 100 ns with its sign folded in, length), then the bytes of all
/// frames end to end.
/// </summary>
public static class FrameBatch
{
    /// <summary>The most frames in a batch.</summary>
    public const int MaximumCount = 65_536;

    /// <summary>The most bytes of all frames in a batch: a bound on what reading a batch can ask for.</summary>
    public const int MaximumRawBytes = 64 * 1024 * 1024;

    // Level 1 halves the time of level 3 for some 3 % more bytes on recorded market data.
    private const int Level = 1;
    private const int LongestVariable = 10;

    /// <summary>
    /// Throws <see cref="ArgumentException"/> for an empty batch, sequence numbers that do not rise, or more than <see cref="MaximumCount"/> frames or
    /// <see cref="MaximumRawBytes"/> bytes.
    /// </summary>
    public static FramesRecorded Pack(int connection, IReadOnlyList<RecordedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count is 0 or > MaximumCount) throw new ArgumentException($"a batch has 1 to {MaximumCount} frames, not {frames.Count}", nameof(frames));
        long raw = 0;
        foreach (var frame in frames) raw += frame.Bytes.Length;
        if (raw > MaximumRawBytes) throw new ArgumentException($"a batch has at most {MaximumRawBytes} bytes, not {raw}", nameof(frames));

        var body = new ArrayBufferWriter<byte>((int)raw + (frames.Count * 8));
        var last = frames[0];
        for (var index = 0; index < frames.Count; index++)
        {
            var frame = frames[index];
            var step = frame.Sequence - last.Sequence;
            if (index > 0 && step <= 0) throw new ArgumentException($"frame {frame.Sequence} comes after frame {last.Sequence}", nameof(frames));
            WriteVariable(body, (ulong)step);
            WriteVariable(body, Fold(frame.ReceivedAt.UtcTicks - last.ReceivedAt.UtcTicks));
            WriteVariable(body, (ulong)frame.Bytes.Length);
            last = frame;
        }

        foreach (var frame in frames) body.Write(frame.Bytes.Span);
        using var compressor = new Compressor(Level);
        var compressed = compressor.Wrap(body.WrittenSpan).ToArray();
        return new FramesRecorded(connection, frames[0].Sequence, frames[0].ReceivedAt.ToUniversalTime(), frames.Count, raw, compressed);
    }

    /// <summary>Throws <see cref="JournalFormatException"/> when the batch is not what its header says.</summary>
    public static IReadOnlyList<RecordedFrame> Unpack(FramesRecorded batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count is < 1 or > MaximumCount || batch.RawBytes is < 0 or > MaximumRawBytes)
            throw Bad(batch, $"it claims {batch.Count} frames and {batch.RawBytes} bytes");
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

    private static byte[] Decompress(FramesRecorded batch)
    {
        var bound = (ulong)(batch.RawBytes + ((long)batch.Count * 3 * LongestVariable));
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

    /// <summary>Small numbers of either sign become small numbers: 0, -1, 1, -2 become 0, 1, 2, 3.</summary>
    private static ulong Fold(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    private static long Unfold(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    private static void WriteVariable(ArrayBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(LongestVariable);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)((value & 0x7F) | 0x80);
        span[length++] = (byte)value;
        to.Advance(length);
    }

    private static ulong ReadVariable(FramesRecorded batch, ref ReadOnlyMemory<byte> from)
    {
        var span = from.Span;
        ulong value = 0;
        for (var index = 0; index < span.Length && index < LongestVariable; index++)
        {
            value |= (ulong)(span[index] & 0x7F) << (7 * index);
            if (span[index] >= 0x80) continue;
            from = from[(index + 1)..];
            return value;
        }

        throw Bad(batch, "it ends inside its table of frames");
    }

    private static JournalFormatException Bad(FramesRecorded batch, string reason, Exception? inner = null)
    {
        var message = $"the batch from frame {batch.Connection}:{batch.FirstFrame} is broken: {reason}";
        return inner is null ? new JournalFormatException(message) : new JournalFormatException(message, inner);
    }
}
