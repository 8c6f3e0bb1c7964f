namespace Actors.Engine.Session;

/// <summary>
/// Until when, by the venue's own clock, the venue keeps our orders whatever becomes of us: the time that it named in the newest confirmation. Every order leaves with
/// this bound on its life, so that none can come to rest after the switch has fired, however long it was held up and whichever part hung: the venue compares both with
/// one clock. Written by the switch, read at the last door before the venue. Thread-safe.
/// </summary>
internal sealed class SwitchLease
{
    private long _untilTicks;

    /// <summary>Null before the first confirmation and after a disarm: nothing may leave then.</summary>
    public DateTimeOffset? Until => Volatile.Read(ref _untilTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The venue confirmed that it will not fire before then.</summary>
    public void Extend(DateTimeOffset cancelsAt)
    {
        if (cancelsAt.UtcTicks > Volatile.Read(ref _untilTicks)) Volatile.Write(ref _untilTicks, cancelsAt.UtcTicks);
    }

    /// <summary>The switch is being disarmed, or the venue's clock was set back: what was named before holds no longer.</summary>
    public void End() => Volatile.Write(ref _untilTicks, 0);
}
