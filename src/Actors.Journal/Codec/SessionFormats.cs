using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;

namespace Actors.Journal.Codec;

/// <summary>How the chronicle of a session is stored.</summary>
internal static class SessionFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<PhaseChanged>(
            "phase-changed",
            (to, happened) => to.Text("session", happened.SessionId).Text("phase", happened.Phase).OptionalText("reason", happened.Reason),
            from => new PhaseChanged(from.Text("session"), from.Text("phase"), from.OptionalText("reason"))),
        new JsonFormat<SwitchMoved>(
            "switch-moved",
            (to, happened) => to.Text("state", happened.State).Text("reason", happened.Reason),
            from => new SwitchMoved(from.Text("state"), from.Text("reason"))),
        new JsonFormat<BeatProved>("beat-proved", (to, happened) => to.Number("beat", happened.Beat), from => new BeatProved(from.Number("beat"))),
        new JsonFormat<Reconciled>("reconciled", (to, happened) => WriteReport(to, happened.Report), from => new Reconciled(ReadReport(from))),
        new JsonFormat<PartRestarted>(
            "part-restarted",
            (to, happened) => to.Text("part", happened.Part).Text("failure", happened.Failure).Text("told", happened.Told),
            from => new PartRestarted(from.Text("part"), from.Text("failure"), from.Text("told"))),
        new JsonFormat<DifferenceFound>(
            "difference-found",
            (to, happened) => to.Text("subject", happened.Subject).Text("ours", happened.Ours).Text("theirs", happened.Theirs),
            from => new DifferenceFound(from.Text("subject"), from.Text("ours"), from.Text("theirs"))),
        new JsonFormat<SessionEnded>(
            "session-ended",
            (to, happened) => to.Text("session", happened.SessionId).Text("outcome", happened.Outcome).Number("ordersLeft", happened.OrdersLeft),
            from => new SessionEnded(from.Text("session"), from.Text("outcome"), from.SmallNumber("ordersLeft"))),
    ];

    private static void WriteReport(FieldWriter to, ReconciliationReport report) =>
        to.Time("at", report.At).Text("occasion", report.Occasion).List("rows", report.Rows, WriteRow);

    private static ReconciliationReport ReadReport(FieldReader from) => new(from.Time("at"), from.Text("occasion"), from.List("rows", ReadRow));

    private static void WriteRow(FieldWriter to, ReconciliationRow row) =>
        to.Text("subject", row.Subject).Word("finding", row.Finding, Vocabulary.Findings).Text("words", row.Words);

    private static ReconciliationRow ReadRow(FieldReader from) =>
        new(from.Text("subject"), from.Word("finding", Vocabulary.Findings), from.Text("words"));
}
