using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Actors.Bitmex;

namespace Actors.Host.Keys;

/// <summary>
/// A key file's content as text that may be seen: AES-256 in GCM under a key that PBKDF2 with HMAC-SHA-256 draws from a passphrase. After the
/// mark, in base 64: iterations (4 bytes, most significant first), salt (16), nonce (12), tag (16), what was encrypted. Mark, iterations and
/// salt are authenticated too.
/// </summary>
internal static class EncryptedKey
{
    private const string Mark = "actors-key-1:";

    /// <summary>What OWASP's cheat sheet on password storage recommends for this derivation (2023).</summary>
    private const int Iterations = 600_000;

    // Fewer are no protection; more are an attempt to keep the reader busy.
    private const int IterationsMin = 100_000;
    private const int IterationsMax = 10_000_000;

    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;
    private const int HeadBytes = sizeof(int) + SaltBytes;
    private const int PassphraseBytesMin = 12;

    public static bool IsOne(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Throws <see cref="ApiKeyFileException"/> for a passphrase of less than 12 bytes.</summary>
    public static string Encrypt(ReadOnlySpan<byte> content, ReadOnlySpan<byte> passphrase)
    {
        if (passphrase.Length < PassphraseBytesMin) throw new ApiKeyFileException($"the passphrase has {passphrase.Length} bytes; expected at least {PassphraseBytesMin}");
        var blob = new byte[HeadBytes + NonceBytes + TagBytes + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(blob, Iterations);
        RandomNumberGenerator.Fill(blob.AsSpan(sizeof(int), SaltBytes + NonceBytes));
        using var key = Derive(blob, passphrase);
        using var cipher = new AesGcm(key.Span, TagBytes);
        cipher.Encrypt(Nonce(blob), content, Encrypted(blob), Tag(blob), Authenticated(blob));
        return Mark + Convert.ToBase64String(blob);
    }

    /// <summary>What was encrypted. Throws <see cref="ApiKeyFileException"/> that names <paramref name="where"/> and never the text.</summary>
    public static SecretBytes Decrypt(string where, string text, ReadOnlySpan<byte> passphrase)
    {
        var blob = new byte[text.Length];
        if (!IsOne(text) || !Convert.TryFromBase64String(text[Mark.Length..], blob, out var length) || length < HeadBytes + NonceBytes + TagBytes)
            throw new ApiKeyFileException($"{where}: not whole; expected text that 'actors keys encrypt' made");
        Array.Resize(ref blob, length);
        if (BinaryPrimitives.ReadInt32BigEndian(blob) is < IterationsMin or > IterationsMax)
            throw new ApiKeyFileException($"{where}: expected between {IterationsMin} and {IterationsMax} iterations");
        using var key = Derive(blob, passphrase);
        using var cipher = new AesGcm(key.Span, TagBytes);
        var content = new SecretBytes(Encrypted(blob).Length);
        try
        {
            cipher.Decrypt(Nonce(blob), Encrypted(blob), Tag(blob), content.Span, Authenticated(blob));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            content.Dispose();
            throw new ApiKeyFileException($"{where}: cannot be decrypted: another passphrase, or text that was changed");
        }
    }

    private static SecretBytes Derive(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> passphrase)
    {
        var key = new SecretBytes(KeyBytes);
        Rfc2898DeriveBytes.Pbkdf2(passphrase, blob.Slice(sizeof(int), SaltBytes), key.Span, BinaryPrimitives.ReadInt32BigEndian(blob), HashAlgorithmName.SHA256);
        return key;
    }

    private static Span<byte> Nonce(byte[] blob) => blob.AsSpan(HeadBytes, NonceBytes);

    private static Span<byte> Tag(byte[] blob) => blob.AsSpan(HeadBytes + NonceBytes, TagBytes);

    private static Span<byte> Encrypted(byte[] blob) => blob.AsSpan(HeadBytes + NonceBytes + TagBytes);

    private static byte[] Authenticated(byte[] blob) => [.. Encoding.ASCII.GetBytes(Mark), .. blob.AsSpan(0, HeadBytes)];
}
