using System.Globalization;
using Actors.EndToEnd.Tests.Campaign;
using Xunit.Abstractions;

namespace Actors.EndToEnd.Tests;

/// <summary>
/// Real processes killed at random moments under busy trading. ACTORS_ENGINE_KILLS and ACTORS_VENUE_KILLS say how many, ACTORS_KILL_SEED the first seed: each batch of
/// kills has a seed of its own, which chooses the moments. What came out is in TestResults/kill-campaign.txt too.
/// </summary>
public class KillCampaignTests(ITestOutputHelper output)
{
    private const int BatchMax = 32;

    [Fact]
    public async Task However_often_engine_and_venue_are_killed_both_agree_and_nothing_is_sent_twice_or_forgotten()
    {
        var (engineKills, venueKills, seed) = (Setting("ACTORS_ENGINE_KILLS", 4), Setting("ACTORS_VENUE_KILLS", 1), Setting("ACTORS_KILL_SEED", 1));
        var batches = (engineKills + venueKills + BatchMax - 1) / BatchMax;
        var total = new KillTally();
        var failures = new List<string>();
        for (var batch = 0; batch < batches; batch++)
        {
            var plan = KillPlan.Of(seed + batch, Share(engineKills, batch, batches), Share(venueKills, batch, batches));
            Say($"batch {batch + 1} of {batches}, seed {seed + batch}: {plan.Count} kills");
            try
            {
                total.Add(await KillCampaign.RunAsync(seed + batch, plan, Say));
            }
            catch (InvalidOperationException failed)
            {
                // The other batches have venues and folders of their own, and are worth having.
                failures.Add(failed.Message);
                Say($"batch {batch + 1} failed: {failed.Message}");
            }
        }

        foreach (var line in total.Lines()) Say(line);
        Assert.Empty(failures);
        Assert.Equal((engineKills, venueKills), (total.Kills[Victim.Engine], total.Kills[Victim.Venue]));
        Assert.True(total.Orders > engineKills && total.Fills > 0, "nothing was traded, so nothing was proved");
    }

    [Fact]
    public void A_seed_chooses_the_same_moments_each_time()
    {
        Assert.Equal(KillPlan.Of(3, 20, 5), KillPlan.Of(3, 20, 5));
        Assert.NotEqual(KillPlan.Of(3, 20, 5), KillPlan.Of(4, 20, 5));
    }

    private static int Share(int whole, int part, int parts) => (whole * (part + 1) / parts) - (whole * part / parts);

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private void Say(string line)
    {
        output.WriteLine(line);
        Directory.CreateDirectory("TestResults");
        File.AppendAllText("TestResults/kill-campaign.txt", line + Environment.NewLine);
    }
}
