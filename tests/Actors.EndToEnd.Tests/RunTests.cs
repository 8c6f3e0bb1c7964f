using System.Text;
using System.Text.Json;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The main job, whole: venue, engine and journal in one process, over real sockets.</summary>
public class RunTests
{
    [Fact]
    public async Task A_bounded_run_ends_in_the_safe_order_and_leaves_no_secret_anywhere()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = await ActorsProcess.RunAsync("--for", "8s", "--data", folder.Path, "--seed", "7");
        Assert.Empty(error);
        Assert.Equal(0, exitCode);
        Assert.Contains(output, line => line.EndsWith(" trading", StringComparison.Ordinal));
        var summary = new RunSummary(output);
        Assert.Equal("0", summary["orders left"]);
        Assert.Equal("disarmed", summary["switch"]);
        Assert.Equal("none", summary["problems"]);
        Assert.Equal(folder.File("journal"), summary["journal"]);
        Assert.True(summary.Number("orders sent") > 0);
        Assert.DoesNotContain(string.Concat(output), char.IsControl);
        NoSecretIn(folder);
        var audit = await Audited.CleanAsync(folder.Path);
        Assert.True(Audited.Count(audit, "risk verdicts made again") > 0);
        Assert.Equal(0, Audited.Count(audit, "claims about frames that were not on disk"));
    }

    [Fact]
    public async Task An_interrupt_stops_in_the_safe_order()
    {
        using var folder = new TemporaryFolder();
        await using var run = ActorsProcess.Start("run", "--data", folder.Path);
        await run.LineAsync(line => line.EndsWith(" trading", StringComparison.Ordinal), "trading");
        run.SendInterrupt();
        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains("stopping in the safe order: interrupted", run.Output);
        Assert.Equal("0", new RunSummary(run.Output)["orders left"]);
        await Audited.CleanAsync(folder.Path);
    }

    /// <summary>The bytes of every file but the key files themselves.</summary>
    private static void NoSecretIn(TemporaryFolder folder)
    {
        var keys = Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "keys").ToList();
        Assert.NotEmpty(keys);
        var secrets = keys.Select(file =>
        {
            using var key = JsonDocument.Parse(File.ReadAllText(file));
            return Encoding.UTF8.GetBytes(key.RootElement.GetProperty("secret").GetString()!);
        }).ToList();
        foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Except(keys))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.All(secrets, secret => Assert.True(bytes.AsSpan().IndexOf(secret) < 0, $"a secret stands in {file}"));
        }
    }
}
