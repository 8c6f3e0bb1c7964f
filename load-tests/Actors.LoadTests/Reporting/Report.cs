using System.Globalization;
using System.Text.Json;

namespace Actors.LoadTests.Reporting;

/// <summary>Shows results to a person and writes them for a program.</summary>
public static class Report
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void List(TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        foreach (var scenario in Catalogue.All)
        {
            to.WriteLine(Text($"{scenario.Name}  ({scenario.DefaultRate} {scenario.RateUnit} for {scenario.DefaultDuration.TotalSeconds:0} s{(Catalogue.Selection.Contains(scenario) ? Text($"; {scenario.SelectionDuration.TotalSeconds:0} s in the selection") : "")})"));
            to.WriteLine($"  shows  {scenario.Shows}");
            to.WriteLine($"  bound  {scenario.Bound}");
        }
    }

    public static void Show(ScenarioResult result, TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(to);
        to.WriteLine(Text($"{result.Scenario}: {result.Input}"));
        to.WriteLine();
        foreach (var ratio in result.Ratios)
            to.WriteLine(Text($"  {ratio.Name,-58} {ratio.Median,8:0.00}   (middle half {ratio.Lower:0.00} to {ratio.Upper:0.00})"));
        if (result.RateAsked > 1) to.WriteLine(Text($"  {"rate asked",-26} {result.RateAsked,14:N0} {result.RateUnit}"));
        if (result.RateReached > 1) to.WriteLine(Text($"  {"rate reached",-26} {result.RateReached,14:N0} {result.RateUnit}, {result.Seconds:0.00} s"));
        foreach (var figure in result.Figures) to.WriteLine($"  {figure.Name,-26} {figure.Measured}");
        to.WriteLine();
        if (result.Latency.Count > 0) to.WriteLine(Text($"  {"percentile",10} {"from intended send, us",24} {"from the real one, us",24}"));
        foreach (var row in result.Latency)
            to.WriteLine(Text($"  {row.Percentile,10:0.##} {row.FromIntended,24:N1} {row.WorkAlone,24:N1}"));
        if (result.Latency.Count > 0) to.WriteLine();
        foreach (var bound in result.Bounds) to.WriteLine($"  {(bound.Met ? "held  " : "MISSED")} {bound.Text}: {bound.Measured}");
        foreach (var goal in result.Goals) to.WriteLine($"  {(goal.Met ? "goal reached" : "goal not yet")} {goal.Text}: {goal.Measured}");
        to.WriteLine();
    }

    public static string Json(IReadOnlyList<ScenarioResult> results) => JsonSerializer.Serialize(results, Indented) + "\n";

    /// <summary>Throws <see cref="UsageException"/> naming the option when the file cannot be written.</summary>
    public static void WriteFile(string option, string path, string content)
    {
        try
        {
            File.WriteAllText(path, content);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {path} cannot be written: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
