using System.Globalization;
using System.Text;

namespace Actors.Journal.Audit.Report;

/// <summary>The page of a report: plain HTML with its pictures in it; no script, and nothing from elsewhere.</summary>
internal static class ReportPage
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:1060px;margin:2em auto;padding:0 1em;color:#1d2429}table{border-collapse:collapse}td,th{padding:.15em .9em .15em 0;text-align:left;vertical-align:top}"
        + "svg{width:100%;height:auto}.ground{fill:#f4f6f5}.bad{color:#b23a48}.good{color:#0b6e4f}small,.legend,.quiet{color:#5c6a72;font-weight:400}td.n{text-align:right;font-variant-numeric:tabular-nums}";

    public static string Render(AuditReport audit, IEnumerable<Picture> pictures, IReadOnlyList<(DateTimeOffset At, string Words)> timeline, IReadOnlyList<(string Name, long Rows)> tables)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>Audit of {Picture.Html(audit.Sessions[^1].Id)}</title><style>{Style}</style></head><body>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Audit of session {Picture.Html(audit.Sessions[^1].Id)}</h1><p class=\"{(audit.IsVerified ? "good\">Verified: the journal is whole, and every decision comes out again as it was journaled." : $"bad\">NOT verified: {audit.Findings.Differences} differences.")}</p>");
        page.Append("<h2>Sessions</h2><table>");
        foreach (var session in audit.Sessions) Row(page, session.Id, $"{session.Account}, {Time(session.StartedAt)} to {Time(session.LastAt)} UTC, code {session.Manifest.CodeVersion}, {(session.Ended is { } ended ? $"ended {ended.Outcome}" : "NOT ended in order")}");
        page.Append("</table><h2>Decided again</h2><table>");
        foreach (var (what, count) in audit.Findings.Counts) Row(page, what, count.ToString("N0", CultureInfo.InvariantCulture));
        page.Append("</table><ul>");
        foreach (var remark in audit.Findings.Remarks) page.Append(CultureInfo.InvariantCulture, $"<li>{Picture.Html(remark)}</li>");
        page.Append("</ul>");
        Differences(page, audit);
        page.Append("<h2>Pictures</h2>");
        foreach (var picture in pictures) page.Append(picture.Render());
        page.Append("<h2>Timeline</h2><table>");
        foreach (var (at, words) in timeline) Row(page, Time(at), words);
        page.Append("</table><h2>Tables</h2><table>");
        foreach (var (name, rows) in tables) Row(page, $"{name}.csv, {name}.parquet", $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows");
        return page.Append("</table></body></html>\n").ToString();
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
    }

    private static void Row(StringBuilder page, string label, string value) => page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Picture.Html(label)}</td><td>{Picture.Html(value)}</td></tr>");

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
