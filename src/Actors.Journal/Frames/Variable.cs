using System.Buffers;

namespace Actors.Journal.Frames;

/// <summary>Whole numbers in as many bytes as they need, seven bits a byte, the lowest first.</summary>
internal static class Variable
{
    public const int Longest = 10;

    public static void Write(IBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(Longest);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)((value & 0x7F) | 0x80);
        span[length++] = (byte)value;
        to.Advance(length);
    }

    /// <summary>Null when the bytes end before the number does.</summary>
    public static ulong? Read(ref ReadOnlyMemory<byte> from)
    {
        var span = from.Span;
        ulong value = 0;
        for (var index = 0; index < span.Length && index < Longest; index++)
        {
            value |= (ulong)(span[index] & 0x7F) << (7 * index);
            if (span[index] >= 0x80) continue;
            from = from[(index + 1)..];
            return value;
        }

        return null;
    }
}
