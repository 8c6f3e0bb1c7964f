using System.Globalization;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit.Report;

/// <summary>A line of the page's timeline.</summary>
internal sealed record TimelineRow(DateTimeOffset At, Mood Mood, string Event, string Words);

/// <summary>What happened to the sessions of a story as wholes: lanes for the eye, lines for reading, and their sums.</summary>
internal sealed class StoryTimeline
{
    /// <summary>Lines of the page at most, of what went well and of all else; the chronicle's table has all.</summary>
    public const int RowsMax = 500;

    private const string Session = "session";
    private const string Phase = "phase";
    private const string Switch = "switch";
    private const string Beats = "beats";
    private const string Reconciliations = "reconciled";
    private const string Alarms = "alarms";

    private readonly TimelinePicture _picture;
    private readonly List<TimelineRow> _rows = [];
    private int _routine;
    private int _notable;

    public StoryTimeline(IReadOnlyList<SessionInfo> sessions, TimeAxis axis)
    {
        _picture = new TimelinePicture(axis, Session, Phase, Switch, Beats, Reconciliations, Alarms);
        foreach (var session in sessions)
        {
            _picture.Stretch(Session, session.StartedAt, Mood.Quiet, session.Id);
            // A session without an end that is followed by another one was cut off; the last one may still be running.
            if (session.Ended is not null) continue;
            var words = session == sessions[^1] ? $"{session.Id} has no orderly end, or is still running; this is its last record" : $"{session.Id} ended without an orderly stop (a crash or a kill); this is its last record";
            _picture.Mark(Alarms, session.LastAt, Mood.Bad, words);
            Row(new TimelineRow(session.LastAt, Mood.Bad, "no orderly end", words));
        }
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<TimelineRow> Rows => _rows.OrderBy(row => row.At);

    public long LeftOut { get; private set; }

    public long BeatCount { get; private set; }

    public long ReconciliationCount { get; private set; }

    public long HaltCount { get; private set; }

    public string Render() => _picture.Render();

    public void Add(DateTimeOffset at, string kind, object happened)
    {
        var (lane, mood) = happened switch
        {
            PhaseChanged changed => (Phase, changed.Phase switch { "Trading" => Mood.Good, "Halted" => Mood.Bad, "Stopped" => Mood.Quiet, _ => Mood.Waiting }),
            SwitchMoved moved => (Switch, moved.State switch { "Armed" => Mood.Good, "Disarmed" => Mood.Quiet, _ => Mood.Bad }),
            BeatProved => (Beats, Mood.Good),
            Reconciled reconciled => (Reconciliations, Of(reconciled.Report)),
            PartRestarted or DifferenceFound or LimitPassed or OperatorHalted or FlattenEnded { IsFlat: false } => (Alarms, Mood.Bad),
            LatchesCleared or FlattenEnded => (Alarms, Mood.Waiting),
            SessionStarted or SessionEnded => (Session, Mood.Quiet),
            _ => ("", Mood.Quiet),
        };
        var words = Words(happened);
        if (happened is PhaseChanged { Phase: var phase }) _picture.Stretch(lane, at, mood, phase.ToLowerInvariant());
        else if (happened is SwitchMoved { State: var state }) _picture.Stretch(lane, at, mood, state.ToLowerInvariant());
        else if (lane.Length > 0 && lane != Session) _picture.Mark(lane, at, mood, $"{kind}: {words}");
        // A halt may be shorter than what its lane can show.
        if (happened is PhaseChanged or SwitchMoved && mood == Mood.Bad) _picture.Mark(Alarms, at, mood, words);
        HaltCount += happened is PhaseChanged { Phase: "Halted" } ? 1 : 0;
        BeatCount += happened is BeatProved ? 1 : 0;
        ReconciliationCount += happened is Reconciled ? 1 : 0;
        if (happened is not (Checkpoint or BeatProved)) Row(new TimelineRow(at, mood, kind, words));
    }

    public static string Words(object happened) => happened switch
    {
        SessionStarted started => $"{started.SessionId} of {started.Account}, code {started.CodeVersion}",
        PhaseChanged changed => $"{changed.Phase} {changed.Reason}".TrimEnd(),
        SwitchMoved moved => $"{moved.State}: {moved.Reason}",
        PartRestarted restarted => $"{restarted.Part}: {restarted.Failure}; {restarted.Told}",
        Reconciled { Report: var report } => string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Occasion}: {report.Count(Finding.Agreed)} agreed, {report.Count(Finding.Adopted)} adopted, {report.Count(Finding.Lost)} lost, {report.Count(Finding.Foreign)} foreign, {report.Count(Finding.Unknown)} unknown"),
        DifferenceFound difference => $"{difference.Subject}: ours {difference.Ours}; the venue's {difference.Theirs}",
        FramesPruned pruned => string.Create(CultureInfo.InvariantCulture, $"{pruned.Frames} frames of {pruned.SessionId} were removed by their retention"),
        DecisionsPruned pruned => string.Create(CultureInfo.InvariantCulture, $"records 1 to {pruned.Sequence} of {pruned.Stream} were removed by their retention"),
        SessionEnded ended => string.Create(CultureInfo.InvariantCulture, $"{ended.Outcome}, {ended.OrdersLeft} orders left"),
        LimitPassed { Finding: var finding } passed => string.Create(CultureInfo.InvariantCulture, $"{passed.Name}: {finding.Value} at the bound {finding.Bound}, so {passed.Action}; {finding.Inputs}"),
        OperatorHalted halted => halted.Reason,
        LatchesCleared cleared => $"{string.Join(", ", cleared.Latches.Select(latch => latch.Name))}: {cleared.Reason}",
        FlattenEnded flattened => $"{flattened.Latch}: {flattened.Words}",
        BeatProved beat => beat.Beat.ToString(CultureInfo.InvariantCulture),
        Checkpoint checkpoint => string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Heads.Count} streams{(checkpoint.KeyId is { } key ? $", key {key}" : "")}"),
        _ => "",
    };

    private static Mood Of(ReconciliationReport report) =>
        report.Rows.All(row => row.Finding == Finding.Agreed) ? Mood.Good : report.IsSettled && report.Count(Finding.Foreign) == 0 ? Mood.Waiting : Mood.Bad;

    private void Row(TimelineRow row)
    {
        if (row.Mood == Mood.Good ? _routine++ < RowsMax : _notable++ < RowsMax) _rows.Add(row);
        else LeftOut++;
    }
}
