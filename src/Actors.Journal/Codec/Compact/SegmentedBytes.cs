using System.Buffers;

namespace Actors.Journal.Codec.Compact;

/// <summary>
/// Bytes that are written one after the other and taken as one array at the end, without a large array on the way there. Used again after <see cref="Take"/> or <see cref="Clear"/>, with
/// room for what it mostly holds.
/// </summary>
/// <param name="segmentMax">The largest segment that it makes of itself and holds on to, a power of two.</param>
internal sealed class SegmentedBytes(int segmentMax) : IBufferWriter<byte>
{
    private const int SegmentMin = 1_024;

    private readonly List<ArraySegment<byte>> _full = [];
    private byte[] _last = new byte[SegmentMin];
    private int _used;

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _last.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _last.AsSpan(_used);
    }

    /// <summary>All that was written; it is empty afterwards.</summary>
    public byte[] Take()
    {
        var whole = new byte[_full.Sum(segment => segment.Count) + _used];
        var at = 0;
        foreach (var segment in _full)
        {
            segment.CopyTo(whole, at);
            at += segment.Count;
        }

        _last.AsSpan(0, _used).CopyTo(whole.AsSpan(at));
        Clear();
        return whole;
    }

    public void CopyTo(SegmentedBytes other)
    {
        foreach (var segment in _full) other.Write(segment);
        other.Write(_last.AsSpan(0, _used));
    }

    public void Clear()
    {
        _full.Clear();
        _used = 0;
        if (_last.Length > segmentMax) _last = new byte[SegmentMin];
    }

    private void Reserve(int length)
    {
        if (_last.Length - _used >= Math.Max(1, length)) return;
        _full.Add(new ArraySegment<byte>(_last, 0, _used));
        (_last, _used) = (new byte[Math.Max(Math.Min(2 * _last.Length, segmentMax), length)], 0);
    }
}
