using System.Text;
using Actors.Host.Alerts;
using Actors.Host.Configuration;
using Actors.Host.Keys;

namespace Actors.Host.Tests.Configuration;

/// <summary>Each row breaks one thing in a good file and expects to be told where and what.</summary>
public sealed class KeysAndAlertsFileTests : IDisposable
{
    private const string Keys = """
        {
          "environment": "production", "tradeForReal": true, "wideNetworks": "warn",
          "knownElsewhere": { "names": ["bot"], "fingerprints": ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"] },
          "vault": { "address": "https://vault.example.org:8200/", "tokenFile": "/run/token" },
          "passphrase": "systemd:passphrase"
        }
        """;

    private const string Alerts = """
        {
          "queueMax": 7, "perMinuteMax": 3,
          "webhook": { "address": "SECRETFILE", "timeout": "5s" },
          "mail": { "server": "smtp.example.org", "port": 587, "security": "starttls", "user": "bot", "password": "SECRETFILE",
            "from": "actors@example.org", "to": ["desk@example.org"], "timeout": "20s" }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Good_keys_are_read_whole()
    {
        _folder.Write(KeysFile.Name, Keys);
        var read = KeysFile.Read(_folder.Path);
        Assert.Equal((true, true, false, "systemd:passphrase"), (read.IsProduction, read.TradesForReal, read.RefusesWideNetworks, read.Passphrase));
        Assert.Equal(["bot"], read.NamesElsewhere);
        Assert.Single(read.FingerprintsElsewhere);
        Assert.Equal(new VaultSettings(new Uri("https://vault.example.org:8200/"), "/run/token"), read.Vault);
    }

    [Fact]
    public void What_is_shipped_is_good_and_careful()
    {
        var keys = KeysFile.Read(ConfigurationFolder.Default);
        Assert.Equal((false, false, true), (keys.IsProduction, keys.TradesForReal, keys.RefusesWideNetworks));
        Assert.Equal((null, null), (keys.Vault, keys.Passphrase));
        var alerts = AlertsFile.Read(ConfigurationFolder.Default);
        Assert.Equal((256, 6), (alerts.QueueMax, alerts.PerMinuteMax));
        Assert.Null(alerts.Webhook);
        Assert.Null(alerts.Mail);
    }

    [Theory]
    [InlineData("\"production\"", "\"prod\"", "line 2: environment: expected test or production, found \"prod\"")]
    [InlineData("\"tradeForReal\": true", "\"tradeForReal\": 1", "line 2: tradeForReal: expected true or false, found 1")]
    [InlineData("\"tradeForReal\": true, ", "", "line 1: tradeForReal: is missing")]
    [InlineData("\"warn\"", "\"ignore\"", "wideNetworks: expected warn or refuse")]
    [InlineData("[\"bot\"]", "\"bot\"", "line 3: knownElsewhere.names: expected a list in brackets")]
    [InlineData("[\"bot\"]", "[7]", "knownElsewhere.names[0]: expected a key's name")]
    [InlineData("[\"0123", "[\"X123", "knownElsewhere.fingerprints[0]: expected 64 lower-case hexadecimal digits")]
    [InlineData("\"https://vault", "\"vault", "line 4: vault.address: expected an address")]
    [InlineData("tokenFile", "token", "vault.tokenFile: is missing")]
    [InlineData("\"passphrase\": \"", "\"passphrase\": \"x\", \"extra\": \"", "line 5: extra: unknown key")]
    [InlineData("\"names\"", "\"more\": [], \"names\"", "knownElsewhere.more: unknown key")]
    public void A_mistake_in_the_keys_is_told_with_its_place(string good, string bad, string expected)
    {
        Assert.Contains(good, Keys, StringComparison.Ordinal);
        _folder.Write(KeysFile.Name, Keys.Replace(good, bad, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Throws<BrokenConfigurationException>(() => KeysFile.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_alerts_are_read_whole_with_the_address_from_its_file()
    {
        var read = ReadAlerts(Alerts);
        Assert.Equal((7, 3), (read.QueueMax, read.PerMinuteMax));
        Assert.Equal("https://chat.example.org/hook/T0KEN", Encoding.UTF8.GetString(read.Webhook!.Address.Span));
        Assert.Equal(TimeSpan.FromSeconds(5), read.Webhook.Timeout);
        var mail = read.Mail!;
        Assert.Equal(("smtp.example.org", 587, MailSecurity.StartTls, "bot", "actors@example.org"), (mail.Server, mail.Port, mail.Security, mail.User, mail.From));
        Assert.Equal(["desk@example.org"], mail.To);
        Assert.Equal("http://127.0.0.1:1/x", Encoding.UTF8.GetString(ReadAlerts(Alerts.Replace("\"address\": \"SECRETFILE\"", "\"address\": \"http://127.0.0.1:1/x\"", StringComparison.Ordinal)).Webhook!.Address.Span));
    }

    [Theory]
    [InlineData("\"queueMax\": 7", "\"queueMax\": 0", "queueMax: expected a whole number between 1 and 10000")]
    [InlineData("\"perMinuteMax\": 3", "\"perMinuteMax\": -1", "perMinuteMax: expected a whole number")]
    [InlineData("{ \"address\": \"SECRETFILE\"", "{ \"address\": \"/nowhere\"", "webhook.address: /nowhere: no such file")]
    [InlineData("{ \"address\": \"SECRETFILE\"", "{ \"address\": \"ftp://x\"", "webhook.address: expected an address like")]
    [InlineData("{ \"address\": \"SECRETFILE\"", "{ \"address\": null", "webhook.address: expected an address, or the file")]
    [InlineData("\"timeout\": \"5s\"", "\"timeout\": \"5m\"", "webhook.timeout: expected a duration")]
    [InlineData("\"port\": 587", "\"port\": 70000", "mail.port: expected a whole number")]
    [InlineData("\"starttls\"", "\"none\"", "mail.security: only a server on this machine")]
    [InlineData("\"starttls\"", "\"ssl\"", "mail.security: expected none, starttls or tls")]
    [InlineData("\"user\": \"bot\"", "\"user\": null", "user and password go together")]
    [InlineData("\"password\": \"SECRETFILE\"", "\"password\": \"/nowhere\"", "mail.password: /nowhere: no such file")]
    [InlineData("\"from\": \"actors@example.org\"", "\"from\": \"actors\"", "mail.from: expected a mail address")]
    [InlineData("[\"desk@example.org\"]", "[]", "mail.to: expected at least one entry")]
    [InlineData("\"queueMax\"", "\"extra\": 1, \"queueMax\"", "extra: unknown key")]
    public void A_mistake_in_the_alerts_is_told_with_its_place_and_without_secrets(string good, string bad, string expected)
    {
        Assert.Contains(good, Alerts, StringComparison.Ordinal);
        var problem = Assert.Throws<BrokenConfigurationException>(() => ReadAlerts(Alerts.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("T0KEN", problem.Message, StringComparison.Ordinal);
    }

    private AlertSettings ReadAlerts(string text)
    {
        var secret = _folder.Write("secret", "https://chat.example.org/hook/T0KEN\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _folder.Write(AlertsFile.Name, text.Replace("SECRETFILE", secret.Replace("\\", "\\\\", StringComparison.Ordinal), StringComparison.Ordinal));
        return AlertsFile.Read(_folder.Path);
    }
}
