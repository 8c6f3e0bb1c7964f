namespace Actors.Bitmex.Tests;

public sealed class ApiKeyFileTests : IDisposable
{
    private const string Good = """{"name":"alice","id":"ID","secret":"hush-hush","permissions":["order"],"cidrs":[]}""";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_good_file_is_read_and_its_text_hides_the_secret()
    {
        using var key = Read(Good);
        Assert.Equal(("alice", "ID", "order"), (key.Name, key.Id, key.Permissions.Single()));
        Assert.Equal("hush-hush"u8, key.Secret.Span);
        Assert.DoesNotContain("hush", key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"alice","id":"ID","secret":"hush-hush","permissions":["order"],"cidrs":[]""", "not JSON at line 1")]
    [InlineData("hush-hush", "not JSON at line 1")]
    [InlineData("[]", "expected an object")]
    [InlineData("""{"name":"alice","id":"ID","secret":"","permissions":["order"],"cidrs":[]}""", "secret: expected text")]
    [InlineData("""{"name":"alice","id":"ID","secret":"hush-hush","permissions":["order"],"cidrs":[]} x""", "not JSON at line 1")]
    [InlineData("""{"name":"alice","id":"ID","permissions":[],"cidrs":[]}""", "secret: expected text")]
    [InlineData("""{"name":"alice","id":7,"secret":"hush-hush","permissions":[],"cidrs":[]}""", "id: expected text")]
    [InlineData("""{"name":"alice","id":"ID","secret":"hush-hush","permissions":[1],"cidrs":[]}""", "permissions: expected a list")]
    [InlineData("""{"name":"alice","id":"ID","secret":"hush-hush","permissions":[]}""", "cidrs: expected a list")]
    [InlineData("""{"name":"alice","id":"ID","secret":"hush-hush","permissions":[],"cidrs":[],"extra":1}""", "extra: unknown field")]
    [InlineData("""{"name":"alice","id":"ID","id":"ID","secret":"hush-hush","permissions":[],"cidrs":[]}""", "id: given twice")]
    public void A_bad_file_is_refused_in_one_line_without_the_secret(string text, string reason)
    {
        var refused = Assert.Throws<ApiKeyFileException>(() => Read(text));
        Assert.StartsWith(_path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(_path, Good);
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("0600", Assert.Throws<ApiKeyFileException>(() => ApiKeyFile.Read(_path)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<ApiKeyFileException>(() => ApiKeyFile.Read("/no/such")).Message, StringComparison.Ordinal);
    }

    private ApiKeyFile Read(string text)
    {
        File.WriteAllText(_path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return ApiKeyFile.Read(_path);
    }
}
