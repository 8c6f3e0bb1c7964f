using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Actors.Bitmex;

/// <summary>A key file cannot be used; the message is one line: file, field, what was expected. It never holds the secret.</summary>
public sealed class ApiKeyFileException : Exception
{
    public ApiKeyFileException()
    {
    }

    public ApiKeyFileException(string message)
        : base(message)
    {
    }

    public ApiKeyFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>
/// A key as its file holds it, wherever the file comes from. Owns the secret, which never was a string; the text of this object does not show it.
/// </summary>
public sealed class ApiKeyFile : IDisposable
{
    private static readonly string[] Fields = ["name", "id", "secret", "permissions", "cidrs"];

    private readonly List<string> _seen = [];
    private SecretBytes? _secret;

    private ApiKeyFile()
    {
    }

    public string Name { get; private set; } = string.Empty;

    public string Id { get; private set; } = string.Empty;

    /// <summary>Cleared when this is disposed.</summary>
    public SecretBytes Secret => _secret!;

    public IReadOnlyList<string> Permissions { get; private set; } = [];

    /// <summary>Networks the key may be used from; empty: from anywhere.</summary>
    public IReadOnlyList<string> Cidrs { get; private set; } = [];

    /// <summary>
    /// What a key is recognised by where it must not be named: SHA-256 of its identifier in lower-case hex, as <c>printf %s ID | sha256sum</c> tells it.
    /// The secret has no part in it.
    /// </summary>
    public string Fingerprint => FingerprintOf(Id);

    public static string FingerprintOf(string keyId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keyId)));

    /// <summary>Reads a key file; throws <see cref="ApiKeyFileException"/> naming the file, the field and what was expected.</summary>
    public static ApiKeyFile Read(string path)
    {
        using var content = SecretFile.Read(path);
        return Parse(path, content.Span);
    }

    /// <summary>Reads the content of a key file that came another way; <paramref name="where"/> is named in complaints.</summary>
    public static ApiKeyFile Parse(string where, ReadOnlySpan<byte> content)
    {
        var key = new ApiKeyFile();
        try
        {
            key.Fill(where, content);
            return key;
        }
        catch (Exception broken)
        {
            key._secret?.Dispose();
            // The parser's own words may quote the text around the fault, which may be the secret.
            if (broken is JsonException or InvalidOperationException)
                throw new ApiKeyFileException($"{where}: not JSON at line {((broken as JsonException)?.LineNumber ?? 0) + 1}: expected an object with {string.Join(", ", Fields)}");
            throw;
        }
    }

    public void Dispose() => _secret?.Dispose();

    public override string ToString() => $"key {Id} ({Name})";

    private void Fill(string where, ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new ApiKeyFileException($"{where}: expected an object with {string.Join(", ", Fields)}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            if (!Fields.Contains(field)) throw new ApiKeyFileException($"{where}: {field}: unknown field; expected {string.Join(", ", Fields)}");
            if (_seen.Contains(field)) throw new ApiKeyFileException($"{where}: {field}: given twice; expected once");
            _seen.Add(field);
            reader.Read();
            Take(where, field, ref reader);
        }

        reader.Read(); // anything after the object throws
        foreach (var field in Fields.Except(_seen)) throw field is "permissions" or "cidrs" ? NoTexts(where, field) : NoText(where, field);
    }

    private void Take(string where, string field, ref Utf8JsonReader value)
    {
        switch (field)
        {
            case "name":
                Name = Text(where, field, ref value);
                break;
            case "id":
                Id = Text(where, field, ref value);
                break;
            case "secret":
                _secret = Bytes(where, field, ref value);
                break;
            case "permissions":
                Permissions = Texts(where, field, ref value);
                break;
            default:
                Cidrs = Texts(where, field, ref value);
                break;
        }
    }

    private static string Text(string where, string field, ref Utf8JsonReader value) =>
        value.TokenType == JsonTokenType.String && value.GetString() is { Length: > 0 } text ? text : throw NoText(where, field);

    private static SecretBytes Bytes(string where, string field, ref Utf8JsonReader value)
    {
        if (value.TokenType != JsonTokenType.String || value.ValueSpan.IsEmpty) throw NoText(where, field);
        using var room = new SecretBytes(value.ValueSpan.Length);
        var length = value.CopyString(room.Span); // escapes make it shorter, never longer
        return new SecretBytes(room.Span[..length]);
    }

    private static List<string> Texts(string where, string field, ref Utf8JsonReader value)
    {
        if (value.TokenType != JsonTokenType.StartArray) throw NoTexts(where, field);
        var texts = new List<string>();
        while (value.Read() && value.TokenType != JsonTokenType.EndArray)
        {
            if (value.TokenType != JsonTokenType.String) throw NoTexts(where, field);
            texts.Add(value.GetString()!);
        }

        return texts;
    }

    private static ApiKeyFileException NoText(string where, string field) => new($"{where}: {field}: expected text that is not empty");

    private static ApiKeyFileException NoTexts(string where, string field) => new($"{where}: {field}: expected a list of texts, which may be empty");
}
