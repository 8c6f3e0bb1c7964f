using System.Globalization;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>Audits what a test left behind: whatever an engine journaled must come out again, decision by decision.</summary>
internal static class Audited
{
    /// <summary>Fails with all that the audit printed unless it verified the newest story of the folder; its lines.</summary>
    public static async Task<IReadOnlyList<string>> CleanAsync(string dataFolder, params string[] more)
    {
        var (exitCode, output, error) = await ActorsProcess.RunAsync(["audit", "--data", dataFolder, .. more]);
        Assert.True(exitCode == 0, string.Join('\n', [.. output, .. error]));
        Assert.Equal("verified: the journal is whole, and every decision comes out again as it was journaled", output[^1]);
        return output;
    }

    /// <summary>The count on the line that begins with these words; zero where there is none.</summary>
    public static long Count(IEnumerable<string> lines, string what) =>
        lines.FirstOrDefault(line => line.StartsWith("  " + what, StringComparison.Ordinal)) is { } line
            ? long.Parse(line[(2 + what.Length)..].Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
            : 0;
}
