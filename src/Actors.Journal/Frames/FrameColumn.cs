using System.Numerics;

namespace Actors.Journal.Frames;

/// <summary>How a signed number of any size is spread: its length in bits is learnt, and the three bits below its highest; the others are as they come.</summary>
internal sealed class NumberModel
{
    private const int LengthBits = 7;
    private const int TopBits = 3;
    private const int Lengths = 65;
    private const int ChunkMax = 16;

    private readonly ushort[] _length = RangeCoding.Models(1 << LengthBits);
    private readonly ushort[] _top = RangeCoding.Models(Lengths << TopBits);

    public static NumberModel[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => new NumberModel())];

    public long Code<T>(ref T coder, long value)
        where T : struct, IBitCoder
    {
        unchecked
        {
            // Small numbers of either sign become small numbers: 0, -1, 1, -2 become 0, 1, 2, 3.
            var folded = (ulong)((value << 1) ^ (value >> 63));
            var length = FrameModel.Tree(ref coder, _length, 0, LengthBits, 64 - BitOperations.LeadingZeroCount(folded));
            if (length >= Lengths) throw new FormatException("a number longer than 64 bits");
            if (length < 2) return (length & 1) * -1L;
            var rest = length - 1;
            var top = Math.Min(rest, TopBits);
            var read = (1UL << top) | (uint)FrameModel.Tree(ref coder, _top, length << TopBits, top, (int)(folded >> (rest - top)) & ((1 << top) - 1));
            for (rest -= top; rest > 0;)
            {
                var chunk = Math.Min(rest, ChunkMax);
                rest -= chunk;
                read = (read << chunk) | coder.Bits((uint)(folded >> rest) & ((1u << chunk) - 1), chunk);
            }

            return (long)(read >> 1) ^ -(long)(read & 1);
        }
    }
}

/// <summary>
/// What stood at one gap before: the last number and the largest, and the step that all have in common (a lot, a tick), so that a number is coded as a few
/// such steps from one of them.
/// </summary>
internal sealed class Column(int id)
{
    public const int Settings = 16;
    private const long Limit = 1_000_000_000_000_000_000;
    private const int KindBits = 3;
    private const int ScaleBits = 5;

    private static readonly long[] PowersOfTen = [.. Enumerable.Range(0, FrameText.DigitsMax + 1).Select(power => (long)BigInteger.Pow(10, power))];

    private readonly ushort[] _kinds = RangeCoding.Models((Settings * 2) << KindBits);
    private readonly ushort[] _scales = RangeCoding.Models(1 << ScaleBits);
    private readonly NumberModel _fromLast = new();
    private readonly NumberModel _fromMax = new();
    private readonly NumberModel _fromKeyed = new();
    private NumberModel? _whole;
    private long _max;
    private long _unit;
    private int _scale;

    private enum Kind
    {
        SameAsKeyed,
        SameAsLast,
        FromLast,
        FromMax,
        FromKeyed,
        Whole,
    }

    /// <summary>Moments at this gap, and how far they are from the one before.</summary>
    public NumberModel Deltas => _fromLast;

    /// <summary>Another one each time numbers are counted by a finer digit: what was kept by the old one means nothing then.</summary>
    public ulong Epoch { get; private set; } = (ulong)id << 32;

    /// <summary>The last number, counted by the finest digit seen.</summary>
    public long Last { get; private set; }

    /// <summary>Whether <see cref="Last"/> is the number coded last: one too large to be counted so is not kept.</summary>
    public bool IsLastWhole { get; private set; }

    public void Code<T>(ref T coder, int setting, long? keyed, ref FrameField field)
        where T : struct, IBitCoder
    {
        long value = 0;
        var kind = T.Reads ? Kind.Whole : Choose(in field, keyed, out value);
        kind = (Kind)FrameModel.Tree(ref coder, _kinds, ((setting << 1) | (keyed is null ? 0 : 1)) << KindBits, KindBits, (int)kind);
        switch (kind)
        {
            case Kind.SameAsKeyed when keyed is { } known:
                value = known;
                break;
            case Kind.SameAsLast:
                value = Last;
                break;
            case Kind.FromLast:
                value = Step(ref coder, _fromLast, Last, value);
                break;
            case Kind.FromMax:
                value = Step(ref coder, _fromMax, _max, value);
                break;
            case Kind.FromKeyed when keyed is { } known:
                value = Step(ref coder, _fromKeyed, known, value);
                break;
            case Kind.Whole:
                field.Scale = FrameModel.Tree(ref coder, _scales, 0, ScaleBits, field.Scale);
                field.Value = (_whole ??= new NumberModel()).Code(ref coder, field.Value);
                if (field.Scale > FrameText.DigitsMax || field.Value is <= -Limit or >= Limit) throw new FormatException("a number of more than 18 digits");
                Learn(field.Value, field.Scale);
                return;
            default:
                throw new FormatException("a number in the light of one that is not there");
        }

        (Last, _max, IsLastWhole) = (value, Math.Max(_max, value), true);
        if (!T.Reads) return;
        // The only spelling has no needless zero.
        var scale = _scale;
        for (; scale > 0 && value % 10 == 0; scale--) value /= 10;
        (field.Value, field.Scale) = (value, scale);
    }

