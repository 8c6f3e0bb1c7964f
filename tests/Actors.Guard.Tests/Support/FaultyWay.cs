using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Actors.Guard.Tests.Support;

/// <summary>
/// The way between guard and venue, on a port of its own. Sound, it hands bytes on; otherwise every connection is cut, and each new
/// one gets the fault: nothing at all, or one answer to whatever is asked.
/// </summary>
internal sealed class FaultyWay : IAsyncDisposable
{
    public const string Dead = "";
    public const string Overloaded = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    public const string RateLimited = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    public const string Garbage = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<html>:-(";
    public const string WrongShape = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n[{\"symbol\":1}";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _venue;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private readonly List<TcpClient> _open = [];
    private string? _fault;

    public FaultyWay(string venue)
    {
        _venue = new Uri(venue);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Breaks the way, or with null mends it.</summary>
    public void Break(string? fault)
    {
        lock (_open)
        {
            _fault = fault;
            foreach (var client in _open) client.Close();
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Break(Dead);
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        string? fault;
        lock (_open)
        {
            _open.Add(client);
            fault = _fault;
        }

        try
        {
            if (fault is null)
            {
                using var venue = new TcpClient();
                await venue.ConnectAsync(_venue.Host, _venue.Port);
                await Task.WhenAny(client.GetStream().CopyToAsync(venue.GetStream()), venue.GetStream().CopyToAsync(client.GetStream()));
            }
            else if (fault.Length > 0)
            {
                await client.GetStream().ReadAtLeastAsync(new byte[16_384], 1, throwOnEndOfStream: false);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(fault));
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut by Break, or by the other side.
        }

        client.Close();
    }
}
