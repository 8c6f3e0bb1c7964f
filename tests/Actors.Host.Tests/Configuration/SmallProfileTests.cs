using Actors.Engine.Session;
using Actors.Host.Configuration;

namespace Actors.Host.Tests.Configuration;

/// <summary>The folder for a small machine says how the engine runs and nothing else of what the usual one says.</summary>
public class SmallProfileTests
{
    private static readonly string Small = Path.Combine(ConfigurationFolder.Default, "small");

    [Fact]
    public void The_small_folder_is_read_and_names_its_profile()
    {
        Assert.Equal("small", ConfigurationFolder.Read(Small).ActorsProfile);
        Assert.Null(ConfigurationFolder.Read(ConfigurationFolder.Default).ActorsProfile);
    }

    [Theory]
    [InlineData("strategies.json")]
    [InlineData("risk.json")]
    [InlineData("keys.json")]
    [InlineData("alerts.json")]
    public void What_is_traded_and_what_may_be_lost_is_the_same(string file) =>
        Assert.Equal(File.ReadAllText(Path.Combine(ConfigurationFolder.Default, file)), File.ReadAllText(Path.Combine(Small, file)));

    [Fact]
    public void What_the_profile_says_again_counts_and_the_rest_stays()
    {
        var usual = EngineConfiguration.Parse("engine", HoconFiles.Overlaid(HoconFiles.Default, "engine.conf", null, []));
        var small = EngineConfiguration.Parse("engine", HoconFiles.Overlaid(HoconFiles.Default, "engine.conf", "small", []));
        Assert.Equal(128, small.Timings.FrameBatchMax);
        Assert.Equal(usual.Timings with { FrameBatchMax = 128 }, small.Timings);
        Assert.Equal(TimeSpan.FromMilliseconds(100), small.Akka.GetTimeSpan("akka.scheduler.tick-duration"));
        Assert.Equal(20, small.Akka.GetInt("akka.actor.default-dispatcher.throughput"));
    }
}
