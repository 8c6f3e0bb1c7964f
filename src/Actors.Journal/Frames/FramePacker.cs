using System.Buffers;
using System.Buffers.Binary;
using Actors.Journal.Frames;
using ZstdSharp;

namespace Actors.Journal;

/// <summary>
/// Packs the frames of one stream into batches that the next <see cref="FrameUnpacker"/> gives back byte for byte and tick for tick. A batch is coded in the light of
/// those before it in its group, so that small batches are as dense as large ones; a group begins anew after <see cref="GroupBytesMax"/> bytes or
/// <see cref="GroupBatchesMax"/> batches. What is lost with a damaged batch is the rest of its group; what is pruned is whole groups. Not thread-safe.
/// </summary>
public sealed class FramePacker : ILiterals
{
    /// <summary>Bytes of frames after which a group ends: the bound on what a damaged batch takes along, and on what reading from the middle must go back.</summary>
    public const long GroupBytesMax = 8 * 1024 * 1024;

    /// <summary>Batches after which a group ends, so that a quiet stream can be pruned by the quarter of an hour.</summary>
    public const int GroupBatchesMax = 900;

    private const int LiteralLevel = 3;

    private readonly FrameText _text = new();
    private readonly ArrayBufferWriter<byte> _literals = new();
    private readonly ArrayBufferWriter<byte> _uuids = new();
    private RangeEncoder _coder = new();
    private FrameModel _model = new();
    private ReadOnlyMemory<byte> _frame;
    private DateTimeOffset _lastAt;
    private long _lastSequence;
    private long _groupBytes;
    private int _batches;

    /// <summary>
    /// Throws <see cref="ArgumentException"/> for an empty batch, sequence numbers that do not rise, or more than <see cref="FrameBatch.MaximumCount"/> frames or
    /// <see cref="FrameBatch.MaximumRawBytes"/> bytes; nothing was packed then.
    /// </summary>
    public FramesRecorded Pack(int connection, IReadOnlyList<RecordedFrame> frames)
    {
        var raw = Check(frames);
        if (_batches >= GroupBatchesMax || _groupBytes >= GroupBytesMax) (_model, _batches, _groupBytes) = (new FrameModel(), 0, 0);
        (_lastSequence, _lastAt) = (frames[0].Sequence, _batches == 0 ? DateTimeOffset.UnixEpoch : _lastAt);
        foreach (var frame in frames) Write(frame);
        var packed = Assemble();
        _groupBytes += raw;
        var batch = new FramesRecorded(connection, frames[0].Sequence, frames[0].ReceivedAt.ToUniversalTime(), frames.Count, raw, packed);
        _batches++;
        return batch;
    }

    int ILiterals.Verbatim(int length, ref FrameField field)
    {
        _literals.Write(_frame.Span.Slice(field.Start, field.Length));
        return length;
    }

    void ILiterals.Uuid(ref FrameField field)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_uuids.GetSpan(16), field.High);
        BinaryPrimitives.WriteUInt64BigEndian(_uuids.GetSpan(16)[8..], field.Low);
        _uuids.Advance(16);
    }

    private static long Check(IReadOnlyList<RecordedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count is 0 or > FrameBatch.MaximumCount) throw new ArgumentException($"a batch has 1 to {FrameBatch.MaximumCount} frames, not {frames.Count}", nameof(frames));
        long raw = 0;
        for (var index = 0; index < frames.Count; index++)
        {
            raw += frames[index].Bytes.Length;
            if (index > 0 && frames[index].Sequence <= frames[index - 1].Sequence)
                throw new ArgumentException($"frame {frames[index].Sequence} comes after frame {frames[index - 1].Sequence}", nameof(frames));
        }

        return raw <= FrameBatch.MaximumRawBytes ? raw : throw new ArgumentException($"a batch has at most {FrameBatch.MaximumRawBytes} bytes, not {raw}", nameof(frames));
    }

    private void Write(in RecordedFrame frame)
    {
        _frame = frame.Bytes;
        var isRaw = !_text.Cut(frame.Bytes.Span);
        var (step, ticks) = (frame.Sequence - _lastSequence, frame.ReceivedAt.UtcTicks - _lastAt.UtcTicks);
        (_lastSequence, _lastAt) = (frame.Sequence, frame.ReceivedAt);
        _model.Frame(ref _coder, ref step, ref ticks, isRaw);
        if (isRaw)
        {
            _model.Length(ref _coder, frame.Bytes.Length);
            _literals.Write(frame.Bytes.Span);
            return;
        }

        Template? before = null;
        for (var index = 0; index < _text.Count; index++)
        {
            if (index > 0) _model.HasMore(ref _coder, before, true);
            before = Write(_text.Segments[index], before);
        }

        _model.HasMore(ref _coder, before, false);
    }

    private Template? Write(in FrameSegment segment, Template? before)
    {
        var text = _text.Template(segment);
        var template = segment.IsRaw ? null : _model.Find(text);
        var learnt = template is null && !segment.IsRaw ? _model.Learn(text) : null;
        var code = FrameModel.CodeOf(isRaw: template is null && learnt is null);
        _model.Next(ref _coder, before, template, ref code);
        if (template is null && learnt is null)
        {
            _model.Length(ref _coder, segment.Length);
            _literals.Write(_frame.Span.Slice(segment.Start, segment.Length));
            return before;
        }

        if (learnt is not null)
        {
            _model.Length(ref _coder, text.Length);
            _literals.Write(text);
            _model.Took(before, learnt);
        }

        _model.Fields(ref _coder, template ?? learnt!, _text.Fields(segment), this);
        return template ?? learnt;
    }

    private static byte[] Compress(ReadOnlySpan<byte> texts)
    {
        using var compressor = new Compressor(LiteralLevel);
        return compressor.Wrap(texts).ToArray();
    }

    private byte[] Assemble()
    {
        var coded = _coder.Finish();
        var literals = _literals.WrittenCount == 0 ? [] : Compress(_literals.WrittenSpan);
        var packed = new ArrayBufferWriter<byte>(coded.Length + literals.Length + _uuids.WrittenCount + 32);
        foreach (var number in (ReadOnlySpan<int>)[_batches, _literals.WrittenCount, literals.Length, _uuids.WrittenCount]) Variable.Write(packed, (ulong)number);
        packed.Write(literals);
        packed.Write(_uuids.WrittenSpan);
        packed.Write(coded);
        _literals.ResetWrittenCount();
        _uuids.ResetWrittenCount();
        return packed.WrittenSpan.ToArray();
    }
}
