using Actors.Venue.Trading;

namespace Actors.Venue.Faults;

/// <summary>What a request or a frame is, as far as a fault may choose by it. Account is a name; null is nobody's.</summary>
internal readonly record struct FaultTag(string? Account, string? Symbol, string? Verb = null, string? Path = null, string? Table = null, string? Action = null);

/// <summary>One fault that was asked for: whether it is active, how often it was matched and how often it fired. Guarded by its owner's lock.</summary>
internal sealed class Fault(long id, FaultRequest request, DateTimeOffset now)
{
    private readonly SeededRandom _random = new(request.Seed);

    public long Id { get; } = id;

    public FaultRequest Request { get; } = request;

    public DateTimeOffset From { get; } = now.AddSeconds(request.AfterSeconds);

    public DateTimeOffset? Until { get; } = request.Seconds is { } seconds ? now.AddSeconds(request.AfterSeconds + seconds) : null;

    public long Matched { get; private set; }

    public long Fired { get; private set; }

    /// <summary>Whether nothing can make it fire any more.</summary>
    public bool IsSpent(DateTimeOffset time) => time >= Until || Fired >= FireMax;

    public bool IsActive(DateTimeOffset time) => time >= From && !IsSpent(time);

    private long FireMax => Request.Count ?? (Request.Seconds is null && !IsStanding ? 1 : long.MaxValue);

    /// <summary>These are a state of the venue until they are removed, not an event.</summary>
    private bool IsStanding => Request.Kind is FaultKind.ClockSkew or FaultKind.RevokeKey or FaultKind.InstrumentState or FaultKind.RefuseSocket;

    /// <summary>Counts a match; true when the fault fires on it.</summary>
    public bool Fires(in FaultTag tag, DateTimeOffset time)
    {
        if (!IsActive(time) || !Means(tag)) return false;
        Matched++;
        if (Matched <= Request.Skip || !_random.Chance(Request.Percent)) return false;
        Fired++;
        return true;
    }

    /// <summary>Counts that a standing fault took effect.</summary>
    public void CountFire() => Fired++;

    public bool Means(in FaultTag tag) =>
        Same(Request.Account, tag.Account) && Same(Request.Symbol, tag.Symbol) && Same(Request.Verb, tag.Verb) && Same(Request.Path, tag.Path)
        && Same(Request.Table, tag.Table) && Same(Request.Action, tag.Action);

    private static bool Same(string? wanted, string? found) => wanted is null || string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);
}
