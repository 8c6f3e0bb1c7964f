using System.Security.Cryptography;

namespace Actors.Bitmex;

/// <summary>
/// Owns the bytes of one secret: in one place that the collector never copies elsewhere, zero once disposed. Its text shows nothing.
/// </summary>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    /// <summary>Room for a secret of <paramref name="length"/> bytes, zero until written.</summary>
    public SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>A copy; the original is the caller's to clear.</summary>
    public SecretBytes(ReadOnlySpan<byte> secret)
        : this(secret.Length) => secret.CopyTo(_bytes);

    public int Length => _bytes.Length;

    /// <summary>The secret itself. Throws <see cref="ObjectDisposedException"/> once it is cleared.</summary>
    public Span<byte> Span => Memory.Span;

    /// <summary>As <see cref="Span"/>; becomes zeros when this is disposed.</summary>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    public override string ToString() => "a secret";
}
