using System.Globalization;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>Reads the labelled lines that a run prints at its end.</summary>
internal sealed class RunSummary(IReadOnlyList<string> output)
{
    private const int LabelWidth = 17;

    /// <summary>The value of the only line with this label.</summary>
    public string this[string label] => Assert.Single(All(label));

    public IReadOnlyList<string> All(string label) => output
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Length > LabelWidth + 2 && line.Substring(2, LabelWidth).Trim() == label)
        .Select(line => line[(LabelWidth + 2)..])
        .ToList();

    /// <summary>The number that a line's value begins with.</summary>
    public long Number(string label) => long.Parse(this[label].Split(' ')[0], CultureInfo.InvariantCulture);
}
