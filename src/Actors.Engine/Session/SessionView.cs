using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Switch;

namespace Actors.Engine.Session;

/// <summary>Where a session stands.</summary>
public enum SessionPhase
{
    Recovering = 1,
    Connecting = 2,
    Reconciling = 3,
    Trading = 4,

    /// <summary>Alive but not placing orders; <see cref="SessionView.Reason"/> says why.</summary>
    Halted = 5,
    Stopping = 6,
    Stopped = 7,
}

/// <summary>A moment of the whole session for a person to read. Immutable; prices in quote units, quantities in contracts, money in minor units.</summary>
public sealed record SessionView(
    string SessionId,
    string Account,
    string Dialect,
    DateTimeOffset StartedAt,
    DateTimeOffset Now,
    SessionPhase Phase,
    string? Reason,
    ConnectionView Connection,
    SwitchView Switch,
    IReadOnlyList<BookView> Books,
    IReadOnlyList<OrderView> OpenOrders,
    OrderCounts Orders,
    IReadOnlyList<PositionView> Positions,
    IReadOnlyList<MarginView> Margins,
    IReadOnlyList<StrategyView> Strategies,
    RecorderView Recorder,
    ReconciliationView? LastReconciliation,
    int Restarts,
    IReadOnlyList<string> Events)
{
    /// <summary>The risk door as it stood a moment ago; null before it has recovered.</summary>
    public RiskPicture? Risk { get; init; }

    /// <summary>What risk had to tell a person, the newest last; at most <see cref="RiskNotices.Max"/>.</summary>
    public IReadOnlyList<RiskNotice> RiskNotices { get; init; } = [];

    /// <summary>Where engine and venue differ now on an amount of money or a position, proved at a quiet moment: both numbers.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>Tops of all books that changed again before a strategy was done with the last.</summary>
    public long Conflated => Books.Sum(book => book.Conflated);
}

/// <summary>One thing that risk told: a limit that was passed, a command, an end of flattening. Numbered from 1, so that none is told twice.</summary>
public sealed record RiskNotice(DateTimeOffset At, string Words, bool IsUrgent)
{
    public long Number { get; init; }
}

/// <summary>The newest notices. Written by one actor, read by others: the list is replaced and never changed.</summary>
internal sealed class RiskNotices
{
    public const int Max = 50;

    private long _count;

    public IReadOnlyList<RiskNotice> Newest { get; private set; } = [];

    public void Add(RiskNotice notice) => Newest = [.. Newest.TakeLast(Max - 1), notice with { Number = ++_count }];
}

/// <summary>The stream: its state in a word (connecting, authenticating, live, degraded, backoff), frames received and connections made.</summary>
public sealed record ConnectionView(string State, long Frames, int Connections, TimeSpan SinceLastFrame);

/// <summary>The switch: until when the venue is known to keep our orders, beats confirmed and beats withheld because a part did not prove itself alive.</summary>
public sealed record SwitchView(SwitchState State, DateTimeOffset? Until, long BeatsConfirmed, long BeatsWithheld, string? LastWithheldReason);

/// <summary>A book; <see cref="Conflated"/> counts tops that changed again before a strategy was done with the last.</summary>
public sealed record BookView(
    Symbol Symbol,
    BookStatus Status,
    string? Fault,
    decimal? Bid,
    long BidSize,
    decimal? Ask,
    long AskSize,
    decimal? Mark,
    decimal? Last,
    long Rows,
    long Conflated = 0);

/// <summary>An order not finished. <see cref="State"/> is its state in a word (submitted, working, cancelling, unknown...).</summary>
public sealed record OrderView(string ClientOrderId, string StrategyId, Symbol Symbol, Side Side, decimal? Price, long Quantity, long Filled, string State);

/// <summary>Counts since the session began. Refused: by risk, never sent. Rejected: by the venue. Unknown: sent, outcome not known now.</summary>
public sealed record OrderCounts(long Sent, long Filled, long Fills, long Cancelled, long Amended, long Rejected, long Refused, int Unknown, int Open);

public sealed record PositionView(
    Symbol Symbol,
    string Settlement,
    long Quantity,
    decimal? AverageEntryPrice,
    decimal? Mark,
    decimal? LiquidationPrice,
    long RealisedPnl,
    long UnrealisedPnl,
    long Fees);

/// <summary>Money in one currency, in minor units; session profit and loss is the margin balance now less that at the session's first report.</summary>
public sealed record MarginView(string Currency, long WalletBalance, long MarginBalance, long AvailableMargin, long SessionPnl)
{
    /// <summary>Quiet moments at which our wallet and margin were the venue's to the minor unit, since the account began.</summary>
    public long Agreed { get; init; }

    /// <summary>Why they are not compared now, in words; null where they are.</summary>
    public string? NotCompared { get; init; }
}

public sealed record StrategyView(string Id, string Kind, Symbol Symbol, string State, int OpenOrders, long Fills);

public sealed record RecorderView(long Frames, long RawBytes, long StoredBytes);

/// <summary>The five-way comparison of orders and positions with the venue, and the differences in words.</summary>
public sealed record ReconciliationView(DateTimeOffset At, int Agreed, int Adopted, int Lost, int Foreign, int Unknown, IReadOnlyList<string> Differences);

/// <summary>How a session ended. <see cref="Problems"/> is empty for an orderly stop with no order left.</summary>
public sealed record SessionSummary(SessionView Last, int OrdersLeft, bool SwitchDisarmed, IReadOnlyList<string> Problems);
