using System.Diagnostics;
using System.Text;

namespace Actors.Bitmex.Tests;

/// <summary>Where secrets come from as files, and what is left of them in memory.</summary>
public sealed class SecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_bytes_are_zero_after_dispose_and_cannot_be_had_any_more()
    {
        var secret = new SecretBytes("hush-hush"u8);
        var view = secret.Memory;
        Assert.Equal("hush-hush"u8, view.Span);
        secret.Dispose();
        Assert.Equal(new byte[9], view.ToArray());
        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
        Assert.DoesNotContain("hush", secret.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_clears_its_secret_and_credentials_sign_no_more()
    {
        var key = ApiKeyFile.Parse("here", """{"name":"alice","id":"ID","secret":"hush\u002dhush","permissions":[],"cidrs":[]}"""u8);
        var view = key.Secret.Memory;
        Assert.Equal("hush-hush"u8, view.Span);
        var credentials = new ApiCredentials(key.Id, view.Span);
        key.Dispose();
        Assert.Equal(new byte[9], view.ToArray());
        Assert.Equal(Signer.Sign("hush-hush"u8, "GET", "/realtime", 1, []), credentials.Sign("GET", "/realtime", 1, []));
        credentials.Dispose();
        Assert.Throws<ObjectDisposedException>(() => credentials.Sign("GET", "/realtime", 1, []));
    }

    /// <summary>The expected digest was computed with sha256sum.</summary>
    [Fact]
    public void The_fingerprint_is_that_of_the_identifier() =>
        Assert.Equal("3843971dcfdee5083e6289e1bbdbb003e538b5a8a668fc43ae4f19d415ac18a2", ApiKeyFile.FingerprintOf("ID"));

    [Theory]
    [InlineData("0600", true)]
    [InlineData("0400", true)]
    [InlineData("0640", false)]
    [InlineData("0604", false)]
    [InlineData("0620", false)]
    [InlineData("0660", false)]
    [InlineData("0700", false)]
    [InlineData("0644", false)]
    [InlineData("0610", false)]
    public void A_file_must_have_mode_0600_or_stricter(string octal, bool accepted)
    {
        if (OperatingSystem.IsWindows()) return; // has no modes: SecretFile says so
        var path = Write("key", "content");
        var mode = (UnixFileMode)Convert.ToInt32(octal, 8);
        File.SetUnixFileMode(path, mode);
        if (accepted)
        {
            using var content = SecretFile.Read(path);
            Assert.Equal("content"u8, content.Span);
            return;
        }

        var refused = Assert.Throws<ApiKeyFileException>(() => SecretFile.Read(path));
        Assert.Contains($"mode {octal}", refused.Message, StringComparison.Ordinal);
        using var guarded = SecretFile.ReadGuarded(path); // where a service manager guards the folder
        Assert.Equal("content"u8, guarded.Span);
    }

    [Theory]
    [InlineData("0600", 7u, 7u, null)]
    [InlineData("0600", null, 7u, null)]
    [InlineData("0600", 8u, 7u, "owned by user 8")]
    [InlineData("0600", 0u, 7u, "owned by user 0")]
    [InlineData("0600", 7u, 0u, "owned by user 7")]
    [InlineData("0644", 7u, 7u, "mode 0644")]
    [InlineData("2600", 7u, 7u, "mode 2600")]
    public void Mode_and_owner_are_judged_together(string octal, uint? owner, uint me, string? problem)
    {
        var found = SecretFile.Problem((UnixFileMode)Convert.ToInt32(octal, 8), owner, me);
        if (problem is null) Assert.Null(found);
        else Assert.StartsWith(problem, found, StringComparison.Ordinal);
    }

    /// <summary>Root may give a file away and finds out; anybody else is shown a file of root's.</summary>
    [Fact]
    public void A_file_of_somebody_else_is_refused()
    {
        if (!OperatingSystem.IsLinux()) return; // the owner is known on Linux only: SecretFile says so
        var path = Write("key", "content");
        if (Environment.UserName == "root") Run("chown", "12345", path);
        else path = "/proc/1/environ"; // mode 0400, root's
        Assert.Throws<ApiKeyFileException>(() => SecretFile.Read(path));
        if (Environment.UserName != "root") return;
        Assert.Contains("owned by user 12345", Assert.Throws<ApiKeyFileException>(() => SecretFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_a_folder_and_a_large_file_are_no_secrets()
    {
        if (!OperatingSystem.IsLinux()) return; // a pipe is recognised on Linux only
        var pipe = Path.Combine(_folder, "pipe");
        Run("mkfifo", "-m", "600", pipe);
        Assert.Contains("not an ordinary file", Assert.Throws<ApiKeyFileException>(() => SecretFile.Read(pipe)).Message, StringComparison.Ordinal);
        Assert.Contains("a folder", Assert.Throws<ApiKeyFileException>(() => SecretFile.Read(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("larger than", Assert.Throws<ApiKeyFileException>(() => SecretFile.Read(Write("large", new string('x', 70_000)))).Message, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(content));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
