using System.Net;
using System.Net.Sockets;

namespace Actors.Bitmex.Tests;

/// <summary>A server on a free port of this machine that answers every request by one function.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;

    public Loopback(Func<HttpListenerContext, Task> answer)
    {
        (_listener, Port) = Start();
        _serving = ServeAsync(answer);
    }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public BitmexOptions Options(TimeSpan? timeout = null, int? port = null) => new()
    {
        RestBase = new Uri($"http://127.0.0.1:{port ?? Port}"),
        KeyId = "key-id",
        Secret = "the-secret"u8.ToArray(),
        RequestTimeout = timeout ?? TimeSpan.FromSeconds(20),
        BeatTimeout = timeout ?? TimeSpan.FromSeconds(20),
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _serving;
    }

    private static (HttpListener Listener, int Port) Start()
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Another process took the port in between: try the next.
            }
        }
    }

    private async Task ServeAsync(Func<HttpListenerContext, Task> answer)
    {
        var running = new List<Task>();
        while (true)
        {
            try
            {
                running.Add(Answer(await _listener.GetContextAsync()));
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
            {
                await Task.WhenAll(running);
                return;
            }
        }

        async Task Answer(HttpListenerContext context)
        {
            try
            {
                await answer(context);
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException or System.Net.WebSockets.WebSocketException or OperationCanceledException)
            {
                // The client under test may leave at any time.
            }
        }
    }
}

/// <summary>A port that is taken and never listens: whoever connects is refused, and no other test can get it meanwhile.</summary>
internal sealed class RefusingPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RefusingPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}");

    public void Dispose() => _socket.Dispose();
}
