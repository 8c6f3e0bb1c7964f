using System.Diagnostics;
using System.Text;
using Actors.Bitmex;
using Actors.Host.CommandLine;
using Actors.Host.Keys;
using Actors.Host.Tests.Support;

namespace Actors.Host.Tests.Keys;

/// <summary>Each source of keys as a person sets it up: real files, real variables, a Vault on a socket.</summary>
public sealed class KeyReaderTests : IDisposable
{
    private const string Secret = "hush-hush-hush";
    private const string Passphrase = "a passphrase of some length";
    private const string Key = """{"name":"alice","id":"ID","secret":"hush-hush-hush","permissions":["order"],"cidrs":[]}""";

    private static readonly KeySettings Settings = new(false, false, true, [], [], null, null);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("alice.json", "PlainFile { Path = alice.json }")]
    [InlineData("/a:b/c", "PlainFile { Path = /a:b/c }")]
    [InlineData("C:\\keys\\a.json", "PlainFile { Path = C:\\keys\\a.json }")]
    [InlineData("systemd:bitmex", "Credential { Name = bitmex }")]
    [InlineData("env:ACTORS_KEY", "Variable { Name = ACTORS_KEY }")]
    [InlineData("vault:secret/desk/alice", "Vault { Mount = secret, Path = desk/alice }")]
    [InlineData("systemd:", null)]
    [InlineData("systemd:../shadow", null)]
    [InlineData("systemd:..", null)]
    [InlineData("env:", null)]
    [InlineData("env:A B", null)]
    [InlineData("vault:secret", null)]
    [InlineData("vault:secret/", null)]
    [InlineData("vault:secret/../sys", null)]
    public void A_source_is_named_in_one_word(string text, string? expected)
    {
        if (expected is null) Assert.Contains(KeySource.Expected, Assert.Throws<UsageException>(() => KeySource.Parse(text)).Message, StringComparison.Ordinal);
        else Assert.Equal(expected, KeySource.Parse(text).ToString());
    }

    [Fact]
    public async Task A_file_is_read() => await Good(Protected("key.json", Key), Settings);

    [Fact]
    public async Task A_credential_of_systemd_is_read_whatever_its_mode()
    {
        var before = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        try
        {
            Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", null);
            await Bad("systemd:bitmex", Settings, "LoadCredential=bitmex");
            Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", _folder.Path);
            await Bad("systemd:bitmex", Settings, "no such file");
            _folder.Write("bitmex", Key);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.File("bitmex"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
            await Good("systemd:bitmex", Settings);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", before);
        }
    }

    [Fact]
    public async Task An_environment_variable_holds_an_encrypted_key_with_a_warning_and_is_forgotten()
    {
        const string Name = "ACTORS_TEST_KEY";
        var settings = Settings with { Passphrase = Protected("passphrase", Passphrase + "\n") };
        await Bad("env:" + Name, settings, "is not set");
        Environment.SetEnvironmentVariable(Name, Key);
        await Bad("env:" + Name, settings, "an open secret is not taken");
        Environment.SetEnvironmentVariable(Name, EncryptedKey.Encrypt(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(Passphrase)));
        await Bad("env:" + Name, Settings, "'passphrase' in keys.json is null");
        Assert.Empty(_warnings);
        Environment.SetEnvironmentVariable(Name, EncryptedKey.Encrypt(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(Passphrase)));
        await Good("env:" + Name, settings);
        Assert.Null(Environment.GetEnvironmentVariable(Name));
        Assert.Contains("is better", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)] // the salt, which is authenticated
    [InlineData(25)] // the nonce
    [InlineData(40)] // the tag
    [InlineData(-1)] // the content
    public void An_encrypted_key_that_was_changed_or_has_another_passphrase_is_refused(int changed)
    {
        var passphrase = Encoding.UTF8.GetBytes(Passphrase);
        var text = EncryptedKey.Encrypt(Encoding.UTF8.GetBytes(Key), passphrase);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal) + 1;
        var blob = Convert.FromBase64String(text[colon..]);
        blob[changed < 0 ? ^1 : changed] ^= 1;
        var refused = Assert.Throws<ApiKeyFileException>(() => EncryptedKey.Decrypt("here", text[..colon] + Convert.ToBase64String(blob), passphrase));
        Assert.StartsWith("here: ", refused.Message, StringComparison.Ordinal);
        if (changed >= 0) return;
        Assert.Contains("another passphrase", Assert.Throws<ApiKeyFileException>(() => EncryptedKey.Decrypt("here", text, "another one of length"u8)).Message, StringComparison.Ordinal);
        Assert.Contains("not whole", Assert.Throws<ApiKeyFileException>(() => EncryptedKey.Decrypt("here", text[..30], passphrase)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 12", Assert.Throws<ApiKeyFileException>(() => EncryptedKey.Encrypt("x"u8, "too short"u8)).Message, StringComparison.Ordinal);
        using var whole = EncryptedKey.Decrypt("here", text, passphrase);
        Assert.Equal(Key, Encoding.UTF8.GetString(whole.Span));
    }

    [Fact]
    public async Task Vault_is_asked_as_documented()
    {
        await using var vault = new HttpDouble(_ => (200, $$$"""
            {"request_id":"8b0a","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":{{{Key}}},"metadata":{"created_time":"2026-01-01T00:00:00Z","custom_metadata":null,
            "deletion_time":"","destroyed":false,"version":3}},"wrap_info":null,"warnings":null,"auth":null,"mount_type":"kv"}
            """));
        await Good("vault:secret/desk one/alice", WithVault(vault.Address));
        var asked = Assert.Single(vault.Asked);
        Assert.Equal(("GET", "/v1/secret/data/desk%20one/alice"), (asked.Method, asked.Path));
        Assert.Equal("the-token", asked.Headers["X-Vault-Token"]);
    }

    [Theory]
    [InlineData(403, """{"errors":["permission denied"]}""", "does not let this token read it (permission denied)")]
    [InlineData(404, """{"errors":[]}""", "has nothing there")]
    [InlineData(404, """{"data":{"data":null,"metadata":{"deletion_time":"2026-01-01T00:00:00Z","destroyed":false,"version":2}}}""", "newest version is deleted")]
    [InlineData(503, """{"errors":["Vault is sealed"]}""", "sealed or under maintenance (Vault is sealed)")]
    [InlineData(400, """{"errors":["one\ntwo","three"]}""", "does not understand the request (one two; three)")]
    [InlineData(500, "<html>", "answers 500")]
    [InlineData(307, "", "redirects with 307")]
    [InlineData(200, """{"data":{"secret":"hush-hush-hush"}}""", "data.data")]
    [InlineData(200, "hush-hush-hush", "data.data")]
    [InlineData(200, """{"data":{"data":{"name":"alice","secret":"hush-hush-hush"}}}""", "id: expected text")]
    [InlineData(200, """{"data":{"data":null}}""", "data.data")]
    public async Task What_Vault_refuses_is_one_line_without_secrets(int status, string body, string expected)
    {
        await using var vault = new HttpDouble(_ => (status, body));
        await Bad("vault:secret/alice", WithVault(vault.Address), expected);
    }

    [Fact]
    public async Task Vault_must_be_there_be_encrypted_and_have_a_token_that_nobody_else_reads()
    {
        await Bad("vault:secret/alice", Settings, "'vault' in keys.json is null");
        await Bad("vault:secret/alice", WithVault(new Uri($"http://127.0.0.1:{HttpDouble.FreePort()}")), "does not answer");
        await Bad("vault:secret/alice", WithVault(new Uri("http://vault.example.org:8200")), "not encrypted");
        var open = WithVault(new Uri("http://127.0.0.1:1"));
        if (OperatingSystem.IsWindows()) return; // has no modes
        File.SetUnixFileMode(open.Vault!.TokenFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await Bad("vault:secret/alice", open, "mode 0404");
    }

    [Fact]
    public async Task A_file_in_a_checkout_must_be_ignored_by_it()
    {
        Git("init", "--quiet");
        var inside = Protected("key.json", Key);
        await Bad(inside, Settings, "is not ignored");
        Protected("link-target.json", Key);
        using var outside = new TemporaryFolder();
        File.CreateSymbolicLink(outside.File("link.json"), _folder.File("link-target.json"));
        await Bad(outside.File("link.json"), Settings, "is not ignored");
        _folder.Write(".gitignore", "*.json\n");
        await Good(inside, Settings);
        Git("add", "--force", "key.json"); // what is committed in spite of that is not ignored
        await Bad(inside, Settings, "is not ignored");
    }

    [Fact]
    public async Task A_checkout_that_git_does_not_know_is_no_excuse()
    {
        Directory.CreateDirectory(_folder.File(".git"));
        await Bad(Protected("key.json", Key), Settings, "git cannot say");
    }

    private KeySettings WithVault(Uri address) => Settings with { Vault = new VaultSettings(address, Protected("token", "the-token\n")) };

    private async Task Good(string source, KeySettings settings)
    {
        using var key = await new KeyReader(settings, _warnings.Add).ReadAsync(source, CancellationToken.None);
        Assert.Equal(("alice", "ID", "order"), (key.Name, key.Id, key.Permissions.Single()));
        Assert.Equal(Secret, Encoding.UTF8.GetString(key.Secret.Span));
    }

    private async Task Bad(string source, KeySettings settings, string reason)
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => new KeyReader(settings, _warnings.Add).ReadAsync(source, CancellationToken.None));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("hush", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", refused.ToString(), StringComparison.Ordinal);
    }

    private string Protected(string name, string content)
    {
        var path = _folder.Write(name, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", _folder.Path, .. arguments]);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        using var git = Process.Start(start)!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
