using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>What is audited: consecutive sessions of one account, the streams they wrote, and where findings go.</summary>
internal sealed class Story : IDisposable
{
    private readonly Dictionary<string, SessionInfo> _all;

    public Story(JournalArchive archive, IReadOnlyList<SessionInfo> sessions, IReadOnlyList<SessionInfo> ofAccount, AuditFindings findings)
    {
        Archive = archive;
        Sessions = sessions;
        Findings = findings;
        _all = ofAccount.ToDictionary(session => session.Id, StringComparer.Ordinal);
        Orders = new OrdersHistory(this);
    }

    public JournalArchive Archive { get; }

    /// <summary>Oldest first; at least one.</summary>
    public IReadOnlyList<SessionInfo> Sessions { get; }

    public AuditFindings Findings { get; }

    public OrdersHistory Orders { get; }

    public string Account => Sessions[0].Account;

    public string OrdersStream => $"orders-{Account}";

    public string RiskStream => $"risk-{Account}";

    public string StrategyStream(string id) => $"strategy-{Account}-{id}";

    public string PositionStream(Symbol symbol) => $"position-{Account}-{symbol}";

    public IEnumerable<string> StrategyIds => Plans.SelectMany(plan => plan.Strategies).Select(strategy => strategy.Id).Distinct(StringComparer.Ordinal);

    public IEnumerable<Instrument> Instruments => Plans.SelectMany(plan => plan.Instruments).DistinctBy(instrument => instrument.Symbol);

    private IEnumerable<SessionPlan> Plans => Sessions.Select(session => session.Manifest.Plan).OfType<SessionPlan>();

    /// <summary>The session when it is part of the story and can be decided again; null when it is before it, or its manifest has no plan.</summary>
    public SessionInfo? Find(string id) => _all.GetValueOrDefault(id) is { Manifest.Plan: not null } session && session.Number >= Sessions[0].Number ? session : null;

    /// <summary>Whether the first of two sessions was over when the second began; one that no chronicle tells of counts as over.</summary>
    public bool IsBefore(string id, string other) => _all.GetValueOrDefault(other) is { } later && (_all.GetValueOrDefault(id) is not { } session || session.Number < later.Number);

    /// <summary>Its place among the sessions of its account; -1 for one that no chronicle tells of.</summary>
    public int NumberOf(string id) => _all.GetValueOrDefault(id)?.Number ?? -1;

    /// <summary>The same for what stands in the order of sessions: one that no chronicle tells of is the last.</summary>
    public int PlaceOf(string id) => _all.GetValueOrDefault(id)?.Number ?? int.MaxValue;

    /// <summary>Whether this session began after the story's last.</summary>
    public bool IsOver(string id) => _all.GetValueOrDefault(id) is { } session && session.Number > Sessions[^1].Number;

    public void Dispose() => Orders.Dispose();
}

/// <summary>What a frame is claimed to have told, by a record that refers to it. Claims of one stream come in the order of frames.</summary>
internal abstract record FrameClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor)
{
    /// <summary>What the frame tells instead, in words; null when it tells just this.</summary>
    public abstract string? Refuse(FrameContent content);
}

/// <summary>What one frame told, as far as claims can be made of it.</summary>
internal sealed class FrameContent
{
    public List<(Symbol Symbol, BookTop Top)> Tops { get; } = [];

    public List<(Symbol Symbol, decimal Mark)> Marks { get; } = [];

    public List<(Symbol Symbol, decimal Rate, DateTimeOffset DueAt)> Fundings { get; } = [];

    public List<OrderReport> Orders { get; } = [];

    public List<ExecutionReport> Executions { get; } = [];

    public List<MarginReport> Margins { get; } = [];

    public void Clear()
    {
        Tops.Clear();
        Marks.Clear();
        Fundings.Clear();
        Orders.Clear();
        Executions.Clear();
        Margins.Clear();
    }
}

internal sealed record TopClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor, Symbol Symbol, BookTop Top)
    : FrameClaim(Stream, Sequence, At, SessionId, Cursor)
{
    public override string? Refuse(FrameContent content)
    {
        if (content.Tops.Contains((Symbol, Top))) return null;
        var told = content.Tops.Where(one => one.Symbol == Symbol).Select(one => Describe(one.Top)).LastOrDefault();
        return $"{Describe(Top)} of {Symbol} was seen, the frames make it {told ?? "no new best bid or ask"}";
    }

    public static string Describe(BookTop top) => $"{Describe(top.Bid)} bid, {Describe(top.Ask)} ask (ticks)";

    private static string Describe(BookLevel? level) => level is { } known ? $"{known.Size} at {known.Price.Ticks}" : "none";
}

internal sealed record MarkClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor, Symbol Symbol, decimal Mark)
    : FrameClaim(Stream, Sequence, At, SessionId, Cursor)
{
    public override string? Refuse(FrameContent content) => content.Marks.Contains((Symbol, Mark)) ? null : $"risk saw the mark {Mark} of {Symbol}, which the frame does not tell";
}

internal sealed record FundingClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor, Symbol Symbol, decimal Rate, DateTimeOffset DueAt)
    : FrameClaim(Stream, Sequence, At, SessionId, Cursor)
{
    public override string? Refuse(FrameContent content) =>
        content.Fundings.Contains((Symbol, Rate, DueAt)) ? null : $"risk saw the funding {Rate} of {Symbol} at {DueAt:HH:mm:ss}, which the frame does not tell";
}

internal sealed record ReportClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor, OrderReport Report)
    : FrameClaim(Stream, Sequence, At, SessionId, Cursor)
{
    public override string? Refuse(FrameContent content) => content.Orders.Contains(Report) ? null : $"the report of order {Report.ClientId} is not what the frame tells";
}

internal sealed record ExecutionClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor, ExecutionReport Report)
    : FrameClaim(Stream, Sequence, At, SessionId, Cursor)
{
    public override string? Refuse(FrameContent content) =>
        content.Executions.Contains(Report) ? null : $"execution {Report.ExecutionId} is not what the frame tells";
}

internal sealed record WalletClaim(string Stream, long Sequence, DateTimeOffset At, string SessionId, Domain.Cursor Cursor, Currency Currency, long Balance)
    : FrameClaim(Stream, Sequence, At, SessionId, Cursor)
{
    public override string? Refuse(FrameContent content) => content.Margins.Any(margin => margin.Currency == Currency && margin.WalletBalance == Balance)
        ? null
        : $"the wallet balance {Balance} {Currency} is not what the frame tells";
}
