using System.Collections.Concurrent;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;

namespace Actors.Engine.Session;

/// <summary>
/// Where every actor pins the newest view of itself, for a person to read. Writing is a dictionary assignment and never blocks an actor; nothing that
/// decides reads from here. Thread-safe.
/// </summary>
public sealed class SessionBoard(string sessionId, string account, string dialect, DateTimeOffset startedAt)
{
    private const int EventsMax = 200;

    private readonly ConcurrentQueue<string> _events = [];
    private int _restarts;

    internal ConcurrentDictionary<Symbol, BookView> Books { get; } = [];

    internal ConcurrentDictionary<Symbol, PositionView> Positions { get; } = [];

    internal ConcurrentDictionary<string, MarginView> Margins { get; } = [];

    /// <summary>Where engine and venue differ on an amount now: both numbers, by what it is.</summary>
    internal ConcurrentDictionary<string, string> Differences { get; } = [];

    internal ConcurrentDictionary<string, StrategyView> Strategies { get; } = [];

    internal (SessionPhase Phase, string? Reason) Phase { get; set; } = (SessionPhase.Recovering, null);

    internal ConnectionView Connection { get; set; } = new("idle", 0, 0, TimeSpan.Zero);

    internal DateTimeOffset? LastFrameAt { get; set; }

    internal SwitchView Switch { get; set; } = new(Domain.Switch.SwitchState.Disarmed, null, 0, 0, null);

    internal RecorderView Recorder { get; set; } = new(0, 0, 0);

    /// <summary>Made when somebody looks, from a ledger that never changes: an order's way to the venue does not wait for a picture of all others.</summary>
    internal Func<(OrderCounts Counts, IReadOnlyList<OrderView> Open)> Orders { get; set; } = static () => (new OrderCounts(0, 0, 0, 0, 0, 0, 0, 0, 0), []);

    internal long Refused { get; set; }

    internal RiskPicture? Risk { get; set; }

    internal RiskNotices RiskNotices { get; } = new();

    internal ReconciliationView? Reconciliation { get; set; }

    /// <summary>Counts a restart of a part, for the person's eye.</summary>
    internal void CountRestart() => Interlocked.Increment(ref _restarts);

    /// <summary>Adds a line that a person should see; the oldest go when there are more than 200.</summary>
    internal void Say(DateTimeOffset at, string line)
    {
        _events.Enqueue($"{at:HH:mm:ss} {line}");
        while (_events.Count > EventsMax) _events.TryDequeue(out _);
    }

    /// <summary>A consistent enough picture: each part's newest view of itself.</summary>
    public SessionView Picture(DateTimeOffset now)
    {
        var (counts, open) = Orders();
        return new SessionView(
            sessionId,
            account,
            dialect,
            startedAt,
            now,
            Phase.Phase,
            Phase.Reason,
            Connection with { SinceLastFrame = LastFrameAt is { } last && now > last ? now - last : TimeSpan.Zero },
            Switch,
            [.. Books.Values.OrderBy(book => book.Symbol)],
            open,
            counts with { Refused = Refused },
            [.. Positions.Values.OrderBy(position => position.Symbol)],
            [.. Margins.Values.OrderBy(margin => margin.Currency, StringComparer.Ordinal)],
            [.. Strategies.Values.OrderBy(strategy => strategy.Id, StringComparer.Ordinal)],
            Recorder,
            Reconciliation,
            _restarts,
            [.. _events])
        {
            Risk = Risk,
            RiskNotices = RiskNotices.Newest,
            Differences = [.. Differences.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value}")],
        };
    }
}
