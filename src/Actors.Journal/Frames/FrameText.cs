using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Actors.Journal.Frames;

/// <summary>What stands at a gap of a template.</summary>
internal enum FieldKind : byte
{
    /// <summary>A decimal in its only spelling: no needless zero, at most 18 digits.</summary>
    Number = 1,

    /// <summary>A moment in UTC to the millisecond, as in <c>2026-09-01T12:30:00.000Z</c>; milliseconds since 1970.</summary>
    Moment = 2,

    /// <summary>A UUID in lower case.</summary>
    Uuid = 3,

    /// <summary>Digits that are none of these, as they are.</summary>
    Verbatim = 4,
}

/// <summary>One value between the constant parts of a frame. Which members count depends on its kind.</summary>
internal struct FrameField
{
    public FieldKind Kind;

    /// <summary>A number's digits with its sign, or a moment.</summary>
    public long Value;

    /// <summary>How many of a number's digits stand behind the point.</summary>
    public int Scale;

    /// <summary>A UUID's halves.</summary>
    public ulong High, Low;

    /// <summary>Where a verbatim text is in the frame; when reading, the text itself.</summary>
    public int Start, Length;
    public byte[]? Text;
}

/// <summary>A part of a frame, from one opening brace to the next: its template, where each value is a gap, and the values.</summary>
internal readonly record struct FrameSegment(int Start, int Length, int TemplateStart, int TemplateLength, int FieldStart, int FieldCount)
{
    public bool IsRaw => TemplateLength == 0;
}

/// <summary>
/// Cuts a frame into segments of template and values, and puts them together again. It knows how numbers, moments and UUIDs are spelled in JSON and takes anything else
/// as constant text, so that every sequence of bytes comes back as it was; whether it is JSON does not matter. Not thread-safe.
/// </summary>
internal sealed class FrameText
{
    public const int TemplateMax = 2_048;
    public const int FieldsMax = 64;
    public const int DigitsMax = 18;
    private const int MomentLength = 24;
    private const int UuidLength = 36;
    private const int DayLength = 10;

    /// <summary>Bytes below stand for gaps in a template; a frame that has one is taken whole.</summary>
    private const byte FirstText = 8;

    private readonly byte[] _day = new byte[DayLength];
    private byte[] _templates = new byte[1 << 12];
    private FrameField[] _fields = new FrameField[256];
    private FrameSegment[] _segments = new FrameSegment[64];
    private int _templateLength;
    private int _fieldCount;
    private long _dayNumber = long.MinValue;
    private readonly byte[] _momentText = new byte[MomentLength];
    private long _momentWritten = long.MinValue;

    public int Count { get; private set; }

    public ReadOnlySpan<FrameSegment> Segments => _segments.AsSpan(0, Count);

    public ReadOnlySpan<byte> Template(in FrameSegment segment) => _templates.AsSpan(segment.TemplateStart, segment.TemplateLength);

    public Span<FrameField> Fields(in FrameSegment segment) => _fields.AsSpan(segment.FieldStart, segment.FieldCount);

    /// <summary>Whether a text read from somewhere can be a template: not too long, not too many gaps, every byte text or the gap of some kind.</summary>
    public static bool IsTemplate(ReadOnlySpan<byte> text)
    {
        var gaps = 0;
        foreach (var one in text)
        {
            if (one is 0 or > (byte)FieldKind.Verbatim and < FirstText) return false;
            if (one < FirstText) gaps++;
        }

        return text.Length is > 0 and <= TemplateMax && gaps <= FieldsMax;
    }

    /// <summary>False for a frame that cannot be cut: it is to be taken as it is.</summary>
    public bool Cut(ReadOnlySpan<byte> frame)
    {
        (Count, _templateLength, _fieldCount) = (0, 0, 0);
        if (frame.IsEmpty || frame.IndexOfAnyInRange((byte)0, (byte)(FirstText - 1)) >= 0) return false;
        for (var at = 0; at < frame.Length;)
        {
            var next = frame[(at + 1)..].IndexOf((byte)'{');
            var end = next < 0 ? frame.Length : at + 1 + next;
            CutSegment(frame, at, end);
            at = end;
        }

        return true;
    }

