using System.Numerics;

namespace Actors.Journal.Frames;

/// <summary>
/// What the frames of a group have taught so far: templates, which follows which, and for each gap what stood there before. Writer and reader hold one each and code
/// through the same members in the same order, so that they always know the same. Not thread-safe.
/// </summary>
/// <remarks>
/// A value costs what it says anew. A price is coded by its step from the last one at its gap; the other values of its segment by what stood beside the same price the
/// last time, which is how a level's identifier costs nothing; a moment by its distance from the frame's receiving or from the moment before it.
/// </remarks>
internal sealed class FrameModel
{
    public const int TemplatesMax = 4_096;
    private const int TemplateBits = 12;

    /// <summary>Codes of templates that are none: a new one, whose text follows among the literals, and a segment taken as it is.</summary>
    private const int NewTemplate = 0;
    private const int RawSegment = 1;
    private const int FirstTemplate = 2;

    private const int UuidsKept = 256;
    private const int KeyedMax = 1 << 15;

    private readonly List<Template> _templates = [];
    private readonly Dictionary<ulong, List<Template>> _byText = [];
    private readonly Dictionary<ulong, Column> _columns = [];
    private readonly ushort[] _template = RangeCoding.Models(1 << TemplateBits);
    private readonly NumberModel _steps = new();
    private readonly NumberModel _arrivals = new();
    private readonly NumberModel _lengths = new();
    private readonly ushort[] _flags = RangeCoding.Models(4);
    private readonly NumberModel[] _offsets = NumberModel.Many(Column.Settings);
    /// <summary>The flag whether it is known, where a tree has no node; then the tree of its age.</summary>
    private readonly ushort[] _uuid = RangeCoding.Models(UuidsKept);
    private readonly (ulong High, ulong Low)[] _uuids = new (ulong High, ulong Low)[UuidsKept];
    private readonly Dictionary<(ulong High, ulong Low), int> _uuidAt = [];
    private readonly (ulong Key, long Value)[] _keyed = new (ulong Key, long Value)[KeyedMax];
    private int _uuidNext;
    private Template? _opening;
    private Followers _between = new();
    private long _arrival;
    private long _offset;
    private long _moment;
    private bool _isFirstMoment;

    /// <summary>The numbers of a frame: the step of its sequence, the step of its receiving in 100 ns, and whether it is taken as it is.</summary>
    public bool Frame<T>(ref T coder, ref long step, ref long ticks, bool isRaw)
        where T : struct, IBitCoder
    {
        if (coder.Bit(ref _flags[0], step == 1 ? 0 : 1) == 0) step = 1;
        else step = _steps.Code(ref coder, step);
        ticks = _arrivals.Code(ref coder, ticks);
        _arrival = unchecked(_arrival + ticks);
        _isFirstMoment = true;
        return coder.Bit(ref _flags[1], isRaw ? 1 : 0) == 1;
    }

    /// <summary>A length that is not known otherwise.</summary>
    public long Length<T>(ref T coder, long length)
        where T : struct, IBitCoder => _lengths.Code(ref coder, length);

    /// <summary>The template with this text; null when it was never learnt.</summary>
    public Template? Find(ReadOnlySpan<byte> text)
    {
        if (!_byText.TryGetValue(HashOf(text), out var same)) return null;
        foreach (var template in same)
        {
            if (text.SequenceEqual(template.Text)) return template;
        }

        return null;
    }

