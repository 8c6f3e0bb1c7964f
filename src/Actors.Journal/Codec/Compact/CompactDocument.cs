using System.Buffers.Binary;
using System.Text;
using Actors.Domain;

namespace Actors.Journal.Codec.Compact;

/// <summary>
/// One record in its <see cref="CompactForm"/>, taken apart: its fields in the order of the bytes, each with the number of the one that follows it on its own level. The whole record is
/// checked before anything of it is read. Used again for the next one on the same thread: <see cref="Dispose"/> gives it back.
/// </summary>
/// <remarks>A damaged length or count costs nothing: there are never more fields than bytes, and no text is longer than what is left.</remarks>
internal sealed class CompactDocument : IDisposable
{
    /// <summary>In a block: more than most records of inputs have, and no large array.</summary>
    private const int FieldsInBlock = 1_024;
    private const int TextsInBlock = 512;
    private const int PoolSize = 1_024;
    private const int PooledMax = 40;

    /// <summary>Bytes that are no text are refused, and not replaced.</summary>
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [ThreadStatic]
    private static CompactDocument? t_idle;

    private readonly Blocks<string> _texts = new(TextsInBlock);
    private readonly Blocks<Field> _fields = new(FieldsInBlock);

    /// <summary>Texts of late, each where its bytes say: identifiers and symbols stand in record after record.</summary>
    private readonly string?[] _pool = new string?[PoolSize];
    private string _manifest = "";
    private long _time;
    private Cursor _cursor;
    private int _found;

    private CompactDocument()
    {
    }

    public Envelope Envelope { get; private set; }

    /// <summary>Where the event's own fields end: they begin at zero.</summary>
    public int Count => _fields.Count;

    /// <summary>Throws <see cref="JournalFormatException"/> for bytes that are no compact record.</summary>
    public static CompactDocument Open(string manifest, ReadOnlyMemory<byte> bytes, bool envelopeOnly = false)
    {
        var document = t_idle ?? new CompactDocument();
        t_idle = null;
        (document._found, document._manifest) = (0, manifest);
        document._fields.Clear();
        document._texts.Clear();
        document.Take(bytes, envelopeOnly);
        return document;
    }

    public static ReadOnlyMemory<byte> Previous(string manifest, ReadOnlyMemory<byte> bytes) =>
        bytes.Length > CompactForm.CursorAt ? bytes[..JournalRecord.HashLength] : throw new JournalFormatException($"a record '{manifest}' has {bytes.Length} bytes, too few for what every record carries");

    public void Dispose()
    {
        _fields.Clear();
        _texts.Clear();
        t_idle = this;
    }

    /// <summary>The field of this name between two places; -1 when there is none. Fields are mostly asked for in the order they were written.</summary>
    public int Find(string name, int from, int end)
    {
        if (_found >= from && _found < end && _fields[_found].Name == name) return Found(_found);
        for (var at = from; at < end; at = _fields[at].Next)
        {
            if (_fields[at].Name == name) return Found(at);
        }

        return -1;
    }

    private int Found(int at)
    {
        // An object's first field comes next, or, where it is read as a whole, what follows it: that is found by looking.
        _found = _fields[at].Kind is CompactKind.Object or CompactKind.List ? at + 1 : _fields[at].Next;
        return at;
    }

    public CompactKind KindOf(int at) => _fields[at].Kind;

    public int Next(int at) => _fields[at].Next;

    public string? TextOf(int at) => _fields[at].Text;

    public long NumberOf(int at) => _fields[at].Low;

    public DateTimeOffset TimeOf(int at) => new(_fields[at].Low, TimeSpan.Zero);

    public Cursor CursorOf(int at) => new((int)_fields[at].High, _fields[at].Low);

    public decimal DecimalOf(int at)
    {
        var (low, high) = (_fields[at].Low, _fields[at].High);
        var shape = (int)(high >> 32);
        return unchecked(new decimal((int)low, (int)(low >> 32), (int)high, (shape & 0x80) != 0, (byte)(shape & 0x1F)));
    }

    private void Take(ReadOnlyMemory<byte> bytes, bool envelopeOnly)
    {
        var previous = Previous(_manifest, bytes);
        var from = new CompactBytes(bytes.Span, _manifest);
        from.Skip(JournalRecord.HashLength);
        _time = BinaryPrimitives.ReadInt64LittleEndian(from.Take(sizeof(long)));
        if (_time < 0 || _time > DateTime.MaxValue.Ticks) throw from.Bad("a time that no calendar has");
        _cursor = default;
        _cursor = ReadCursor(ref from);
        Envelope = new Envelope(new DateTimeOffset(_time, TimeSpan.Zero), _cursor, previous);
        if (envelopeOnly) return;
        TakeFields(ref from, isList: false, depth: 0);
        if (!from.IsAtEnd) throw from.Bad("more than the fields of its event");
    }

