using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Actors.Bitmex.Tests;

/// <summary>Passes connections on to another port of this machine until they are cut: the network going away.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly Task _accepting;

    public CuttableProxy(int target)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(target);
    }

    public int Port { get; }

    /// <summary>Ends every connection made so far; new ones are still passed on.</summary>
    public void Cut()
    {
        while (_clients.TryTake(out var client)) client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync(int target)
    {
        var copies = new List<Task>();
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                _clients.Add(near);
                _clients.Add(far);
                await far.ConnectAsync(IPAddress.Loopback, target);
                copies.Add(CopyAsync(near, far));
                copies.Add(CopyAsync(far, near));
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(copies);
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        // A client that was cut has no socket any more: take it while it is there.
        if (to.Client is not { } socket) return;
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, as it was asked for.
        }
    }
}
