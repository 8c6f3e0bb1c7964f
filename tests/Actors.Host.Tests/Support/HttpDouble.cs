using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Actors.Host.Tests.Support;

/// <summary>What a double was asked.</summary>
internal sealed record HttpAsked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A server on a free port of this machine that answers every request by one function; every request is kept.</summary>
internal sealed class HttpDouble : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpAsked, (int Status, string Body)> _answer;
    private readonly Task _serving;

    public HttpDouble(Func<HttpAsked, (int Status, string Body)> answer)
    {
        _answer = answer;
        for (var attempt = 0; ; attempt++)
        {
            Address = new Uri($"http://127.0.0.1:{FreePort()}/");
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address.AbsoluteUri);
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Another process took the port in between: try the next.
            }
        }

        _serving = ServeAsync();
    }

    public Uri Address { get; private set; }

    public ConcurrentQueue<HttpAsked> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _serving;
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var headers = context.Request.Headers.AllKeys.OfType<string>().ToDictionary(name => name, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase);
                var asked = new HttpAsked(context.Request.HttpMethod, context.Request.RawUrl!, headers, await reader.ReadToEndAsync());
                Asked.Enqueue(asked);
                var (status, body) = _answer(asked);
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException or IOException)
            {
                if (!_listener.IsListening) return;
            }
        }
    }
}
