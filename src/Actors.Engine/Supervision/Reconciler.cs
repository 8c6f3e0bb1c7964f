using Actors.Domain.Reconciliation;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Supervision;

/// <summary>
/// Runs one comparison of engine and venue at a time: asks the orders from when executions are missing, asks the venue for everything, lets the orders and then
/// each position compare, and gathers the report. A round that does not end in time is begun anew. Owned by the engine.
/// </summary>
internal sealed class Reconciler(SessionContext session, IActorRef engine, ITimerScheduler timers, Action<ReconciliationReport> done)
{
    /// <summary>Executions are asked for from this long before the newest known, because the positions may be behind the orders by what a crash cut off.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    /// <summary>Times that positions are asked for until no execution comes between; after that a difference of positions waits for the next comparison.</summary>
    private const int SnapshotAttempts = 3;

    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly List<ReconciliationRow> _rows = [];
    private readonly HashSet<string> _awaited = [];
    private readonly DateTimeOffset _startedAt = session.Now();
    private VenueSnapshot? _venue;
    private string _occasion = "";
    private string? _suspicion;
    private int _round;
    private int _askedOver;

    /// <summary>The newest connection that was live: what it did not tell, because it came before, a comparison begun since brings.</summary>
    public int Connection { get; set; }

    public bool IsBusy { get; private set; }

    /// <summary>When the venue was asked what the newest report rests on.</summary>
    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>
    /// Begins a comparison; one that is under way goes on, or begins <paramref name="anew"/> when what it has asked may be out of date.
    /// </summary>
    public void Begin(string occasion, bool anew)
    {
        if (IsBusy && !anew) return;
        (IsBusy, _occasion, _venue, _askedOver) = (true, occasion, null, Connection);
        _round++;
        _rows.Clear();
        _awaited.Clear();
        session.Directory.Orders.Tell(new OrderMessages.AskExecutionsKnown(), engine);
        timers.StartSingleTimer(Overdue.Key, new Overdue(_round), session.Timings.LostAfter * 3);
    }

    /// <summary>Something may have been missed: a comparison that is under way may have asked before it, so another follows.</summary>
    public void Suspect(string reason)
    {
        if (IsBusy) _suspicion = reason;
        else Begin(reason, anew: false);
    }

    /// <summary>Tries once more in a while.</summary>
    public void Again(string occasion)
    {
        IsBusy = true;
        timers.StartSingleTimer(Retry.Key, new Retry(occasion), RetryWait);
    }

    public void Stop()
    {
        IsBusy = false;
        _round++;
        timers.Cancel(Overdue.Key);
        timers.Cancel(Retry.Key);
        timers.Cancel(Due.Key);
    }

    public bool Handled(object message)
    {
        switch (message)
        {
            case OrderMessages.ExecutionsKnown known when IsBusy && _venue is null:
                Ask(_round, (known.Until ?? _startedAt) - Overlap);
                return true;
            case EngineMessages.SnapshotTaken taken when taken.Round == _round && IsBusy:
                _venue = taken.Venue;
                session.Directory.Orders.Tell(new OrderMessages.Compare(taken.Venue, _round, _askedOver), engine);
                return true;
            case EngineMessages.SnapshotFailed failed when failed.Round == _round && IsBusy:
                session.Board.Say(session.Now(), $"reconciliation: the venue could not be asked: {failed.Reason}");
                Again(_occasion);
                return true;
            case OrderMessages.Compared compared when IsBusy && compared.Round == _round && _venue is { } venue:
                _rows.AddRange(compared.Rows);
                ComparePositions(venue);
                return true;
            case PositionMessages.Compared compared when IsBusy && compared.AskedAt == _venue?.AskedAt && _awaited.Remove(compared.Row.Subject):
                _rows.Add(compared.Row);
                if (_awaited.Count == 0) Finish();
                return true;
            case Overdue overdue when overdue.Round == _round && IsBusy:
                session.Board.Say(session.Now(), "reconciliation took too long and begins anew");
                Begin(_occasion, anew: true);
                return true;
            case Retry retry:
                Begin(retry.Occasion, anew: true);
                return true;
            case OrderMessages.ExecutionsKnown or EngineMessages.SnapshotTaken or EngineMessages.SnapshotFailed or Overdue
                or OrderMessages.Compared or PositionMessages.Compared:
                return true;
            default:
                return false;
        }
    }

    private void Ask(int round, DateTimeOffset since) => TakeSnapshotAsync(since).PipeTo(
        engine,
        success: venue => new EngineMessages.SnapshotTaken(round, venue),
        failure: cause => new EngineMessages.SnapshotFailed(round, cause.GetBaseException().Message));

    private async Task<VenueSnapshot> TakeSnapshotAsync(DateTimeOffset since)
    {
        var queries = session.Venue.Queries;
        var askedAt = session.Now();
        // Open orders before executions: an order that is filled between the two is then missing from the first and counted by the second.
        var orders = await queries.OpenOrdersAsync(CancellationToken.None);
        var executions = await queries.ExecutionsAsync(since, CancellationToken.None);
        for (var attempt = 1; ; attempt++)
        {
            // Positions between two equal lists of executions are what these add up to.
            var positions = await queries.PositionsAsync(CancellationToken.None);
            var again = await queries.ExecutionsAsync(since, CancellationToken.None);
            var isQuiet = again.Count == executions.Count;
            if (isQuiet || attempt == SnapshotAttempts) return new VenueSnapshot(askedAt, again, orders, positions, isQuiet);
            executions = again;
        }
    }

    private void ComparePositions(VenueSnapshot venue)
    {
        foreach (var symbol in session.Instruments.Keys)
        {
            _awaited.Add(symbol.Value);
            session.Directory.Position(symbol).Tell(new PositionMessages.Compare(
                venue.Positions.FirstOrDefault(row => row.Symbol == symbol),
                venue.IsQuiet,
                venue.Executions.Where(one => one.Symbol == symbol).Max(one => (DateTimeOffset?)one.Timestamp))
            { AskedAt = venue.AskedAt }, engine);
        }

        foreach (var foreign in venue.Positions.Where(row => !session.Instruments.ContainsKey(row.Symbol) && !row.Quantity.IsZero))
            _rows.Add(new ReconciliationRow(foreign.Symbol.Value, Finding.Foreign, $"position of {foreign.Quantity} in an instrument that is not traded here"));
    }

    private void Finish()
    {
        IsBusy = false;
        AskedAt = _venue!.AskedAt;
        timers.Cancel(Overdue.Key);
        var report = new ReconciliationReport(session.Now(), _occasion, [.. _rows]);
        session.Board.Reconciliation = new ReconciliationView(
            report.At,
            report.Count(Finding.Agreed),
            report.Count(Finding.Adopted),
            report.Count(Finding.Lost),
            report.Count(Finding.Foreign),
            report.Count(Finding.Unknown),
            [.. report.Rows.Where(row => row.Finding != Finding.Agreed).Select(row => $"{row.Subject}: {row.Finding}: {row.Words}")]);
        timers.StartSingleTimer(Due.Key, new Due(), session.Settings.ReconcileInterval);
        done(report);
        if (_suspicion is not { } suspicion || IsBusy) return;
        _suspicion = null;
        timers.StartSingleTimer(Retry.Key, new Retry(suspicion), RetryWait);
    }

    /// <summary>It is time for the regular comparison.</summary>
    internal sealed record Due
    {
        public const string Key = "reconcile-due";
    }

    private sealed record Overdue(int Round)
    {
        public const string Key = "reconcile-overdue";
    }

    private sealed record Retry(string Occasion)
    {
        public const string Key = "reconcile-retry";
    }
}
