using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Actors.Domain;

namespace Actors.Journal;

/// <summary>
/// One link of a stream: an event, when and after which input it was decided, the hash of the record before it, and the exact bytes that are
/// stored. Made by <see cref="RecordCodec"/> only, so that bytes and event always agree. Equal to itself only: compare <see cref="Bytes"/>.
/// </summary>
/// <param name="Event">A domain event, or a <see cref="FramesRecorded"/>.</param>
/// <param name="At">When it was decided, as the actor's clock told; to 100 ns, in UTC.</param>
/// <param name="Cursor">The last frame that its actor had consumed.</param>
/// <param name="Previous">Hash of the predecessor in the same stream; 32 zero bytes for the first.</param>
/// <param name="Manifest">Name and version of the format of <see cref="Bytes"/>: <c>order-submitted/1</c>.</param>
/// <param name="Bytes">What is stored.</param>
public sealed record JournalRecord(
    object Event, DateTimeOffset At, Cursor Cursor, ReadOnlyMemory<byte> Previous, string Manifest, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes in a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>What the first record of a stream names as its predecessor: 32 zero bytes.</summary>
    public static readonly ReadOnlyMemory<byte> NoPredecessor = new byte[HashLength];

    /// <summary>Bytes of a record, manifest included, that are put together on the stack to be hashed.</summary>
    private const int OnStack = 2_048;

    /// <summary>The same in an array of the pool: the inputs of a second, mostly.</summary>
    private const int OfOnePiece = 32_768;

    private byte[]? _hash;

    /// <summary>SHA-256 over the manifest in UTF-8, one line feed, and the bytes. Computed once; not to be written to.</summary>
    public byte[] Hash => _hash ??= HashOf(Manifest, Bytes.Span);

    public bool Equals(JournalRecord? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override string ToString() => $"{Manifest} at {At:O} after {Cursor}";

    // No manifest holds a line feed, so where it ends is not open to argument.
    internal static byte[] HashOf(string manifest, ReadOnlySpan<byte> bytes)
    {
        var begin = Encoding.UTF8.GetByteCount(manifest) + 1;
        if (begin + bytes.Length <= OnStack)
        {
            // Of one piece: to feed a hash in pieces costs several times as much for records as short as most are.
            Span<byte> whole = stackalloc byte[OnStack];
            Encoding.UTF8.GetBytes(manifest, whole);
            whole[begin - 1] = (byte)'\n';
            bytes.CopyTo(whole[begin..]);
            return SHA256.HashData(whole[..(begin + bytes.Length)]);
        }

        if (begin + bytes.Length <= OfOnePiece)
        {
            var whole = ArrayPool<byte>.Shared.Rent(begin + bytes.Length);
            Encoding.UTF8.GetBytes(manifest, whole);
            whole[begin - 1] = (byte)'\n';
            bytes.CopyTo(whole.AsSpan(begin));
            var hashed = SHA256.HashData(whole.AsSpan(0, begin + bytes.Length));
            ArrayPool<byte>.Shared.Return(whole);
            return hashed;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(manifest));
        hash.AppendData("\n"u8);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }
}
