namespace Actors.Venue.Faults;

/// <summary>
/// Owns the faults that were asked for and says, whenever a request or a frame passes, what goes wrong with it. Thread-safe; while nothing
/// was asked for it costs one read of a field.
/// </summary>
internal sealed class FaultBox(TimeProvider clock)
{
    public const int FaultsMax = 1_000;

    private static readonly FaultKind[] RequestKinds =
        [FaultKind.Overload, FaultKind.RateLimit, FaultKind.Stall, FaultKind.LoseRequest, FaultKind.LoseAnswer, FaultKind.DelayAnswer];

    private static readonly FaultKind[] FrameKinds =
        [FaultKind.DropFrame, FaultKind.DelayFrame, FaultKind.ReorderFrame, FaultKind.DuplicateFrame, FaultKind.DropSocket];

    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private volatile bool _hasAny;
    private long _lastId;

    /// <summary>What to add to the true time to get the time that clients see.</summary>
    public TimeSpan ClockOffset
    {
        get
        {
            if (!_hasAny) return TimeSpan.Zero;
            lock (_lock)
            {
                var now = clock.GetUtcNow();
                return TimeSpan.FromMilliseconds(_faults.Where(fault => fault.Request.Kind == FaultKind.ClockSkew && fault.IsActive(now)).Sum(fault => fault.Request.Milliseconds));
            }
        }
    }

    /// <summary>The first fault that fires on a request; a fault that does not fire leaves the turn to the next.</summary>
    public FaultRequest? OnRequest(in FaultTag tag) => FirstOf(RequestKinds, tag);

    /// <summary>The first fault that fires on a frame of a table, on the way to one socket.</summary>
    public FaultRequest? OnFrame(in FaultTag tag) => FirstOf(FrameKinds, tag);

    public bool RefusesSocket(string? account) => FirstOf([FaultKind.RefuseSocket], new FaultTag(account, null)) is not null;

    public bool IsRevoked(VenueKey key)
    {
        if (!_hasAny) return false;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var revoking = _faults.Find(fault => fault.Request.Kind == FaultKind.RevokeKey && fault.IsActive(now) && Revokes(fault.Request, key));
            revoking?.CountFire();
            return revoking is not null;
        }
    }

    public static bool Revokes(FaultRequest request, VenueKey key) =>
        (request.Key is null || request.Key == key.Id) && (request.Account is null || request.Account == key.Name);

    /// <summary>Adds a fault. Throws <see cref="FormatException"/> at the bound of how many there may be.</summary>
    public Fault Add(FaultRequest request)
    {
        lock (_lock)
        {
            if (_faults.Count >= FaultsMax) throw new FormatException($"expected at most {FaultsMax} faults; remove some");
            var fault = new Fault(++_lastId, request, clock.GetUtcNow());
            _faults.Add(fault);
            _hasAny = true;
            return fault;
        }
    }

    /// <summary>Removes one fault or, without an identifier, all of them; returns those that were removed.</summary>
    public IReadOnlyList<Fault> Remove(long? id)
    {
        lock (_lock)
        {
            var removed = _faults.Where(fault => id is null || fault.Id == id).ToList();
            _faults.RemoveAll(removed.Contains);
            _hasAny = _faults.Count > 0;
            return removed;
        }
    }

    /// <summary>Whether the fault was not removed and not spent.</summary>
    public bool IsActive(Fault fault)
    {
        lock (_lock) return _faults.Contains(fault) && fault.IsActive(clock.GetUtcNow());
    }

    public void CountFire(Fault fault)
    {
        lock (_lock) fault.CountFire();
    }

    /// <summary>All faults with what they did so far, as a list of (fault, matched, fired, active).</summary>
    public IReadOnlyList<(Fault Fault, long Matched, long Fired, bool IsActive)> List()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            return [.. _faults.Select(fault => (fault, fault.Matched, fault.Fired, fault.IsActive(now)))];
        }
    }

    private FaultRequest? FirstOf(FaultKind[] kinds, in FaultTag tag)
    {
        if (!_hasAny) return null;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var fault in _faults)
            {
                // A socket is dropped instead of a frame only when the fault names the table: without one it was dropped at once.
                if (fault.Request is { Kind: FaultKind.DropSocket, Table: null } || !kinds.Contains(fault.Request.Kind)) continue;
                if (fault.Fires(tag, now)) return fault.Request;
            }
        }

        return null;
    }
}

/// <summary>The venue's clock as clients see it.</summary>
internal sealed class SkewedClock(TimeProvider inner, FaultBox faults) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + faults.ClockOffset;
}
