using System.Buffers.Binary;
using System.Text;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>
/// Owns the symbols met so far, found by their UTF-8 bytes without allocating. Holds at most <see cref="Capacity"/>; what comes after that is
/// made anew each time. Not thread-safe.
/// </summary>
internal sealed class SymbolTable(int slots = SymbolTable.Capacity * 2)
{
    public const int Capacity = 4096;

    /// <summary>Slots of a table that serves one answer.</summary>
    public const int SmallSlots = 64;

    private readonly byte[]?[] _keys = new byte[slots][];
    private readonly Symbol[] _symbols = new Symbol[slots];
    private readonly bool[] _plain = new bool[slots];
    private byte[] _lastKey = [];
    private Symbol _last = new(string.Empty);
    private int _count;

    public Symbol Get(ReadOnlySpan<byte> text)
    {
        // Rows of one message nearly always name the same instrument.
        if (text.SequenceEqual(_lastKey)) return _last;
        var slot = Find(text);
        if (slot >= 0)
        {
            (_lastKey, _last) = (_keys[slot]!, _symbols[slot]);
            return _last;
        }

        var symbol = new Symbol(Encoding.UTF8.GetString(text));
        if (_count == _keys.Length / 2) return symbol;
        _count++;
        _keys[~slot] = text.ToArray();
        _symbols[~slot] = symbol;
        _plain[~slot] = IsPlain(text);
        return symbol;
    }

    /// <summary>The symbol of a text as it stands between quotes, when nothing in it has to be decoded: not empty, printable ASCII, no escape, no blank.</summary>
    public bool TryPlain(ReadOnlySpan<byte> text, out Symbol symbol)
    {
        var slot = Find(text);
        if (slot >= 0 && _plain[slot])
        {
            symbol = _symbols[slot];
            return true;
        }

        var isPlain = IsPlain(text);
        symbol = isPlain ? Get(text) : default;
        return isPlain;
    }

    private static bool IsPlain(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.ContainsAny((byte)'\\', (byte)'"');

    /// <summary>The slot of a text, or the complement of the one in which it would be.</summary>
    private int Find(ReadOnlySpan<byte> text)
    {
        var slot = Hash(text);
        for (; _keys[slot] is { } key; slot = (slot + 1) & (_keys.Length - 1))
        {
            if (text.SequenceEqual(key)) return slot;
        }

        return ~slot;
    }

    private int Hash(ReadOnlySpan<byte> text)
    {
        unchecked
        {
            var hash = (ulong)text.Length;
            for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..]) hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            foreach (var octet in text) hash = (hash * 31) + octet;
            return (int)(Mix(hash) & (uint)(_keys.Length - 1));
        }

        static ulong Mix(ulong value)
        {
            value = unchecked(value * 0x9E3779B97F4A7C15);
            return value ^ (value >> 32);
        }
    }
}