    private void TakeFields(ref CompactBytes from, bool isList, int depth)
    {
        if (depth > CompactForm.DepthMax) throw from.Bad("objects in objects beyond all measure");
        var first = _fields.Count;
        var spelled = 0;
        // Bits by the names' numbers: of two fields of one name readers would see the first alone, and nobody would know that there was another.
        Span<ulong> seen = stackalloc ulong[CompactNames.NumbersMax / 64];
        while (from.Number() is not CompactForm.End and var head)
        {
            var number = head >> 3;
            var name = number switch
            {
                CompactForm.Item => isList ? "" : throw from.Bad("a field without a name"),
                _ when isList => throw from.Bad("a name in a list"),
                CompactForm.Spelled => Spelled(ref from),
                _ => CompactNames.Of(number) ?? throw from.Bad($"a name that this build does not know ({number})"),
            };
            if (!isList)
            {
                if (number == CompactForm.Spelled) number = (ulong)CompactNames.NumberOf(name);
                if (number == 0)
                {
                    if (++spelled > CompactForm.SpelledMax) throw from.Bad("an object that spells out more names than any does");
                    if (IsThere(name, first)) throw from.Bad("a field that it spells out twice");
                }
                else
                {
                    ref var bits = ref seen[(int)(number >> 6)];
                    if ((bits & (1UL << (int)number)) != 0) throw from.Bad($"the field '{name}' twice");
                    bits |= 1UL << (int)number;
                }
            }

            ref var field = ref _fields.Add();
            field = new Field { Name = name, Kind = (CompactKind)(head & 7) };
            TakeValue(ref from, ref field, depth);
            field.Next = _fields.Count;
        }
    }

    private bool IsThere(string name, int first)
    {
        for (var at = first; at < _fields.Count; at = _fields[at].Next)
        {
            if (_fields[at].Name == name) return true;
        }

        return false;
    }

    private void TakeValue(ref CompactBytes from, ref Field field, int depth)
    {
        switch (field.Kind)
        {
            case CompactKind.NewText:
                _texts.Add() = field.Text = Spelled(ref from);
                break;
            case CompactKind.KnownText:
                var number = from.Number();
                field.Text = (number & 1) == 0
                    ? CompactNames.Of(number >> 1) ?? throw from.Bad($"a word that this build does not know ({number >> 1})")
                    : number >> 1 < (ulong)_texts.Count ? _texts[(int)(number >> 1)] : throw from.Bad("a reference to a text that it has not");
                break;
            case CompactKind.Number:
                field.Low = CompactForm.UnZigZag(from.Number());
                break;
            case CompactKind.Decimal:
                var shape = from.Take(1)[0];
                if ((shape & 0x20) != 0 || (shape & 0x1F) > 28) throw from.Bad("a decimal with more digits than there are");
                field.Low = unchecked((long)from.Number());
                var high = (shape & 0x40) != 0 ? from.Number() : 0;
                if (high > uint.MaxValue) throw from.Bad("a decimal with more digits than there are");
                field.High = (long)high | ((long)shape << 32);
                break;
            case CompactKind.Time:
                _time = unchecked(_time + CompactForm.UnZigZag(from.Number()));
                if (_time < 0 || _time > DateTime.MaxValue.Ticks) throw from.Bad("a time that no calendar has");
                field.Low = _time;
                break;
            case CompactKind.Cursor:
                _cursor = ReadCursor(ref from);
                (field.High, field.Low) = (_cursor.Connection, _cursor.Frame);
                break;
            default:
                TakeFields(ref from, field.Kind == CompactKind.List, depth + 1);
                break;
        }
    }

    private Cursor ReadCursor(ref CompactBytes from)
    {
        var connection = unchecked(_cursor.Connection + CompactForm.UnZigZag(from.Number()));
        if (connection is < int.MinValue or > int.MaxValue) throw from.Bad("a connection beyond all numbers");
        return new Cursor((int)connection, unchecked(_cursor.Frame + CompactForm.UnZigZag(from.Number())));
    }

    private string Spelled(ref CompactBytes from)
    {
        var bytes = from.Take(from.Number());
        if (bytes.Length > PooledMax) return Decoded(bytes, ref from);
        var hash = 0u;
        foreach (var one in bytes) hash = unchecked((hash * 31) + one);
        ref var pooled = ref _pool[hash % PoolSize];
        // What is not ASCII is never equal here.
        return pooled is not null && Ascii.Equals(bytes, pooled) ? pooled : pooled = Decoded(bytes, ref from);
    }

    private static string Decoded(ReadOnlySpan<byte> bytes, ref CompactBytes from)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException damaged)
        {
            throw from.Bad("a text that is not UTF-8", damaged);
        }
    }

    private struct Field
    {
        public string Name;
        public string? Text;
        public CompactKind Kind;
        public int Next;
        public long Low;
        public long High;
    }
}
