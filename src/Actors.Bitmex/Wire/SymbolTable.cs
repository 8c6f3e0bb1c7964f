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
    private byte[] _lastKey = [];
    private Symbol _last = new(string.Empty);
    private int _count;

    public Symbol Get(ReadOnlySpan<byte> text)
    {
        // Rows of one message nearly always name the same instrument.
        if (text.SequenceEqual(_lastKey)) return _last;
        var slot = Hash(text);
        for (; _keys[slot] is { } key; slot = (slot + 1) & (_keys.Length - 1))
        {
            if (!text.SequenceEqual(key)) continue;
            (_lastKey, _last) = (key, _symbols[slot]);
            return _last;
        }

        var symbol = new Symbol(Encoding.UTF8.GetString(text));
        if (_count == _keys.Length / 2) return symbol;
        _count++;
        _keys[slot] = text.ToArray();
        _symbols[slot] = symbol;
        return symbol;
    }

    private int Hash(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u;
        foreach (var octet in text) hash = unchecked((hash ^ octet) * 16777619u);
        return (int)(hash & (uint)(_keys.Length - 1));
    }
}
