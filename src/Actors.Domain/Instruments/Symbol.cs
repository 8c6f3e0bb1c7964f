using System.Runtime.InteropServices;

namespace Actors.Domain.Instruments;

/// <summary>Names one instrument as its venue spells it; compared ordinally.</summary>
public readonly record struct Symbol(string Value) : IComparable<Symbol>
{
    public int CompareTo(Symbol other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    /// <summary>Of the text alone, the same in every process: symbols are a venue's short list, and nobody's to choose so that they collide.</summary>
    public override int GetHashCode()
    {
        var text = MemoryMarshal.AsBytes(Value.AsSpan());
        var hash = (ulong)text.Length;
        unchecked
        {
            for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..]) hash = (hash ^ MemoryMarshal.Read<ulong>(text)) * 0x9E3779B97F4A7C15;
            foreach (var octet in text) hash = (hash ^ octet) * 0x9E3779B97F4A7C15;
            return (int)(hash >> 32);
        }
    }

    public static bool operator <(Symbol left, Symbol right) => left.CompareTo(right) < 0;

    public static bool operator >(Symbol left, Symbol right) => left.CompareTo(right) > 0;

    public static bool operator <=(Symbol left, Symbol right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Symbol left, Symbol right) => left.CompareTo(right) >= 0;
}
