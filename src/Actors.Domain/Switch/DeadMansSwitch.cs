namespace Actors.Domain.Switch;

/// <summary>Where the dead man's switch stands, as far as we can know.</summary>
public enum SwitchState
{
    /// <summary>The venue will not cancel by itself: before the first beat, and after an orderly stop.</summary>
    Disarmed = 1,

    /// <summary>Beats are confirmed in time. The only state in which quoting goes on.</summary>
    Armed = 2,

    /// <summary>A beat is overdue: quoting has stopped, the venue has not fired yet.</summary>
    Late = 3,

    /// <summary>The timeout has passed without a confirmed beat: our orders are gone until a reconciliation says otherwise, and a beat after it arms again.</summary>
    AssumedFired = 4,
}

/// <summary>
/// The pure state of the switch. A beat counts from when it was sent, not from when it was confirmed, because the venue's timer cannot have started
/// earlier: our idea of its deadline is never too late.
/// </summary>
public sealed record DeadMansSwitch(SwitchSettings Settings, SwitchState State, DateTimeOffset? LastBeatSentAt)
{
    /// <summary>From when on the venue may have fired; null unless it may.</summary>
    public DateTimeOffset? FiredAt { get; private init; }

    /// <summary>Whether engine and venue have agreed since it may have fired, so that only a beat is missing.</summary>
    public bool IsReconciled { get; private init; }

    public static DeadMansSwitch Idle(SwitchSettings settings) => new(settings, SwitchState.Disarmed, null);

    /// <summary>The earliest moment at which the venue can fire; null while disarmed.</summary>
    public DateTimeOffset? ArmedUntil => State == SwitchState.Disarmed ? null : LastBeatSentAt + Settings.Timeout;

    /// <summary>Whether a beat may go out: after the venue may have fired, engine and venue have to agree first, so that nothing that is not known is kept alive.</summary>
    public bool MayBeat => State != SwitchState.AssumedFired || IsReconciled;

    /// <summary>The venue confirmed a beat that was sent at <paramref name="sentAt"/>. After it may have fired, only a reconciliation arms again.</summary>
    public DeadMansSwitch Confirmed(DateTimeOffset sentAt)
    {
        var newest = LastBeatSentAt is { } last && last > sentAt ? last : sentAt;
        return MayBeat ? new DeadMansSwitch(Settings, SwitchState.Armed, newest) : this with { LastBeatSentAt = newest };
    }

    /// <summary>
    /// Our clock cannot be trusted: it was set back, or is not the venue's. Nothing that it signs or times holds, so no beat keeps orders alive that perhaps could not be
    /// cancelled: the venue is let fire, after which a comparison and a beat try again.
    /// </summary>
    public DeadMansSwitch Distrust(DateTimeOffset now) =>
        this with { State = SwitchState.AssumedFired, LastBeatSentAt = now, FiredAt = now + Settings.Timeout, IsReconciled = false };

    /// <summary>Time has passed.</summary>
    public DeadMansSwitch Elapsed(DateTimeOffset now)
    {
        if (LastBeatSentAt is not { } last || State == SwitchState.Disarmed) return this;
        // Time does not run backwards: our clock was set, and how long ago the last beat was nobody knows.
        if (now < last) return Distrust(now);
        if (State == SwitchState.AssumedFired) return this;
        if (now >= last + Settings.Timeout) return this with { State = SwitchState.AssumedFired, FiredAt = last + Settings.Timeout };
        return now >= last + Settings.Interval + Settings.Deadline ? this with { State = SwitchState.Late } : this;
    }

    /// <summary>
    /// Engine and venue agree again on every order, as the venue had them at <paramref name="askedAt"/> (<paramref name="now"/> if not given); what was asked before it may
    /// have fired proves nothing. The next confirmed beat arms the switch then; one that was confirmed since does at once.
    /// </summary>
    public DeadMansSwitch Reconciled(DateTimeOffset now, DateTimeOffset? askedAt = null)
    {
        var asked = askedAt ?? now;
        if (State != SwitchState.AssumedFired || asked < FiredAt) return this;
        if (LastBeatSentAt is not { } last || last <= FiredAt) return this with { IsReconciled = true };
        if (now < last + Settings.Timeout) return new DeadMansSwitch(Settings, SwitchState.Armed, last);
        // A beat that was on its way when the venue may have fired was confirmed, and its time is over too: the venue may have fired once more.
        return this with { FiredAt = last + Settings.Timeout, IsReconciled = asked >= last + Settings.Timeout };
    }

    /// <summary>The venue confirmed that its timer is off.</summary>
    public DeadMansSwitch Disarmed() => Idle(Settings);
}
