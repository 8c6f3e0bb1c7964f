using System.Buffers;

namespace Actors.Journal.Codec.Compact;

/// <summary>Bytes that are written one after the other and taken as one array at the end, without a large array on the way there. Used again after <see cref="Take"/>.</summary>
/// <param name="length">Bytes of a segment, of which one is held on to.</param>
internal sealed class SegmentedBytes(int length = 16 * 1024) : IBufferWriter<byte>
{
    private readonly List<ArraySegment<byte>> _full = [];
    private readonly byte[] _first = new byte[length];
    private byte[]? _later;
    private int _used;

    private byte[] Last => _later ?? _first;

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Last.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Last.AsSpan(_used);
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

        Last.AsSpan(0, _used).CopyTo(whole.AsSpan(at));
        Clear();
        return whole;
    }

    /// <summary>Writes all of it to another, and keeps it.</summary>
    public void CopyTo(SegmentedBytes to)
    {
        foreach (var segment in _full) to.Write(segment.AsSpan());
        to.Write(Last.AsSpan(0, _used));
    }

    public void Clear()
    {
        _full.Clear();
        (_later, _used) = (null, 0);
    }

    private void Reserve(int more)
    {
        if (Last.Length - _used >= Math.Max(1, more)) return;
        _full.Add(new ArraySegment<byte>(Last, 0, _used));
        (_later, _used) = (new byte[Math.Max(length, more)], 0);
    }
}
