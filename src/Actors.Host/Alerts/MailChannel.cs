using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Actors.Bitmex;
using Actors.Host.Keys;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Actors.Host.Alerts;

/// <summary>How a mail server is spoken to.</summary>
internal enum MailSecurity
{
    /// <summary>In the open: for a server on this machine alone.</summary>
    None = 1,

    /// <summary>In the open first, and nothing is said before it is encrypted; usually port 587.</summary>
    StartTls = 2,

    /// <summary>Encrypted from the start; usually port 465.</summary>
    Tls = 3,
}

/// <summary>A mail server and who writes to whom.</summary>
/// <param name="User">Null: no login.</param>
/// <param name="PasswordSource">A file or a systemd credential; read for every letter, so that a new one needs no restart. Null when there is no login.</param>
internal sealed record MailSettings(
    string Server, int Port, MailSecurity Security, string? User, string? PasswordSource, string From, IReadOnlyList<string> To, TimeSpan Timeout);

/// <summary>Sends an alert as a letter of plain text, a connection for each: alerts are rare.</summary>
internal sealed class MailChannel(MailSettings settings) : IAlertChannel
{
    private const int SubjectMax = 120;

    public string Name => "mail";

    public async Task SendAsync(Alert alert, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(settings.Timeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var client = new SmtpClient();
            using var letter = Letter(alert);
            await client.ConnectAsync(settings.Server, settings.Port, Options(settings.Security), both.Token).ConfigureAwait(false);
            if (settings is { User: { } user, PasswordSource: { } source }) await LogInAsync(client, user, source, both.Token).ConfigureAwait(false);
            await client.SendAsync(letter, both.Token).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new AlertNotSentException($"{settings.Server} took longer than {settings.Timeout.TotalSeconds} s", late);
        }
        catch (Exception problem) when (problem is ProtocolException or CommandException or AuthenticationException or SslHandshakeException
            or NotSupportedException or SocketException or IOException or ApiKeyFileException)
        {
            throw new AlertNotSentException($"{settings.Server}: {problem.Message}", problem);
        }
    }

    public void Dispose()
    {
    }

    private static SecureSocketOptions Options(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    /// <summary>The library takes passwords as strings; this one lives as long as the login.</summary>
    private static async Task LogInAsync(SmtpClient client, string user, string source, CancellationToken cancellation)
    {
        using var password = KeyReader.ReadText(source);
        await client.AuthenticateAsync(Encoding.UTF8, user, Encoding.UTF8.GetString(password.Span), cancellation).ConfigureAwait(false);
    }

    private MimeMessage Letter(Alert alert)
    {
        var letter = new MimeMessage();
        letter.From.Add(MailboxAddress.Parse(settings.From));
        letter.To.AddRange(settings.To.Select(MailboxAddress.Parse));
        var subject = $"actors: {alert.Kind}: {alert.Text}";
        letter.Subject = subject.Length <= SubjectMax ? subject : subject[..SubjectMax] + "…";
        letter.Date = alert.At;
        var at = alert.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        letter.Body = new TextPart("plain") { Text = $"{alert.Text}\n\n{alert.Kind} at {at} UTC\nsession {alert.Session}\n" };
        return letter;
    }
}
