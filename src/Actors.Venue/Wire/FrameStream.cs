using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;

namespace Actors.Venue.Wire;

/// <summary>
/// An upgraded connection that several writers share: the socket of the library, which reads, closes and answers pings, and the sender, which lays
/// many frames out in one buffer, as the library cannot. Each write is whole frames, so writes must only not overlap.
/// </summary>
[SuppressMessage("Design", "CA2213", Justification = "the lock has no wait handle, and a writer may still wait for it when the connection ends")]
internal sealed class FrameStream(Stream inner) : Stream
{
    public const int HeadMax = 10;

    private const byte WholeText = 0x81;
    private const byte Length16 = 126;
    private const byte Length64 = 127;

    private readonly SemaphoreSlim _writing = new(1);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes the head of a text frame of this many bytes (RFC 6455, 5.2; a server does not mask); returns its length.</summary>
    public static int WriteHead(Span<byte> to, int length)
    {
        to[0] = WholeText;
        if (length < Length16)
        {
            to[1] = (byte)length;
            return 2;
        }

        if (length <= ushort.MaxValue)
        {
            to[1] = Length16;
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
            return 4;
        }

        to[1] = Length64;
        BinaryPrimitives.WriteUInt64BigEndian(to[2..], (ulong)length);
        return HeadMax;
    }

    /// <summary>Writes two parts as one, so that a large frame need not be copied behind its head.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(first, cancellationToken);
            if (second.Length > 0) await inner.WriteAsync(second, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => WriteAsync(buffer, default, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), default, cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Stands before the server's upgrade, so that what the library builds its socket on is a <see cref="FrameStream"/>.</summary>
internal sealed class FrameUpgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>Null until the upgrade.</summary>
    public FrameStream? Stream { get; private set; }

    public async Task<Stream> UpgradeAsync() => Stream = new FrameStream(await inner.UpgradeAsync());
}
