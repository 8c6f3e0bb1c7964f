namespace Actors.Domain.Switch;

/// <summary>
/// Timing of the dead man's switch. The venue cancels ALL orders of the ACCOUNT, those of other programs too, when no beat arrived for
/// <see cref="Timeout"/>. A beat goes out every <see cref="Interval"/> and must be proved and confirmed within <see cref="Deadline"/>.
/// </summary>
public sealed record SwitchSettings
{
    /// <summary>Between 2 seconds and 10 minutes.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>A quarter of the timeout, so that three beats may be lost before the venue fires.</summary>
    public TimeSpan Interval => Timeout / 4;

    /// <summary>Time for the whole decision path to prove itself and for the venue to confirm: shorter than the interval, so that a beat is judged before the next.</summary>
    public TimeSpan Deadline => Interval * 0.8;

    /// <summary>
    /// How far the venue's clock may be from ours. What is signed by a wrong clock is refused, or stays good for longer than an order needs to be called lost: with a
    /// signature good for 10 s and an order lost after 15 s, 5 s are left.
    /// </summary>
    public static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(5);
}