    /// <summary>Learns a template, unless there are enough; null then. Throws <see cref="FormatException"/> for a text that is none.</summary>
    public Template? Learn(ReadOnlySpan<byte> text)
    {
        if (_templates.Count >= TemplatesMax - FirstTemplate) return null;
        if (!FrameText.IsTemplate(text)) throw new FormatException("a template that cannot be one");
        var kinds = new List<FieldKind>();
        var columns = new List<Column>();
        var firstGap = text.IndexOfAnyInRange((byte)FieldKind.Number, (byte)FieldKind.Verbatim);
        var subject = HashOf(firstGap < 0 ? text : text[..firstGap]);
        var from = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] > (byte)FieldKind.Verbatim) continue;
            var key = unchecked((HashOf(text[from..at]) * 31) + subject + text[at]);
            if (!_columns.TryGetValue(key, out var column)) _columns.Add(key, column = new Column(_columns.Count + 1));
            kinds.Add((FieldKind)text[at]);
            columns.Add(column);
            from = at + 1;
        }

        var template = new Template(_templates.Count + FirstTemplate, text.ToArray(), [.. kinds], [.. columns]);
        _templates.Add(template);
        if (!_byText.TryGetValue(HashOf(text), out var same)) _byText.Add(HashOf(text), same = []);
        same.Add(template);
        return template;
    }

    /// <summary>Which template comes after <paramref name="before"/> (null: first in a frame). Null: <paramref name="code"/> says whether it is new or raw.</summary>
    public Template? Next<T>(ref T coder, Template? before, Template? next, ref int code)
        where T : struct, IBitCoder
    {
        var followers = before?.Inside ?? _between;
        for (var guess = 0; guess < Followers.Count && followers.Guesses[guess] is { } one; guess++)
        {
            if (coder.Bit(ref followers.Models[guess], ReferenceEquals(one, next) ? 0 : 1) == 1) continue;
            followers.Follow(one, guess);
            return Opened(before, one);
        }

        code = Tree(ref coder, _template, 0, TemplateBits, next?.Id ?? code);
        if (code < FirstTemplate) return null;
        if (code - FirstTemplate >= _templates.Count) throw new FormatException("a template that was never learnt");
        var found = _templates[code - FirstTemplate];
        followers.Follow(found, Followers.Count - 1);
        return Opened(before, found);
    }

    public static int CodeOf(bool isRaw) => isRaw ? RawSegment : NewTemplate;

    public static bool IsRaw(int code) => code == RawSegment;

    /// <summary>A template that was just learnt takes its place.</summary>
    public void Took(Template? before, Template taken)
    {
        (before?.Inside ?? _between).Follow(taken, Followers.Count - 1);
        Opened(before, taken);
    }

    public bool HasMore<T>(ref T coder, Template? last, bool hasMore)
        where T : struct, IBitCoder => coder.Bit(ref last is null ? ref _flags[2] : ref last.More[0], hasMore ? 1 : 0) == 1;

    /// <summary>The values of a segment, the key first. Verbatim texts and new UUIDs go through <paramref name="literals"/>.</summary>
    public void Fields<T>(ref T coder, Template template, Span<FrameField> fields, ILiterals literals)
        where T : struct, IBitCoder
    {
        ulong key = 0;
        var setting = Setting;
        if (template.Key >= 0)
        {
            Number(ref coder, template.Columns[template.Key], setting, 0, ref fields[template.Key]);
            ref var field = ref fields[template.Key];
            key = unchecked(((ulong)field.Value * 0x9E3779B97F4A7C15UL) + (ulong)field.Scale + 1);
        }

        for (var index = 0; index < fields.Length; index++)
        {
            if (index == template.Key) continue;
            ref var field = ref fields[index];
            field.Kind = template.Kinds[index];
            switch (field.Kind)
            {
                case FieldKind.Number:
                    Number(ref coder, template.Columns[index], setting, key, ref field);
                    break;
                case FieldKind.Moment:
                    Moment(ref coder, template.Columns[index], ref field);
                    break;
                case FieldKind.Uuid:
                    Uuid(ref coder, ref field, literals);
                    break;
                default:
                    field.Length = literals.Verbatim((int)Length(ref coder, field.Length), ref field);
                    break;
            }
        }
    }

    /// <summary>What kind of frame this is, roughly: values behave otherwise in one that inserts than in one that updates.</summary>
    private int Setting => (_opening?.Id ?? 0) & (Column.Settings - 1);

    private Template Opened(Template? before, Template taken)
    {
        if (before is null) (_opening, _between) = (taken, taken.AfterFrame);
        return taken;
    }

    private void Number<T>(ref T coder, Column column, int setting, ulong key, ref FrameField field)
        where T : struct, IBitCoder
    {
        field.Kind = FieldKind.Number;
        ref var entry = ref _keyed[0];
        var hasKeyed = false;
        if (key != 0)
        {
            key = unchecked((key ^ column.Epoch) * 0xD6E8FEB86659FD93UL);
            entry = ref _keyed[key >> 49];
            hasKeyed = entry.Key == key;
        }

        column.Code(ref coder, setting, hasKeyed ? entry.Value : null, ref field);
        if (key != 0 && column.IsLastWhole) entry = (key, column.Last);
    }

    private void Moment<T>(ref T coder, Column column, ref FrameField field)
        where T : struct, IBitCoder
    {
        var guess = _isFirstMoment ? (_arrival / TimeSpan.TicksPerMillisecond) - _offset : _moment;
        var model = _isFirstMoment ? _offsets[Setting] : column.Deltas;
        var moment = unchecked(guess + model.Code(ref coder, unchecked(field.Value - guess)));
        if (!FrameText.IsMoment(moment)) throw new FormatException("a moment that cannot be spelled");
        if (_isFirstMoment) _offset = (_arrival / TimeSpan.TicksPerMillisecond) - moment;
        (_isFirstMoment, _moment, field.Value) = (false, moment, moment);
    }

    private void Uuid<T>(ref T coder, ref FrameField field, ILiterals literals)
        where T : struct, IBitCoder
    {
        var known = _uuidAt.TryGetValue((field.High, field.Low), out var at);
        if (coder.Bit(ref _uuid[0], known ? 1 : 0) == 1)
        {
            // How long ago it came: what comes back does so soon.
            var age = Tree(ref coder, _uuid, 0, 8, known ? (_uuidNext - 1 - at) & (UuidsKept - 1) : 0);
            (field.High, field.Low) = _uuids[(_uuidNext - 1 - age) & (UuidsKept - 1)];
            return;
        }

        literals.Uuid(ref field);
        var place = _uuidNext & (UuidsKept - 1);
        if (_uuidAt.TryGetValue(_uuids[place], out var old) && old == place) _uuidAt.Remove(_uuids[place]);
        _uuids[place] = (field.High, field.Low);
        _uuidAt[(field.High, field.Low)] = place;
        _uuidNext = (_uuidNext + 1) & (UuidsKept - 1);
    }

    /// <summary>A number of fixed width, bit by bit from the highest, each in the light of those before it.</summary>
    internal static int Tree<T>(ref T coder, ushort[] models, int from, int bits, int value)
        where T : struct, IBitCoder
    {
        var node = 1;
        for (var bit = bits - 1; bit >= 0; bit--) node = (node << 1) | coder.Bit(ref models[from + node], (value >> bit) & 1);
        return node - (1 << bits);
    }

    internal static ulong HashOf(ReadOnlySpan<byte> text)
    {
        unchecked
        {
            var hash = (ulong)text.Length * 0x9E3779B97F4A7C15UL;
            while (text.Length >= 8)
            {
                hash = BitOperations.RotateLeft((hash ^ BitConverter.ToUInt64(text)) * 0xD6E8FEB86659FD93UL, 29);
                text = text[8..];
            }

            foreach (var one in text) hash = BitOperations.RotateLeft((hash ^ one) * 0xD6E8FEB86659FD93UL, 23);
            return (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL;
        }
    }
}

/// <summary>What goes beside the coded numbers as it is.</summary>
internal interface ILiterals
{
    /// <summary>Writes the text that the field names, or reads one of this length into it; the length.</summary>
    int Verbatim(int length, ref FrameField field);

    void Uuid(ref FrameField field);
}
