using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Actors.LoadTests.Processes;

namespace Actors.LoadTests.InProcess;

/// <summary>
/// Frames by a WebSocket over loopback into the hands of a loop on the runtime's pool, as a real session receives them: it is that thread, with its next frame asked for,
/// that the engine begins on.
/// </summary>
internal sealed class LoopSocket : IAsyncDisposable
{
    private const int FrameBytesMax = 64 * 1024;
    private static readonly TimeSpan CloseMost = TimeSpan.FromSeconds(30);

    private readonly WebSocket _sender;
    private readonly WebSocket _receiver;
    private readonly Task _receiving;

    private LoopSocket(WebSocket sender, WebSocket receiver, Action<byte[]> onFrame)
    {
        (_sender, _receiver) = (sender, receiver);
        _receiving = Task.Run(() => ReceiveAsync(onFrame));
    }

    /// <param name="onFrame">Called for one frame after the other.</param>
    public static async Task<LoopSocket> OpenAsync(Action<byte[]> onFrame)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1);
        var receiver = new TcpClient { NoDelay = true };
        await receiver.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var sender = await listener.AcceptTcpClientAsync();
        sender.NoDelay = true;
        return new LoopSocket(Over(sender, isServer: true), Over(receiver, isServer: false), onFrame);
    }

    /// <summary>Returns when the frame is in the socket; from one thread at a time.</summary>
    public void Send(byte[] frame)
    {
        var sent = _sender.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
        if (!sent.IsCompletedSuccessfully) sent.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Everything that was sent has been received when this returns. Throws what the receiving end threw.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sender.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await _receiving.WaitAsync(CloseMost);
        _sender.Dispose();
        _receiver.Dispose();
    }

    private static WebSocket Over(TcpClient client, bool isServer) =>
        WebSocket.CreateFromStream(client.GetStream(), new WebSocketCreationOptions { IsServer = isServer, KeepAliveInterval = TimeSpan.Zero });

    private async Task ReceiveAsync(Action<byte[]> onFrame)
    {
        var buffer = new byte[FrameBytesMax];
        var length = 0;
        while (true)
        {
            var part = await _receiver.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) return;
            length += part.Count;
            if (!part.EndOfMessage && length == buffer.Length) throw new LoadProcessException($"a frame is larger than {FrameBytesMax} bytes");
            if (!part.EndOfMessage) continue;
            onFrame(buffer.AsSpan(0, length).ToArray());
            length = 0;
        }
    }
}
