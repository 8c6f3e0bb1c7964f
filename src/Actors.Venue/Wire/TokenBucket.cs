namespace Actors.Venue.Wire;

/// <summary>What a bucket says to a request: whether it may pass, what is left, and when the bucket is full again.</summary>
internal readonly record struct RateVerdict(bool IsAllowed, int Limit, int Remaining, DateTimeOffset Reset, int RetryAfterSeconds);

/// <summary>Lets <paramref name="limit"/> requests pass in every <paramref name="period"/>, refilled evenly. Thread-safe.</summary>
internal sealed class TokenBucket(int limit, TimeSpan period, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _level = limit * period.Ticks;
    private DateTimeOffset _at = clock.GetUtcNow();

    public RateVerdict Take(bool isCharged = true)
    {
        lock (_lock)
        {
            // A token is worth the period's ticks; each tick of time gives `limit` of them: exact, without fractions.
            var now = clock.GetUtcNow();
            var full = limit * period.Ticks;
            _level = (long)Int128.Min(full, _level + ((Int128)Math.Max(0, (now - _at).Ticks) * limit));
            _at = now;
            var isAllowed = _level >= period.Ticks || !isCharged;
            if (isAllowed && isCharged) _level -= period.Ticks;
            var missing = Math.Max(0, period.Ticks - _level) / limit;
            return new RateVerdict(
                isAllowed,
                limit,
                (int)(_level / period.Ticks),
                now.AddTicks((full - _level) / limit),
                (int)Math.Max(1, (missing + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond));
        }
    }
}

/// <summary>
/// The buckets of all clients. Unauthenticated clients are told apart by address; at the bound of addresses all are forgotten at once.
/// </summary>
internal sealed class RateLimiter(VenueRateLimits limits, TimeProvider clock)
{
    private const int AddressesMax = 4_096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenBucket> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TokenBucket> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TokenBucket> _sockets = new(StringComparer.Ordinal);

    public RateVerdict TakeAuthenticated(string account) =>
        Bucket(_requests, "account " + account, limits.AuthenticatedPerMinute, TimeSpan.FromMinutes(1)).Take();

    public RateVerdict TakeUnauthenticated(string address) =>
        Bucket(_requests, address, limits.UnauthenticatedPerMinute, TimeSpan.FromMinutes(1)).Take();

    public RateVerdict TakeOrder(string account) => Bucket(_orders, account, limits.OrdersPerSecond, TimeSpan.FromSeconds(1)).Take();

    public RateVerdict TakeSocket(string address) => Bucket(_sockets, address, limits.SocketsPerHour, TimeSpan.FromHours(1)).Take();

    private TokenBucket Bucket(Dictionary<string, TokenBucket> buckets, string client, int limit, TimeSpan period)
    {
        lock (_lock)
        {
            if (buckets.TryGetValue(client, out var bucket)) return bucket;
            if (buckets.Count >= AddressesMax) buckets.Clear();
            buckets.Add(client, bucket = new TokenBucket(limit, period, clock));
            return bucket;
        }
    }
}
