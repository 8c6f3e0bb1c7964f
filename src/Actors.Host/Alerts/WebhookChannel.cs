using System.Net.Http.Json;
using System.Text;
using Actors.Bitmex;

namespace Actors.Host.Alerts;

/// <summary>Where a webhook is, as bytes because many addresses of webhooks are secrets, and how long an attempt may take.</summary>
internal sealed record WebhookSettings(SecretBytes Address, TimeSpan Timeout);

/// <summary>
/// Posts an alert as a JSON object: <c>text</c> for chat rooms, which show just that, and <c>kind</c>, <c>urgent</c>, <c>session</c> and <c>at</c> for programs. Owns the
/// settings' address.
/// </summary>
internal sealed class WebhookChannel : IAlertChannel
{
    private readonly WebhookSettings _settings;
    private readonly HttpClient _client;

    public WebhookChannel(WebhookSettings settings)
    {
        _settings = settings;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = settings.Timeout };
    }

    public string Name => "webhook";

    public async Task SendAsync(Alert alert, CancellationToken cancellation)
    {
        var body = new
        {
            text = $"actors {alert.Session}: {alert.Text}",
            kind = alert.Kind.ToString(),
            urgent = alert.IsUrgent,
            session = alert.Session,
            at = alert.At,
        };
        try
        {
            using var response = await _client.PostAsJsonAsync(new Uri(Encoding.UTF8.GetString(_settings.Address.Span)), body, cancellation).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            throw new AlertNotSentException(problem.Message, problem);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new AlertNotSentException($"no answer within {_settings.Timeout.TotalSeconds} s", late);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _settings.Address.Dispose();
    }
}
