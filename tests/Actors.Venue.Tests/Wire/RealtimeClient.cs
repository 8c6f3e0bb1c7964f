using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;

namespace Actors.Venue.Tests.Wire;

/// <summary>
/// A client as others wrote it: keeps local tables by partial, insert, update and delete, and counts what breaks the protocol. It speaks the venue's language from its
/// documentation and shares no code with the server but the signer.
/// </summary>
internal sealed class RealtimeClient : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, string>>> _tables = [];
    private readonly Dictionary<string, List<string>> _keys = [];
    private Task _receiver = Task.CompletedTask;

    public ConcurrentQueue<JsonElement> Acknowledgements { get; } = [];

    public ConcurrentQueue<JsonElement> Errors { get; } = [];

    public ConcurrentQueue<JsonElement> Frames { get; } = [];

    public ConcurrentQueue<string> Texts { get; } = [];

    /// <summary>Updates and deletes of rows that were not there, inserts of rows that were.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    public bool IsOver => _receiver.IsCompleted;

    public static async Task<RealtimeClient> ConnectAsync(Uri address)
    {
        var client = new RealtimeClient();
        await client._socket.ConnectAsync(address, CancellationToken.None);
        client._receiver = client.ReceiveAllAsync();
        return client;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task SubscribeAsync(params string[] topics) => SendAsync(JsonSerializer.Serialize(new { op = "subscribe", args = topics }));

    public Task AuthenticateAsync(VenueKey key)
    {
        var expires = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 30;
        var signature = Signer.Sign(Encoding.UTF8.GetBytes(key.Secret), "GET", "/realtime", expires, []);
        return SendAsync(JsonSerializer.Serialize(new { op = "authKeyExpires", args = new object[] { key.Id, expires, signature } }));
    }

    /// <summary>Waits for a condition, for as long as it is reasonable; then fails and says <paramref name="what"/>.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"not within {Deadline.TotalSeconds} s: {what}; errors: {string.Join(' ', Errors)}");
            await Task.Delay(5);
        }
    }

    public Task UntilTableAsync(params string[] tables) => UntilAsync(() => tables.All(table => Frames.Any(frame => Text(frame, "table") == table && Text(frame, "action") == "partial")), $"partials of {string.Join(", ", tables)}");

    /// <summary>The local rows of a table, each as field=value pairs without the named fields, sorted.</summary>
    public List<string> Rows(string table, params string[] without)
    {
        lock (_lock) return _tables.TryGetValue(table, out var rows) ? [.. rows.Values.Select(row => Describe(row, without)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>REST rows in the same form.</summary>
    public static List<string> Rows(JsonElement array, params string[] without) =>
        [.. array.EnumerateArray().Select(row => Describe(Fields(row), without)).Order(StringComparer.Ordinal)];

    public IEnumerable<string> Actions() => Frames.Select(frame => $"{Text(frame, "table")} {Text(frame, "action")}");

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiver;
        _socket.Dispose();
    }

    public static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Describe(Dictionary<string, string> row, string[] without) =>
        string.Join(' ', row.Where(field => field.Value != "null" && !without.Contains(field.Key)).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));

    private static Dictionary<string, string> Fields(JsonElement row) => row.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetRawText());

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[4 * 1024 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += received.Count;
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close) return;
                Handle(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            Texts.Enqueue("closed: " + ended.Message);
        }
    }

    private void Handle(string text)
    {
        if (text[0] != '{')
        {
            Texts.Enqueue(text);
            return;
        }

        using var document = JsonDocument.Parse(text);
        var frame = document.RootElement.Clone();
        if (frame.TryGetProperty("error", out _)) Errors.Enqueue(frame);
        else if (frame.TryGetProperty("table", out _)) Apply(frame);
        else Acknowledgements.Enqueue(frame);
    }

    private void Apply(JsonElement frame)
    {
        lock (_lock)
        {
            var table = Text(frame, "table");
            var action = Text(frame, "action");
            if (action == "partial")
            {
                _keys[table] = [.. frame.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)];
                _tables.TryAdd(table, []);
            }

            foreach (var row in frame.GetProperty("data").EnumerateArray()) Apply(table, action, Fields(row));
        }

        Frames.Enqueue(frame);
    }

    private void Apply(string table, string action, Dictionary<string, string> row)
    {
        var rows = _tables[table];
        var key = _keys[table].Count == 0 ? $"#{rows.Count}" : string.Join(',', _keys[table].Select(name => row.GetValueOrDefault(name)));
        var isKnown = rows.ContainsKey(key);
        if (isKnown != (action is "update" or "delete")) Faults.Enqueue($"{table} {action} {key}");
        if (action == "delete") rows.Remove(key);
        else if (action == "update" && isKnown) foreach (var (name, value) in row) rows[key][name] = value;
        else rows[key] = row;
    }
}
