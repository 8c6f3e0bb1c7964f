using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Actors.Host.View;

namespace Actors.Host.Alerts;

/// <summary>Finds what an operator must be told of in one look at a session after another. Pure but for what it saw last.</summary>
/// <param name="limits">What a position is compared with. Refused orders are the limits at work and no alert; a bound on loss halts, which is one.</param>
internal sealed class AlertWatch(RiskLimits limits)
{
    /// <summary>Lines of detail that one alert carries; the log has all.</summary>
    private const int LinesMax = 5;

    private SessionView? _last;
    private long _noticed;
    private bool _traded;
    private bool _halted;
    private string _differences = string.Empty;
    private HashSet<Symbol> _beyond = [];
    private HashSet<string> _differing = [];

    /// <summary>What is new since the look before.</summary>
    public IReadOnlyList<Alert> Look(SessionView view)
    {
        var alerts = new List<Alert>();
        void Add(AlertKind kind, string text) => alerts.Add(new Alert(view.Now, kind, view.SessionId, text));
        Phase(view, Add);
        Switch(view, Add);
        if (view.Restarts > (_last?.Restarts ?? 0)) Add(AlertKind.PartRestarted, Restarted(view));
        Reconciliation(view, Add);
        Positions(view, Add);
        foreach (var notice in view.RiskNotices.Where(notice => notice.IsUrgent && notice.Number > _noticed)) Add(AlertKind.RiskBreach, notice.Words);
        if (view.RiskNotices.Count > 0) _noticed = view.RiskNotices[^1].Number;
        Differences(view, Add);
        _last = view;
        return alerts;
    }

    /// <summary>What is wrong with how a session ended; null for an orderly stop.</summary>
    public static Alert? End(SessionSummary summary)
    {
        var problems = SummaryText.Problems(summary);
        if (problems.Count == 0) return null;
        var left = summary.OrdersLeft != 0 || !summary.SwitchDisarmed;
        var orders = left ? $"{Words.Count(summary.OrdersLeft, "order")} known to be left at the venue, the switch {(summary.SwitchDisarmed ? "disarmed" : "left armed")}: " : string.Empty;
        return new Alert(summary.Last.Now, left ? AlertKind.OrdersLeft : AlertKind.StoppedWithProblem, summary.Last.SessionId, $"the session stopped: {orders}{string.Join("; ", problems)}");
    }

    /// <summary>A session that is starting or stopping does not trade either, and nobody has to be told.</summary>
    private void Phase(SessionView view, Action<AlertKind, string> add)
    {
        switch (view.Phase)
        {
            case SessionPhase.Trading:
                if (_halted) add(AlertKind.Resumed, "trading again");
                (_traded, _halted) = (true, false);
                break;
            case SessionPhase.Stopping or SessionPhase.Stopped:
                break;
            case var phase when !_halted && (_traded || phase == SessionPhase.Halted):
                _halted = true;
                add(AlertKind.Halted, $"trading halted ({phase.ToString().ToLowerInvariant()}): {view.Reason ?? "no reason is given"}");
                break;
        }
    }

    private void Switch(SessionView view, Action<AlertKind, string> add)
    {
        if (view.Switch.State == _last?.Switch.State) return;
        var why = view.Switch.LastWithheldReason is { } reason ? $": {reason}" : string.Empty;
        if (view.Switch.State == SwitchState.Late) add(AlertKind.SwitchLate, $"the dead man's switch is late and will fire{why}");
        if (view.Switch.State == SwitchState.AssumedFired) add(AlertKind.SwitchFired, $"the dead man's switch is assumed to have fired: the venue may have cancelled every order of the account{why}");
    }

    /// <summary>A position beyond its bound, as a fill that was adopted or an order by hand can make it, is told until it is back, once.</summary>
    private void Positions(SessionView view, Action<AlertKind, string> add)
    {
        var beyond = new HashSet<Symbol>();
        foreach (var position in view.Positions)
        {
            if (limits.Find(LimitKind.Position, LimitScope.Of(position.Symbol)) is not { Bound: var bound } || long.Abs(position.Quantity) <= bound) continue;
            var most = (long)bound;
            beyond.Add(position.Symbol);
            if (!_beyond.Contains(position.Symbol))
                add(AlertKind.RiskBreach, $"the position of {Words.Position(position.Quantity)} {position.Symbol} is beyond its bound of {Words.Count(most)}");
        }

        _beyond = beyond;
    }

    /// <summary>An amount that engine and venue count differently, told with both numbers, once until they agree again: the numbers follow the marks.</summary>
    private void Differences(SessionView view, Action<AlertKind, string> add)
    {
        var now = view.Differences.ToDictionary(line => line.Split(':')[0]);
        foreach (var (subject, line) in now)
        {
            if (!_differing.Contains(subject)) add(AlertKind.ReconciliationDifferences, $"engine and venue do not count the same: {Words.Printable(line)}");
        }

        _differing = [.. now.Keys];
    }

    private string Restarted(SessionView view)
    {
        var count = view.Restarts - (_last?.Restarts ?? 0);
        var lines = PlainDisplay.NewEvents(_last?.Events ?? [], view.Events).TakeLast(LinesMax).Select(Words.Printable).ToList();
        return $"{Words.Count(count, "part")} failed and began again" + (lines.Count == 0 ? string.Empty : ": " + string.Join("; ", lines));
    }

    /// <summary>A difference that stays is told once, not at every comparison.</summary>
    private void Reconciliation(SessionView view, Action<AlertKind, string> add)
    {
        if (view.LastReconciliation is not { } compared || compared.At == _last?.LastReconciliation?.At) return;
        var differences = string.Join("; ", compared.Differences.Take(LinesMax).Select(Words.Printable));
        if (compared.Differences.Count > LinesMax) differences += string.Create(CultureInfo.InvariantCulture, $"; and {compared.Differences.Count - LinesMax} more");
        if (differences != _differences && compared.Differences.Count > 0) add(AlertKind.ReconciliationDifferences, $"engine and venue did not agree: {differences}");
        _differences = differences;
    }
}
