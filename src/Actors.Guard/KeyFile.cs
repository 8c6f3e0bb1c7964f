namespace Actors.Guard;

/// <summary>The guard's own key. The secret never leaves this object but as a signature.</summary>
internal sealed record Key(string Id, byte[] Secret)
{
    public override string ToString() => $"key {Id}";
}

/// <summary>Reads a key file: JSON with name, id, secret, permissions and cidrs, mode 0600 or stricter. Whoever is not root and can read such a
/// file owns it. systemd's credentials are root's with an access list in a folder that only the service sees, so no mode is asked there.</summary>
internal static class KeyFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Key Read(string path)
    {
        var root = Node.Parse(path, ReadBytes(path, isSecret: true));
        return new Key(root.Required("id").AsText(), Encoding.UTF8.GetBytes(root.Required("secret").AsText()));
    }

    /// <summary>The address that alerts go to: one line, https, or http on this machine.</summary>
    public static Uri ReadAddress(string path)
    {
        var text = Encoding.UTF8.GetString(ReadBytes(path, isSecret: true)).Trim();
        return PrivateAddress(text, "http") ?? throw new RefusalException($"{path}: expected one https address");
    }

    /// <summary>An address where nobody on the way can read what is sent: by TLS, or on this machine. Null when it is none.</summary>
    public static Uri? PrivateAddress(string text, string scheme) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == scheme + "s" || (address.Scheme == scheme && address.IsLoopback)) ? address : null;

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
}
