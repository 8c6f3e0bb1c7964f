using System.Collections.Concurrent;
using Actors.Domain.Books;
using Actors.Domain.Connection;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Switch;
using Actors.Engine.Journaling;
using Actors.Engine.Orders;
using Actors.Engine.Recording;
using Actors.Journal;

namespace Actors.Engine.Session;

/// <summary>What every actor of one session is given when it is made. Immutable, but for the directory and the board, which are thread-safe.</summary>
public sealed record SessionContext
{
    public required string SessionId { get; init; }

    /// <summary>The account as its venue numbers it, with the dialect in front: the first part of every persistence identifier.</summary>
    public required string Account { get; init; }

    public required SessionSettings Settings { get; init; }

    public required IVenuePort Venue { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>The definitions of what is traded, read from the venue when the session started.</summary>
    public required IReadOnlyDictionary<Symbol, Instrument> Instruments { get; init; }

    public required EngineTimings Timings { get; init; }

    public EngineDirectory Directory { get; } = new();

    public required SessionBoard Board { get; init; }

    /// <summary>Every part whose readiness trading waits for.</summary>
    public IReadOnlyList<string> Parts =>
    [
        PartNames.Chronicle, PartNames.Recorder, PartNames.Risk, PartNames.Orders, PartNames.Account, PartNames.Connection, PartNames.Switch,
        .. Instruments.Keys.Select(PartNames.Position), .. Instruments.Keys.Select(PartNames.Book), .. Settings.Strategies.Select(one => PartNames.Strategy(one.Id)),
    ];

    /// <summary>
    /// The decision path, down to what could cancel an order, with what it goes by (the account: how much money there is) and what becomes of its evidence (the recorder: the
    /// frames): each of these must have answered before a beat may go out. The chronicle answers for the journal itself; the connection and the switch carry the beat.
    /// </summary>
    public IReadOnlyList<string> ProbedParts =>
    [
        PartNames.Engine, PartNames.Risk, PartNames.Orders, PartNames.Gateway, PartNames.Account, PartNames.Recorder,
        .. Instruments.Keys.Select(PartNames.Position), .. Instruments.Keys.Select(PartNames.Book),
        .. Settings.Strategies.Select(one => PartNames.Strategy(one.Id)),
    ];

    /// <summary>Written by the connection alone; outlives its restarts, so that no cursor is used twice.</summary>
    internal ConnectionCounts Counts { get; } = new();

    /// <summary>Seeds the only randomness there is, the waits before reconnecting: the session's name, so that a session can be run again with the same waits.</summary>
    internal int JitterSeed => SessionId.Aggregate(17, static (seed, letter) => unchecked((seed * 31) + letter));

    /// <summary>Written by the switch alone: no order may be carried out after it ends.</summary>
    internal SwitchLease Lease { get; } = new();

    /// <summary>Where the streams of the journal stand.</summary>
    internal StreamHeads Heads { get; } = new();

    /// <summary>Signs a checkpoint with the operator's key; null where none was given.</summary>
    public CheckpointSigner? Signer { get; init; }

    /// <summary>Written by the orders alone; outlives their restarts, so that a session's summary counts all of it.</summary>
    internal OrderTally Tally { get; } = new();

    /// <summary>Written by the risk door alone; outlives its restarts, so that no two of them are taken for one.</summary>
    internal DoorCount Doors { get; } = new();

    internal FramesWaiting FramesWaiting { get; } = new();

    /// <summary>Parts that read their records and have not come to the end of them.</summary>
    internal ConcurrentDictionary<string, bool> Recovering { get; } = new(StringComparer.Ordinal);

    /// <summary>Changes on their way to each book; a restarted book begins its count anew.</summary>
    private ConcurrentDictionary<Symbol, Backlog> BookBacklogs { get; } = [];

    internal Backlog? BookBacklog(Symbol symbol) => BookBacklogs.GetValueOrDefault(symbol);

    internal Backlog NewBookBacklog(Symbol symbol) => BookBacklogs[symbol] = new Backlog(Timings.BookBacklogMax);

    public DateTimeOffset Now() => Clock.GetUtcNow();
}

/// <summary>Numbers connections within a session and frames within a connection, from 1.</summary>
internal sealed class ConnectionCounts
{
    private long _onConnection;

    public int Connections { get; private set; }

    /// <summary>What the venue still lets us open; null before the first connection.</summary>
    public TokenBucket? Openings { get; set; }

    /// <summary>Subscriptions that may be renewed: each is two requests, and 720 an hour were said to be allowed on one socket (unverified).</summary>
    public TokenBucket Resubscriptions { get; set; } = TokenBucket.Full(240, TimeSpan.FromHours(1));

    /// <summary>Frames of all connections together.</summary>
    public long Frames { get; private set; }

    public int NextConnection()
    {
        _onConnection = 0;
        return ++Connections;
    }

    public long NextFrame()
    {
        Frames++;
        return ++_onConnection;
    }
}

/// <summary>Numbers the beginnings of the risk door within a session, from 1.</summary>
internal sealed class DoorCount
{
    private int _newest;

    public int Next() => ++_newest;
}

/// <summary>How fast the engine looks after itself: the content of <c>hocon/engine.conf</c> under <c>actors</c>, checked.</summary>
public sealed record EngineTimings
{
    /// <summary>Wait before a part that lost its journal is made again; doubles up to the maximum.</summary>
    public required TimeSpan RecreateMin { get; init; }

    public required TimeSpan RecreateMax { get; init; }

    /// <summary>Restarts of one part within a minute after which the session stops in the safe order.</summary>
    public required int RestartsPerMinuteMax { get; init; }

    /// <summary>Records of a stream after which its state is kept again: what recovery reads of a stream at most, but for those under way.</summary>
    public required int KeepStateAfter { get; init; }

    /// <summary>Messages that may wait for one part other than a book; with more the session stops in the safe order.</summary>
    public required int WaitingMax { get; init; }

    /// <summary>
    /// Longest time from risk's approval of an order or an amendment to the last moment at which the venue may carry it out: its signature expires before. What it must be
    /// shorter than stands at <see cref="SwitchSettings.RequestLifeMax"/>.
    /// </summary>
    public required TimeSpan RequestLife { get; init; }

    /// <summary>
    /// Age from which a query that does not find an order proves that it never arrived. An order is journaled after its approval, so that its age is never more than that
    /// of its request; the venue's clock, by which the request dies, may be behind ours.
    /// </summary>
    public TimeSpan LostAfter => RequestLife + VenueClock.DifferenceMax;

    /// <summary>Wait before a strategy tries again in a slot that was refused.</summary>
    public required TimeSpan RefusedPause { get; init; }

    public required BookWatchSettings Books { get; init; }

    /// <summary>Changes that may wait for one book; more are dropped and the book is fetched anew.</summary>
    public required int BookBacklogMax { get; init; }

    /// <summary>Frames that may wait for the connection; one more gives the connection up, and what they held is asked for again.</summary>
    public required int FrameBacklogMax { get; init; }

    /// <summary>Longest time the orderly stop waits for its cancellations to be confirmed.</summary>
    public required TimeSpan StopMax { get; init; }

    /// <summary>A batch of frames is written when it is this old, or full.</summary>
    public required TimeSpan FrameBatchAge { get; init; }

    public required int FrameBatchMax { get; init; }

    public required ConnectionSettings Connection { get; init; }
}
