using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Actors.Journal.Frames;
using ZstdSharp;

namespace Actors.Journal;

/// <summary>Gives back the frames of one stream's batches, which it must be given in their order, from the beginning of a group. Not thread-safe.</summary>
public sealed class FrameUnpacker : ILiterals
{
    private readonly FrameText _text = new();
    private readonly FrameField[] _fields = new FrameField[FrameText.FieldsMax];
    private FrameModel? _model;
    private ReadOnlyMemory<byte> _literals;
    private ReadOnlyMemory<byte> _uuids;
    private byte[] _texts = [];
    private byte[] _bytes = [];
    private RecordedFrame[] _frames = [];
    private long _lastTicks;
    private int _batches;

    /// <summary>Whether a batch can be read without those before it.</summary>
    public static bool BeginsGroup(FramesRecorded batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Form == FramesRecorded.Alone || batch.Compressed.Span is [0, ..];
    }

    /// <summary>
    /// Throws <see cref="JournalFormatException"/> when the batch is not what its header says, or when one before it in its group was not read; the next that can be read is
    /// then the first of the next group. What is returned is valid until the next call.
    /// </summary>
    public IReadOnlyList<RecordedFrame> Unpack(FramesRecorded batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Form == FramesRecorded.Alone) return FrameBatch.Unpack(batch);
        FrameBatch.CheckClaims(batch);
        var model = Open(batch, out var coder);
        _model = null;
        try
        {
            var frames = Read(batch, model, ref coder);
            if (!_literals.IsEmpty || !_uuids.IsEmpty) throw FrameBatch.Bad(batch, "it holds more than its frames");
            (_model, _batches) = (model, _batches + 1);
            return frames;
        }
        catch (Exception impossible) when (impossible is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw FrameBatch.Bad(batch, "what is coded in it is impossible", impossible);
        }
    }

    int ILiterals.Verbatim(int length, ref FrameField field)
    {
        field.Text = Take(ref _literals, length).ToArray();
        return length;
    }

    void ILiterals.Uuid(ref FrameField field)
    {
        var bytes = Take(ref _uuids, 16).Span;
        (field.High, field.Low) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> from, long length)
    {
        if (length < 0 || length > from.Length) throw new FormatException("a text longer than what is there");
        var taken = from[..(int)length];
        from = from[(int)length..];
        return taken;
    }

    private FrameModel Open(FramesRecorded batch, out RangeDecoder coder)
    {
        var rest = batch.Compressed;
        Span<long> numbers = stackalloc long[4];
        foreach (ref var number in numbers) number = Variable.Read(ref rest) is { } value and <= int.MaxValue ? (long)value : throw FrameBatch.Bad(batch, "it ends inside its header");
        var (place, size, compressed, uuids) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        if (compressed + uuids > rest.Length || size > FrameBatch.LiteralsMax(batch)) throw FrameBatch.Bad(batch, "it is shorter than it says");
        if (place == 0) (_batches, _lastTicks) = (0, DateTimeOffset.UnixEpoch.UtcTicks);
        else if (_model is null || place != _batches) throw FrameBatch.Bad(batch, "one before it in its group was not read");
        _literals = Decompress(batch, rest[..(int)compressed], (int)size);
        _uuids = rest.Slice((int)compressed, (int)uuids);
        var coded = rest[(int)(compressed + uuids)..];
        // Where it stands: a copy of most batches would be a large object.
        coder = new RangeDecoder(MemoryMarshal.TryGetArray(coded, out var there) ? there : new ArraySegment<byte>(coded.ToArray()));
        return place == 0 ? new FrameModel() : _model!;
    }

    private ReadOnlyMemory<byte> Decompress(FramesRecorded batch, ReadOnlyMemory<byte> compressed, int size)
    {
        if (size == 0) return compressed.IsEmpty ? default(ReadOnlyMemory<byte>) : throw FrameBatch.Bad(batch, "it holds more than its frames");
        try
        {
            if (_texts.Length < size) _texts = new byte[size];
            var literals = _texts.AsMemory(0, size);
            using var decompressor = new Decompressor();
            return decompressor.Unwrap(compressed.Span, literals.Span) == size ? literals : throw FrameBatch.Bad(batch, "its texts are shorter than it says");
        }
        catch (ZstdException broken)
        {
            throw FrameBatch.Bad(batch, broken.Message, broken);
        }
    }

    private ArraySegment<RecordedFrame> Read(FramesRecorded batch, FrameModel model, ref RangeDecoder coder)
    {
        // Kept from batch to batch: a new one each time would be a large object, and those cost whole collections.
        if (_bytes.Length < batch.RawBytes) _bytes = new byte[Math.Max(batch.RawBytes, Math.Min(2L * _bytes.Length, FrameBatch.MaximumRawBytes))];
        if (_frames.Length < batch.Count) _frames = new RecordedFrame[batch.Count];
        var bytes = _bytes.AsMemory(0, (int)batch.RawBytes);
        var frames = new ArraySegment<RecordedFrame>(_frames, 0, batch.Count);
        var sequence = batch.FirstFrame;
        var written = 0;
        for (var index = 0; index < frames.Count; index++)
        {
            long step = 0, ticks = 0;
            var isRaw = model.Frame(ref coder, ref step, ref ticks, false);
            if (index > 0 && step <= 0) throw new FormatException("frames that go back");
            (sequence, _lastTicks) = (checked(sequence + step), checked(_lastTicks + ticks));
            var length = isRaw ? ReadRaw(model, ref coder, bytes.Span[written..]) : ReadCut(model, ref coder, bytes.Span[written..]);
            frames[index] = new RecordedFrame(sequence, new DateTimeOffset(_lastTicks, TimeSpan.Zero), bytes.Slice(written, length));
            written += length;
        }

        return written == bytes.Length ? frames : throw FrameBatch.Bad(batch, $"{written} bytes where {batch.RawBytes} must be");
    }

    private int ReadRaw(FrameModel model, ref RangeDecoder coder, Span<byte> to)
    {
        var text = Take(ref _literals, model.Length(ref coder, 0));
        return text.Span.TryCopyTo(to) ? text.Length : throw new FormatException("more bytes than it says");
    }

    private int ReadCut(FrameModel model, ref RangeDecoder coder, Span<byte> to)
    {
        Template? before = null;
        var written = 0;
        do
        {
            var code = 0;
            var template = model.Next(ref coder, before, null, ref code);
            if (template is null && FrameModel.IsRaw(code))
            {
                written += ReadRaw(model, ref coder, to[written..]);
                continue;
            }

            if (template is null)
            {
                template = model.Learn(Take(ref _literals, model.Length(ref coder, 0)).Span) ?? throw new FormatException("more templates than there may be");
                model.Took(before, template);
            }

            var values = _fields.AsSpan(0, template.Kinds.Length);
            model.Fields(ref coder, template, values, this);
            if (!_text.TryWrite(template, values, to[written..], out var length)) throw new FormatException("more bytes than it says");
            written += length;
            before = template;
        }
        while (model.HasMore(ref coder, before, false));
        return written;
    }
}
