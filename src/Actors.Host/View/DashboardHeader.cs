using System.Globalization;
using Actors.Domain.Risk;
using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>The lines at the top of the live view: is it trading, is the venue heard, will the switch hold, is everything written down.</summary>
internal static class DashboardHeader
{
    public static IEnumerable<StyledLine> Lines(SessionView view, string venue, string? notice)
    {
        yield return new StyledLine(
            new Span("actors  ", Palette.Strong),
            new Span(Words.Phase(view.Phase), Palette.Of(view.Phase)),
            $"  {Words.Elapsed(view.Now - view.StartedAt)}",
            new Span("  session ", Palette.Dim),
            view.SessionId,
            new Span("  account ", Palette.Dim),
            view.Account,
            new Span($"  {view.Dialect} ", Palette.Dim),
            venue);
        if ((notice ?? view.Reason) is { } reason) yield return new StyledLine(new Span(reason, Palette.Of(view.Phase)));
        yield return Stream(view.Connection);
        if (view.Risk is { } risk) yield return Risk(risk);
        yield return Switch(view);
        yield return Journal(view);
        yield return Reconciliation(view);
    }

    private static StyledLine Stream(ConnectionView connection) => Row(
        "stream",
        new Span(connection.State, connection.State == "live" ? Palette.Good : Palette.Warning),
        $", {Words.Count(connection.Frames, "frame")}, last {Words.Age(connection.SinceLastFrame)} ago, {Words.Count(connection.Connections, "connection")}");

    private static StyledLine Risk(RiskPicture risk)
    {
        var style = risk.Standing switch { RiskStanding.Open => Palette.Good, RiskStanding.ReduceOnly => Palette.Warning, _ => Palette.Bad };
        var why = risk.Why.Count == 0 ? string.Empty : $" {string.Join("; ", risk.Why)}";
        return Row("risk", new Span(RiskText.Standing(risk.Standing), style), new Span(why, style), RiskText.Nearest(risk) is { } nearest ? $", nearest limit {nearest}" : ", no limit is near");
    }

    private static StyledLine Switch(SessionView view)
    {
        var beats = view.Switch;
        var why = beats.LastWithheldReason is { } reason ? $" ({reason})" : string.Empty;
        return Row(
            "switch",
            new Span(Words.Switch(beats, view.Now), Palette.Of(beats.State)),
            $", {Words.Count(beats.BeatsConfirmed, "beat")}, ",
            beats.BeatsWithheld == 0 ? "none withheld" : new Span($"{Words.Count(beats.BeatsWithheld)} withheld{why}", Palette.Warning));
    }

    private static StyledLine Journal(SessionView view)
    {
        var recorder = view.Recorder;
        var ratio = recorder.StoredBytes <= 0
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $", {(decimal)recorder.RawBytes / recorder.StoredBytes:0.0} times smaller");
        return Row(
            "journal",
            $"{Words.Count(recorder.Frames, "frame")}, {Words.Bytes(recorder.RawBytes)} in {Words.Bytes(recorder.StoredBytes)}{ratio}, ",
            new Span(Words.Count(view.Restarts, "restart"), view.Restarts == 0 ? Palette.Plain : Palette.Warning));
    }

    private static StyledLine Reconciliation(SessionView view)
    {
        if (view.LastReconciliation is not { } last) return Row("compared", new Span("not yet", Palette.Dim));
        var style = last.Lost + last.Foreign + last.Unknown == 0 ? Palette.Plain : Palette.Warning;
        return Row("compared", new Span(Words.Reconciliation(last), style), new Span($", {Words.Age(view.Now - last.At)} ago", Palette.Dim));
    }

    private static StyledLine Row(string label, params IEnumerable<Span> content) => new(content.Prepend(new Span($"{label,-10}", Palette.Dim)));
}
