using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Actors.Bitmex.Wire;

namespace Actors.Bitmex.Rest;

/// <summary>How far a request came.</summary>
public enum RestReach
{
    /// <summary>Nothing left this machine, or nobody took it: certainly not executed.</summary>
    NotSent = 1,

    /// <summary>It may have arrived; there is no whole answer.</summary>
    NoAnswer = 2,

    Answered = 3,
}

/// <summary>What came of one request: the venue's answer, or why there is none.</summary>
public sealed class RestAnswer
{
    private const int TooManyRequests = 429;
    private const int Unavailable = 503;

    private RestAnswer(RestReach reach, string reason) => (Reach, Reason) = (reach, reason);

    public RestReach Reach { get; }

    /// <summary>One line: why there is no answer, or what the venue said was wrong.</summary>
    public string Reason { get; private init; }

    public int Status { get; private init; }

    public byte[] Body { get; private init; } = [];

    public int? Limit { get; private init; }

    public int? Remaining { get; private init; }

    public int? RemainingThisSecond { get; private init; }

    public TimeSpan? RetryAfter { get; private init; }

    public bool IsSuccess => Reach == RestReach.Answered && Status is >= 200 and < 300;

    /// <summary>Overload (the engine's queue was full, 503) and rate limit (429): refused before any execution, worth trying again later.</summary>
    public bool IsShed => Status == TooManyRequests || (Status == Unavailable && Reason.Contains("overloaded", StringComparison.OrdinalIgnoreCase));

    /// <summary>The venue read the request and did not do it. 408 and all of 5xx leave it open whether it did.</summary>
    public bool IsRefusal => Reach == RestReach.NotSent || (Reach == RestReach.Answered && (IsShed || Status is >= 400 and < 500 and not 408));

    /// <summary>The venue did not accept the key itself (401) or did not let it do this (403): no later request will fare better.</summary>
    public bool IsKeyRefusal => Reach == RestReach.Answered && Status is 401 or 403;

    public bool IsRetryable => Reach == RestReach.NotSent || IsShed;

    public static RestAnswer NotSent(string reason) => new(RestReach.NotSent, WireFormatException.OneLine(reason));

    public static RestAnswer None(string reason) => new(RestReach.NoAnswer, WireFormatException.OneLine(reason));

    public static RestAnswer From(int status, byte[] body, HttpResponseHeaders headers)
    {
        var limited = status == TooManyRequests;
        return new RestAnswer(RestReach.Answered, string.Empty)
        {
            Status = status,
            Body = body,
            Reason = status is >= 200 and < 300 ? string.Empty : WireFormatException.OneLine($"{status} {ErrorText(body)}"),
            Limit = Number(headers, "x-ratelimit-limit"),
            Remaining = Number(headers, "x-ratelimit-remaining"),
            RemainingThisSecond = Number(headers, "x-ratelimit-remaining-1s"),
            RetryAfter = limited ? TimeSpan.FromSeconds(Math.Clamp(Number(headers, "Retry-After") ?? 1, 1, 3600)) : null,
        };
    }

    private static int? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>The message of <c>{"error":{"message":..}}</c>; a proxy's page has none.</summary>
    private static string ErrorText(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("message", out var message)
                    ? message.ToString()
                    : "without a reason";
        }
        catch (JsonException)
        {
            return "with a body that is not JSON";
        }
    }
}
