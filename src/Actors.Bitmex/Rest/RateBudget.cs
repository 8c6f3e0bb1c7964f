namespace Actors.Bitmex.Rest;

/// <summary>What a request is for, most urgent first.</summary>
public enum RateLane
{
    Beat = 0,
    Cancel = 1,
    Amend = 2,
    Place = 3,
    Query = 4,
}

/// <summary>The venue's request limits: a minute's for all requests and a second's for those that change orders.</summary>
public sealed record RateLimits(int PerMinute, int OrdersPerSecond)
{
    /// <summary>The published limits of an authenticated key (2024).</summary>
    public static readonly RateLimits Published = new(120, 10);

    /// <summary>How long a cancel may wait for its turn before it is refused.</summary>
    public TimeSpan CancelWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an amend, a new order or a query may wait for its turn before it is refused.</summary>
    public TimeSpan OrderWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that may wait at one time; one more is refused at once.</summary>
    public int WaitersMax { get; init; } = 256;
}

/// <summary>
/// Owns the count of requests that the venue still accepts: one bucket for each of its two layers, corrected by what its answers say. Each lane
/// leaves a reserve for the lanes above it, so that no number of orders can starve a cancel, and nothing can starve a beat. Pure: time comes in.
/// </summary>
public sealed class RateBudget
{
    /// <summary>The unit that reserves are written in: so many of <see cref="Whole"/> parts of a bucket must be left for the lanes above.</summary>
    private const int Whole = 60;

    // Of a minute's 120 requests a beat every 15 s needs 4; cancels get 12 more, amends 6 more.
    private static readonly int[] MinuteReserve = [0, 2, 8, 11, 11];
    private static readonly int[] SecondReserve = [0, 0, 12, 18, 0];

    private readonly Bucket _minute;
    private readonly Bucket _second;
    private DateTimeOffset _blockedUntil;

    public RateBudget(RateLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.PerMinute, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.OrdersPerSecond, 1);
        _minute = new Bucket(limits.PerMinute, TimeSpan.FromMinutes(1), now);
        _second = new Bucket(limits.OrdersPerSecond, TimeSpan.FromSeconds(1), now);
        _blockedUntil = now;
    }

    /// <summary>Requests left in the minute's layer, rounded down.</summary>
    public int Remaining => (int)_minute.Tokens;

    /// <summary>
    /// Takes one request for <paramref name="lane"/>; when there is none, <paramref name="wait"/> is how long until asking again is worth it.
    /// </summary>
    public bool TryTake(RateLane lane, DateTimeOffset now, out TimeSpan wait)
    {
        _minute.Refill(now);
        _second.Refill(now);
        var changesOrders = lane is RateLane.Cancel or RateLane.Amend or RateLane.Place;
        wait = _minute.Shortage(MinuteReserve[(int)lane]);
        if (changesOrders) wait = Longer(wait, _second.Shortage(SecondReserve[(int)lane]));
        // A refused beat costs less than a switch that fires: beats are sent even while the venue asks for a pause.
        if (lane != RateLane.Beat) wait = Longer(wait, _blockedUntil - now);
        if (wait > TimeSpan.Zero) return false;
        _minute.Take();
        if (changesOrders) _second.Take();
        return true;
    }

    /// <summary>
    /// Corrects the buckets by an answer's headers. What the venue says is left counts when it is less than what we think: requests of ours may
    /// be under way that it has not seen.
    /// </summary>
    public void Observe(DateTimeOffset now, int? limit, int? remaining, int? remainingThisSecond, TimeSpan? retryAfter)
    {
        _minute.Refill(now);
        _second.Refill(now);
        if (limit is > 0 and { } capacity) _minute.Resize(capacity);
        if (remaining is { } left) _minute.AtMost(left);
        if (remainingThisSecond is { } leftThisSecond) _second.AtMost(leftThisSecond);
        if (retryAfter is { } pause && now + pause > _blockedUntil) _blockedUntil = now + pause;
    }

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private sealed class Bucket(int capacity, TimeSpan period, DateTimeOffset now)
    {
        private DateTimeOffset _filledAt = now;

        public decimal Tokens { get; private set; } = capacity;

        public int Capacity { get; private set; } = capacity;

        /// <summary>A larger bucket was full of the tokens we did not know of; a smaller one cannot hold what we thought there was.</summary>
        public void Resize(int to)
        {
            Tokens = Math.Clamp(Tokens + Math.Max(0, to - Capacity), 0, to);
            Capacity = to;
        }

        public void Refill(DateTimeOffset now)
        {
            // A clock set back gives nothing and takes nothing.
            if (now > _filledAt) Tokens = Math.Min(Capacity, Tokens + (Capacity * ((decimal)(now - _filledAt).Ticks / period.Ticks)));
            _filledAt = now;
        }

        /// <summary>How long until one token can be taken that leaves the reserve; zero when it can be now.</summary>
        public TimeSpan Shortage(int reserve)
        {
            var missing = Math.Min(Capacity, 1 + ((long)Capacity * reserve / Whole)) - Tokens;
            return missing <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)decimal.Ceiling(missing * period.Ticks / Capacity));
        }

        public void Take() => Tokens = Math.Max(0, Tokens - 1);

        public void AtMost(int tokens) => Tokens = Math.Min(Tokens, Math.Max(0, tokens));
    }
}
