using System.Net.Sockets;
using System.Threading.Channels;
using Serilog;

namespace Actors.Guard;

/// <summary>Everything the guard says: one line a fact to the log, alerts to the webhook too, and its state to the service manager. Nothing here
/// waits: alerts go through a bounded queue that a task of its own empties, so that a dead or slow receiver never delays an action.</summary>
internal sealed class Voice : IAsyncDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ILogger _log;
    private readonly Channel<string> _alerts = Channel.CreateBounded<string>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly Task _sending;
    private readonly string? _manager = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    public Voice(ILogger log, Uri? webhook)
    {
        _log = log;
        _sending = webhook is null ? Task.CompletedTask : SendAllAsync(webhook);
    }

    public void Say(string fact) => _log.Information("{Fact:l}", fact);
    public void Warn(string fact) => _log.Warning("{Fact:l}", fact);

    public void Alert(string fact)
    {
        _log.Error("{Fact:l}", "ALERT " + fact);
        _alerts.Writer.TryWrite(fact);
    }

    /// <summary>One message of systemd's notify protocol, such as READY=1, WATCHDOG=1 or STATUS=text; nothing without a service manager.</summary>
    public void TellManager(string message)
    {
        if (string.IsNullOrEmpty(_manager)) return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            // A leading @ stands for the zero byte of an abstract address.
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(_manager[0] == '@' ? '\0' + _manager[1..] : _manager));
        }
        catch (SocketException deaf) { Warn($"the service manager does not listen: {deaf.SocketErrorCode}"); }
    }

    /// <summary>Lets what is queued go out, for a short while.</summary>
    public async ValueTask DisposeAsync()
    {
        _alerts.Writer.TryComplete();
        await Task.WhenAny(_sending, Task.Delay(Patience));
        _http.Dispose();
    }

    private async Task SendAllAsync(Uri webhook)
    {
        await foreach (var fact in _alerts.Reader.ReadAllAsync())
        {
            for (var left = Tries; left > 0 && !await IsSentAsync(webhook, fact); left--) await Task.Delay(Patience / 5);
        }
    }

    private async Task<bool> IsSentAsync(Uri webhook, string fact)
    {
        try
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { text = $"actors-guard on {Environment.MachineName}: {fact}" }), Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(webhook, content);
            if (!answer.IsSuccessStatusCode) Warn($"webhook: status {(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // Not its message: that may name the address, which is a secret.
            Warn($"webhook: {broken.GetType().Name}");
            return false;
        }
    }
}
