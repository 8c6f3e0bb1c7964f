using System.Runtime.CompilerServices;

namespace Actors.Journal.Frames;

/// <summary>
/// One direction of an adaptive binary range coder. A model is written once against this: what it codes is what comes back, which when writing is what was given.
/// </summary>
internal interface IBitCoder
{
    /// <summary>Whether what is given counts for nothing.</summary>
    static abstract bool Reads { get; }

    /// <summary>One bit whose probability is learnt in <paramref name="model"/>.</summary>
    int Bit(ref ushort model, int bit);

    /// <summary>The lowest <paramref name="count"/> bits, at most 16, all equally likely.</summary>
    uint Bits(uint value, int count);
}

/// <summary>The numbers that both directions share. A model holds the probability of a zero in 4,096ths.</summary>
internal static class RangeCoding
{
    public const int ModelBits = 12;
    public const ushort Unknown = 1 << (ModelBits - 1);
    public const int Rate = 4;
    public const uint Renormalise = 1u << 24;

    public static ushort[] Models(int count)
    {
        var models = new ushort[count];
        Array.Fill(models, Unknown);
        return models;
    }
}

/// <summary>Writes; as in LZMA, a carry runs back over bytes that were held.</summary>
internal struct RangeEncoder() : IBitCoder
{
    private byte[] _bytes = new byte[1 << 12];
    private int _length;
    private ulong _low;
    private uint _range = uint.MaxValue;
    private byte _held;
    private long _holding = 1;

    public static bool Reads => false;

    public int Bit(ref ushort model, int bit)
    {
        unchecked
        {
            var bound = (_range >> RangeCoding.ModelBits) * model;
            if (bit == 0)
            {
                _range = bound;
                model += (ushort)(((1 << RangeCoding.ModelBits) - model) >> RangeCoding.Rate);
            }
            else
            {
                _low += bound;
                _range -= bound;
                model -= (ushort)(model >> RangeCoding.Rate);
            }

            while (_range < RangeCoding.Renormalise) Shift();
            return bit;
        }
    }

    public uint Bits(uint value, int count)
    {
        unchecked
        {
            _range >>= count;
            _low += (ulong)value * _range;
            while (_range < RangeCoding.Renormalise) Shift();
            return value;
        }
    }

    /// <summary>Everything coded since the beginning or the last call; valid until the next use.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        for (var index = 0; index < 5; index++) Shift();
        var written = _bytes.AsSpan(1, _length - 1); // the first byte is always zero
        (_length, _low, _range, _held, _holding) = (0, 0, uint.MaxValue, 0, 1);
        return written;
    }

    private void Shift()
    {
        unchecked
        {
            if (_low < 0xFF000000UL || _low > uint.MaxValue)
            {
                var carry = (byte)(_low >> 32);
                for (; _holding > 0; _holding--)
                {
                    if (_length == _bytes.Length) Array.Resize(ref _bytes, _length * 2);
                    _bytes[_length++] = (byte)(_held + carry);
                    _held = 0xFF;
                }

                _held = (byte)(_low >> 24);
            }

            _holding++;
            _low = (_low & 0x00FFFFFF) << 8;
            _range <<= 8;
        }
    }
}

/// <summary>Reads; behind the end stand zeros, so that any bytes decode to something and never beyond them.</summary>
internal struct RangeDecoder : IBitCoder
{
    private readonly byte[] _bytes;
    private readonly int _end;
    private int _at;
    private uint _range;
    private uint _code;

    public static bool Reads => true;

    public RangeDecoder(ArraySegment<byte> bytes)
    {
        (_bytes, _at, _end) = (bytes.Array!, bytes.Offset, bytes.Offset + bytes.Count);
        _range = uint.MaxValue;
        for (var index = 0; index < 4; index++) _code = unchecked((_code << 8) | Next());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit(ref ushort model, int bit)
    {
        unchecked
        {
            var bound = (_range >> RangeCoding.ModelBits) * model;
            if (_code < bound)
            {
                _range = bound;
                model += (ushort)(((1 << RangeCoding.ModelBits) - model) >> RangeCoding.Rate);
                bit = 0;
            }
            else
            {
                _code -= bound;
                _range -= bound;
                model -= (ushort)(model >> RangeCoding.Rate);
                bit = 1;
            }

            while (_range < RangeCoding.Renormalise)
            {
                _range <<= 8;
                _code = (_code << 8) | Next();
            }

            return bit;
        }
    }

    public uint Bits(uint value, int count)
    {
        unchecked
        {
            _range >>= count;
            value = Math.Min(_code / _range, (1u << count) - 1);
            _code -= value * _range;
            while (_range < RangeCoding.Renormalise)
            {
                _range <<= 8;
                _code = (_code << 8) | Next();
            }

            return value;
        }
    }

    private uint Next() => _at < _end ? _bytes[_at++] : 0u;
}
