using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    private readonly ReadOnlySpan<byte> _text;
    private readonly SymbolTable _symbols;
    private ReadOnlySpan<byte> _head;
    private Symbol _symbol;
    private int _at;

    /// <param name="rows">What follows the opening bracket of the rows, to the frame's end.</param>
    /// <param name="symbols">The symbols met so far.</param>
    public LevelScanner(ReadOnlySpan<byte> rows, SymbolTable symbols)
    {
        _text = rows;
        _symbols = symbols;
    }

    /// <summary>One row as it was scanned. <see cref="Time"/> is empty where none stands.</summary>
    public ref struct Row
    {
        public Symbol Symbol;
        public long Id;
        public Side Side;
        public long? Size;
        public decimal? Price;
        public ReadOnlySpan<byte> Time;
    }

    /// <summary>Whether a frame begins as a message of level changes, with its table first and its action second; then also what it does, and its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryBegin(ReadOnlySpan<byte> frame, out TableAction action, out ReadOnlySpan<byte> rows)
    {
        action = TableAction.Unknown;
        rows = frame;
        if (!Skip(ref rows, "{\"table\":\"orderBookL2"u8)) return false;
        if (!Skip(ref rows, "\",\"action\":\""u8) && !Skip(ref rows, "_25\",\"action\":\""u8)) return false;
        if (Skip(ref rows, "update\",\"data\":["u8)) action = TableAction.Update;
        else if (Skip(ref rows, "insert\",\"data\":["u8)) action = TableAction.Insert;
        else if (Skip(ref rows, "delete\",\"data\":["u8)) action = TableAction.Delete;
        return action != TableAction.Unknown;

        static bool Skip(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> expected)
        {
            if (!text.StartsWith(expected)) return false;
            text = text[expected.Length..];
            return true;
        }
    }

    /// <summary>Whether the frame ends as it must; what is scanned then always meets an end.</summary>
    public readonly bool HasEnd => _text.EndsWith("}]}"u8);

    /// <summary>Whether all rows were scanned.</summary>
    public readonly bool IsAtEnd => _at == _text.Length - 2 && _text[_at] == ']';

    /// <summary>Takes the comma between two rows.</summary>
    public bool TryNext() => Take((byte)',');

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRow(ref Row row)
    {
        if (!TryHead() || !TryInteger(out row.Id)) return false;
        row.Symbol = _symbol;
        if (Take(",\"side\":\"Buy\""u8)) row.Side = Side.Buy;
        else if (Take(",\"side\":\"Sell\""u8)) row.Side = Side.Sell;
        else return false;
        row.Size = null;
        if (Take(",\"size\":"u8))
        {
            if (!TryInteger(out var size)) return false;
            row.Size = size;
        }

        row.Price = null;
        if (Take(",\"price\":"u8) && !TryPrice(ref row)) return false;
        row.Time = default;
        if (Take(",\"timestamp\":\""u8) && !TryTime(out row.Time)) return false;
        return !(Take(",\"transactTime\":\""u8) && !TryTime(out _)) && Take((byte)'}');
    }

    /// <summary>Up to the digits of the identifier. Rows of one message nearly always name the same instrument, and then these bytes are the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryHead()
    {
        if (!_head.IsEmpty && Take(_head)) return true;
        var from = _at;
        if (!Take("{\"symbol\":\""u8)) return false;
        var name = _text[_at..];
        var end = name.IndexOf((byte)'"');
        // Not empty, not escaped, nothing that would have to be decoded.
        if (end <= 0 || name[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~') || name[..end].Contains((byte)'\\')) return false;
        _at += end;
        if (!Take("\",\"id\":"u8)) return false;
        _symbol = _symbols.Get(name[..end]);
        _head = _text[from.._at];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryInteger(out long value)
    {
        var from = _at;
        value = Digits(0);
        return IsNumber(from, _at - from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryPrice(ref Row row)
    {
        var from = _at;
        var mantissa = Digits(0);
        var whole = _at - from;
        if (!IsNumber(from, whole)) return false;
        var scale = 0;
        if (Take((byte)'.'))
        {
            var point = _at;
            mantissa = Digits(mantissa);
            scale = _at - point;
            if (scale == 0 || whole + scale > DigitsMax) return false;
        }

        row.Price = new decimal(unchecked((int)mantissa), unchecked((int)(mantissa >> 32)), 0, false, (byte)scale);
        return true;
    }

    private readonly bool IsNumber(int from, int length) => length is > 0 and <= DigitsMax && (length == 1 || _text[from] != '0');

    /// <summary>Appends the digits that stand here. More than a long holds wrap round: the caller refuses them by their count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Digits(long value)
    {
        var text = _text;
        var at = _at;
        unchecked
        {
            for (uint digit; (uint)at < (uint)text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++) value = (value * 10) + digit;
        }

        _at = at;
        return value;
    }

    /// <summary>A text of a timestamp's length that is what it looks like: no quote, escape or control character, nothing beyond ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTime(out ReadOnlySpan<byte> time)
    {
        time = default;
        if (_text.Length - _at <= TimeLength || _text[_at + TimeLength] != '"') return false;
        time = _text.Slice(_at, TimeLength);
        _at += TimeLength + 1;
        return (Unusual(Vector128.Create(time)) | Unusual(Vector128.Create(time[(TimeLength - Vector128<byte>.Count)..]))) == Vector128<byte>.Zero;

        // As signed bytes, what is beyond ASCII is below the blank too.
        static Vector128<byte> Unusual(Vector128<byte> text) =>
            Vector128.LessThan(text.AsSByte(), Vector128.Create((sbyte)' ')).AsByte() | Vector128.Equals(text, Vector128.Create((byte)'"')) | Vector128.Equals(text, Vector128.Create((byte)'\\'));
    }

    private bool Take(byte expected)
    {
        if ((uint)_at >= (uint)_text.Length || _text[_at] != expected) return false;
        _at++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Take(ReadOnlySpan<byte> expected)
    {
        if (!_text[_at..].StartsWith(expected)) return false;
        _at += expected.Length;
        return true;
    }
}
