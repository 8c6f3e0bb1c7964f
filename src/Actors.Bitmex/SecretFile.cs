namespace Actors.Bitmex;

/// <summary>
/// Reads files that hold secrets: ordinary files of mode 0600 or stricter, owned by the user who runs. The owner is checked on Linux; other
/// systems do not tell it through the base library, and there the mode alone is checked (on Windows nothing is: its access lists are not read).
/// </summary>
public static class SecretFile
{
    private const long BytesMax = 64 * 1024;

    private const UnixFileMode Allowed = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The content of a file that is somebody's own. Throws <see cref="ApiKeyFileException"/> with one line.</summary>
    public static SecretBytes Read(string path) => Read(path, mustBeMine: true);

    /// <summary>
    /// The content of a file in a folder that a service manager guards: mode and owner are its business (systemd may show them as root's, with
    /// an access list for the service).
    /// </summary>
    public static SecretBytes ReadGuarded(string path) => Read(path, mustBeMine: false);

    /// <summary>What is wrong with a mode and an owner, in words; null when nothing is.</summary>
    public static string? Problem(UnixFileMode mode, uint? owner, uint me)
    {
        if ((mode & ~Allowed) != 0) return $"mode {Octal(mode)}: others may use it, or it is a program; expected 0600 or stricter (chmod 600)";
        return owner is { } other && other != me ? $"owned by user {other}, and this is user {me}; expected a file of one's own" : null;
    }

    private static SecretBytes Read(string path, bool mustBeMine)
    {
        try
        {
            if (Directory.Exists(path)) throw new ApiKeyFileException($"{path}: a folder; expected a file");
            if (!File.Exists(path)) throw new ApiKeyFileException($"{path}: no such file");
            if (OperatingSystem.IsLinux() && !FileOwner.IsRegular(path)) throw new ApiKeyFileException($"{path}: not an ordinary file");
            // Everything is asked of the open file: the path could be another file a moment later.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (mustBeMine && !OperatingSystem.IsWindows())
            {
                uint? owner = OperatingSystem.IsLinux() ? FileOwner.Of(file) : null;
                var me = OperatingSystem.IsLinux() ? FileOwner.Me : 0;
                if (Problem(File.GetUnixFileMode(file), owner, me) is { } problem) throw new ApiKeyFileException($"{path}: {problem}");
            }

            var length = RandomAccess.GetLength(file);
            if (length > BytesMax) throw new ApiKeyFileException($"{path}: larger than {BytesMax} bytes; expected a small file with a secret");
            var content = new SecretBytes((int)length);
            for (int at = 0, read; at < content.Length; at += read)
            {
                read = RandomAccess.Read(file, content.Span[at..], at);
                if (read == 0) throw new ApiKeyFileException($"{path}: became shorter while it was read");
            }

            return content;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ApiKeyFileException($"{path}: cannot be read: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
