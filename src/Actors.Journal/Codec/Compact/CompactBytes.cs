namespace Actors.Journal.Codec.Compact;

/// <summary>The bytes of a compact record from the first to the last. Throws <see cref="JournalFormatException"/> where they end too early or are no number.</summary>
internal ref struct CompactBytes(ReadOnlySpan<byte> bytes, string manifest)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool IsAtEnd => _at == _bytes.Length;

    /// <summary>In at most ten bytes, of which the last has one bit left.</summary>
    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at == _bytes.Length) throw Ended();
            var one = _bytes[_at++];
            if (shift == 63 && one > 1) break;
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80) return value;
        }

        throw Bad("a number of more than 64 bits");
    }

    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at)) throw Ended();
        _at += (int)length;
        return _bytes.Slice(_at - (int)length, (int)length);
    }

    public void Skip(int length) => Take((ulong)length);

    public readonly JournalFormatException Bad(string what, Exception? inner = null) =>
        inner is null ? new($"a record '{manifest}' holds {what}, before its byte {_at}") : new($"a record '{manifest}' holds {what}, before its byte {_at}", inner);

    private readonly JournalFormatException Ended() => new($"a record '{manifest}' ends in the middle of a field, at its byte {_bytes.Length}");
}
