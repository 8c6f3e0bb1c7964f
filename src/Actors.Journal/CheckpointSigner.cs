using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Actors.Domain.Sessions;

namespace Actors.Journal;

/// <summary>
/// Signs checkpoints with the operator's private key, ECDSA on P-256 over SHA-256. The key is read from a PEM file once, held in memory only and never written
/// to the journal; <see cref="CheckpointVerifier"/> needs the public half alone.
/// </summary>
public sealed class CheckpointSigner : IDisposable
{
    private readonly ECDsa _key;
    private readonly string _keyId;

    private CheckpointSigner(ECDsa key)
    {
        _key = key;
        _keyId = CheckpointVerifier.NameKey(key);
    }

    /// <summary>Reads a private key in PEM. Throws <see cref="JournalException"/> with one line that names the file and holds nothing of its content.</summary>
    public static CheckpointSigner Read(string file) => new(CheckpointVerifier.ReadKey(file, isPrivate: true));

    /// <summary>The checkpoint with its signature. Thread-safe.</summary>
    public Checkpoint Sign(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var named = checkpoint with { KeyId = _keyId };
        lock (_key) return named with { Signature = Convert.ToBase64String(_key.SignData(CheckpointVerifier.SignedText(named), HashAlgorithmName.SHA256)) };
    }

    public void Dispose() => _key.Dispose();
}

/// <summary>Checks the signatures of checkpoints with the operator's public key. Not thread-safe.</summary>
public sealed class CheckpointVerifier : IDisposable
{
    private const int KeyBits = 256;
    private readonly ECDsa _key;

    private CheckpointVerifier(ECDsa key)
    {
        _key = key;
        KeyId = NameKey(key);
    }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the public key.</summary>
    public string KeyId { get; }

    /// <summary>Reads a public key in PEM (a private one is taken too). Throws as <see cref="CheckpointSigner.Read"/>.</summary>
    public static CheckpointVerifier Read(string file) => new(ReadKey(file, isPrivate: false));

    /// <summary>What is wrong with the signature, in words; null when it is this key's over exactly this checkpoint.</summary>
    public string? Refuse(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Signature is not { } text) return "it is not signed";
        if (checkpoint.KeyId != KeyId) return $"it is signed with key {checkpoint.KeyId}, not with {KeyId}";
        var signature = new byte[text.Length];
        return Convert.TryFromBase64String(text, signature, out var length) && _key.VerifyData(SignedText(checkpoint), signature.AsSpan(0, length), HashAlgorithmName.SHA256)
            ? null
            : "its signature is not that of the key";
    }

    public void Dispose() => _key.Dispose();

    /// <summary>Everything of a checkpoint but the signature, one line a head; no name of a stream holds a line feed.</summary>
    internal static byte[] SignedText(Checkpoint checkpoint)
    {
        var text = new StringBuilder("actors checkpoint 1\n").Append(checkpoint.SessionId).Append('\n').Append(checkpoint.KeyId).Append('\n');
        foreach (var head in checkpoint.Heads) text.Append(CultureInfo.InvariantCulture, $"{head.Sequence} {head.Hash} {head.Stream}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    internal static string NameKey(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));

    internal static ECDsa ReadKey(string file, bool isPrivate)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            if (key.KeySize != KeyBits) throw new CryptographicException("a key on P-256 was expected");
            if (isPrivate) key.SignData([], HashAlgorithmName.SHA256);
            return key;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            var expected = isPrivate ? "a private key" : "a public key";
            var why = refused is IOException or UnauthorizedAccessException ? "it cannot be read" : $"it does not hold {expected} on P-256 in PEM";
            throw new JournalException($"{file}: {why}", refused);
        }
    }
}
