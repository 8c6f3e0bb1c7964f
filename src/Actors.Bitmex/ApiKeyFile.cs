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

/// <summary>A key as its file holds it. The secret is the reader's to clear; the text of this object does not show it.</summary>
public sealed class ApiKeyFile
{
    private const long BytesMax = 64 * 1024;

    private const UnixFileMode OthersMask = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly string[] Fields = ["name", "id", "secret", "permissions", "cidrs"];

    private ApiKeyFile(string name, string id, byte[] secret, IReadOnlyList<string> permissions, IReadOnlyList<string> cidrs) =>
        (Name, Id, Secret, Permissions, Cidrs) = (name, id, secret, permissions, cidrs);

    public string Name { get; }

    public string Id { get; }

    public byte[] Secret { get; }

    public IReadOnlyList<string> Permissions { get; }

    /// <summary>Networks the key may be used from; empty: from anywhere.</summary>
    public IReadOnlyList<string> Cidrs { get; }

    /// <summary>Reads a key file; throws <see cref="ApiKeyFileException"/> naming the file, the field and what was expected.</summary>
    public static ApiKeyFile Read(string path)
    {
        var bytes = ReadBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return From(path, document.RootElement);
        }
        catch (JsonException broken)
        {
            // The parser's own words may quote the text around the fault, which may be the secret.
            throw new ApiKeyFileException($"{path}: not JSON at line {broken.LineNumber + 1}: expected an object with {string.Join(", ", Fields)}");
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    public override string ToString() => $"key {Id} ({Name})";

    private static byte[] ReadBytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new ApiKeyFileException($"{path}: no such file");
            if (!OperatingSystem.IsWindows() && (file.UnixFileMode & OthersMask) != 0)
                throw new ApiKeyFileException($"{path}: mode: others may use it; expected 0600 (chmod 600)");
            if (file.Length > BytesMax) throw new ApiKeyFileException($"{path}: larger than {BytesMax} bytes; expected a key file");
            return File.ReadAllBytes(path);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new ApiKeyFileException($"{path}: cannot be read: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static ApiKeyFile From(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new ApiKeyFileException($"{path}: expected an object with {string.Join(", ", Fields)}");
        var seen = new HashSet<string>();
        foreach (var field in root.EnumerateObject())
        {
            if (!Fields.Contains(field.Name))
                throw new ApiKeyFileException($"{path}: {field.Name}: unknown field; expected {string.Join(", ", Fields)}");
            if (!seen.Add(field.Name)) throw new ApiKeyFileException($"{path}: {field.Name}: given twice; expected once");
        }

        var secret = Encoding.UTF8.GetBytes(Text(path, root, "secret"));
        return new ApiKeyFile(Text(path, root, "name"), Text(path, root, "id"), secret, Texts(path, root, "permissions"), Texts(path, root, "cidrs"));
    }

    private static string Text(string path, JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new ApiKeyFileException($"{path}: {field}: expected text that is not empty");

    private static List<string> Texts(string path, JsonElement root, string field) =>
        root.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? value.EnumerateArray().Select(item => item.GetString()!).ToList()
            : throw new ApiKeyFileException($"{path}: {field}: expected a list of texts, which may be empty");
}
