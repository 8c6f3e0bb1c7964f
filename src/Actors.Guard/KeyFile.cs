namespace Actors.Guard;

/// <summary>The guard's own key. The secret never leaves this object but as a signature.</summary>
internal sealed class Key(string id, byte[] secret)
{
    public string Id { get; } = id;
    public byte[] Secret { get; } = secret;
    public override string ToString() => $"key {Id}";
}

/// <summary>Reads a key file: JSON with name, id, secret, permissions and cidrs, mode 0600 or stricter. Whoever is not root and can read such a
/// file owns it. systemd's credentials are root's with an access list in a folder that only the service sees, so no mode is asked there.</summary>
internal static class KeyFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Key Read(string path)
    {
        var bytes = ReadBytes(path, isSecret: true);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new RefusalException($"{path}: expected an object with name, id, secret, permissions, cidrs");
            return new Key(Text(path, root, "id"), Encoding.UTF8.GetBytes(Text(path, root, "secret")));
        }
        catch (JsonException broken)
        {
            // The parser's own words may quote what stands around the fault, which may be the secret.
            throw new RefusalException($"{path}:{broken.LineNumber + 1}: not JSON");
        }
        finally { Array.Clear(bytes); }
    }

    /// <summary>The address that alerts go to: one line, https, or http on this machine.</summary>
    public static Uri ReadAddress(string path)
    {
        var text = Encoding.UTF8.GetString(ReadBytes(path, isSecret: true)).Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && IsPrivate(address)
            ? address
            : throw new RefusalException($"{path}: expected one https address");
    }

    /// <summary>Whether nobody on the way can read what is sent there.</summary>
    public static bool IsPrivate(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>A file's bytes; refused when it cannot be read, or is a secret that others may use.</summary>
    public static byte[] ReadBytes(string path, bool isSecret)
    {
        try
        {
            var credentials = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
            var isCredential = credentials is not null && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.GetFullPath(credentials);
            if (!File.Exists(path)) throw new RefusalException($"{path}: no such file");
            if (isSecret && !isCredential && (File.GetUnixFileMode(path) & ~Owner) != 0) throw new RefusalException($"{path}: others may use it; expected mode 0600 or stricter (chmod 600)");
            return File.ReadAllBytes(path);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"{path}: cannot be read: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string Text(string path, JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new RefusalException($"{path}: {name}: expected text that is not empty");
}
