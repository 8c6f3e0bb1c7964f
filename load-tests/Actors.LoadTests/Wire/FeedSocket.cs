using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Actors.LoadTests.Wire;

/// <summary>Looks at a whole message; the bytes are only valid during the call.</summary>
public delegate void FrameLook(ReadOnlySpan<byte> frame);

/// <summary>One socket on the venue: what it is asked to subscribe to, how much it was sent. One reader at a time.</summary>
public sealed class FeedSocket : IAsyncDisposable
{
    private const int BufferBytes = 32 * 1024;

    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer = new byte[BufferBytes];

    private FeedSocket()
    {
    }

    public long Frames { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Opens a socket. <paramref name="receiveBytes"/> bounds what the kernel keeps for a reader that does not read; 0 leaves it alone.</summary>
    public static async Task<FeedSocket> OpenAsync(Uri rest, CancellationToken cancellation, int receiveBytes = 0)
    {
        var address = new UriBuilder(rest) { Scheme = "ws", Path = "/realtime" }.Uri;
        var feed = new FeedSocket();
        // Frames that came together are taken from the kernel together.
        feed._socket.Options.SetBuffer(BufferBytes, 4_096);
        using var handler = Handler(receiveBytes);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        try
        {
            await feed._socket.ConnectAsync(address, invoker, cancellation);
            return feed;
        }
        catch (Exception)
        {
            feed._socket.Dispose();
            throw;
        }
    }

    public ValueTask SendAsync(string text, CancellationToken cancellation) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, cancellation);

    public ValueTask SubscribeAsync(CancellationToken cancellation, params IEnumerable<string> topics) =>
        SendAsync($$"""{"op":"subscribe","args":[{{string.Join(',', topics.Select(topic => $"\"{topic}\""))}}]}""", cancellation);

    /// <summary>The next message, whole; false when the venue closed the socket. A broken one throws <see cref="WebSocketException"/>.</summary>
    public async Task<bool> ReadAsync(FrameLook look, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(look);
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            length += part.Count;
            if (!part.EndOfMessage) continue;
            Frames++;
            Bytes += length;
            look(_buffer.AsSpan(0, length));
            return true;
        }
    }

    /// <summary>Reads until a message is accepted. Throws <see cref="WebSocketException"/> when there will be none.</summary>
    public async Task WaitAsync(string part, CancellationToken cancellation)
    {
        var wanted = Encoding.UTF8.GetBytes(part);
        var found = false;
        while (!found)
        {
            if (!await ReadAsync(frame => found = frame.IndexOf(wanted) >= 0, cancellation)) throw new WebSocketException($"the venue closed the socket before it sent {part}");
        }
    }

    /// <summary>Reads until the venue closes, the socket breaks, or it is cancelled; true when it was the reader who ended it.</summary>
    public async Task<bool> ReadAllAsync(FrameLook look, CancellationToken cancellation)
    {
        try
        {
            while (await ReadAsync(look, cancellation))
            {
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (WebSocketException)
        {
            return cancellation.IsCancellationRequested;
        }
    }

    /// <summary>How many rows of level changes the venue sends a reader of all its books in this time.</summary>
    public static async Task<long> CountRowsAsync(Uri rest, TimeSpan time)
    {
        using var end = new CancellationTokenSource(time);
        await using var feed = await OpenAsync(rest, CancellationToken.None);
        await feed.SubscribeAsync(CancellationToken.None, "orderBookL2");
        var rows = 0L;
        if (!await feed.ReadAllAsync(frame => rows += frame.IndexOf("\"action\":\"partial\""u8) < 0 ? frame.Count("\"side\":"u8) : 0, end.Token))
            throw new WebSocketException("the venue closed the socket while its rows were counted");
        return rows;
    }

    /// <summary>Closes as a polite client does, or goes without a word.</summary>
    public Task LeaveAsync(bool politely, CancellationToken cancellation)
    {
        if (politely) return _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        _socket.Abort();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The socket itself outlives the handler that opened it: an upgraded connection has left the pool.</summary>
    private static SocketsHttpHandler Handler(int receiveBytes) => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (receiveBytes > 0) socket.ReceiveBufferSize = receiveBytes;
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception)
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
