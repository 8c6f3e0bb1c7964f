using System.Globalization;
using System.Net;
using System.Text;

namespace Actors.LoadTests.Reporting;

/// <summary>One page that holds everything: verdicts, tables and pictures, with nothing fetched from anywhere.</summary>
public static class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Load tests</title><style>
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2733; background: #fff }
        h1, h2 { font-weight: 600 } h2 { margin-top: 3rem; border-top: 1px solid #d5dbe1; padding-top: 1rem }
        table { border-collapse: collapse; margin: .6rem 0 1.2rem } td, th { text-align: left; padding: .15rem 1.2rem .15rem 0; vertical-align: top }
        td.number { text-align: right; font-variant-numeric: tabular-nums } .held { color: #17692e } .missed { color: #b3261e; font-weight: 600 } .goal { color: #7a5a00 }
        figure { display: inline-block; margin: 0 1rem 1rem 0 } figcaption { font-size: 13px; font-weight: 600; color: #323f4b } figcaption span { margin-left: .5rem } svg { display: block } svg text { font: 11px system-ui, sans-serif; fill: #52606d }
        </style></head><body>
        <h1>Load tests</h1>
        """;

    /// <param name="results">What was measured.</param>
    /// <param name="at">When, for the reader.</param>
    public static string Page(IReadOnlyList<ScenarioResult> results, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(results);
        var page = new StringBuilder(Head);
        page.Append(CultureInfo.InvariantCulture, $"<p>{at:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {Encode(System.Runtime.InteropServices.RuntimeInformation.OSDescription)}, ");
        page.Append(CultureInfo.InvariantCulture, $".NET {Environment.Version}. {results.Count(result => result.Passed)} passed, {results.Count(result => !result.Passed)} failed. ");
        page.AppendLine($"Ratios and allocations are evidence; times belong to the machine and to what else it did.{Load()}</p>");
        if (results.Count > 1) Contents(page, results);
        foreach (var result in results) Section(page, result);
        return page.AppendLine("</body></html>").ToString();
    }

    /// <summary>Where the machine tells its load: with several programs on few cores a time says little.</summary>
    private static string Load() => File.Exists("/proc/loadavg") ? $" Load average {string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}." : "";

    private static void Contents(StringBuilder page, IReadOnlyList<ScenarioResult> results)
    {
        page.AppendLine("<table>");
        foreach (var result in results)
        {
            var (held, reached) = (result.Bounds.Count(bound => bound.Met), result.Goals.Count(goal => goal.Met));
            page.AppendLine(CultureInfo.InvariantCulture, $"<tr><td class={(result.Passed ? "held>passed" : "missed>failed")}</td><td><a href=\"#{result.Scenario}\">{Encode(result.Scenario)}</a></td><td>{held} of {result.Bounds.Count} bounds held{(result.Goals.Count > 0 ? Measures.Text($", {reached} of {result.Goals.Count} goals reached") : "")}</td></tr>");
        }

        page.AppendLine("</table>");
    }

    /// <summary>Microseconds, as milliseconds.</summary>
    private static void Percentiles(StringBuilder page, IReadOnlyList<LatencyRow> rows)
    {
        page.AppendLine("<table><tr><th>percentile</th><th>from the intended send, ms</th><th>from the real send, ms</th></tr>");
        foreach (var row in rows)
            page.AppendLine(CultureInfo.InvariantCulture, $"<tr><td class=number>{row.Percentile:0.##}</td><td class=number>{row.FromIntended / 1_000:#,0.000}</td><td class=number>{row.WorkAlone / 1_000:#,0.000}</td></tr>");
        page.AppendLine("</table>");
    }

    private static void Section(StringBuilder page, ScenarioResult result)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2 id=\"{Encode(result.Scenario)}\">").Append(Encode(result.Scenario)).Append(result.Passed ? " <span class=held>passed</span>" : " <span class=missed>failed</span>").AppendLine("</h2>");
        page.Append("<p>").Append(Encode(result.Input)).AppendLine("</p>");
        Table(page, Rates(result).Concat(result.Figures.Select(figure => (string[])[figure.Name, figure.Measured])));
        Table(page, result.Ratios.Select(ratio => (string[])[ratio.Name, Measures.Text($"{ratio.Median:0.00} (middle half {ratio.Lower:0.00} to {ratio.Upper:0.00})")]));
        page.AppendLine("<table>");
        foreach (var bound in result.Bounds) Verdict(page, bound, bound.Met ? "held" : "missed", bound.Met ? "held" : "missed");
        foreach (var goal in result.Goals) Verdict(page, goal, goal.Met ? "held" : "goal", goal.Met ? "goal reached" : "goal not yet");
        page.AppendLine("</table>");
        if (result.Latency.Count > 0) Percentiles(page, result.Latency);
        if (result.Latency.Count > 0) page.AppendLine(SvgChart.Latency(result.Latency));
        foreach (var picture in result.Series.GroupBy(series => series.Picture)) page.AppendLine(SvgChart.OverTime([.. picture]));
    }

    private static IEnumerable<string[]> Rates(ScenarioResult result)
    {
        if (result.RateAsked > 1) yield return ["rate asked", Measures.Text($"{result.RateAsked:N0} {result.RateUnit}")];
        if (result.RateReached > 1) yield return ["rate reached", Measures.Text($"{result.RateReached:N0} {result.RateUnit} over {result.Seconds:0.0} s")];
    }

    private static void Table(StringBuilder page, IEnumerable<string[]> rows)
    {
        page.AppendLine("<table>");
        foreach (var row in rows) page.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Encode(cell)}</td>")).AppendLine("</tr>");
        page.AppendLine("</table>");
    }

    private static void Verdict(StringBuilder page, BoundRow bound, string style, string word) =>
        page.AppendLine(CultureInfo.InvariantCulture, $"<tr><td class={style}>{word}</td><td>{Encode(bound.Text)}</td><td>{Encode(bound.Measured)}</td></tr>");

    internal static string Encode(string text) => WebUtility.HtmlEncode(text);
}
