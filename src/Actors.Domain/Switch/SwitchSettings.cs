namespace Actors.Domain.Switch;

/// <summary>
/// Timing of the dead man's switch. The venue cancels ALL orders of the ACCOUNT, those of other programs too, when no beat arrived for
/// <see cref="Timeout"/>. A beat goes out every <see cref="Interval"/> and must be proved and confirmed within <see cref="Deadline"/>.
/// </summary>
public sealed record SwitchSettings
{
    /// <summary>How often the switch looks at the time.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>From what leaves a request time to live (<see cref="RequestLifeMax"/>) to 10 minutes.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>A quarter of the timeout, so that three beats may be lost before the venue fires.</summary>
    public TimeSpan Interval => Timeout / 4;

    /// <summary>Time for the whole decision path to prove itself and for the venue to confirm: shorter than the interval, so that a beat is judged before the next.</summary>
    public TimeSpan Deadline => Interval * 0.8;

    /// <summary>Age of the newest confirmed beat at which quoting has stopped, at the latest.</summary>
    public TimeSpan QuotingStopsAfter => Interval + Deadline + Look;

    /// <summary>
    /// The longest life of a request that is dead before the switch can fire. The last order is decided when the newest confirmed beat is
    /// <see cref="QuotingStopsAfter"/> old; the venue may carry it out for the request's life by our clock, and for as much longer as its clock is behind:
    /// <code>Interval + Deadline + Look + request life + clock difference &lt;= Timeout, or: request life &lt;= 0.55 Timeout - 1.1 s</code>
    /// What holds the bound when a part hangs is not this: every order leaves with the moment at which the venue itself said that it will fire, and the venue does not
    /// carry it out after that. The inequality sees to it that this never shortens a request while all is well. Negative where the timeout leaves nothing.
    /// </summary>
    public TimeSpan RequestLifeMax => Timeout - QuotingStopsAfter - VenueClock.DifferenceMax;
}
