using System.Security.Cryptography;

namespace Actors.Bitmex;

/// <summary>Owns a copy of the secret and signs with it; cleared on dispose, shown nowhere.</summary>
public sealed class ApiCredentials(string keyId, ReadOnlySpan<byte> secret) : IDisposable
{
    private readonly byte[] _secret = secret.ToArray();
    private bool _disposed;

    public string KeyId { get; } = keyId;

    /// <summary>Signs as <see cref="Signer.Sign"/>; throws <see cref="ObjectDisposedException"/> once the secret is cleared.</summary>
    public string Sign(string verb, string pathAndQuery, long expires, ReadOnlySpan<byte> body)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Signer.Sign(_secret, verb, pathAndQuery, expires, body);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    public override string ToString() => $"key {KeyId}";
}
