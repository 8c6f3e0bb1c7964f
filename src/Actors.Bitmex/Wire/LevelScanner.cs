using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>
/// Reads the rows of a book message in the one form in which the venue has always written them: no blanks, fields in the order symbol, id, side, size,
/// price, timestamp, transactTime, the last four each there or not, numbers without sign and exponent. That takes a fraction of a JSON reader's time,
/// because nothing is looked for that may stand anywhere. Whatever is written otherwise, right or wrong, is left to the reader.
/// </summary>
internal ref struct LevelScanner
{
    /// <summary>Digits that a 64-bit mantissa holds without overflow.</summary>
    private const int DigitsMax = 18;
    private const int TimeLength = 24;

    private static ReadOnlySpan<long> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
        1_000_000_000_000_000_000,
    ];

    private readonly SymbolTable _symbols;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _head;

    /// <param name="rows">What follows the opening bracket of the rows, to the frame's end.</param>
    /// <param name="symbols">The symbols met so far.</param>
    public LevelScanner(ReadOnlySpan<byte> rows, SymbolTable symbols)
    {
        _rest = rows;
        _symbols = symbols;
    }

    /// <summary>Of the row scanned last.</summary>
    public Symbol Symbol { get; private set; }

    /// <summary>Whether a frame begins as a message of level changes, with its table first and its action second; then also what it does, and its rows.</summary>
    public static bool TryBegin(ReadOnlySpan<byte> frame, out TableAction action, out ReadOnlySpan<byte> rows)
    {
        action = TableAction.Unknown;
        rows = frame;
        if (!Take(ref rows, "{\"table\":\"orderBookL2"u8)) return false;
        if (!Take(ref rows, "\",\"action\":\""u8) && !Take(ref rows, "_25\",\"action\":\""u8)) return false;
        if (Take(ref rows, "update\",\"data\":["u8)) action = TableAction.Update;
        else if (Take(ref rows, "insert\",\"data\":["u8)) action = TableAction.Insert;
        else if (Take(ref rows, "delete\",\"data\":["u8)) action = TableAction.Delete;
        return action != TableAction.Unknown;
    }

    /// <summary>Whether the frame ends as it must; what is scanned then always meets an end.</summary>
    public readonly bool HasEnd => _rest.EndsWith("}]}"u8);

    /// <summary>Whether all rows were scanned.</summary>
    public readonly bool IsAtEnd => _rest.SequenceEqual("]}"u8);

    /// <summary>Takes the comma between two rows.</summary>
    public bool TryNext() => Take(ref _rest, ","u8);

    /// <summary>Scans one row; <paramref name="time"/> is empty where none stands.</summary>
    public bool TryRow(out BookRow row, out ReadOnlySpan<byte> time)
    {
        row = default;
        time = default;
        // A local, which stays in registers as long as no method that is called may change it.
        var rest = _rest;
        if (_head.IsEmpty || !Take(ref rest, _head))
        {
            if (!TryHead(out var head)) return false;
            rest = rest[head..];
        }

        var id = Digits(rest, out var length);
        if (!IsNumber(rest, length)) return false;
        rest = rest[length..];
        Side side;
        if (Take(ref rest, ",\"side\":\"Buy\""u8)) side = Side.Buy;
        else if (Take(ref rest, ",\"side\":\"Sell\""u8)) side = Side.Sell;
        else return false;
        long? size = null;
        if (Take(ref rest, ",\"size\":"u8))
        {
            size = Digits(rest, out length);
            if (!IsNumber(rest, length)) return false;
            rest = rest[length..];
        }

        decimal? price = null;
        if (Take(ref rest, ",\"price\":"u8))
        {
            if (!TryPrice(rest, out var read, out length)) return false;
            price = read;
            rest = rest[length..];
        }

        if (Take(ref rest, ",\"timestamp\":\""u8))
        {
            if (!IsTime(rest)) return false;
            time = rest[..TimeLength];
            rest = rest[(TimeLength + 1)..];
        }

        if (Take(ref rest, ",\"transactTime\":\""u8))
        {
            if (!IsTime(rest)) return false;
            rest = rest[(TimeLength + 1)..];
        }

        if (!Take(ref rest, "}"u8)) return false;
        _rest = rest;
        row = new BookRow(id, side, size, price);
        return true;
    }

    /// <summary>Up to the digits of the identifier. Rows of one message nearly always name the same instrument, and then these bytes are the same.</summary>
    private bool TryHead(out int length)
    {
        length = 0;
        var rest = _rest;
        if (!Take(ref rest, "{\"symbol\":\""u8)) return false;
        var end = rest.IndexOf((byte)'"');
        if (end <= 0 || !_symbols.TryPlain(rest[..end], out var symbol)) return false;
        Symbol = symbol;
        rest = rest[end..];
        if (!Take(ref rest, "\",\"id\":"u8)) return false;
        length = _rest.Length - rest.Length;
        _head = _rest[..length];
        return true;
    }

    private static bool TryPrice(ReadOnlySpan<byte> text, out decimal price, out int length)
    {
        price = default;
        var mantissa = Digits(text, out length);
        if (!IsNumber(text, length)) return false;
        var scale = 0;
        if ((uint)length < (uint)text.Length && text[length] == '.')
        {
            var whole = mantissa;
            mantissa = Digits(text[(length + 1)..], out scale);
            if (scale == 0 || length + scale > DigitsMax) return false;
            mantissa += whole * PowersOfTen[scale];
            length += scale + 1;
        }

        price = new decimal(unchecked((int)mantissa), unchecked((int)(mantissa >> 32)), 0, false, (byte)scale);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNumber(ReadOnlySpan<byte> text, int length) => length is > 0 and <= DigitsMax && (length == 1 || text[0] != '0');

    /// <summary>The number whose digits stand here, and how many they are. More than a long holds wrap round: the caller refuses them by their count.</summary>
    private static long Digits(ReadOnlySpan<byte> text, out int length)
    {
        var (value, at) = (0L, 0);
        unchecked
        {
            while (text.Length - at >= sizeof(ulong))
            {
                var digits = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) ^ 0x3030303030303030;
                // The lowest byte above nine is marked; a carry out of it can only reach bytes behind.
                var others = ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
                var count = BitOperations.TrailingZeroCount(others) >> 3;
                at += count;
                if (count == sizeof(ulong))
                {
                    value = (value * PowersOfTen[sizeof(ulong)]) + Eight(digits);
                    continue;
                }

                // Zeros before, in two steps: a shift by 64 bits would be none.
                value = (value * PowersOfTen[count]) + Eight(digits << 8 << ((sizeof(ulong) - 1 - count) * 8));
                length = at;
                return value;
            }

            for (uint digit; (uint)at < (uint)text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++) value = (value * 10) + digit;
        }

        length = at;
        return value;
    }

    /// <summary>The number of eight digits, a byte each, the first in the lowest: neighbours are put together, then pairs, then fours.</summary>
    private static long Eight(ulong digits)
    {
        unchecked
        {
            digits = (digits * 2_561) >> 8;
            digits = ((digits & 0x00FF00FF00FF00FF) * 6_553_601) >> 16;
            return (long)(((digits & 0x0000FFFF0000FFFF) * 42_949_672_960_001) >> 32);
        }
    }

    /// <summary>Whether a text of a timestamp's length and a quote stand here, and the text is what it looks like: no quote, escape or control character, nothing beyond ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length <= TimeLength || text[TimeLength] != '"') return false;
        return (Unusual(Vector128.Create(text)) | Unusual(Vector128.Create(text[(TimeLength - Vector128<byte>.Count)..]))) == Vector128<byte>.Zero;

        // As signed bytes, what is beyond ASCII is below the blank too.
        static Vector128<byte> Unusual(Vector128<byte> text) =>
            Vector128.LessThan(text.AsSByte(), Vector128.Create((sbyte)' ')).AsByte() | Vector128.Equals(text, Vector128.Create((byte)'"')) | Vector128.Equals(text, Vector128.Create((byte)'\\'));
    }

    /// <summary>Inlined, so that a constant is compared in one or two instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Take(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> expected)
    {
        if (!text.StartsWith(expected)) return false;
        text = text[expected.Length..];
        return true;
    }
}
