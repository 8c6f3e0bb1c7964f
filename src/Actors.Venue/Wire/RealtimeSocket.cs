using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;

namespace Actors.Venue.Wire;

/// <summary>
/// Owns one socket: a bounded queue of frames with one sender, which writes whatever waits at once, and one receiver that hands on whole messages. A
/// reader that is too slow is cut off at the queue's bound, and nobody else notices.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "the token source has neither a timer nor a wait handle, and the exchange may cut off a socket that is over")]
internal sealed class RealtimeSocket : IFrameOutlet
{
    public const int MessageMax = 1024 * 1024;

    private const int WriteMax = 64 * 1024;

    private readonly WebSocket _socket;
    private readonly FrameStream _stream;
    private readonly SendQueue _sends;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Queue<(ReadOnlyMemory<byte> Frame, long NotBefore)> _queue = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly (int Frames, int Bytes) _max;
    private long _bytesQueued;
    private bool _isSending;
    private bool _isComplete;

    public RealtimeSocket(WebSocket socket, FrameStream stream, SendQueue sends, VenueOptions options)
    {
        (_socket, _stream, _sends, _clock) = (socket, stream, sends, options.Clock);
        _max = (options.SocketQueueFrames, options.SocketQueueBytes);
    }

    /// <summary>Why the socket was cut off by the venue; null when it was not.</summary>
    public string? CutOff { get; private set; }

    public void Enqueue(ReadOnlyMemory<byte> frame, TimeSpan delay) =>
        _sends.Send(this, frame, delay == TimeSpan.Zero ? 0 : _clock.GetTimestamp() + (long)(delay.TotalSeconds * _clock.TimestampFrequency));

    /// <summary>Ends the socket at once, without a closing handshake that a stuck reader would never answer.</summary>
    public void Cut(string reason)
    {
        CutOff ??= reason;
        // Not here: whoever waits for the end must not run on the exchange's thread.
        _ = _end.CancelAsync();
    }

    /// <summary>Queues a frame; true when the caller has to see to it that <see cref="BeginSending"/> is called.</summary>
    public bool Put(ReadOnlyMemory<byte> frame, long notBefore)
    {
        lock (_lock)
        {
            if (_isComplete || _end.IsCancellationRequested) return false;
            if (_queue.Count < _max.Frames && _bytesQueued + frame.Length <= _max.Bytes)
            {
                _queue.Enqueue((frame, notBefore));
                _bytesQueued += frame.Length;
                if (_isSending) return false;
                return _isSending = true;
            }
        }

        Cut("its reader is too slow");
        return false;
    }

    /// <summary>Sends what waits; goes on by itself when the client does not take all of it at once.</summary>
    public void BeginSending() => _ = SendAllAsync();

    /// <summary>Serves the socket until either side ends it.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> onMessage, CancellationToken aborted)
    {
        await using var registration = aborted.Register(() => Cut("the client went away"));
        try
        {
            await ReceiveAllAsync(onMessage);
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or TimeoutException)
        {
            CutOff ??= "the connection broke";
        }

        if (CutOff is not null) await _end.CancelAsync();
        await DrainAsync();
        if (CutOff is not null) _socket.Abort();
    }

    private async Task SendAllAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WriteMax);
        try
        {
            while (Next() is { Frame: var frame } next)
            {
                if (next.Wait > TimeSpan.Zero) await Task.Delay(next.Wait, _clock, _end.Token);
                var length = FrameStream.WriteHead(buffer, frame.Length);
                if (length + frame.Length > WriteMax)
                {
                    await _stream.WriteAsync(buffer.AsMemory(0, length), frame, _end.Token);
                    Sent(frame.Length);
                    continue;
                }

                frame.Span.CopyTo(buffer.AsSpan(length));
                var (more, bytes) = Gather(buffer, length + frame.Length);
                await _stream.WriteAsync(buffer.AsMemory(0, more), _end.Token);
                Sent(frame.Length + bytes);
            }
        }
        catch (Exception ended) when (ended is IOException or WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            Cut("the connection broke");
            Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The next frame and how long it has to wait; null when there is none, and then this sender has ended.</summary>
    private (ReadOnlyMemory<byte> Frame, TimeSpan Wait)? Next()
    {
        lock (_lock)
        {
            if (_queue.TryDequeue(out var next))
                return (next.Frame, next.NotBefore == 0 ? TimeSpan.Zero : _clock.GetElapsedTime(_clock.GetTimestamp(), next.NotBefore));
            _isSending = false;
            if (_isComplete) _drained.TrySetResult();
            return null;
        }
    }

    /// <summary>Lays out behind the first frame whatever may go with it; how much of the buffer is used then, and the added frames' bytes.</summary>
    private (int Used, int Bytes) Gather(byte[] buffer, int used)
    {
        var bytes = 0;
        lock (_lock)
        {
            while (_queue.TryPeek(out var next) && next.NotBefore == 0 && used + FrameStream.HeadMax + next.Frame.Length <= WriteMax)
            {
                used += FrameStream.WriteHead(buffer.AsSpan(used), next.Frame.Length);
                next.Frame.Span.CopyTo(buffer.AsSpan(used));
                used += next.Frame.Length;
                bytes += next.Frame.Length;
                _queue.Dequeue();
            }
        }

        return (used, bytes);
    }

    private void Sent(int bytes)
    {
        lock (_lock) _bytesQueued -= bytes;
    }

    private void Finish()
    {
        lock (_lock)
        {
            _queue.Clear();
            (_isSending, _isComplete) = (false, true);
        }

        _drained.TrySetResult();
    }

    /// <summary>Takes no more frames, and waits until those that were queued are sent.</summary>
    private Task DrainAsync()
    {
        lock (_lock)
        {
            _isComplete = true;
            if (!_isSending) _drained.TrySetResult();
        }

        return _drained.Task;
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
        await DrainAsync().WaitAsync(TimeSpan.FromSeconds(5), _end.Token);
        if (CutOff is null) await _socket.CloseOutputAsync(status, reason, _end.Token);
    }
}
