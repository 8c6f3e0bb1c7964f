using Actors.Bitmex.Rest;

namespace Actors.Bitmex;

/// <summary>Everything a connection to one venue with one key needs to know. Its text never shows the secret.</summary>
public sealed record BitmexOptions
{
    /// <summary>Scheme, host and port of the REST service, <c>http://127.0.0.1:4400</c>; the socket's address follows from it.</summary>
    public required Uri RestBase { get; init; }

    public required string KeyId { get; init; }

    /// <summary>The key's secret; copied by the port, which clears its copy when it is disposed.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public RateLimits Limits { get; init; } = RateLimits.Published;

    /// <summary>How long an order request or a query may wait for its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a beat over REST may wait for its answer; shorter than the interval of beats.</summary>
    public TimeSpan BeatTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a message may take to leave by the socket before the socket counts as dead.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a signature stays good; the venue compares it with its own clock. A request that must not be carried out after some moment has one that ends
    /// before it; this bounds all others.
    /// </summary>
    public TimeSpan SignatureLife { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest frame accepted, in bytes; a connection that sends a larger one is closed.</summary>
    public int FrameBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Hears, in the venue's words, of every request that it refused for its key (401, 403). Called from the request's own thread; must not block or throw.
    /// </summary>
    public Action<string>? KeyRefused { get; init; }

    /// <summary>The socket's address: the same host, <c>/realtime</c>.</summary>
    public Uri RealtimeAddress => new UriBuilder(RestBase)
    {
        Scheme = RestBase.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
        Path = "/realtime",
    }.Uri;

    public override string ToString() => $"{RestBase} key {KeyId}";
}