    private Kind Choose(in FrameField field, long? keyed, out long value)
    {
        if (!TryCount(field.Value, field.Scale, out value)) return Kind.Whole;
        if (value == keyed) return Kind.SameAsKeyed;
        if (value == Last) return Kind.SameAsLast;
        if (_unit == 0 || value % _unit != 0) return Kind.Whole;
        var (kind, least) = (Kind.FromLast, Math.Abs(value - Last));
        if (Math.Abs(value - _max) < least) (kind, least) = (Kind.FromMax, Math.Abs(value - _max));
        return keyed is { } known && Math.Abs(value - known) < least ? Kind.FromKeyed : kind;
    }

    private long Step<T>(ref T coder, NumberModel model, long from, long to)
        where T : struct, IBitCoder
    {
        if (_unit == 0) throw new FormatException("a step of an unknown width");
        var steps = model.Code(ref coder, T.Reads ? 0 : (to - from) / _unit);
        var most = 2 * Limit / _unit;
        if (steps > most || steps < -most) throw new FormatException("a step too far");
        to = from + (steps * _unit);
        return to is > -Limit and < Limit ? to : throw new FormatException("a number of more than 18 digits");
    }

    private void Learn(long digits, int scale)
    {
        if (scale > _scale)
        {
            var power = PowersOfTen[scale - _scale];
            // Too large to be counted so finely: begin anew.
            if (Math.Max(Math.Abs(Last), Math.Max(Math.Abs(_max), _unit)) >= Limit / power) (Last, _max, _unit) = (0, 0, 0);
            else (Last, _max, _unit) = (Last * power, _max * power, _unit * power);
            _scale = scale;
            Epoch++;
        }

        IsLastWhole = TryCount(digits, scale, out var value);
        if (!IsLastWhole) return;
        _unit = (long)BigInteger.GreatestCommonDivisor(_unit, value);
        (Last, _max) = (value, Math.Max(_max, value));
    }

    private bool TryCount(long digits, int scale, out long value)
    {
        value = 0;
        if (scale > _scale || Math.Abs(digits) >= PowersOfTen[FrameText.DigitsMax - (_scale - scale)]) return false;
        value = digits * PowersOfTen[_scale - scale];
        return true;
    }
}

/// <summary>Which templates came after something, the last three, and how often each guess was right.</summary>
internal sealed class Followers
{
    public const int Count = 3;

    public Template?[] Guesses { get; } = new Template?[Count];

    public ushort[] Models { get; } = RangeCoding.Models(Count);

    /// <summary>Puts a template first that stood at a place, or at none: then the last one goes.</summary>
    public void Follow(Template template, int place)
    {
        for (; place > 0; place--) Guesses[place] = Guesses[place - 1];
        Guesses[0] = template;
    }
}

/// <summary>The constant text of a segment with its gaps, and the columns that these belong to.</summary>
internal sealed class Template
{
    public Template(int id, byte[] text, FieldKind[] kinds, Column[] columns)
    {
        (Id, Text, Kinds, Columns) = (id, text, kinds, columns);
        Gaps = [.. Enumerable.Range(0, text.Length).Where(at => text[at] <= (byte)FieldKind.Verbatim)];
        Key = KeyOf();
    }

    public int Id { get; }

    public byte[] Text { get; }

    /// <summary>Where in the text the gaps are.</summary>
    public int[] Gaps { get; }

    public FieldKind[] Kinds { get; }

    public Column[] Columns { get; }

    /// <summary>The gap whose number the others are remembered by: a price where there is one, else the first number; -1 for none.</summary>
    public int Key { get; }

    /// <summary>Which templates come after this one in a frame.</summary>
    public Followers Inside { get; } = new();

    /// <summary>Which templates begin the frame after one that begins with this.</summary>
    public Followers AfterFrame { get; } = new();

    /// <summary>Whether a frame goes on after this one.</summary>
    public ushort[] More { get; } = RangeCoding.Models(1);

    private int KeyOf()
    {
        for (var gap = 0; gap < Gaps.Length; gap++)
        {
            if (Kinds[gap] == FieldKind.Number && Text.AsSpan(0, Gaps[gap]).EndsWith("\"price\":"u8)) return gap;
        }

        return Array.IndexOf(Kinds, FieldKind.Number);
    }
}
