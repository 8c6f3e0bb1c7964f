using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Actors.Bitmex.Realtime;
using Actors.Domain.Port;

namespace Actors.Bitmex.Tests;

public sealed class StreamTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Observer _observer = new();
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<WebSocket> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Loopback _server;
    private int _refuse;
    private string? _retryAfter;
    private Task _readsFrom = Task.CompletedTask;

    public StreamTests() => _server = new Loopback(ServeAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Requests_leave_in_the_venues_words()
    {
        await using var port = new BitmexVenuePort(_server.Options());
        await using var stream = port.CreateStream(_observer);
        await stream.ConnectAsync(default);
        await stream.SubscribeAsync([new("XBTUSD")], default);
        Assert.Equal("""{"op":"subscribe","args":["orderBookL2:XBTUSD","quote:XBTUSD","trade:XBTUSD","instrument:XBTUSD"]}""", await Received());
        await stream.AuthenticateAsync(default);
        var parts = System.Text.Json.JsonDocument.Parse(await Received()).RootElement.GetProperty("args");
        Assert.Equal(Signer.Sign("the-secret"u8, "GET", "/realtime", parts[1].GetInt64(), []), parts[2].GetString());
        await stream.SubscribeAsync([], default);
        Assert.Equal("""{"op":"subscribe","args":["order","execution","position","margin"]}""", await Received());
        await stream.ResubscribeBookAsync(new("XBTUSD"), default);
        Assert.Equal("""{"op":"unsubscribe","args":["orderBookL2:XBTUSD"]}""", await Received());
        Assert.Equal("""{"op":"subscribe","args":["orderBookL2:XBTUSD"]}""", await Received());
        await stream.ResubscribeAccountAsync(AccountTable.Orders, default);
        Assert.Equal("""{"op":"unsubscribe","args":["order"]}""", await Received());
        Assert.Equal("""{"op":"subscribe","args":["order"]}""", await Received());
        await stream.PingAsync(default);
        Assert.Equal("ping", await Received());
        await stream.BeatAsync(TimeSpan.FromSeconds(60), default);
        Assert.Equal("""{"op":"cancelAllAfter","args":60000}""", await Received());
    }

    [Fact]
    public async Task Frames_are_assembled_and_the_close_is_told_once_and_last()
    {
        await using var stream = Stream();
        await stream.ConnectAsync(default);
        var socket = await _accepted.Task.WaitAsync(Deadline);
        var large = new string('x', 300_000);
        await socket.SendAsync(Encoding.UTF8.GetBytes(large), WebSocketMessageType.Text, false, default);
        await socket.SendAsync("-end"u8.ToArray(), WebSocketMessageType.Text, true, default);
        await socket.SendAsync("pong"u8.ToArray(), WebSocketMessageType.Text, true, default);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
        var reason = await _observer.Closed.Task.WaitAsync(Deadline);
        Assert.Contains("bye", reason, StringComparison.Ordinal);
        Assert.Equal([large + "-end", "pong"], _observer.Frames);
        await stream.DisposeAsync();
        Assert.Equal(1, _observer.Closes);
    }

    [Fact]
    public async Task A_frame_above_the_bound_closes_the_connection()
    {
        var options = new BitmexOptions { RestBase = _server.Address, KeyId = "k", Secret = "s"u8.ToArray(), FrameBytesMax = 1000 };
        await using var stream = new BitmexStream(options, new ApiCredentials("k", "s"u8), _observer);
        await stream.ConnectAsync(default);
        var socket = await _accepted.Task.WaitAsync(Deadline);
        await socket.SendAsync(new byte[1001], WebSocketMessageType.Text, true, default);
        Assert.Equal("a frame is larger than 1000 bytes", await _observer.Closed.Task.WaitAsync(Deadline));
        Assert.Empty(_observer.Frames);
        await Assert.ThrowsAsync<VenueUnreachableException>(() => stream.PingAsync(default).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_connection_cut_by_the_other_side_is_told()
    {
        await using var proxy = new CuttableProxy(_server.Port);
        await using var stream = new BitmexStream(_server.Options(null, proxy.Port), new ApiCredentials("key-id", "the-secret"u8), _observer);
        await stream.ConnectAsync(default);
        await _accepted.Task.WaitAsync(Deadline);
        proxy.Cut();
        Assert.StartsWith("connection broken", await _observer.Closed.Task.WaitAsync(Deadline), StringComparison.Ordinal);
        await Assert.ThrowsAsync<VenueUnreachableException>(() => stream.PingAsync(default).WaitAsync(Deadline));
    }

    [Fact]
    public async Task Closing_it_ourselves_is_told_once()
    {
        var stream = Stream();
        await stream.ConnectAsync(default);
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        Assert.Equal("closed by this side", await _observer.Closed.Task.WaitAsync(Deadline));
        Assert.Equal(1, _observer.Closes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.PingAsync(default));
    }

    [Theory]
    [InlineData("47", 47)]
    [InlineData("soon", 60)]
    [InlineData(null, 60)]
    public async Task A_connection_that_is_banned_by_the_rate_limit_tells_how_long_to_wait(string? retryAfter, int seconds)
    {
        (_refuse, _retryAfter) = (429, retryAfter);
        await using var stream = Stream();
        var banned = await Assert.ThrowsAsync<VenueUnreachableException>(() => stream.ConnectAsync(default));
        Assert.EndsWith("refused with HTTP status 429", banned.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(seconds), banned.RetryAfter);
    }

    [Fact]
    public async Task A_refused_connection_says_why_and_was_never_open()
    {
        _refuse = 429;
        await using (var stream = Stream())
            Assert.Contains("429", (await Assert.ThrowsAsync<VenueUnreachableException>(() => stream.ConnectAsync(default))).Message, StringComparison.Ordinal);
        using var port = new RefusingPort();
        var nobody = new BitmexOptions { RestBase = port.Address, KeyId = "k", Secret = "s"u8.ToArray() };
        await using (var stream = new BitmexStream(nobody, new ApiCredentials("k", "s"u8), _observer))
            await Assert.ThrowsAsync<VenueUnreachableException>(() => stream.ConnectAsync(default));
        Assert.Equal(0, _observer.Closes);
    }

    /// <summary>The other side reads nothing, and what is sent fills every buffer between: one send is under way, and the others wait for it.</summary>
    [Fact]
    public async Task No_more_than_64_sends_wait_and_one_more_is_refused_at_once()
    {
        var reads = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _readsFrom = reads.Task;
        await using var stream = Stream(TimeSpan.FromMinutes(10));
        await stream.ConnectAsync(default);
        // A book of such a name: a message longer than what the system keeps of one connection.
        var sends = new List<Task> { stream.ResubscribeBookAsync(new(new string('X', 32_000_000)), default) };
        for (var i = 1; i < 64; i++) sends.Add(stream.PingAsync(default));
        Assert.All(sends, send => Assert.False(send.IsCompleted));
        var refused = await Assert.ThrowsAsync<VenueUnreachableException>(() => stream.PingAsync(default).WaitAsync(Deadline));
        Assert.Equal("64 messages are waiting to be sent already", refused.Message);
        Assert.Equal(0, _observer.Closes);
        reads.SetResult();
        await Task.WhenAll(sends).WaitAsync(Deadline * 3);
        await stream.PingAsync(default);
    }

    private BitmexStream Stream(TimeSpan? sendTimeout = null) => new(_server.Options() with { SendTimeout = sendTimeout ?? TimeSpan.FromSeconds(5) }, new ApiCredentials("key-id", "the-secret"u8), _observer);

    private async Task<string> Received()
    {
        using var late = new CancellationTokenSource(Deadline);
        return await _received.Reader.ReadAsync(late.Token);
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        if (_refuse != 0 || context.Request.RawUrl != "/realtime")
        {
            context.Response.StatusCode = _refuse == 0 ? 404 : _refuse;
            if (_retryAfter is not null) context.Response.Headers["Retry-After"] = _retryAfter;
            context.Response.Close();
            return;
        }

        var socket = (await context.AcceptWebSocketAsync(null)).WebSocket;
        _accepted.TrySetResult(socket);
        await _readsFrom.WaitAsync(_stop.Token);
        var buffer = new byte[64 * 1024];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            if (part.MessageType == WebSocketMessageType.Close) return;
            await _received.Writer.WriteAsync(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
    }

    private sealed class Observer : IVenueStreamObserver
    {
        public List<string> Frames { get; } = [];

        public TaskCompletionSource<string> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Closes { get; private set; }

        public void OnFrame(ReadOnlyMemory<byte> frame, DateTimeOffset receivedAt) => Frames.Add(Encoding.UTF8.GetString(frame.Span));

        public void OnClosed(string reason)
        {
            Closes++;
            Closed.TrySetResult(reason);
        }
    }
}
