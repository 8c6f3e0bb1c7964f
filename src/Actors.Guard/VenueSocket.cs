using System.Net.WebSockets;

namespace Actors.Guard;

/// <summary>The venue's realtime socket: authenticates, listens to orders, positions and margins, asks for a pong when it is quiet, and opens
/// itself again when it breaks, with growing pauses because the venue counts connections by the hour.</summary>
internal sealed class VenueSocket(Key key, Uri address, TimeSpan silence, Account account, Voice voice, TimeProvider clock)
{
    private const int FrameMax = 8 * 1024 * 1024;
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);
    private static readonly byte[] Ping = "ping"u8.ToArray();
    private static readonly string[] Topics = ["order", "position", "margin"];
    private readonly HashSet<string> _begun = [];
    private long _heardTicks;
    private volatile ClientWebSocket? _socket;
    private volatile bool _isComplete;

    /// <summary>When the socket last told anything, with all tables begun; null while it tells nothing.</summary>
    public DateTimeOffset? HeardAt => _isComplete ? new DateTimeOffset(Interlocked.Read(ref _heardTicks), TimeSpan.Zero) : null;

    /// <summary>Gives the connection up; another is opened.</summary>
    public void Reopen(string reason)
    {
        voice.Warn($"socket: given up: {reason}");
        _socket?.Abort();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!stop.IsCancellationRequested)
        {
            var opened = clock.GetUtcNow();
            try { await ListenAsync(stop); }
            catch (Exception ended) when (ended is not OutOfMemoryException)
            {
                if (!stop.IsCancellationRequested) voice.Warn($"socket: ended: {ended.Message.ReplaceLineEndings(" ")}");
            }
            _isComplete = false;
            account.News.Set();
            if (clock.GetUtcNow() - opened > PauseMax) pause = TimeSpan.FromSeconds(1);
            await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var socket = new ClientWebSocket();
        _socket = socket;
        _begun.Clear();
        connection.CancelAfter(silence);
        await socket.ConnectAsync(address, connection.Token);
        var expires = (clock.GetUtcNow() + Validity).ToUnixTimeSeconds();
        await SendAsync(socket, $$"""{"op":"authKeyExpires","args":[{{JsonSerializer.Serialize(key.Id)}},{{expires.ToString(CultureInfo.InvariantCulture)}},"{{VenueClient.Sign(key.Secret, "GET", "/realtime", expires, "")}}"]}""", connection.Token);
        await SendAsync(socket, $$"""{"op":"subscribe","args":{{JsonSerializer.Serialize(Topics)}}}""", connection.Token);
        using var pinging = new Timer(_ => _ = PingAsync(socket, connection), null, silence / 3, silence / 3);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length) Array.Resize(ref buffer, length < FrameMax ? length * 2 : throw new VenueException("a frame is too long"));
                part = await socket.ReceiveAsync(buffer.AsMemory(length), connection.Token);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close) throw new VenueException("closed by the venue");
            connection.CancelAfter(silence);
            Interlocked.Exchange(ref _heardTicks, clock.GetUtcNow().Ticks);
            Understand(buffer.AsMemory(0, length));
        }
    }

    private void Understand(ReadOnlyMemory<byte> frame)
    {
        if (frame.Span.SequenceEqual("pong"u8)) return;
        using var document = JsonDocument.Parse(frame);
        var root = document.RootElement;
        if (root.TryGetProperty("error", out var error)) throw new VenueException($"the venue refused: {error}");
        if (!root.TryGetProperty("table", out var table)) return;
        var action = root.GetProperty("action").GetString()!;
        // What comes before a table's first whole state belongs to an older one.
        if (action == "partial") _begun.Add(table.GetString()!);
        if (!_begun.Contains(table.GetString()!)) return;
        account.Hear(table.GetString()!, action, root.GetProperty("data"));
        if (!_isComplete && Topics.All(_begun.Contains))
        {
            _isComplete = true;
            voice.Say("socket: sees orders, positions and margins");
        }
    }

    private static async Task SendAsync(ClientWebSocket socket, string text, CancellationToken stop) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);

    private static async Task PingAsync(ClientWebSocket socket, CancellationTokenSource connection)
    {
        try { await socket.SendAsync(Ping, WebSocketMessageType.Text, true, connection.Token); }
        // The receiving side meets the same end and tells it.
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException) { }
    }
}
