using System.Globalization;
using Actors.EndToEnd.Tests.Campaign;
using Xunit.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>
/// The promise: after contact is lost for any cause, no order of ours rests longer than the timeout of the switch plus one second. Measured at a real venue, in its own
/// time. ACTORS_EXPOSURE_TRIALS says how many trials of each cause, ACTORS_EXPOSURE_SEED chooses the moments; what came out is in TestResults/exposure.txt too.
/// </summary>
public class ExposureTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Promise = Timeout + TimeSpan.FromSeconds(1);

    [Fact]
    public Task No_order_rests_longer_than_promised_after_a_process_lost_contact() => HoldsAsync(ExposureCampaign.OfAProcess, "process");

    [Fact]
    public Task No_order_rests_longer_than_promised_when_an_actor_hangs_or_the_clock_jumps() => HoldsAsync(ExposureCampaign.WithinAProcess, "actors and clock");

    private async Task HoldsAsync(IReadOnlyList<Loss> losses, string what)
    {
        var (trials, seed) = (Setting("ACTORS_EXPOSURE_TRIALS", 1), Setting("ACTORS_EXPOSURE_SEED", 1));
        await using var campaign = new ExposureCampaign(seed, Timeout, Say);
        await campaign.StartAsync();
        var exposures = await campaign.RunAsync(losses, trials);
        foreach (var line in ExposureTable.Lines(exposures, Timeout)) Say(line);
        Say($"{what}: {campaign.HeldUp} trials made again because the venue was held up");
        Assert.DoesNotContain(exposures, one => one.Rested > Promise);
        Assert.NotEmpty(exposures);
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private void Say(string line)
    {
        output.WriteLine(line);
        Directory.CreateDirectory("TestResults");
        File.AppendAllText("TestResults/exposure.txt", line + Environment.NewLine);
    }
}
