using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Actors.Venue.Wire;

/// <summary>A request that is refused: an HTTP status and the words that go into the error body.</summary>
internal sealed class RequestException(int status, string message, string name = "HTTPError") : Exception(message)
{
    public int Status { get; } = status;

    public string Name { get; } = name;

    /// <summary>When to come back, for whoever asks too often.</summary>
    public int? RetryAfterSeconds { get; private init; }

    public static RequestException RateLimit(int seconds) =>
        new(429, $"Rate limit exceeded, retry in {seconds} seconds.", "RateLimitError") { RetryAfterSeconds = seconds };

    public static RequestException Invalid(string message) => new(400, message, "ValidationError");
}

/// <summary>
/// The arguments of a request, whether they came in the query, a form or a JSON body. Absent, null and empty mean the same; a number may be
/// written as text; a list may be one value, a JSON array, or a text that holds one. What cannot be read is a <see
/// cref="RequestException"/>.
/// </summary>
internal sealed class RequestArguments
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    // All that was asked, when it came as one object.
    private JsonElement? _whole;

    public static RequestArguments Read(string query, string? contentType, byte[] body)
    {
        var arguments = new RequestArguments();
        arguments.AddForm(query);
        if (body.Length == 0) return arguments;
        if (contentType is not null && contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            arguments.AddForm(System.Text.Encoding.UTF8.GetString(body));
            return arguments;
        }

        var root = Parse(body, "body");
        if (root.ValueKind != JsonValueKind.Object) throw RequestException.Invalid("Invalid body: expected a JSON object");
        if (arguments._values.Count == 0) arguments._whole = root;
        foreach (var property in root.EnumerateObject()) arguments._values[property.Name] = property.Value;
        return arguments;
    }

    /// <summary>The arguments of a request that was written down.</summary>
    public static RequestArguments From(JsonElement written)
    {
        var arguments = new RequestArguments();
        foreach (var property in written.EnumerateObject()) arguments._values[property.Name] = property.Value;
        return arguments;
    }

    /// <summary>All of them as one object, to be written down.</summary>
    public JsonElement ToJson() => _whole ?? JsonSerializer.SerializeToElement(_values);

    /// <summary>Whether the argument is absent or can be read as text.</summary>
    public bool IsText(string name) => Find(name) is null or { ValueKind: JsonValueKind.String or JsonValueKind.Number };

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => throw Wrong(name, "a text"),
    };

    /// <summary>As <see cref="Text"/>, and null for what is none: for answers to a request that was refused already.</summary>
    public string? TextOrNull(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : null;

    public decimal? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) return number;
        if (value.ValueKind == JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed))
            return parsed;
        throw Wrong(name, "a number");
    }

    /// <summary>A whole number; 100.0 is one.</summary>
    public long? Whole(string name)
    {
        if (Number(name) is not { } number) return null;
        return number == decimal.Truncate(number) && Math.Abs(number) < 4_000_000_000_000_000_000m ? (long)number : throw Wrong(name, "a whole number");
    }

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } value when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw Wrong(name, "a time");
    }

    /// <summary>Empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith('['))
            value = Parse(System.Text.Encoding.UTF8.GetBytes(value.GetString()!), name);
        if (value.ValueKind != JsonValueKind.Array) return [Text(name)!];
        return [.. value.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong(name, "a list of texts"))];
    }

    /// <summary>A JSON object, itself or as text; null when absent.</summary>
    public JsonElement? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) value = Parse(System.Text.Encoding.UTF8.GetBytes(value.GetString()!), name);
        return value.ValueKind == JsonValueKind.Object ? value : throw Wrong(name, "a JSON object");
    }

    /// <summary>The objects of a JSON array, itself or as text, each with arguments of its own; empty when absent.</summary>
    public IReadOnlyList<RequestArguments> Items(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) value = Parse(System.Text.Encoding.UTF8.GetBytes(value.GetString()!), name);
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, "a list of objects");
        return [.. value.EnumerateArray().Select(element => Of(element, name))];
    }

    private static RequestArguments Of(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong(name, "a list of objects");
        var arguments = new RequestArguments();
        foreach (var property in element.EnumerateObject()) arguments._values[property.Name] = property.Value;
        return arguments;
    }

    private static RequestException Wrong(string name, string expected) => RequestException.Invalid($"Invalid {name}: expected {expected}");

    private static JsonElement Parse(byte[] json, string name)
    {
        try
        {
            return Json.Parse(json);
        }
        catch (JsonException)
        {
            throw RequestException.Invalid($"Invalid {name}: expected JSON");
        }
    }

    private JsonElement? Find(string name) =>
        _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null && !(value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0)
            ? value
            : null;

    private void AddForm(string form)
    {
        if (form.Length == 0) return;
        foreach (var (key, values) in QueryHelpers.ParseQuery(form))
        {
            // v2 clients repeat orderID[]=...; others send one value.
            var name = key.EndsWith("[]", StringComparison.Ordinal) ? key[..^2] : key;
            _values[name] = values.Count > 1 || name != key ? JsonSerializer.SerializeToElement(values.ToArray()) : JsonSerializer.SerializeToElement(values.ToString());
        }
    }
}