    private void CutSegment(ReadOnlySpan<byte> frame, int start, int end)
    {
        var (template, field) = (_templateLength, _fieldCount);
        if (_templates.Length - template < TemplateMax + end - start) Array.Resize(ref _templates, Math.Max(_templates.Length * 2, template + TemplateMax + end - start));
        var to = _templates.AsSpan(template);
        var length = 0;
        var previous = start == 0 ? (byte)0 : frame[start - 1];
        for (var at = start; at < end;)
        {
            var one = frame[at];
            var taken = 0;
            if (StartsValue(previous) && (IsDigit(one) || (one == '-' && previous != '"' && previous != '-') || (previous == '"' && one is >= (byte)'a' and <= (byte)'f')))
            {
                if (_fieldCount == _fields.Length) Array.Resize(ref _fields, _fields.Length * 2);
                taken = Value(frame[at..end], previous, at, ref _fields[_fieldCount]);
                if (taken > 0) to[length++] = (byte)_fields[_fieldCount++].Kind;
            }

            if (taken == 0)
            {
                // Letters with digits among them are one word.
                do to[length++] = frame[at++];
                while (at < end && IsWord(frame[at - 1]) && IsWord(frame[at]));
            }
            else
            {
                at += taken;
            }

            previous = frame[at - 1];
        }

        if (length > TemplateMax || _fieldCount - field > FieldsMax) (length, _fieldCount) = (0, field);
        if (Count == _segments.Length) Array.Resize(ref _segments, Count * 2);
        _segments[Count++] = new FrameSegment(start, end - start, template, length, field, _fieldCount - field);
        _templateLength += length;
    }

    private int Value(ReadOnlySpan<byte> text, byte previous, int at, ref FrameField field)
    {
        if (previous == '"')
        {
            if (text.Length > MomentLength && text[MomentLength] == '"' && text[MomentLength - 1] == 'Z' && TryMoment(text[..MomentLength], out field.Value))
            {
                field.Kind = FieldKind.Moment;
                return MomentLength;
            }

            if (text.Length > UuidLength && text[UuidLength] == '"' && text[8] == '-' && TryUuid(text[..UuidLength], out field.High, out field.Low))
            {
                field.Kind = FieldKind.Uuid;
                return UuidLength;
            }
        }

        return Number(text, at, ref field);
    }

    private static int Number(ReadOnlySpan<byte> text, int start, ref FrameField field)
    {
        unchecked
        {
            var at = text[0] == '-' ? 1 : 0;
            var first = at;
            long value = 0;
            while (at < text.Length && IsDigit(text[at])) value = (value * 10) + (text[at++] - '0');
            var digits = at - first;
            if (digits == 0) return 0;
            var scale = 0;
            if (at + 1 < text.Length && text[at] == '.' && IsDigit(text[at + 1]))
            {
                for (at++; at < text.Length && IsDigit(text[at]); scale++) value = (value * 10) + (text[at++] - '0');
            }

            if (at < text.Length && IsWord(text[at])) return 0;
            var isOnly = digits + scale <= DigitsMax && (digits == 1 || text[first] != '0') && (scale == 0 || text[at - 1] != '0') && (first == 0 || value != 0);
            field.Kind = isOnly ? FieldKind.Number : FieldKind.Verbatim;
            (field.Value, field.Scale, field.Start, field.Length) = (first == 0 ? value : -value, scale, start, at);
            return at;
        }
    }

