using System.Globalization;
using System.Text.Json;

namespace Actors.LoadTests;

/// <summary>Shows results to a person and writes them for a program.</summary>
public static class Report
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void List(TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        foreach (var scenario in Catalogue.All)
        {
            to.WriteLine(Text($"{scenario.Name}  ({scenario.DefaultRate} {scenario.RateUnit} for {scenario.DefaultDuration.TotalSeconds:0} s)"));
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
        to.WriteLine();
        to.WriteLine(Text($"  {"rate asked",-22} {result.RateAsked,14:N0} {result.RateUnit}"));
        to.WriteLine(Text($"  {"rate reached",-22} {result.RateReached,14:N0} {result.RateUnit}, {result.Rows:N0} rows in {result.Messages:N0} messages, {result.Seconds:0.00} s"));
        to.WriteLine(Text($"  {"allocated",-22} {result.AllocatedBytesPerRow,14:0.000} bytes a row, {result.Collections} collections"));
        to.WriteLine(Text($"  {"CPU",-22} {result.CoresUsed,14:0.00} cores, the waiting for send times included"));
        to.WriteLine();
        to.WriteLine(Text($"  {"percentile",10} {"from intended send, us",24} {"work alone, us",18}"));
        foreach (var row in result.Latency)
            to.WriteLine(Text($"  {row.Percentile,10:0.##} {row.FromIntended,24:N1} {row.WorkAlone,18:N1}"));
        to.WriteLine();
        foreach (var bound in result.Bounds) to.WriteLine($"  {(bound.Met ? "held  " : "MISSED")} {bound.Text}: {bound.Measured}");
        foreach (var goal in result.Goals) to.WriteLine($"  {(goal.Met ? "goal reached" : "goal not yet")} {goal.Text}: {goal.Measured}");
        to.WriteLine();
    }

    public static void Write(IReadOnlyList<ScenarioResult> results, string path)
    {
        try
        {
            File.WriteAllText(path, JsonSerializer.Serialize(results, Indented) + "\n");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--json: {path} cannot be written: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
