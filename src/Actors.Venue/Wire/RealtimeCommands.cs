using System.Text.Json;
using Actors.Bitmex;
using Actors.Venue.Faults;

namespace Actors.Venue.Wire;

/// <summary>Understands what a socket sends: subscriptions, authentication, the dead man's switch, heartbeats and help.</summary>
internal sealed class RealtimeCommands(VenueContext venue, RealtimeSession session)
{
    /// <summary>Topics of one socket. A choice: no such bound of the real venue is known, and a client of 200 instruments must have room for several each.</summary>
    public const int TopicsMax = 1_000;

    private const int ErrorsMax = 50;

    private static readonly byte[] Pong = "pong"u8.ToArray();

    public async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        if (message.Span.SequenceEqual("ping"u8))
        {
            session.Send(Pong);
            return;
        }

        if (message.Span.SequenceEqual("help"u8))
        {
            session.Send(RealtimeHelp.Bytes);
            return;
        }

        byte[]? request = null;
        try
        {
            var root = Parse(message);
            request = message.ToArray();
            await RunAsync(root, request);
        }
        catch (RequestException refusal)
        {
            Refuse(refusal, request);
        }
        catch (OverloadedException overload)
        {
            Refuse(new RequestException(503, overload.Message), request);
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

    private static JsonElement Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return Json.Parse(message);
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
            case "subscribe": await EachAsync(TopicsOf(arguments), SubscribeAsync, request); break;
            case "unsubscribe": await EachAsync(TopicsOf(arguments), UnsubscribeAsync, request); break;
            case "authKeyExpires": Authenticate(arguments, request); break;
            case "cancelAllAfter": await CancelAllAfterAsync(arguments, request); break;
            case "authKey": throw new RequestException(400, "authKey is no longer supported; use authKeyExpires");
            case "ping": session.Send(Pong); break;
            case "help": session.Send(RealtimeHelp.Bytes); break;
            default: throw new RequestException(400, $"Unknown op; expected one of {string.Join(", ", RealtimeHelp.Operations)}");
        }
    }

    private static List<string> TopicsOf(JsonElement arguments)
    {
        var topics = arguments.ValueKind switch
        {
            JsonValueKind.String => [arguments.GetString()!],
            JsonValueKind.Array when arguments.EnumerateArray().All(topic => topic.ValueKind == JsonValueKind.String) => arguments.EnumerateArray().Select(topic => topic.GetString()!).ToList(),
            _ => throw new RequestException(400, "Invalid args: expected topics"),
        };
        return topics.Count <= TopicsMax ? topics : throw new RequestException(400, $"Invalid args: expected at most {TopicsMax} topics");
    }

    private async Task EachAsync(List<string> topics, Func<string, byte[], Task> action, byte[] request)
    {
        foreach (var topic in topics)
        {
            try
            {
                await action(topic, request);
            }
            catch (RequestException refusal)
            {
                // One bad topic does not spoil the others of the same request.
                Refuse(refusal, request);
            }
        }
    }

    private Task<bool> SubscribeAsync(string topic, byte[] request)
    {
        var identity = session.Identity;
        return venue.Loop.CommandAsync(() => Begin(topic, Topics.Read(topic, venue.Exchange, identity?.Account.Number), identity, request));
    }

    private bool Begin(string topic, TopicKey key, Identity? identity, byte[] request)
    {
        if (session.Topics.Contains(key)) throw new RequestException(400, $"You are already subscribed to this topic: {topic}");
        if (session.Topics.Count >= TopicsMax) throw new RequestException(400, $"Too many subscriptions: {TopicsMax} a socket");
        session.Send(Acknowledge("subscribe", topic, request));
        if (key.Account != 0) venue.Publisher.Follow(key.Table, identity!.Account);
        // The partials before the subscription: making one may publish what others wait for, which this one has in its partial.
        foreach (var partial in venue.Partials.Of(key, identity?.Account))
            session.Send(partial, new FaultTag(null, key.Symbol, Table: key.Table, Action: "partial"));
        session.Topics.Add(key);
        return venue.Subscriptions.Add(key, session);
    }

    private Task<bool> UnsubscribeAsync(string topic, byte[] request)
    {
        var identity = session.Identity;
        return venue.Loop.CommandAsync(() =>
        {
            var key = Topics.Read(topic, venue.Exchange, identity?.Account.Number);
            if (!session.Topics.Remove(key)) throw new RequestException(400, $"You are not subscribed to this topic: {OrderArguments.Bounded(topic)}");
            session.Send(Acknowledge("unsubscribe", topic, request));
            return venue.Subscriptions.Remove(key, session);
        });
    }

    private void Authenticate(JsonElement arguments, byte[] request)
    {
        if (session.Identity is not null) throw new RequestException(400, "Already authenticated.");
        if (arguments.ValueKind != JsonValueKind.Array || arguments.GetArrayLength() != 3)
            throw new RequestException(400, "Invalid args: expected key, expires and signature");
        var texts = arguments.EnumerateArray().Select(argument => argument.ValueKind == JsonValueKind.String ? argument.GetString() : argument.GetRawText()).ToList();
        session.Identity = venue.Authenticator.Check(new Credentials(texts[0], texts[1], texts[2]), "GET", Signer.RealtimePath, [], session.Address);
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
        if (!verdict.IsAllowed) throw RequestException.RateLimit(verdict.RetryAfterSeconds);
        var written = JsonSerializer.SerializeToElement(new { timeout });
        await venue.Loop.RequestAsync(identity.Account.Number, "POST", "/order/cancelAllAfter", written, () =>
        {
            session.Send(Answer(request, writer => OrderRoutes.ArmSwitch(venue.Exchange, identity.Account, timeout, writer)));
            return true;
        });
    }

    private void Refuse(RequestException refusal, byte[]? request)
    {
        session.Send(Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", refusal.Status);
            writer.WriteString("error", refusal.Message);
            writer.WriteStartObject("meta");
            if (refusal.RetryAfterSeconds is { } seconds) writer.WriteNumber("retryAfter", seconds);
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
}
