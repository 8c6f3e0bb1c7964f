using System.Buffers.Binary;
using System.Text;
using Actors.Domain;
using Actors.Journal.Frames;

namespace Actors.Journal.Codec.Compact;

/// <summary>Writes one record in its <see cref="CompactForm"/>. Used again for the next one on the same thread, so that it costs little more than the bytes themselves.</summary>
internal sealed class CompactWriter
{
    /// <summary>Texts that are remembered; later ones are told again each time. What recurs in a record comes early in it, and a table of all would be most of what a long one takes.</summary>
    private const int TextsMax = 2_048;

    /// <summary>Bytes that a thread holds on to; and for a part, of which every actor has one.</summary>
    private const int KeptMax = 1 << 14;
    private const int KeptPartMax = 1 << 12;

    [ThreadStatic]
    private static CompactWriter? t_idle;

    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly SegmentedBytes _to;
    private long _time;
    private Cursor _cursor;

    private CompactWriter(int kept) => _to = new SegmentedBytes(kept);

    /// <summary>To be given back with <see cref="Finish"/>; one that a failure keeps from it is left to the collector.</summary>
    public static CompactWriter Begin(in Envelope envelope)
    {
        var writer = t_idle ?? new CompactWriter(KeptMax);
        t_idle = null;
        var begin = writer._to.GetSpan(CompactForm.CursorAt);
        envelope.Previous.Span.CopyTo(begin);
        BinaryPrimitives.WriteInt64LittleEndian(begin[JournalRecord.HashLength..], envelope.At.UtcTicks);
        writer._to.Advance(CompactForm.CursorAt);
        (writer._time, writer._cursor) = (envelope.At.UtcTicks, default);
        writer.Difference(envelope.Cursor);
        return writer;
    }

    /// <summary>For a part of a record that is written before the rest of it is known. Belongs to whoever asks, and is begun with <see cref="BeginPart"/>, again and again.</summary>
    public static CompactWriter OfPart() => new(KeptPartMax);

    /// <param name="time">The moment told before it.</param>
    /// <param name="cursor">The cursor told before it.</param>
    public void BeginPart(DateTimeOffset time, Cursor cursor)
    {
        _texts.Clear();
        _to.Clear();
        (_time, _cursor) = (time.UtcTicks, cursor);
    }

    /// <summary>The first texts of this record, and the last moment and cursor: nothing but ends may follow.</summary>
    public void Append(CompactWriter part) => part._to.CopyTo(_to);

    public byte[] Finish()
    {
        var bytes = _to.Take();
        _texts.Clear();
        t_idle = this;
        return bytes;
    }

    public void Text(string? name, string value)
    {
        if (CompactNames.NumberOf(value) is > 0 and var known)
        {
            Head(name, CompactKind.KnownText);
            Number((ulong)known << 1);
        }
        else if (_texts.TryGetValue(value, out var told))
        {
            Head(name, CompactKind.KnownText);
            Number(((ulong)told << 1) | 1);
        }
        else
        {
            Head(name, CompactKind.NewText);
            if (_texts.Count < TextsMax) _texts.Add(value, _texts.Count);
            Spell(value);
        }
    }

    public void Number(string name, long value)
    {
        Head(name, CompactKind.Number);
        Number(CompactForm.ZigZag(value));
    }

    public void Decimal(string name, decimal value)
    {
        Head(name, CompactKind.Decimal);
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0x1F;
        Byte((byte)(scale | (bits[3] < 0 ? 0x80 : 0) | (bits[2] != 0 ? 0x40 : 0)));
        Number(unchecked(((ulong)(uint)bits[1] << 32) | (uint)bits[0]));
        if (bits[2] != 0) Number(unchecked((uint)bits[2]));
    }

    public void Time(string name, DateTimeOffset value)
    {
        Head(name, CompactKind.Time);
        Number(CompactForm.ZigZag(value.UtcTicks - _time));
        _time = value.UtcTicks;
    }

    public void Cursor(string name, Cursor value)
    {
        Head(name, CompactKind.Cursor);
        Difference(value);
    }

    /// <summary>A null name: in a list.</summary>
    public void BeginObject(string? name) => Head(name, CompactKind.Object);

    public void BeginList(string name) => Head(name, CompactKind.List);

    /// <summary>Ends the innermost object or list, or the event.</summary>
    public void End() => Byte(CompactForm.End);

    private void Difference(Cursor value)
    {
        Number(CompactForm.ZigZag((long)value.Connection - _cursor.Connection));
        Number(CompactForm.ZigZag(unchecked(value.Frame - _cursor.Frame)));
        _cursor = value;
    }

    private void Head(string? name, CompactKind kind)
    {
        var number = name is null ? CompactForm.Item : CompactNames.NumberOf(name);
        Number(((ulong)(number == 0 ? CompactForm.Spelled : number) << 3) | (uint)kind);
        if (number == 0) Spell(name!);
    }

    private void Spell(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(text, _to.GetSpan(length));
        _to.Advance(length);
    }

    private void Byte(byte value)
    {
        _to.GetSpan(1)[0] = value;
        _to.Advance(1);
    }

    private void Number(ulong value) => Variable.Write(_to, value);
}
