using System.Runtime.Intrinsics;

namespace Actors.Bitmex.Wire;

/// <summary>Reads timestamps as <see cref="WireTime"/> does, and remembers the minute of the last one: the next is nearly always in the same, and only seconds are read then.</summary>
internal struct RecentTime
{
    private const int Length = 24;

    private Vector128<byte> _minute;
    private long _ticks;

    public bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        if (_ticks > 0 && text.Length == Length && Vector128.Create(text) == _minute && TrySeconds(text[Vector128<byte>.Count..], out var milliseconds))
        {
            time = new DateTimeOffset(_ticks + (milliseconds * TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
            return true;
        }

        if (!WireTime.TryUsual(text, out time)) return WireTime.TryRead(text, out time);
        _minute = Vector128.Create(text);
        _ticks = time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute);
        return true;
    }

    /// <summary><c>:10.087Z</c>, as the usual form has it.</summary>
    private static bool TrySeconds(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length != 8 || text[0] != ':' || text[3] != '.' || text[7] != 'Z') return false;
        var (ten, one, tenth, hundredth, thousandth) = (text[1] - '0', text[2] - '0', text[4] - '0', text[5] - '0', text[6] - '0');
        if (ten is < 0 or > 5 || one is < 0 or > 9 || tenth is < 0 or > 9 || hundredth is < 0 or > 9 || thousandth is < 0 or > 9) return false;
        milliseconds = (ten * 10_000) + (one * 1_000) + (tenth * 100) + (hundredth * 10) + thousandth;
        return true;
    }
}
