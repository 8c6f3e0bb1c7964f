using System.Text.Json;
using Serilog.Formatting.Json;

namespace Actors.Host.Logs;

/// <summary>The secret values that this process knows, and the names that secrets go by. What it masks never reaches a log.</summary>
internal sealed class SecretRegistry
{
    public const string Mask = "***";

    /// <summary>Shorter values would mask half of every line, and are no secrets.</summary>
    private const int LengthMin = 6;

    private static readonly string[] Names = ["secret", "apikey", "signature", "password", "passphrase", "token", "authorization"];

    private readonly Lock _adding = new();
    private volatile string[] _values = [];

    /// <summary>Masks this value from now on, wherever it appears, as it is and as JSON escapes it.</summary>
    public void Add(string secret)
    {
        if (secret.Length < LengthMin) return;
        var escaped = JsonEncodedText.Encode(secret).ToString();
        // As it is, as JSON holds it, as the log holds either, and as a message quotes it.
        string[] forms = [secret, escaped, LogEscaped(secret), LogEscaped(escaped), secret.Replace("\"", "\\\"", StringComparison.Ordinal)];
        lock (_adding)
        {
            // Longest first: a secret that contains another is masked whole.
            _values = [.. _values.Concat(forms).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];
        }
    }

    /// <summary>Whether a property of this name is masked whatever it holds; separators and case do not count.</summary>
    public static bool IsSecretName(string name)
    {
        var plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Names.Any(secret => plain.EndsWith(secret, StringComparison.Ordinal));
    }

    /// <summary>The text with every known secret masked.</summary>
    public string Cover(string text)
    {
        foreach (var value in _values) text = text.Replace(value, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The text as the log's own JSON writer escapes it, which is less than the base library does.</summary>
    private static string LogEscaped(string text)
    {
        using var writer = new StringWriter();
        JsonValueFormatter.WriteQuotedJsonString(text, writer);
        return writer.ToString()[1..^1];
    }
}
