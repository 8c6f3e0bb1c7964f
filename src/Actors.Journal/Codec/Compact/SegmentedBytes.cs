using System.Buffers;

namespace Actors.Journal.Codec.Compact;

/// <summary>Bytes that are written one after the other and taken as one array at the end, without a large array on the way there. Used again after <see cref="Take"/>.</summary>
internal sealed class SegmentedBytes : IBufferWriter<byte>
{
    private const int SegmentLength = 16 * 1024;

    private readonly List<ArraySegment<byte>> _full = [];
    private readonly byte[] _first = new byte[SegmentLength];
    private byte[] _last;
    private int _used;

    public SegmentedBytes() => _last = _first;

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

    public void Clear()
    {
        _full.Clear();
        (_last, _used) = (_first, 0);
    }

    private void Reserve(int length)
    {
        if (_last.Length - _used >= Math.Max(1, length)) return;
        _full.Add(new ArraySegment<byte>(_last, 0, _used));
        (_last, _used) = (new byte[Math.Max(SegmentLength, length)], 0);
    }
}
