using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace Actors.Venue.Wire;

/// <summary>
/// Owns one socket: a bounded queue of frames with one sender, and one receiver that hands on whole messages. A reader that is too slow is
/// cut off at the queue's bound, and nobody else notices.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "the token source has neither a timer nor a wait handle, and the exchange may cut off a socket that is over")]
internal sealed class RealtimeSocket : IFrameOutlet
{
    public const int MessageMax = 1024 * 1024;

    private readonly WebSocket _socket;
    private readonly TimeProvider _clock;
    private readonly Channel<(ReadOnlyMemory<byte> Frame, long NotBefore)> _queue;
    private readonly CancellationTokenSource _end = new();
    private readonly int _bytesMax;
    private Task _sender = Task.CompletedTask;
    private long _bytesQueued;

    public RealtimeSocket(WebSocket socket, VenueOptions options)
    {
        _socket = socket;
        _clock = options.Clock;
        _bytesMax = options.SocketQueueBytes;
        _queue = Channel.CreateBounded<(ReadOnlyMemory<byte>, long)>(new BoundedChannelOptions(options.SocketQueueFrames) { SingleReader = true });
    }

    /// <summary>Why the socket was cut off by the venue; null when it was not.</summary>
    public string? CutOff { get; private set; }

    public void Enqueue(ReadOnlyMemory<byte> frame, TimeSpan delay)
    {
        var notBefore = delay == TimeSpan.Zero ? 0 : _clock.GetTimestamp() + (long)(delay.TotalSeconds * _clock.TimestampFrequency);
        if (Interlocked.Add(ref _bytesQueued, frame.Length) <= _bytesMax && _queue.Writer.TryWrite((frame, notBefore))) return;
        if (!_end.IsCancellationRequested) Cut("its reader is too slow");
    }

    /// <summary>Ends the socket at once, without a closing handshake that a stuck reader would never answer.</summary>
    public void Cut(string reason)
    {
        CutOff ??= reason;
        // Not here: whoever waits for the end must not run on the exchange's thread.
        _ = _end.CancelAsync();
    }

    /// <summary>Serves the socket until either side ends it.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> onMessage, CancellationToken aborted)
    {
        await using var registration = aborted.Register(() => Cut("the client went away"));
        _sender = SendAllAsync();
        try
        {
            await ReceiveAllAsync(onMessage);
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or TimeoutException)
        {
            CutOff ??= "the connection broke";
        }

        _queue.Writer.TryComplete();
        if (CutOff is not null) await _end.CancelAsync();
        await _sender;
        if (CutOff is not null) _socket.Abort();
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var (frame, notBefore) in _queue.Reader.ReadAllAsync(_end.Token))
            {
                if (notBefore > 0 && _clock.GetElapsedTime(_clock.GetTimestamp(), notBefore) is { } wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait, _clock, _end.Token);
                await _socket.SendAsync(frame, WebSocketMessageType.Text, true, _end.Token);
                Interlocked.Add(ref _bytesQueued, -frame.Length);
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException)
        {
            Cut("the connection broke");
        }
    }

    private async Task ReceiveAllAsync(Func<ReadOnlyMemory<byte>, Task> onMessage)
    {
        var buffer = new byte[4_096];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(MessageMax + 1, buffer.Length * 2));
            var received = await _socket.ReceiveAsync(buffer.AsMemory(length), _end.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                return;
            }

            length += received.Count;
            if (length > MessageMax)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"expected at most {MessageMax} bytes");
                return;
            }

            if (!received.EndOfMessage) continue;
            await onMessage(buffer.AsMemory(0, length));
            length = 0;
            if (buffer.Length > 65_536) buffer = new byte[4_096];
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        // What is queued goes out first, and the close frame last.
        _queue.Writer.TryComplete();
        await _sender.WaitAsync(TimeSpan.FromSeconds(5), _end.Token);
        if (CutOff is null) await _socket.CloseOutputAsync(status, reason, _end.Token);
    }
}
