using System.Text;
using Actors.Bitmex;
using Actors.Host.Configuration;
using Actors.Host.Keys;
using Actors.Host.Logs;
using MimeKit;
using Serilog;

namespace Actors.Host.Alerts;

/// <summary>Where alerts go beyond the log: the content of <c>alerts.json</c>, checked. Null: not there.</summary>
internal sealed record AlertSettings(int QueueMax, int PerMinuteMax, WebhookSettings? Webhook, MailSettings? Mail)
{
    /// <summary>Starts the workers of what is configured. What must not be logged goes to <paramref name="secrets"/>.</summary>
    public AlertDispatcher Open(TimeProvider time, ILogger log, SecretRegistry secrets)
    {
        var channels = new List<IAlertChannel>();
        if (Webhook is { } webhook)
        {
            secrets.Add(webhook.Address.Span);
            channels.Add(new WebhookChannel(webhook));
        }

        if (Mail is { } mail)
        {
            using var password = mail.PasswordSource is { } source ? KeyReader.ReadText(source) : null;
            if (password is not null) secrets.Add(password.Span);
            channels.Add(new MailChannel(mail));
        }

        return new AlertDispatcher(channels, QueueMax, PerMinuteMax, time, log);
    }
}

/// <summary><c>alerts.json</c>. It holds no secret unless an address written into it is one: those belong into a file.</summary>
internal static class AlertsFile
{
    public const string Name = "alerts.json";

    private static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(1);

    /// <summary>Throws <see cref="BrokenConfigurationException"/> for the first mistake, a secret that is not where it is said to be among them.</summary>
    public static AlertSettings Read(string folder)
    {
        var file = ConfigurationReader.Read(Path.Combine(folder, Name)).Node;
        var queue = (int)file.Required("queueMax").Integer(1, 10_000);
        var rate = (int)file.Required("perMinuteMax").Integer(1, 1_000);
        var mail = file.Required("mail") is { IsNull: false } letters ? Mail(letters) : null;
        var webhook = file.Required("webhook") is { IsNull: false } hook ? Webhook(hook) : null;
        file.RefuseOtherKeys();
        return new AlertSettings(queue, rate, webhook, mail);
    }

    private static WebhookSettings Webhook(ConfigurationNode node)
    {
        var timeout = node.Required("timeout").Duration(TimeSpan.FromMilliseconds(100), TimeoutMax);
        var place = node.Required("address");
        node.RefuseOtherKeys();
        var text = place.Text("an address, or the file or systemd:NAME that holds it", text => text.Length > 0);
        var address = text.Contains("://", StringComparison.Ordinal) ? new SecretBytes(Encoding.UTF8.GetBytes(text)) : Secret(place, text);
        if (Uri.TryCreate(Encoding.UTF8.GetString(address.Span), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return new WebhookSettings(address, timeout);
        address.Dispose();
        throw place.Wrong("expected an address like https://chat.example.org/hook there");
    }

    private static MailSettings Mail(ConfigurationNode node)
    {
        var server = node.Required("server").Text("a server's name", text => Uri.CheckHostName(text) != UriHostNameType.Unknown);
        var port = (int)node.Required("port").Integer(1, 65_535);
        var place = node.Required("security");
        var security = place.Text("none, starttls or tls", text => text is "none" or "starttls" or "tls") switch
        {
            "starttls" => MailSecurity.StartTls,
            "tls" => MailSecurity.Tls,
            _ => MailSecurity.None,
        };
        if (security == MailSecurity.None && server is not ("localhost" or "127.0.0.1" or "::1")) throw place.Wrong("only a server on this machine may be spoken to in the open; expected starttls or tls");
        var user = node.Required("user") is { IsNull: false } name ? name.Text("a user's name or null", text => text.Length > 0) : null;
        var password = node.Required("password") is { IsNull: false } source ? source.Text("a file or systemd:NAME, or null", text => text.Length > 0) : null;
        if (user is null != password is null) throw node.Wrong("user and password go together: both or neither");
        if (password is not null) Secret(node.Required("password"), password).Dispose();
        var from = node.Required("from").Text("a mail address", IsMailbox);
        var to = node.Required("to").Items().Select(item => item.Text("a mail address", IsMailbox)).ToList();
        var timeout = node.Required("timeout").Duration(TimeSpan.FromMilliseconds(100), TimeoutMax);
        node.RefuseOtherKeys();
        return new MailSettings(server, port, security, user, password, from, to, timeout);
    }

    private static bool IsMailbox(string text) => MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal);

    /// <summary>Read once here, so that a missing file is found before it is needed.</summary>
    private static SecretBytes Secret(ConfigurationNode node, string source)
    {
        try
        {
            return KeyReader.ReadText(source);
        }
        catch (ApiKeyFileException problem)
        {
            throw node.Wrong(problem.Message);
        }
    }
}
