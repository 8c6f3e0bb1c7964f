using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Venue.Wire;

namespace Actors.Venue.Faults;

/// <summary>What goes wrong on demand.</summary>
internal enum FaultKind
{
    /// <summary>A request is answered 503 and not executed, cancels too.</summary>
    Overload,

    /// <summary>A request is answered 429 with <c>Retry-After</c> and not executed.</summary>
    RateLimit,

    /// <summary>A request is taken and never answered nor executed: the connection stays open until the client ends it.</summary>
    Stall,

    /// <summary>The connection is cut before the request is executed.</summary>
    LoseRequest,

    /// <summary>The request is executed and the connection cut instead of the answer.</summary>
    LoseAnswer,

    /// <summary>The answer comes later than it could; the request is executed at once.</summary>
    DelayAnswer,

    /// <summary>A frame is not sent: a gap in a book.</summary>
    DropFrame,

    /// <summary>A frame waits, and all that follow it on the same socket wait behind it.</summary>
    DelayFrame,

    /// <summary>A frame is sent after the one that follows it.</summary>
    ReorderFrame,

    /// <summary>A frame is sent twice.</summary>
    DuplicateFrame,

    /// <summary>A socket is cut without a closing handshake: at once, or instead of a frame when a table is named.</summary>
    DropSocket,

    /// <summary>Upgrades are answered 503.</summary>
    RefuseSocket,

    /// <summary>The venue's clock as clients see it is off: in every timestamp and in the check of expiry.</summary>
    ClockSkew,

    /// <summary>A key is disabled and its sockets are cut.</summary>
    RevokeKey,

    /// <summary>An instrument leaves the state that it is in.</summary>
    InstrumentState,

    /// <summary>The venue ends and starts again on the same port with all its state: every socket is cut, and faults are forgotten.</summary>
    Restart,
}

/// <summary>
/// One fault as asked for. Everything that is left out matches anything. A fault counts what matches it, lets <see cref="Skip"/> pass, then
/// fires <see cref="Count"/> times; with <see cref="Seconds"/> and no count it fires for as long as it lasts.
/// </summary>
internal sealed record FaultRequest
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        MaxDepth = 4,
    };

    public required FaultKind Kind { get; init; }

    /// <summary>An account's name.</summary>
    public string? Account { get; init; }

    public string? Symbol { get; init; }

    /// <summary>A table's name: of frames.</summary>
    public string? Table { get; init; }

    /// <summary>partial, insert, update or delete: of frames.</summary>
    public string? Action { get; init; }

    /// <summary>An HTTP verb: of requests.</summary>
    public string? Verb { get; init; }

    /// <summary>A route below its version, such as <c>/order</c>: of requests.</summary>
    public string? Path { get; init; }

    public long Skip { get; init; }

    public long? Count { get; init; }

    public double? Seconds { get; init; }

    public double AfterSeconds { get; init; }

    /// <summary>The chance that a match fires, from the fault's own seeded stream.</summary>
    public int Percent { get; init; } = 100;

    public long Seed { get; init; } = 1;

    /// <summary>Of a delay, of a clock's skew (may be negative), of the time until 429 says to come back.</summary>
    public long Milliseconds { get; init; }

    /// <summary>The identifier of the key to revoke.</summary>
    public string? Key { get; init; }

    /// <summary>The state to switch an instrument to: Open, Closed, Settled or Unlisted.</summary>
    public string? State { get; init; }

    /// <summary>
    /// Reads one fault, a list of them, or an object with a list named faults. Throws <see cref="FormatException"/> with one line.
    /// </summary>
    public static IReadOnlyList<FaultRequest> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var root = Json.Parse(json);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("faults", out var list)) root = list;
            var elements = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new List<JsonElement> { root };
            var requests = elements.ConvertAll(element => element.Deserialize<FaultRequest>(Strict) ?? throw new FormatException("expected a fault, found null"));
            foreach (var request in requests)
            {
                if (request.Wrong() is { } reason) throw new FormatException($"{JsonNamingPolicy.CamelCase.ConvertName(request.Kind.ToString())}: {reason}");
            }

            return requests;
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"expected a fault, a list of faults, or an object with faults: {wrong.Message.Split(" Path:")[0]}", wrong);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Strict);

    private string? Wrong()
    {
        if (Skip < 0 || Count is <= 0) return "expected skip of 0 or more and count of 1 or more";
        if (Seconds is <= 0 or > 86_400 or double.NaN || AfterSeconds is < 0 or > 86_400 or double.NaN) return "expected seconds and afterSeconds of at most a day";
        if (Percent is < 1 or > 100) return "expected percent of 1 to 100";
        if (Math.Abs((decimal)Milliseconds) > 86_400_000) return "expected milliseconds of at most a day";
        if (Milliseconds < 0 && Kind != FaultKind.ClockSkew) return "expected milliseconds of 0 or more";
        return Kind switch
        {
            FaultKind.DelayAnswer or FaultKind.DelayFrame or FaultKind.ClockSkew when Milliseconds == 0 => "expected milliseconds",
            FaultKind.RevokeKey when Key is null && Account is null => "expected key or account",
            FaultKind.InstrumentState when Symbol is null || State is not ("Open" or "Closed" or "Settled" or "Unlisted") =>
                "expected symbol, and state Open, Closed, Settled or Unlisted",
            _ => null,
        };
    }
}
