using System.Globalization;
using System.Text;

namespace Actors.Journal.Audit.Report;

/// <summary>What the page shows beside the audit itself.</summary>
/// <param name="Sums">What went on, in a few numbers.</param>
/// <param name="Timeline">The lanes and their lines.</param>
/// <param name="Pictures">In the order in which they are shown.</param>
/// <param name="Tables">The files beside the page, without ending, with their rows and what they hold.</param>
internal sealed record PageContent(
    IReadOnlyList<(string What, long Count)> Sums, StoryTimeline Timeline, IReadOnlyList<Picture> Pictures, IReadOnlyList<(string Name, long Rows, string Words)> Tables);

/// <summary>The page of a report: plain HTML with its pictures in it; no script, and nothing from elsewhere.</summary>
internal static class ReportPage
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:1060px;margin:2em auto 4em;padding:0 1em;color:#1d2429;background:#fff}h1{font-size:1.6em;margin:0}h2{font-size:1.25em;margin:2.2em 0 .5em}h3{font-size:1em;margin:1.6em 0 .2em}"
        + "table{border-collapse:collapse}td,th{padding:.2em 1.4em .2em 0;text-align:left;vertical-align:top;border-bottom:1px solid #e6eae8}th{font-weight:600;color:#5c6a72}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.w{overflow-wrap:anywhere;min-width:9em}td.t{white-space:nowrap;font-variant-numeric:tabular-nums}"
        + ".verdict{border-left:6px solid;padding:.7em 1em;margin:1em 0;background:#f4f6f5}.verdict b{font-size:1.15em}.bad{color:#b23a48}.good{color:#0b6e4f}.verdict p{margin:.2em 0 0;color:#1d2429}small,.legend,.quiet{color:#5c6a72;font-weight:400}.legend span{margin-right:1.6em;white-space:nowrap}"
        + ".sums{display:flex;flex-wrap:wrap;gap:.4em 2.4em;margin:1em 0}.sums b{display:block;font-size:1.4em;font-variant-numeric:tabular-nums}.sums div{color:#5c6a72}.sums b{color:#1d2429}"
        + "svg{width:100%;height:auto;display:block}svg text{font:11.5px system-ui,sans-serif;fill:#5c6a72}svg text.on{fill:#fff}svg.key{display:inline-block;width:12px;height:12px;vertical-align:-1px}.legend i{display:inline-block;width:12px;height:12px;vertical-align:-1px;margin-right:.3em}"
        + ".ground{fill:#f4f6f5}.grid{stroke:#dde3e0;fill:none}.gap{fill:#f3d3d6}.ok{fill:#0b6e4f;background:#0b6e4f}.wait{fill:#b8860b;background:#b8860b}.alarm{fill:#b23a48;background:#b23a48}.calm{fill:#6f7f87;background:#6f7f87}i.gap{background:#f3d3d6}"
        + ".buy{fill:#0b6e4f;stroke:#0b6e4f}.sell{fill:#b23a48;stroke:#b23a48}.ring{fill:none;stroke-width:1;opacity:.75}td.alarm,td.ok,td.wait,td.calm{background:none}td.alarm{color:#b23a48;font-weight:600}";

    /// <param name="audit">What was found.</param>
    /// <param name="content">Null for a journal that is not whole, of which nothing but the findings can be shown.</param>
    public static string Render(AuditReport audit, PageContent? content)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        var title = audit.Sessions.Count == 0 ? "Audit of a journal" : $"Audit of session {audit.Sessions[^1].Id}";
        page.Append(CultureInfo.InvariantCulture, $"<title>{Picture.Html(title)}</title><style>{Style}</style></head><body><h1>{Picture.Html(title)}</h1>");
        Verdict(page, audit);
        Differences(page, audit);
        if (content is not null) Happened(page, audit, content);
        Checked(page, audit);
        if (content is not null) Tables(page, content);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Verdict(StringBuilder page, AuditReport audit)
    {
        var words = audit.IsVerified ? "Verified: the journal is whole, and every decision comes out again as it was journaled."
            : audit.IsWhole ? $"NOT verified: {audit.Findings.Differences:N0} differences."
            : $"NOT verified: the journal is not whole ({audit.Findings.Differences:N0} findings), and nothing was decided again.";
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"verdict {(audit.IsVerified ? "good" : "bad")}\"><b>{Picture.Html(words)}</b>");
        if (audit.Sessions.Count > 0)
        {
            var crashed = audit.Sessions.Count(session => session.Ended is null);
            var story = audit.Sessions.Count == 1 ? "One session" : $"One story of {audit.Sessions.Count} sessions";
            var end = crashed == 0 ? "ended in order" : $"{crashed} without an orderly end";
            page.Append(CultureInfo.InvariantCulture, $"<p>{story} of account {Picture.Html(audit.Sessions[0].Account)}, {end}, {Time(audit.Sessions[0].StartedAt)} to {Time(audit.Sessions[^1].LastAt)} UTC. All times on this page are UTC.</p>");
        }

        page.Append("</div>");
    }

    private static void Happened(StringBuilder page, AuditReport audit, PageContent content)
    {
        page.Append("<div class=\"sums\">");
        foreach (var (what, count) in content.Sums) page.Append(CultureInfo.InvariantCulture, $"<div><b>{count:N0}</b>{Picture.Html(what)}</div>");
        page.Append("</div><h2>Sessions</h2><table><tr><th>session</th><th>began</th><th>last record</th><th class=\"n\">lasted</th><th>code</th><th class=\"n\">restarts</th><th>end</th></tr>");
        foreach (var session in audit.Sessions)
        {
            var end = session.Ended is { } ended ? $"<td>{Picture.Html(ended.Outcome)}</td>" : "<td class=\"t alarm\">no orderly end</td>";
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Picture.Html(session.Id)}</td><td class=\"t\">{Time(session.StartedAt)}</td><td class=\"t\">{Time(session.LastAt)}</td><td class=\"n\">{Lasted(session.LastAt - session.StartedAt)}</td><td class=\"w\">{Picture.Html(session.Manifest.CodeVersion)}</td><td class=\"n\">{session.Restarts:N0}</td>{end}</tr>");
        }

        page.Append("</table><h2>Timeline</h2>").Append(content.Timeline.Render());
        page.Append("<p class=\"legend\"><span><i class=\"ok\"></i>as it should be</span><span><i class=\"wait\"></i>under way, or taken over from the venue</span><span><i class=\"alarm\"></i>halt, crash, restart, limit passed, difference</span><span><i class=\"calm\"></i>neither</span><span><i class=\"gap\"></i>no session ran</span></p>");
        foreach (var picture in content.Pictures) page.Append(picture.Render());
        page.Append("<p class=\"quiet\">A picture has a thousand moments; of each it shows the last value. The tables have every row.</p>");
        page.Append("<h2>Events</h2><table><tr><th>time</th><th>event</th><th></th></tr>");
        foreach (var row in content.Timeline.Rows)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"t\">{Time(row.At)}</td><td class=\"t{(row.Mood == Mood.Bad ? " alarm" : "")}\">{Picture.Html(row.Event)}</td><td>{Picture.Html(row.Words)}</td></tr>");
        page.Append("</table>");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"quiet\">Beats and checkpoints stand in <a href=\"chronicle.csv\">chronicle.csv</a>{(content.Timeline.LeftOut > 0 ? $", with {content.Timeline.LeftOut.ToString("N0", CultureInfo.InvariantCulture)} more lines that would make this page too long" : "")}.</p>");
    }

    private static void Checked(StringBuilder page, AuditReport audit)
    {
        page.Append("<h2>What was checked</h2><table>");
        foreach (var (what, count) in audit.Findings.Counts) page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Picture.Html(what)}</td><td class=\"n\">{count:N0}</td></tr>");
        page.Append("</table>");
        if (audit.Findings.Remarks.Count == 0) return;
        page.Append("<h3>What an auditor should know</h3><ul>");
        foreach (var remark in audit.Findings.Remarks) page.Append(CultureInfo.InvariantCulture, $"<li>{Picture.Html(remark)}</li>");
        page.Append("</ul>");
    }

    private static void Tables(StringBuilder page, PageContent content)
    {
        page.Append("<h2>Tables</h2><p>Beside this page, each as CSV and as Parquet with the same rows.</p><table><tr><th>table</th><th></th><th class=\"n\">rows</th><th>holds</th></tr>");
        foreach (var (name, rows, words) in content.Tables)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"{name}.csv\">{name}.csv</a></td><td><a href=\"{name}.parquet\">{name}.parquet</a></td><td class=\"n\">{rows:N0}</td><td>{Picture.Html(words)}</td></tr>");
        page.Append("</table>");
    }

    private static void Differences(StringBuilder page, AuditReport audit)
    {
        if (audit.IsVerified) return;
        page.Append("<h2 class=\"bad\">Differences, the earliest first</h2><ol>");
        foreach (var difference in audit.Findings.Kept)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li>{Picture.Html(difference.ToString())}<ul class=\"quiet\">");
            foreach (var cause in difference.Causes) page.Append(CultureInfo.InvariantCulture, $"<li>{Picture.Html(cause)}</li>");
            page.Append("</ul></li>");
        }

        page.Append("</ol>");
        if (audit.Findings.Differences > audit.Findings.Kept.Count) page.Append(CultureInfo.InvariantCulture, $"<p class=\"quiet\">and {audit.Findings.Differences - audit.Findings.Kept.Count:N0} more</p>");
    }

    private static string Lasted(TimeSpan time) => time.ToString(time < TimeSpan.FromDays(1) ? @"hh\:mm\:ss" : @"d\d\ hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
