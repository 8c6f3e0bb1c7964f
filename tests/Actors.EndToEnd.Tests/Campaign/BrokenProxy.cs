using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>The network between engine and venue: passes connections on, until it is cut (both ends are told, and nobody gets in) or falls silent (nobody is told).</summary>
internal sealed class BrokenProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly ConcurrentBag<Task> _copies = [];
    private readonly Task _accepting;
    private volatile bool _cut;
    private volatile bool _silent;

    public BrokenProxy(int target)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync(target);
    }

    public Uri Address { get; }

    public void Cut()
    {
        _cut = true;
        End();
    }

    public void FallSilent() => _silent = true;

    /// <summary>New connections are passed on again; those from before have lost bytes and are over.</summary>
    public void Mend()
    {
        (_cut, _silent) = (false, false);
        End();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        End();
        await _accepting;
        await Task.WhenAll(_copies);
    }

    private void End()
    {
        while (_clients.TryTake(out var client)) client.Dispose();
    }

    private async Task AcceptAsync(int target)
    {
        while (true)
        {
            TcpClient? near = null;
            try
            {
                near = await _listener.AcceptTcpClientAsync();
                if (_cut)
                {
                    near.Dispose();
                    continue;
                }

                var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, target);
                _clients.Add(near);
                _clients.Add(far);
                _copies.Add(CopyAsync(near.GetStream(), far.GetStream()));
                _copies.Add(CopyAsync(far.GetStream(), near.GetStream()));
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The listener is gone; or the venue is, and then so is this one connection.
                if (near is null) return;
                near.Dispose();
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is var read and > 0)
            {
                if (!_silent) await to.WriteAsync(buffer.AsMemory(0, read));
            }

            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException)
        {
            // Cut, as it was asked for, or ended by the other side.
        }
    }
}