    private bool TryMoment(ReadOnlySpan<byte> text, out long moment)
    {
        moment = 0;
        if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.') return false;
        if (!Digits(text, 11, 2, out var hour) || !Digits(text, 14, 2, out var minute) || !Digits(text, 17, 2, out var second) || !Digits(text, 20, 3, out var thousandth)) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        if (!text[..DayLength].SequenceEqual(_day) || _dayNumber == long.MinValue)
        {
            if (!DateOnly.TryParseExact(Encoding.ASCII.GetString(text[..DayLength]), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
            SetDay(day.DayNumber);
            if (!text[..DayLength].SequenceEqual(_day)) return false;
        }

        moment = ((_dayNumber - EpochDay) * DayMilliseconds) + (((((hour * 60) + minute) * 60) + second) * 1_000) + thousandth;
        return true;
    }

    private const long DayMilliseconds = 86_400_000;
    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The moments that can be spelled.</summary>
    public static bool IsMoment(long moment) => moment >= -EpochDay * DayMilliseconds && moment < (DateOnly.MaxValue.DayNumber + 1L - EpochDay) * DayMilliseconds;

    private void SetDay(long number)
    {
        _dayNumber = number;
        DateOnly.FromDayNumber((int)number).TryFormat(_day, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes a segment: the template's text with the values in its gaps. False when it does not fit.</summary>
    public bool TryWrite(Template template, ReadOnlySpan<FrameField> fields, Span<byte> to, out int written)
    {
        written = 0;
        ReadOnlySpan<byte> text = template.Text;
        var gaps = template.Gaps;
        var from = 0;
        for (var index = 0; index < gaps.Length; index++)
        {
            var piece = text[from..gaps[index]];
            if (!piece.TryCopyTo(to[written..])) return false;
            written += piece.Length;
            if (!TryWrite(in fields[index], to[written..], out var length)) return false;
            written += length;
            from = gaps[index] + 1;
        }

        if (!text[from..].TryCopyTo(to[written..])) return false;
        written += text.Length - from;
        return true;
    }

    private bool TryWrite(in FrameField field, Span<byte> to, out int written)
    {
        switch (field.Kind)
        {
            case FieldKind.Number:
                return TryWriteNumber(field.Value, field.Scale, to, out written);
            case FieldKind.Moment:
                written = MomentLength;
                return to.Length >= MomentLength && WriteMoment(field.Value, to);
            case FieldKind.Uuid:
                written = UuidLength;
                return to.Length >= UuidLength && WriteUuid(field.High, field.Low, to);
            default:
                written = field.Text!.Length;
                return field.Text.AsSpan().TryCopyTo(to);
        }
    }

    private static bool TryWriteNumber(long value, int scale, Span<byte> to, out int written)
    {
        if (scale == 0) return Utf8Formatter.TryFormat(value, to, out written);
        written = 0;
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(Math.Abs(value), digits, out var count);
        var whole = Math.Max(count - scale, 0);
        var length = (value < 0 ? 1 : 0) + Math.Max(whole, 1) + 1 + scale;
        if (to.Length < length) return false;
        if (value < 0) to[written++] = (byte)'-';
        if (whole == 0) to[written++] = (byte)'0';
        else digits[..whole].CopyTo(to[written..]);
        written += whole;
        to[written++] = (byte)'.';
        for (var zeros = scale - (count - whole); zeros > 0; zeros--) to[written++] = (byte)'0';
        digits[whole..count].CopyTo(to[written..]);
        written = length;
        return true;
    }

    private bool WriteMoment(long moment, Span<byte> to)
    {
        if (moment == _momentWritten)
        {
            _momentText.CopyTo(to);
            return true;
        }

        var day = Math.DivRem(moment, DayMilliseconds, out var rest);
        if (rest < 0) (day, rest) = (day - 1, rest + DayMilliseconds);
        if (day + EpochDay != _dayNumber) SetDay(day + EpochDay);
        _day.CopyTo(to);
        var left = (int)rest;
        to[10] = (byte)'T';
        Put(to, 11, left / 3_600_000);
        to[13] = (byte)':';
        Put(to, 14, left / 60_000 % 60);
        to[16] = (byte)':';
        Put(to, 17, left / 1_000 % 60);
        to[19] = (byte)'.';
        to[20] = (byte)('0' + (left / 100 % 10));
        Put(to, 21, left % 100);
        to[23] = (byte)'Z';
        // The same moment often stands several times in a frame.
        to[..MomentLength].CopyTo(_momentText);
        _momentWritten = moment;
        return true;
    }

    private static void Put(Span<byte> to, int at, int number) => (to[at], to[at + 1]) = ((byte)('0' + (number / 10)), (byte)('0' + (number % 10)));

    private static bool Digits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        for (var index = at; index < at + count; index++)
        {
            if (!IsDigit(text[index])) return false;
            value = (value * 10) + (text[index] - '0');
        }

        return true;
    }

    private static bool TryUuid(ReadOnlySpan<byte> text, out ulong high, out ulong low)
    {
        high = low = 0;
        for (int index = 0, nibbles = 0; index < UuidLength; index++)
        {
            if (index is 8 or 13 or 18 or 23)
            {
                if (text[index] != '-') return false;
                continue;
            }

            var one = text[index];
            var nibble = IsDigit(one) ? one - '0' : one is >= (byte)'a' and <= (byte)'f' ? one - 'a' + 10 : -1;
            if (nibble < 0) return false;
            if (nibbles++ < 16) high = (high << 4) | (uint)nibble;
            else low = (low << 4) | (uint)nibble;
        }

        return true;
    }

    private static bool WriteUuid(ulong high, ulong low, Span<byte> to)
    {
        for (int index = 0, nibbles = 0; index < UuidLength; index++)
        {
            if (index is 8 or 13 or 18 or 23)
            {
                to[index] = (byte)'-';
                continue;
            }

            var half = nibbles < 16 ? high : low;
            var nibble = (int)((half >> (60 - (4 * (nibbles & 15)))) & 15);
            to[index] = (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);
            nibbles++;
        }

        return true;
    }

    private static bool StartsValue(byte previous) => previous is (byte)':' or (byte)',' or (byte)'[' or (byte)'"' or (byte)'-' or (byte)' ';

    private static bool IsDigit(byte one) => one is >= (byte)'0' and <= (byte)'9';

    private static bool IsWord(byte one) => IsDigit(one) || one is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_';
}
