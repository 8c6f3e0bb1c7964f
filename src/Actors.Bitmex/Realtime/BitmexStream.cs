using System.Globalization;
using System.Net.WebSockets;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Realtime;

/// <summary>
/// Owns one socket from connect to close. Frames are assembled and handed over one at a time; sends leave one at a time, each within its
/// timeout, and a send that fails ends the connection, so that nothing meant for it can ever leave by another.
/// </summary>
public sealed class BitmexStream(BitmexOptions options, ApiCredentials credentials, IVenueStreamObserver observer) : IVenueStream
{
    /// <summary>Topics in one request; the venue acknowledges each.</summary>
    private const int TopicsPerRequest = 40;

    /// <summary>Sends that may wait for the one under way; one more is refused, for the connection is as good as dead.</summary>
    private const int SendersMax = 64;

    private const int TooManyRequests = 429;

    private const int FirstBuffer = 64 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private Task _receiving = Task.CompletedTask;
    private string? _reason;
    private bool _authenticated;
    private int _senders;
    private int _disposed;

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        // Liveness is by data and by the ping text, watched by the owner: the socket's own pings would only hide a silent venue.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        _socket.Options.CollectHttpResponseDetails = true;
        if (options.RestBase.IsLoopback) _socket.Options.Proxy = null;
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation, _ending.Token);
        try
        {
            await _socket.ConnectAsync(options.RealtimeAddress, both.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or HttpRequestException or IOException or ObjectDisposedException)
        {
            var status = (int)_socket.HttpStatusCode;
            var refused = status is 0 or 101 ? broken.Message : $"refused with HTTP status {status.ToString(CultureInfo.InvariantCulture)}";
            throw new VenueUnreachableException($"{options.RealtimeAddress}: {refused}", broken) { RetryAfter = status == TooManyRequests ? RetryAfter() : null };
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new VenueUnreachableException($"{options.RealtimeAddress}: no connection within {options.ConnectTimeout.TotalSeconds} s", late);
        }

        _receiving = Task.Run(ReceiveAsync, CancellationToken.None);
    }

    /// <summary>
    /// A venue that counts connections turns away with 429; the first dialect's was seen to name no wait (2018), and its bucket refills one a minute.
    /// </summary>
    private TimeSpan RetryAfter() =>
        _socket.HttpResponseHeaders is { } headers && headers.TryGetValue("Retry-After", out var values)
        && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 3600))
            : TimeSpan.FromMinutes(1);

    public Task AuthenticateAsync(CancellationToken cancellation)
    {
        _authenticated = true;
        var expires = (options.Time.GetUtcNow() + options.SignatureLife).ToUnixTimeSeconds();
        var signature = credentials.Sign("GET", Signer.RealtimePath, expires, []);
        return SendAsync(StreamRequests.Authenticate(credentials.KeyId, expires, signature), cancellation);
    }

    /// <summary>The account's tables are only asked for on a connection that has authenticated.</summary>
    public async Task<IReadOnlyList<string>> SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation)
    {
        var topics = StreamRequests.Topics(symbols, _authenticated).ToArray();
        foreach (var some in topics.Chunk(TopicsPerRequest)) await SendAsync(StreamRequests.Subscribe(some), cancellation);
        return topics;
    }

    public Task ResubscribeBookAsync(Symbol symbol, CancellationToken cancellation) => ResubscribeAsync(StreamRequests.BookTopic(symbol), cancellation);

    public Task ResubscribeAccountAsync(AccountTable table, CancellationToken cancellation) => ResubscribeAsync(StreamRequests.AccountTopic(table), cancellation);

    public Task PingAsync(CancellationToken cancellation) => SendAsync("ping"u8.ToArray(), cancellation);

    public Task BeatAsync(TimeSpan timeout, CancellationToken cancellation) => SendAsync(StreamRequests.Beat(timeout), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        End("closed by this side");
        await _receiving;
        _socket.Dispose();
        _ending.Dispose();
        _sending.Dispose();
    }

    private async Task ResubscribeAsync(string topic, CancellationToken cancellation)
    {
        await SendAsync(StreamRequests.Unsubscribe(topic), cancellation);
        await SendAsync(StreamRequests.Subscribe([topic]), cancellation);
    }

    private async Task SendAsync(byte[] message, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (Interlocked.Increment(ref _senders) > SendersMax)
        {
            Interlocked.Decrement(ref _senders);
            throw new VenueUnreachableException($"{SendersMax} messages are waiting to be sent already");
        }

        using var deadline = new CancellationTokenSource(options.SendTimeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation, _ending.Token);
        var entered = false;
        try
        {
            await _sending.WaitAsync(both.Token);
            entered = true;
            await _socket.SendAsync(message, WebSocketMessageType.Text, true, both.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // Half a message may have left: this connection cannot be used again. One that never began harms nobody.
            if (entered) End($"sending failed: {broken.Message}");
            if (cancellation.IsCancellationRequested) throw;
            throw new VenueUnreachableException(_reason ?? $"not sent within {options.SendTimeout.TotalSeconds} s", broken);
        }
        finally
        {
            if (entered) _sending.Release();
            Interlocked.Decrement(ref _senders);
        }
    }

    /// <summary>Notes why the connection ends, the first reason only, and lets the receiving loop end it.</summary>
    private void End(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null) _ending.Cancel();
    }

    private async Task ReceiveAsync()
    {
        var reason = "closed";
        try
        {
            reason = await ReceiveFramesAsync();
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            reason = $"connection broken: {broken.Message}";
        }
        catch (Exception fault)
        {
            // An observer that throws must not leave a connection that nobody reads: it ends, and says why.
            reason = $"a frame could not be handed over: {fault.GetType().Name} {fault.Message}";
        }

        End(reason);
        _socket.Abort();
        observer.OnClosed(_reason ?? reason);
    }

    /// <summary>Receives until the other side closes or a frame is too large; returns why it ended.</summary>
    private async Task<string> ReceiveFramesAsync()
    {
        var buffer = new byte[Math.Min(FirstBuffer, options.FrameBytesMax)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= options.FrameBytesMax) return $"a frame is larger than {options.FrameBytesMax} bytes";
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, options.FrameBytesMax));
            }

            var part = await _socket.ReceiveAsync(buffer.AsMemory(length), _ending.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return $"closed by the venue: {_socket.CloseStatus} {_socket.CloseStatusDescription}".TrimEnd();
            length += part.Count;
            if (!part.EndOfMessage) continue;
            observer.OnFrame(buffer.AsSpan(0, length).ToArray(), options.Time.GetUtcNow());
            length = 0;
        }
    }
}
