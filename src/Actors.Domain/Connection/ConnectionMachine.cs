using System.Collections.Immutable;

namespace Actors.Domain.Connection;

/// <summary>Where a connection stands.</summary>
public enum ConnectionState
{
    Idle = 1,
    Connecting = 2,
    Authenticating = 3,
    Subscribing = 4,
    Live = 5,

    /// <summary>Connected, but silent: a ping is out.</summary>
    Degraded = 6,

    /// <summary>Waiting to try again.</summary>
    Backoff = 7,
}

/// <summary>What the machine wants done.</summary>
public enum ConnectionAction
{
    OpenSocket = 1,
    Authenticate = 2,
    Subscribe = 3,
    Ping = 4,
    CloseSocket = 5,
}

/// <summary>Timings of a connection. Silence plus ping timeout is what it takes to find a half-open socket.</summary>
public sealed record ConnectionSettings
{
    /// <summary>Longest wait for any one step of connecting.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which the venue is asked whether it is there.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait for anything at all after the ping.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(4);

    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Connections opened within an hour, a burst of as many at once. The first dialect's venue published 60 an hour for an address, shared by all programs there:
    /// this leaves a third to them.
    /// </summary>
    public int OpeningsPerHourMax { get; init; } = 40;
}

/// <summary>
/// The pure state machine of one connection: from what happened to what is to be done. Time and randomness come in with the input.
/// </summary>
public sealed record ConnectionMachine(
    ConnectionSettings Settings,
    ConnectionState State,
    DateTimeOffset Since,
    DateTimeOffset LastFrameAt,
    int Attempt,
    ImmutableHashSet<string>? Asked,
    ImmutableHashSet<string> Acknowledged)
{
    private static readonly ConnectionAction[] Nothing = [];

    /// <summary>What the venue still lets us open; outlives a restart of whoever runs the machine.</summary>
    public TokenBucket Openings { get; init; } = TokenBucket.Full(Settings.OpeningsPerHourMax, TimeSpan.FromHours(1));

    public static ConnectionMachine Idle(ConnectionSettings settings) =>
        new(settings, ConnectionState.Idle, DateTimeOffset.MinValue, DateTimeOffset.MinValue, 0, null, []);

    /// <summary>Whether market data and reports of this connection may be acted on.</summary>
    public bool IsLive => State is ConnectionState.Live or ConnectionState.Degraded;

    private bool HasSocket => State is ConnectionState.Authenticating or ConnectionState.Subscribing || IsLive;

    public (ConnectionMachine Next, ConnectionAction[] Actions) Start(DateTimeOffset now) => State is ConnectionState.Idle or ConnectionState.Backoff
        ? (Enter(ConnectionState.Connecting, now) with { Openings = Openings.Take(now) }, [ConnectionAction.OpenSocket])
        : (this, Nothing);

    public (ConnectionMachine Next, ConnectionAction[] Actions) Opened(DateTimeOffset now) => State == ConnectionState.Connecting
        ? (Enter(ConnectionState.Authenticating, now) with { LastFrameAt = now }, [ConnectionAction.Authenticate])
        : (this, Nothing);

    public (ConnectionMachine Next, ConnectionAction[] Actions) Authenticated(DateTimeOffset now) => State == ConnectionState.Authenticating
        ? (Enter(ConnectionState.Subscribing, now), [ConnectionAction.Subscribe])
        : (this, Nothing);

    /// <summary>The topics whose acknowledgement makes the connection live; some may have been acknowledged before we knew all their names.</summary>
    public ConnectionMachine Awaiting(IEnumerable<string> topics, DateTimeOffset now) => (this with { Asked = [.. topics] }).Complete(now);

    public ConnectionMachine Subscribed(string topic, DateTimeOffset now) => (this with { Acknowledged = Acknowledged.Add(topic) }).Complete(now);

    public ConnectionMachine Frame(DateTimeOffset now) =>
        State == ConnectionState.Degraded ? Enter(ConnectionState.Live, now) with { LastFrameAt = now } : this with { LastFrameAt = now };

    /// <summary>Time has passed; <paramref name="failure"/> says in words why the connection has to be given up, or is null.</summary>
    public (ConnectionMachine Next, ConnectionAction[] Actions) Elapsed(DateTimeOffset now, out string? failure)
    {
        failure = State switch
        {
            ConnectionState.Connecting or ConnectionState.Authenticating or ConnectionState.Subscribing when now - Since >= Settings.StepTimeout =>
                $"no progress in state {State} for {Settings.StepTimeout.TotalSeconds} s",
            ConnectionState.Degraded when now - Since >= Settings.PingTimeout => $"no answer to a ping for {Settings.PingTimeout.TotalSeconds} s",
            _ => null,
        };
        return State == ConnectionState.Live && now - LastFrameAt >= Settings.SilenceMax
            ? (Enter(ConnectionState.Degraded, now), [ConnectionAction.Ping])
            : (this, Nothing);
    }

    /// <summary>
    /// The connection failed: full jitter, a wait between nothing and a bound that doubles with each failure in a row. <paramref name="random"/> is a
    /// uniform draw from 0 to 999; <paramref name="atLeast"/> is what the venue asked for when it turned us away. A connection that lives for moments only starts the bound over each time: the hourly number of openings holds it then.
    /// </summary>
    public (ConnectionMachine Next, ConnectionAction[] Actions, TimeSpan Retry) Failed(DateTimeOffset now, int random, TimeSpan? atLeast = null)
    {
        var bound = Settings.BackoffMin * (1L << Math.Min(Attempt, 20));
        var wait = (bound < Settings.BackoffMax ? bound : Settings.BackoffMax) * random / 1000;
        if (Openings.Wait(now) is var allowed && allowed > wait) wait = allowed;
        if (atLeast > wait) wait = atLeast.Value;
        var next = Enter(ConnectionState.Backoff, now) with { Attempt = Attempt + 1, Asked = null, Acknowledged = [] };
        return (next, HasSocket || State == ConnectionState.Connecting ? [ConnectionAction.CloseSocket] : Nothing, wait);
    }

    private ConnectionMachine Complete(DateTimeOffset now) =>
        State == ConnectionState.Subscribing && Asked is { } asked && asked.IsSubsetOf(Acknowledged)
            ? Enter(ConnectionState.Live, now) with { Attempt = 0 }
            : this;

    private ConnectionMachine Enter(ConnectionState state, DateTimeOffset now) => this with { State = state, Since = now };
}
