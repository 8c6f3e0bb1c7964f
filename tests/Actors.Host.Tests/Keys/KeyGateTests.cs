using Actors.Bitmex;
using Actors.Host.CommandLine;
using Actors.Host.Keys;
using Actors.Host.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Host.Tests.Keys;

/// <summary>A key before a session and during one: what the venue answers, and what comes of it.</summary>
public sealed class KeyGateTests : IDisposable
{
    private static readonly KeySettings Settings = new(false, false, true, [], [], null, null);
    private static readonly OwnKeyAnswer.Known Good = new("alice", true, ["order"], ["10.0.0.1/32"]);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_key_passes_and_is_remembered_once()
    {
        await Pass(Good, VenuePlace.Testnet);
        await Pass(Good, VenuePlace.Testnet);
        Assert.Equal([$"{ApiKeyFile.FingerprintOf("ID")} testnet"], await File.ReadAllLinesAsync(_folder.File("keys.used")));
    }

    [Fact]
    public async Task A_key_that_this_folder_has_seen_elsewhere_is_refused()
    {
        await Pass(Good, VenuePlace.Testnet);
        var refused = await Assert.ThrowsAsync<KeyRefusedException>(() => Pass(Good, VenuePlace.ThisMachine));
        Assert.Contains("seen it used for testnet", refused.Message, StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(_folder.File("keys.used")));
    }

    [Fact]
    public async Task Every_rule_that_refuses_is_told_in_one_line_and_nothing_is_remembered()
    {
        var refused = await Assert.ThrowsAsync<KeyRefusedException>(() => Pass(Good with { Permissions = ["withdraw"], Cidrs = [] }, VenuePlace.Production));
        foreach (var rule in new[] { "withdraw: ", "order: ", "network: ", "environment: ", "real money: " }) Assert.Contains(rule, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.False(File.Exists(_folder.File("keys.used")));
    }

    [Fact]
    public async Task A_key_that_the_venue_refuses_is_refused_and_a_venue_that_is_silent_is_a_problem()
    {
        Assert.Contains("401", (await Assert.ThrowsAsync<KeyRefusedException>(() => Pass(new OwnKeyAnswer.Refused("401 x"), VenuePlace.Testnet))).Message, StringComparison.Ordinal);
        Assert.Contains("503", (await Assert.ThrowsAsync<ProblemException>(() => Pass(new OwnKeyAnswer.NotAsked("503 x"), VenuePlace.Testnet))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_used_keys_is_read_with_what_a_person_added()
    {
        var print = ApiKeyFile.FingerprintOf("ID");
        _folder.Write("keys.used", $"# other tools\n\n{print} hummingbot # the old bot\n{print} testnet\n{ApiKeyFile.FingerprintOf("other")} production\n");
        Assert.Equal(["hummingbot"], FingerprintFile.Read(_folder.Path).OtherPlaces(print, VenuePlace.Testnet));
        _folder.Write("keys.used", $"{print} testnet\nnonsense here\n");
        Assert.Contains("keys.used line 2", Assert.Throws<UsageException>(() => FingerprintFile.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("R R", "the venue refuses the key: 401 Invalid API Key.")]
    [InlineData("R N R", "the venue refuses the key: 401 Invalid API Key.")]
    [InlineData("N N R R", "the venue refuses the key: 401 Invalid API Key.")]
    [InlineData("off", "the venue has the key switched off")]
    [InlineData("read", "the venue no longer lets the key place orders")]
    [InlineData("R off", "the venue has the key switched off")]
    [InlineData("R good", null)]
    [InlineData("good", null)]
    [InlineData("N N N N N", null)]
    [InlineData("R N N N N", null)]
    public async Task A_key_is_dead_when_the_venue_says_so_of_the_key_itself(string answers, string? dead)
    {
        var asked = 0;
        var script = answers.Split(' ');
        await using var watch = new KeyWatch(_ => Task.FromResult(Answer(script[Interlocked.Increment(ref asked) - 1])), _time, NullLogger.Instance);
        Assert.False(watch.Dead.IsCompleted);
        watch.Heard("401 at first");
        watch.Heard("401 again"); // while it is found out
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100)); // pauses go by as they are reached
                return Volatile.Read(ref asked) == script.Length && (dead is null || watch.Dead.IsCompleted);
            },
            "asking");
        if (dead is null) Assert.False(watch.Dead.IsCompleted);
        else Assert.Equal(dead, await watch.Dead);
    }

    [Fact]
    public async Task A_key_that_turned_out_good_is_not_asked_about_at_every_refusal()
    {
        var asked = 0;
        await using var watch = new KeyWatch(
            _ =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult<OwnKeyAnswer>(Good);
            },
            _time,
            NullLogger.Instance);
        await Eventually.TrueAsync(
            () =>
            {
                watch.Heard("403 one permission");
                return Volatile.Read(ref asked) == 1;
            },
            "the first asking");
        for (var i = 0; i < 1000; i++) watch.Heard("403 one permission");
        Assert.Equal(1, Volatile.Read(ref asked));
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                watch.Heard("403 one permission");
                return Volatile.Read(ref asked) == 2;
            },
            "the second asking");
        Assert.False(watch.Dead.IsCompleted);
    }

    private static OwnKeyAnswer Answer(string word) => word switch
    {
        "R" => new OwnKeyAnswer.Refused("401 Invalid API Key."),
        "N" => new OwnKeyAnswer.NotAsked("silence"),
        "off" => Good with { Enabled = false },
        "read" => Good with { Permissions = [] },
        _ => Good,
    };

    private async Task Pass(OwnKeyAnswer answer, VenuePlace place)
    {
        using var key = ApiKeyFile.Parse("here", """{"name":"alice","id":"ID","secret":"hush-hush","permissions":[],"cidrs":[]}"""u8);
        await KeyGate.PassAsync(key, _ => Task.FromResult(answer), Settings, place, false, FingerprintFile.Read(_folder.Path), NullLogger.Instance, CancellationToken.None);
    }
}
