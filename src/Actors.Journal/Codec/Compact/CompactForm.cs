namespace Actors.Journal.Codec.Compact;

/// <summary>
/// The compact form of a record: the same fields as in JSON, by the same names, in binary. First the hash of the predecessor (32 bytes), the moment (8 bytes, little endian, 100 ns
/// since year 1, UTC) and the cursor; then the event's fields. A field is a head, its name's number times eight and its <see cref="CompactKind"/>, and a value; an object and a list are
/// fields until a head of zero. Whole numbers are variable (<see cref="Frames.Variable"/>), signed ones in zigzag; moments and cursors are differences to the last one before them.
/// A text is told once a record and referred to from then on.
/// </summary>
internal static class CompactForm
{
    /// <summary>Ends an object, a list, or the record.</summary>
    public const int End = 0;

    /// <summary>The name of what stands in a list.</summary>
    public const int Item = 1;

    /// <summary>The name is spelled out behind the head, as a text.</summary>
    public const int Spelled = 2;

    public const int DepthMax = 12;

    /// <summary>Names that one object spells out, each another: several times what any does.</summary>
    public const int SpelledMax = 64;

    /// <summary>Bytes before the cursor.</summary>
    public const int CursorAt = JournalRecord.HashLength + sizeof(long);

    public static ulong ZigZag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    public static long UnZigZag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}

/// <summary>What kind of value a field has: three bits of its head.</summary>
internal enum CompactKind
{
    /// <summary>Its length in bytes and its bytes in UTF-8. From then on the record knows it.</summary>
    NewText = 0,

    /// <summary>A number: even, twice that of one of <see cref="CompactNames"/>; odd, of the texts told so far.</summary>
    KnownText = 1,

    Number = 2,

    /// <summary>A byte of the scale and the sign (bit 7), the low 64 bits, and where bit 6 says so the high 32.</summary>
    Decimal = 3,

    Time = 4,

    Object = 5,

    List = 6,

    Cursor = 7,
}
