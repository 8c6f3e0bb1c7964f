namespace Actors.Domain.Connection;

/// <summary>
/// Permissions that come back evenly: a full bucket allows a burst of <see cref="Capacity"/>, and as many again within <see cref="Period"/>. Immutable; time comes in.
/// What is left is kept as a time, so that no fraction is rounded.
/// </summary>
public readonly record struct TokenBucket
{
    private readonly TimeSpan _credit;
    private readonly DateTimeOffset _at;

    private TokenBucket(int capacity, TimeSpan period, TimeSpan credit, DateTimeOffset at) =>
        (Capacity, Period, _credit, _at) = (capacity, period, credit, at);

    public int Capacity { get; }

    public TimeSpan Period { get; }

    private TimeSpan Cost => Period / Capacity;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless both are above zero.</summary>
    public static TokenBucket Full(int capacity, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return new TokenBucket(capacity, period, period, DateTimeOffset.MinValue);
    }

    /// <summary>How long until one can be taken; zero when one can be taken now.</summary>
    public TimeSpan Wait(DateTimeOffset now)
    {
        var missing = Cost - Refilled(now);
        return missing > TimeSpan.Zero ? missing : TimeSpan.Zero;
    }

    /// <summary>Takes one. Taking more than there are is a debt, which the next wait is longer by.</summary>
    public TokenBucket Take(DateTimeOffset now) => new(Capacity, Period, Refilled(now) - Cost, now > _at ? now : _at);

    // A clock set back gives nothing and takes nothing.
    private TimeSpan Refilled(DateTimeOffset now)
    {
        var since = now > _at ? now - _at : TimeSpan.Zero;
        return since >= Period - _credit ? Period : _credit + since;
    }
}
