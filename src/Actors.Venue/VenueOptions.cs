namespace Actors.Venue;

/// <summary>How much the background traders do.</summary>
public enum MarketActivity
{
    /// <summary>No background traders; index and mark still move.</summary>
    None = 0,

    /// <summary>A few changes a second on each instrument.</summary>
    Quiet = 1,

    /// <summary>About a hundred changes a second on each instrument.</summary>
    Busy = 2,

    /// <summary>Thousands of changes a second: for finding out what a client does then.</summary>
    Storm = 3,

    /// <summary>
    /// As busy, and every few minutes the index falls by eight to ten per cent within a minute and recovers, while some hold more than they
    /// can afford.
    /// </summary>
    Cascade = 4,

    /// <summary>The levels and trades of a recorded session; needs <see cref="VenueOptions.FlowFile"/>.</summary>
    Recorded = 5,
}

/// <summary>How many requests and sockets a client may have. Buckets refill evenly.</summary>
public sealed record VenueRateLimits
{
    public int AuthenticatedPerMinute { get; init; } = 120;

    public int UnauthenticatedPerMinute { get; init; } = 30;

    /// <summary>Order requests a second, beside the limit a minute.</summary>
    public int OrdersPerSecond { get; init; } = 10;

    public int SocketsPerHour { get; init; } = 1_200;
}

/// <summary>Everything a venue is started with.</summary>
public sealed record VenueOptions
{
    /// <summary>On 127.0.0.1; 0 takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>Of everything random in the market: the same seed under the same clock is the same run.</summary>
    public long Seed { get; init; } = 1;

    public MarketActivity Market { get; init; } = MarketActivity.Quiet;

    /// <summary>Recorded index prices to replay, rows of <c>timestamp,indexSymbol,price</c>; null for a seeded walk.</summary>
    public string? PriceFile { get; init; }

    /// <summary>
    /// The recorded session of <see cref="MarketActivity.Recorded"/>: frames as a client received them, or tables of levels and of trades. What it
    /// names that is listed is played, the rest has no market.
    /// </summary>
    public string? FlowFile { get; init; }

    /// <summary>Where keys are kept, so that a later start has the same accounts; null keeps nothing.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>What is listed: see <c>config/venue-instruments.json</c>.</summary>
    public required string ListingFile { get; init; }

    /// <summary>Faults to begin with, in the grammar that GET /admin/faults tells; null for none.</summary>
    public string? FaultFile { get; init; }

    public VenueRateLimits RateLimits { get; init; } = new();

    /// <summary>Frames waiting for one socket's reader; at the bound the socket is aborted, and nobody else notices.</summary>
    public int SocketQueueFrames { get; init; } = 8_192;

    /// <summary>Bytes waiting for one socket's reader; as for frames.</summary>
    public int SocketQueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Requests waiting for the exchange; at the bound new ones are shed with 503 and cancels wait.</summary>
    public int RequestQueue { get; init; } = 4_096;

    /// <summary>
    /// Work after which a snapshot of the whole state is written to <see cref="DataDirectory"/>, in tasks of the market and requests: so much is
    /// carried out again at the most when a killed venue comes back.
    /// </summary>
    public long SnapshotInterval { get; init; } = 250_000;

    /// <summary>How the log of inputs is opened, when not as usual.</summary>
    internal Func<string, FileStream>? OpenLog { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>An API key: its account's name, its identifier, its secret, what it may do and from where.</summary>
public sealed record VenueKey(string Name, string Id, string Secret, IReadOnlyList<string> Permissions, IReadOnlyList<string> Cidrs)
{
    /// <summary>Without the secret, so that no log ever has it.</summary>
    public override string ToString() => $"key {Id} of {Name}";
}
