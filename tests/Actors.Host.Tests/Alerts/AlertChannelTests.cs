using System.Text.Json;
using Actors.Bitmex;
using Actors.Host.Alerts;
using Actors.Host.Tests.Support;

namespace Actors.Host.Tests.Alerts;

/// <summary>The ways out, against real sockets on this machine.</summary>
public sealed class AlertChannelTests : IDisposable
{
    private static readonly Alert Halted = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), AlertKind.Halted, "s1", "trading halted: the journal — \"gone\"");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_webhook_is_posted_one_object_and_its_address_is_cleared()
    {
        await using var server = new HttpDouble(_ => (204, ""));
        var settings = Webhook(new Uri(server.Address, "hook/T0KEN?x=1"));
        var bytes = settings.Address.Memory;
        using (var channel = new WebhookChannel(settings)) await channel.SendAsync(Halted, CancellationToken.None);
        Assert.All(bytes.ToArray(), value => Assert.Equal(0, value));
        var asked = Assert.Single(server.Asked);
        Assert.Equal(("POST", "/hook/T0KEN?x=1"), (asked.Method, asked.Path));
        using var body = JsonDocument.Parse(asked.Body);
        Assert.Equal("actors s1: trading halted: the journal — \"gone\"", body.RootElement.GetProperty("text").GetString());
        Assert.Equal(("Halted", true, "s1"), (body.RootElement.GetProperty("kind").GetString(), body.RootElement.GetProperty("urgent").GetBoolean(), body.RootElement.GetProperty("session").GetString()));
        Assert.Equal(Halted.At, body.RootElement.GetProperty("at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_webhook_that_does_not_take_it_is_told_without_its_address(int status)
    {
        await using var server = new HttpDouble(_ => (status, ""));
        using var channel = new WebhookChannel(Webhook(new Uri(server.Address, "hook/T0KEN")));
        var problem = await Assert.ThrowsAsync<AlertNotSentException>(() => channel.SendAsync(Halted, CancellationToken.None));
        Assert.Contains($"{status}", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("T0KEN", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_is_not_there_or_hangs_is_told()
    {
        using var nobody = new WebhookChannel(Webhook(new Uri($"http://127.0.0.1:{HttpDouble.FreePort()}")));
        await Assert.ThrowsAsync<AlertNotSentException>(() => nobody.SendAsync(Halted, CancellationToken.None));
        using var let = new ManualResetEventSlim();
        await using var hanging = new HttpDouble(_ =>
        {
            let.Wait();
            return (200, "");
        });
        using var channel = new WebhookChannel(Webhook(hanging.Address) with { Timeout = TimeSpan.FromMilliseconds(50) });
        var late = await Assert.ThrowsAsync<AlertNotSentException>(() => channel.SendAsync(Halted, CancellationToken.None));
        let.Set();
        Assert.Contains("no answer within", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_goes_to_everybody_with_its_kind_in_the_subject()
    {
        await using var server = new MailDouble();
        using var channel = new MailChannel(Mail(server.Port));
        await channel.SendAsync(Halted, CancellationToken.None);
        var letter = Assert.Single(server.Letters);
        Assert.Null(letter.User);
        Assert.Contains("actors@example.org", letter.From, StringComparison.Ordinal);
        Assert.Equal(2, letter.To.Count);
        var message = await MimeKit.MimeMessage.LoadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(letter.Text)));
        Assert.Equal("actors: Halted: trading halted: the journal — \"gone\"", message.Subject);
        Assert.Contains("Halted at 2026-11-22 12:00:00 UTC", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("session s1", message.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_takes_the_password_from_its_file_each_time()
    {
        await using var server = new MailDouble();
        var password = _folder.Write("password", "first\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var channel = new MailChannel(Mail(server.Port) with { User = "bot", PasswordSource = password });
        await channel.SendAsync(Halted, CancellationToken.None);
        _folder.Write("password", "second");
        await channel.SendAsync(Halted, CancellationToken.None);
        Assert.Equal(["|bot|first", "|bot|second"], server.Letters.Select(letter => letter.User));
        File.Delete(password);
        var problem = await Assert.ThrowsAsync<AlertNotSentException>(() => channel.SendAsync(Halted, CancellationToken.None));
        Assert.Contains("no such file", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_or_does_not_encrypt_or_is_not_there_is_told()
    {
        await using var refusing = new MailDouble(refuses: true);
        using var channel = new MailChannel(Mail(refusing.Port));
        Assert.Contains("nobody here", (await Assert.ThrowsAsync<AlertNotSentException>(() => channel.SendAsync(Halted, CancellationToken.None))).Message, StringComparison.Ordinal);
        using var encrypting = new MailChannel(Mail(refusing.Port) with { Security = MailSecurity.StartTls });
        await Assert.ThrowsAsync<AlertNotSentException>(() => encrypting.SendAsync(Halted, CancellationToken.None));
        Assert.Empty(refusing.Letters);
        using var nobody = new MailChannel(Mail(HttpDouble.FreePort()));
        await Assert.ThrowsAsync<AlertNotSentException>(() => nobody.SendAsync(Halted, CancellationToken.None));
    }

    private static WebhookSettings Webhook(Uri address) => new(new SecretBytes(System.Text.Encoding.UTF8.GetBytes(address.AbsoluteUri)), TimeSpan.FromSeconds(30));

    private static MailSettings Mail(int port) =>
        new("127.0.0.1", port, MailSecurity.None, null, null, "actors@example.org", ["desk@example.org", "night@example.org"], TimeSpan.FromSeconds(30));
}
