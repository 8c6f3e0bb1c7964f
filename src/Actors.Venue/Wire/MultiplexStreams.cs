using System.Text;
using System.Text.Json;

namespace Actors.Venue.Wire;

/// <summary>
/// The streams of a multiplexed socket: messages are arrays of type, stream, name and payload, where type 1 opens a stream, 0 carries a
/// message and 2 closes it. Each stream is welcomed, authenticates and subscribes by itself. Known from clients only, not from the venue's
/// documents.
/// </summary>
internal sealed class MultiplexStreams(IFrameOutlet socket, Func<IFrameOutlet, RealtimeSession> open, Func<RealtimeSession, RealtimeCommands> serve, Func<RealtimeSession, Task> close)
{
    public const int StreamsMax = 20;

    private const int Message = 0;
    private const int Open = 1;
    private const int Close = 2;

    private readonly Dictionary<string, (RealtimeSession Session, RealtimeCommands Commands)> _streams = new(StringComparer.Ordinal);

    public async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 16 });
            var parts = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToList() : [];
            if (parts.Count < 3 || !parts[0].TryGetInt32(out var type) || parts[1].ValueKind != JsonValueKind.String || parts[2].ValueKind != JsonValueKind.String)
            {
                Refuse("expected [type, stream, name] and, for type 0, a payload");
                return;
            }

            await HandleAsync(type, parts[1].GetString()!, parts[2].GetString()!, parts.Count > 3 ? parts[3] : null);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            Refuse("expected a JSON array that begins with a number");
        }
    }

    public async Task CloseAllAsync()
    {
        foreach (var (session, _) in _streams.Values) await close(session);
        _streams.Clear();
    }

    private async Task HandleAsync(int type, string stream, string name, JsonElement? payload)
    {
        switch (type)
        {
            case Open when stream.Length > 128 || name.Length > 128: Refuse("expected stream and name of at most 128 characters"); break;
            case Open when _streams.ContainsKey(stream): Refuse("this stream is open already"); break;
            case Open when _streams.Count >= StreamsMax: Refuse($"expected at most {StreamsMax} streams"); break;
            case Open:
                var session = open(new StreamOutlet(socket, stream, name));
                _streams.Add(stream, (session, serve(session)));
                break;
            case Close when _streams.Remove(stream, out var ended): await close(ended.Session); break;
            case Message when payload is { } content && _streams.TryGetValue(stream, out var known):
                var text = content.ValueKind == JsonValueKind.String ? content.GetString()! : content.GetRawText();
                await known.Commands.HandleAsync(Encoding.UTF8.GetBytes(text));
                break;
            default: Refuse("unknown type, or a stream that is not open"); break;
        }
    }

    private void Refuse(string reason) => socket.Enqueue(
        Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", 400);
            writer.WriteString("error", "Invalid multiplexed message: " + reason);
            writer.WriteEndObject();
        }),
        TimeSpan.Zero);

    /// <summary>Wraps each frame of a stream.</summary>
    private sealed class StreamOutlet(IFrameOutlet socket, string stream, string name) : IFrameOutlet
    {
        private readonly string _head = $"[0,{JsonSerializer.Serialize(stream)},{JsonSerializer.Serialize(name)},";

        public void Enqueue(ReadOnlyMemory<byte> frame, TimeSpan delay)
        {
            var isText = frame.Span[0] is not ((byte)'{' or (byte)'[');
            var payload = Encoding.UTF8.GetString(frame.Span);
            socket.Enqueue(Encoding.UTF8.GetBytes(_head + (isText ? JsonSerializer.Serialize(payload) : payload) + "]"), delay);
        }

        public void Cut(string reason) => socket.Cut(reason);
    }
}
