using Actors.Bitmex;
using Actors.Host.CommandLine;

namespace Actors.Host.Keys;

/// <summary>
/// Reads keys from wherever they are kept. Secrets stay bytes on their way; what is read is the caller's to dispose. Every complaint is a
/// <see cref="UsageException"/> of one line without the secret.
/// </summary>
/// <param name="settings">Where Vault and the passphrase are.</param>
/// <param name="warn">Hears of what works and should not be done.</param>
internal sealed class KeyReader(KeySettings settings, Action<string> warn)
{
    /// <summary>Where systemd puts the credentials of a service; see systemd.exec(5), LoadCredential=.</summary>
    private const string CredentialsDirectory = "CREDENTIALS_DIRECTORY";

    public async Task<ApiKeyFile> ReadAsync(string source, CancellationToken cancellation)
    {
        try
        {
            using var content = await ContentAsync(KeySource.Parse(source), cancellation).ConfigureAwait(false);
            return ApiKeyFile.Parse(source, content.Span);
        }
        catch (ApiKeyFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    /// <summary>A secret that is no key, such as a passphrase, from a file or a systemd credential; line ends behind it do not count.</summary>
    public static SecretBytes ReadText(string source)
    {
        using var content = KeySource.Parse(source) switch
        {
            KeySource.PlainFile(var path) => FromFile(path),
            KeySource.Credential(var name) => FromCredential(name),
            _ => throw new ApiKeyFileException($"{source}: expected a file or systemd:NAME"),
        };
        var text = new SecretBytes(content.Span.TrimEnd("\r\n"u8));
        if (text.Length > 0) return text;
        throw new ApiKeyFileException($"{source}: is empty; expected a secret");
    }

    private async Task<SecretBytes> ContentAsync(KeySource source, CancellationToken cancellation)
    {
        switch (source)
        {
            case KeySource.PlainFile(var path):
                return FromFile(path);
            case KeySource.Credential(var name):
                return FromCredential(name);
            case KeySource.Vault(var mount, var path):
                return await VaultClient.ReadAsync(settings.Vault ?? throw new UsageException($"'vault' in {KeysFile.Name} is null; expected Vault's address and a token file"), mount, path, cancellation).ConfigureAwait(false);
            default:
                return FromVariable(((KeySource.Variable)source).Name);
        }
    }

    private static SecretBytes FromFile(string path)
    {
        CheckoutGuard.Refuse(path);
        return SecretFile.Read(path);
    }

    private static SecretBytes FromCredential(string name)
    {
        var folder = Environment.GetEnvironmentVariable(CredentialsDirectory);
        return string.IsNullOrEmpty(folder)
            ? throw new ApiKeyFileException($"systemd:{name}: ${CredentialsDirectory} is not set: expected a service with LoadCredential={name}:FILE")
            : SecretFile.ReadGuarded(Path.Combine(folder, name));
    }

    private SecretBytes FromVariable(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text) throw new ApiKeyFileException($"env:{name}: is not set");
        Environment.SetEnvironmentVariable(name, null); // what is started from here inherits it no more
        if (!EncryptedKey.IsOne(text))
            throw new ApiKeyFileException($"env:{name}: expected a key that 'actors keys encrypt' made; an open secret is not taken from an environment variable");
        if (settings.Passphrase is not { } source)
            throw new ApiKeyFileException($"env:{name}: 'passphrase' in {KeysFile.Name} is null; expected a file or systemd:NAME to decrypt with");
        warn($"the key comes from the environment variable {name}: it is inherited by every child, stands in /proc/PID/environ and ends up in dumps and service "
            + "listings, so that only the passphrase protects it; a file of mode 0600 or a systemd credential is better");
        using var passphrase = ReadText(source);
        return EncryptedKey.Decrypt($"env:{name}", text, passphrase.Span);
    }
}
