using Actors.Host.CommandLine;

namespace Actors.Host.Keys;

/// <summary>Where a secret is kept, as a person names it: a path, or <c>systemd:NAME</c>, <c>vault:MOUNT/PATH</c>, <c>env:NAME</c>.</summary>
internal abstract record KeySource
{
    public const string Expected = "a file, systemd:NAME, vault:MOUNT/PATH or env:NAME";

    private KeySource()
    {
    }

    public sealed record PlainFile(string Path) : KeySource;

    /// <summary>A credential that systemd puts into <c>$CREDENTIALS_DIRECTORY</c>.</summary>
    public sealed record Credential(string Name) : KeySource;

    /// <summary>A secret of HashiCorp Vault's KV engine, version 2. The mount is the first part: one that itself has a slash cannot be named.</summary>
    public sealed record Vault(string Mount, string Path) : KeySource;

    /// <summary>An environment variable with a key as <see cref="EncryptedKey"/> makes it.</summary>
    public sealed record Variable(string Name) : KeySource;

    /// <summary>Throws <see cref="UsageException"/> for a source that is begun and not named.</summary>
    public static KeySource Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var rest = text[(colon + 1)..];
        return (colon < 0 ? string.Empty : text[..colon]) switch
        {
            "systemd" when IsFileName(rest) => new Credential(rest),
            "env" when rest.Length > 0 && rest.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') => new Variable(rest),
            "vault" when rest.Split('/') is [{ Length: > 0 } mount, .. { Length: > 0 } path] && path.All(IsFileName) => new Vault(mount, string.Join('/', path)),
            "systemd" or "env" or "vault" => throw new UsageException($"'{text}' is not {Expected}"),
            _ => new PlainFile(text),
        };
    }

    private static bool IsFileName(string text) => text.Length > 0 && text is not ("." or "..") && !text.Contains('/', StringComparison.Ordinal);
}
