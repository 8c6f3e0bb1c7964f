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

    /// <summary>The timeout has passed without a confirmed beat: our orders are gone until a reconciliation says otherwise.</summary>
    AssumedFired = 4,
}

/// <summary>
/// The pure state of the switch. A beat counts from when it was sent, not from when it was confirmed, because the venue's timer cannot have started
/// earlier: our idea of its deadline is never too late.
/// </summary>
public sealed record DeadMansSwitch(SwitchSettings Settings, SwitchState State, DateTimeOffset? LastBeatSentAt)
{
    public static DeadMansSwitch Idle(SwitchSettings settings) => new(settings, SwitchState.Disarmed, null);

    /// <summary>The earliest moment at which the venue can fire; null while disarmed.</summary>
    public DateTimeOffset? ArmedUntil => State == SwitchState.Disarmed ? null : LastBeatSentAt + Settings.Timeout;

    /// <summary>The venue confirmed a beat that was sent at <paramref name="sentAt"/>. After it may have fired, only a reconciliation arms again.</summary>
    public DeadMansSwitch Confirmed(DateTimeOffset sentAt)
    {
        var newest = LastBeatSentAt is { } last && last > sentAt ? last : sentAt;
        return this with { LastBeatSentAt = newest, State = State == SwitchState.AssumedFired ? State : SwitchState.Armed };
    }

    /// <summary>Time has passed.</summary>
    public DeadMansSwitch Elapsed(DateTimeOffset now)
    {
        if (LastBeatSentAt is not { } last || State is SwitchState.Disarmed or SwitchState.AssumedFired) return this;
        if (now >= last + Settings.Timeout) return this with { State = SwitchState.AssumedFired };
        return now >= last + Settings.Interval + Settings.Deadline ? this with { State = SwitchState.Late } : this;
    }

    /// <summary>Engine and venue agree again on every order; a switch that may have fired is armed if a beat has been confirmed since.</summary>
    public DeadMansSwitch Reconciled(DateTimeOffset now) =>
        State == SwitchState.AssumedFired && LastBeatSentAt is { } last && now < last + Settings.Timeout ? this with { State = SwitchState.Armed } : this;

    /// <summary>The venue confirmed that its timer is off.</summary>
    public DeadMansSwitch Disarmed() => this with { State = SwitchState.Disarmed, LastBeatSentAt = null };
}
