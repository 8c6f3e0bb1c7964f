namespace Actors.Bitmex;

/// <summary>Owns a copy of the secret and signs with it; cleared on dispose, shown nowhere.</summary>
public sealed class ApiCredentials(string keyId, ReadOnlySpan<byte> secret) : IDisposable
{
    private readonly SecretBytes _secret = new(secret);

    public string KeyId { get; } = keyId;

    /// <summary>Signs as <see cref="Signer.Sign"/>; throws <see cref="ObjectDisposedException"/> once the secret is cleared.</summary>
    public string Sign(string verb, string pathAndQuery, long expires, ReadOnlySpan<byte> body) =>
        Signer.Sign(_secret.Span, verb, pathAndQuery, expires, body);

    public void Dispose() => _secret.Dispose();

    public override string ToString() => $"key {KeyId}";
}
