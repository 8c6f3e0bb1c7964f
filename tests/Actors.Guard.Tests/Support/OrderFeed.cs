using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Actors.Guard.Tests.Support;

/// <summary>The open orders of an account as the venue's socket tells them, with the time of the last change. Costs no request.</summary>
internal sealed class OrderFeed : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly HashSet<string> _open = [];
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;
    private long _changedAt;

    /// <summary>How many are open, and when that was last told, in stopwatch ticks.</summary>
    public (int Count, long At) Now
    {
        get
        {
            lock (_open) return (_open.Count, _changedAt);
        }
    }

    public static async Task<OrderFeed> OpenAsync(string address, string keyFile)
    {
        var feed = new OrderFeed();
        using var key = JsonDocument.Parse(File.ReadAllText(keyFile));
        await feed._socket.ConnectAsync(new Uri(address.Replace("http", "ws", StringComparison.Ordinal) + "/realtime"), CancellationToken.None);
        var expires = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds();
        var signature = VenueClient.Sign(Encoding.UTF8.GetBytes(key.RootElement.GetProperty("secret").GetString()!), "GET", "/realtime", expires, "");
        await feed.SendAsync($$"""{"op":"authKeyExpires","args":["{{key.RootElement.GetProperty("id").GetString()}}",{{expires.ToString(CultureInfo.InvariantCulture)}},"{{signature}}"]}""");
        await feed.SendAsync("""{"op":"subscribe","args":["order"]}""");
        feed._reading = feed.ReadAsync();
        return feed;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _socket.Dispose();
        _end.Dispose();
    }

    private Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task ReadAsync()
    {
        var buffer = new byte[4 * 1024 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do length += (part = await _socket.ReceiveAsync(buffer.AsMemory(length), _end.Token)).Count;
                while (!part.EndOfMessage);
                using var frame = JsonDocument.Parse(buffer.AsMemory(0, length));
                if (!frame.RootElement.TryGetProperty("table", out _)) continue;
                lock (_open)
                {
                    foreach (var row in frame.RootElement.GetProperty("data").EnumerateArray()) Take(row);
                    _changedAt = Stopwatch.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Take(JsonElement row)
    {
        var id = row.GetProperty("orderID").GetString()!;
        var status = row.TryGetProperty("ordStatus", out var told) ? told.GetString() : null;
        if (status is "Canceled" or "Filled" or "Rejected") _open.Remove(id);
        else if (status is not null) _open.Add(id);
    }
}
