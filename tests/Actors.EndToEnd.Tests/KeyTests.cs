using System.Text;
using System.Text.Json;
using Actors.Bitmex;
using Actors.EndToEnd.Tests.Support;
using Actors.Host.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Keys from their making to their end, with the real executable and a real venue.</summary>
public class KeyTests
{
    [Fact]
    public async Task A_key_is_made_known_to_the_venue_checked_and_refused_for_what_it_may_do()
    {
        using var folder = new TemporaryFolder();
        var (good, bad) = (folder.File("venue/keys/alice.json"), folder.File("venue/keys/bob.json"));
        Assert.Equal(0, (await ActorsProcess.RunAsync("keys", "new", good, "--cidrs", "127.0.0.1/32")).ExitCode);
        Assert.Equal(0, (await ActorsProcess.RunAsync("keys", "new", bad, "--permissions", "order,withdraw")).ExitCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(good));
        Assert.Equal(2, (await ActorsProcess.RunAsync("keys", "new", good)).ExitCode); // never over another key
        await using var venue = ActorsProcess.Start("venue", "--port", "0", "--data", folder.File("venue"));
        var address = await VenueTests.AddressAsync(venue);

        var passed = await Check(folder, good, "--url", address);
        Assert.True(passed.ExitCode == 0, string.Join('\n', passed.Output));
        Assert.Equal(7, passed.Output.Count(line => line.StartsWith("passed ", StringComparison.Ordinal)));
        var refused = await Check(folder, bad, "--url", address);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(refused.Output, line => line.StartsWith("refused  withdraw ", StringComparison.Ordinal));
        Assert.Equal(1, (await Check(folder, good, "--url", address, "--config", Production(folder))).ExitCode);

        var (exitCode, output, error) = await ActorsProcess.RunAsync("run", "--venue", address, "--keys", bad, "--data", folder.File("data"), "--for", "5s");
        Assert.Equal(1, exitCode);
        Assert.Contains("is refused: withdraw: it may withdraw", Assert.Single(error), StringComparison.Ordinal);
        Assert.DoesNotContain(output, line => line.Contains("session", StringComparison.Ordinal));

        await venue.KillAsync();
        Assert.Equal(2, (await Check(folder, good, "--url", address)).ExitCode);
        Assert.Equal(2, (await Check(folder, good)).ExitCode);
    }

    [Fact]
    public async Task An_encrypted_key_shows_nothing_of_the_key()
    {
        using var folder = new TemporaryFolder();
        var passphrase = folder.Write("passphrase", "a passphrase of some length\n");
        File.SetUnixFileMode(passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ActorsProcess.RunAsync("keys", "new", folder.File("alice.json"));
        var (exitCode, output, _) = await ActorsProcess.RunAsync("keys", "encrypt", folder.File("alice.json"), "--passphrase", passphrase);
        Assert.Equal(0, exitCode);
        Assert.Matches("^actors-key-1:[A-Za-z0-9+/=]+$", Assert.Single(output));
        var (again, _, _) = await ActorsProcess.RunAsync("keys", "encrypt", passphrase, "--passphrase", passphrase);
        Assert.Equal(2, again); // not a key
    }

    /// <summary>
    /// The venue comes back under the same address and does not know the key any more, as after a revocation: the session stops as a fault, says why once,
    /// alerts by the webhook, and leaves no secret in anything it wrote.
    /// </summary>
    [Fact]
    public async Task A_key_that_is_revoked_while_it_trades_stops_the_session_and_is_told_once()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = new HttpDouble(_ => (200, ""));
        var key = folder.File("venue/keys/alice.json");
        var config = WithWebhook(folder, new Uri(receiver.Address, "hook/T0KEN-of-the-webhook"));
        var port = HttpDouble.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] venue = ["venue", "--port", port, "--data", folder.File("venue"), "--market", "busy"];
        await using var before = ActorsProcess.Start(venue);
        var address = await VenueTests.AddressAsync(before);
        var kept = folder.File("alice-of-the-engine.json");
        File.Copy(key, kept);
        await using var run = ActorsProcess.Start("run", "--venue", address, "--keys", kept, "--data", folder.File("data"), "--config", config);
        await run.LineAsync(line => line.EndsWith(" trading", StringComparison.Ordinal), "trading");

        await before.KillAsync();
        File.Delete(key);
        await using var after = ActorsProcess.Start(venue);
        await VenueTests.AddressAsync(after);
        Assert.Equal(1, await run.ExitAsync());

        Assert.Single(run.Output, line => line.Contains("alert KeyRefused: the venue refuses the key: 401 ", StringComparison.Ordinal));
        Assert.Contains(new RunSummary(run.Output).All("problem"), problem => problem.StartsWith("stopped: the venue refuses the key: 401 ", StringComparison.Ordinal));
        var alerts = receiver.Asked.Select(asked => JsonDocument.Parse(asked.Body).RootElement.GetProperty("kind").GetString()).ToList();
        Assert.Single(alerts, "KeyRefused");
        Assert.Contains("Halted", alerts);
        Assert.Contains("OrdersLeft", alerts);
        NoSecretIn(folder.File("data"), [.. run.Output, .. run.Error], kept);
        await Audited.CleanAsync(folder.File("data"));
    }

    private static Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> Check(TemporaryFolder folder, string key, params string[] more) =>
        ActorsProcess.RunAsync(["keys", "check", key, "--data", folder.File("data"), .. more]);

    private static string Production(TemporaryFolder folder) => Config(folder, "production", "keys.json", text => text.Replace("\"environment\": \"test\"", "\"environment\": \"production\"", StringComparison.Ordinal));

    private static string WithWebhook(TemporaryFolder folder, Uri address)
    {
        var file = folder.Write("webhook", address.AbsoluteUri);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Config(folder, "alerting", "alerts.json", text => text.Replace("\"webhook\": null", $$"""
            "webhook": { "address": "{{file}}", "timeout": "10s" }
            """, StringComparison.Ordinal));
    }

    private static string Config(TemporaryFolder folder, string name, string file, Func<string, string> change)
    {
        var config = Directory.CreateDirectory(folder.File(name)).FullName;
        foreach (var source in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config"))) File.Copy(source, Path.Combine(config, Path.GetFileName(source)));
        var text = File.ReadAllText(Path.Combine(config, file));
        Assert.NotEqual(text, change(text));
        File.WriteAllText(Path.Combine(config, file), change(text));
        return config;
    }

    private static void NoSecretIn(string data, IReadOnlyList<string> said, string keyFile)
    {
        using var key = ApiKeyFile.Read(keyFile);
        string[] secrets = [Encoding.UTF8.GetString(key.Secret.Span), "T0KEN-of-the-webhook"];
        var files = Directory.GetFiles(data, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("journal.db", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".jsonl", StringComparison.Ordinal));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(said, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"a secret stands in {file}"));
        }
    }
}
