using System.Text.Json;
using Actors.Bitmex;

namespace Actors.Venue.Wire;

/// <summary>Understands what a socket sends: subscriptions, authentication, the dead man's switch, heartbeats and help.</summary>
internal sealed class RealtimeCommands(VenueContext venue, RealtimeSession session)
{
    private const int ErrorsMax = 50;
    private const int TopicsMax = 200;

    private static readonly byte[] Pong = "pong"u8.ToArray();
    private static readonly string[] Operations = ["authKeyExpires", "cancelAllAfter", "subscribe", "unsubscribe", "ping", "help"];

    public async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        if (message.Span.SequenceEqual("ping"u8))
        {
            session.Send(Pong);
            return;
        }

        if (message.Span.SequenceEqual("help"u8))
        {
            session.Send(Help());
            return;
        }

        byte[]? request = null;
        try
        {
            using var document = Parse(message);
            request = message.ToArray();
            await RunAsync(document.RootElement, request);
        }
        catch (RequestException refusal)
        {
            Refuse(refusal.Status, refusal.Message, request);
        }
        catch (OverloadedException overload)
        {
            Refuse(503, overload.Message, request);
        }
    }

    /// <summary>Subscribes as the query of the socket's address says; the answers echo the request as if it had been sent.</summary>
    public async Task SubscribeAsync(string topic)
    {
        var request = Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("op", "subscribe");
            writer.WriteString("args", topic);
            writer.WriteEndObject();
        });
        await HandleAsync(request);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException)
        {
            throw new RequestException(400, "Unrecognized request. Ensure you are sending a JSON object or the text ping or help.");
        }
    }

    private async Task RunAsync(JsonElement root, byte[] request)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("op", out var op) || op.ValueKind != JsonValueKind.String)
        {
            throw new RequestException(400, "Invalid request: expected an object with op and args");
        }

        var arguments = root.TryGetProperty("args", out var args) && args.ValueKind != JsonValueKind.Null ? args : default;
        switch (op.GetString())
        {
            case "subscribe": await SubscribeAsync(Topics(arguments), request); break;
            case "unsubscribe": await UnsubscribeAsync(Topics(arguments), request); break;
            case "authKeyExpires": Authenticate(arguments, request); break;
            case "cancelAllAfter": await CancelAllAfterAsync(arguments, request); break;
            case "ping": session.Send(Pong); break;
            case "help": session.Send(Help()); break;
            default: throw new RequestException(400, $"Unknown op; expected one of {string.Join(", ", Operations)}");
        }
    }

    private static List<string> Topics(JsonElement arguments)
    {
        var topics = arguments.ValueKind switch
        {
            JsonValueKind.String => [arguments.GetString()!],
            JsonValueKind.Array when arguments.EnumerateArray().All(topic => topic.ValueKind == JsonValueKind.String) => arguments.EnumerateArray().Select(topic => topic.GetString()!).ToList(),
            _ => throw new RequestException(400, "Invalid args: expected topics"),
        };
        return topics.Count <= TopicsMax ? topics : throw new RequestException(400, $"Invalid args: expected at most {TopicsMax} topics");
    }

    private async Task SubscribeAsync(List<string> topics, byte[] request)
    {
        var identity = session.Identity;
        foreach (var topic in topics)
        {
            try
            {
                var key = Key(topic, identity);
                await venue.Loop.CommandAsync(() => Begin(topic, key, identity, request));
            }
            catch (RequestException refusal)
            {
                // One bad topic does not spoil the others of the same request.
                Refuse(refusal.Status, refusal.Message, request);
            }
        }
    }

    private bool Begin(string topic, TopicKey key, Identity? identity, byte[] request)
    {
        if (session.Topics.Contains(key)) throw new RequestException(400, $"You are already subscribed to this topic: {topic}");
        if (session.Topics.Count >= TopicsMax) throw new RequestException(400, $"Too many subscriptions: {TopicsMax} a socket");
        session.Send(Acknowledge("subscribe", topic, request));
        // The partials before the subscription: making one may publish what others wait for, which this one has in its partial.
        foreach (var partial in venue.Partials.Of(key, identity?.Account)) session.Send(partial);
        session.Topics.Add(key);
        return venue.Subscriptions.Add(key, session);
    }

    private async Task UnsubscribeAsync(List<string> topics, byte[] request)
    {
        var identity = session.Identity;
        foreach (var topic in topics)
        {
            var key = Key(topic, identity);
            await venue.Loop.CommandAsync(() =>
            {
                if (!session.Topics.Remove(key))
                    throw new RequestException(400, $"You are not subscribed to this topic: {OrderArguments.Bounded(topic)}");
                session.Send(Acknowledge("unsubscribe", topic, request));
                return venue.Subscriptions.Remove(key, session);
            });
        }
    }

    private TopicKey Key(string topic, Identity? identity)
    {
        var colon = topic.IndexOf(':', StringComparison.Ordinal);
        var table = colon < 0 ? topic : topic[..colon];
        var symbol = colon < 0 ? null : topic[(colon + 1)..];
        var isPrivate = TopicKey.PrivateTables.Contains(table);
        if (!isPrivate && !TopicKey.PublicTables.Contains(table))
            throw new RequestException(400, $"Unknown table: {OrderArguments.Bounded(table)}");
        if (isPrivate && identity is null) throw new RequestException(401, $"Authentication required: {table} is a private topic");
        if (symbol is null or "*" || table is "margin" or "wallet") symbol = null;
        else symbol = venue.Exchange.Find(symbol)?.Symbol ?? throw new RequestException(400, $"Unknown or expired symbol: {OrderArguments.Bounded(symbol)}");
        return new TopicKey(table, symbol, isPrivate ? identity!.Account.Number : 0);
    }

    private void Authenticate(JsonElement arguments, byte[] request)
    {
        if (session.Identity is not null) throw new RequestException(400, "Already authenticated.");
        if (arguments.ValueKind != JsonValueKind.Array || arguments.GetArrayLength() != 3)
            throw new RequestException(400, "Invalid args: expected key, expires and signature");
        var texts = arguments.EnumerateArray().Select(argument => argument.ValueKind == JsonValueKind.String ? argument.GetString() : argument.GetRawText()).ToList();
        session.Identity = venue.Authenticator.Check(texts[0], texts[1], texts[2], "GET", Signer.RealtimePath, [], session.Address);
        session.Send(Answer(request, static writer => writer.WriteBoolean("success", true)));
    }

    private async Task CancelAllAfterAsync(JsonElement arguments, byte[] request)
    {
        var identity = session.Identity ?? throw new RequestException(401, "Authentication required: cancelAllAfter is for an account");
        if (!identity.May(Authenticator.OrderCancel)) throw new RequestException(403, "Access Denied: this key has no permission for it.");
        var argument = arguments.ValueKind == JsonValueKind.Array && arguments.GetArrayLength() == 1 ? arguments[0] : arguments;
        var timeout = argument.ValueKind switch
        {
            JsonValueKind.Number when argument.TryGetInt64(out var number) => number,
            JsonValueKind.String when long.TryParse(argument.GetString(), out var number) => number,
            _ => throw new RequestException(400, "Invalid args: expected milliseconds"),
        };
        var verdict = venue.Limiter.TakeAuthenticated(identity.Account.Name);
        if (!verdict.IsAllowed) throw new RequestException(429, $"Rate limit exceeded, retry in {verdict.RetryAfterSeconds} seconds.");
        await venue.Loop.CommandAsync(() =>
        {
            session.Send(Answer(request, writer => OrderRoutes.ArmSwitch(venue.Exchange, identity.Account, timeout, writer)));
            return true;
        });
    }

    private void Refuse(int status, string message, byte[]? request)
    {
        session.Send(Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", status);
            writer.WriteString("error", message);
            writer.WriteStartObject("meta");
            writer.WriteEndObject();
            if (request is not null) WriteRequest(writer, request);
            writer.WriteEndObject();
        }));
        if (++session.Errors >= ErrorsMax) session.Cut("it sent too many requests that were refused");
    }

    private static byte[] Acknowledge(string operation, string topic, byte[] request) => Answer(request, writer =>
    {
        writer.WriteBoolean("success", true);
        writer.WriteString(operation, topic);
    });

    private static byte[] Answer(byte[] request, Action<Utf8JsonWriter> content) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        content(writer);
        WriteRequest(writer, request);
        writer.WriteEndObject();
    });

    private static void WriteRequest(Utf8JsonWriter writer, byte[] request)
    {
        writer.WritePropertyName("request");
        writer.WriteRawValue(request);
    }

    private static byte[] Help() => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("info", "See the documentation of the realtime API.");
        writer.WriteString("usage", "Send a message in the format: {\"op\": string, \"args\": Array<string>}");
        WriteTexts(writer, "ops", Operations);
        writer.WriteString("subscribe", "To subscribe, send: {\"op\": \"subscribe\", \"args\": [subscriptionTopic, ...]}.");
        writer.WriteStartObject("subscriptionSubjects");
        WriteTexts(writer, "authenticationRequired", TopicKey.PrivateTables);
        WriteTexts(writer, "public", TopicKey.PublicTables);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
