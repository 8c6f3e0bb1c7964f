using System.Numerics;
using System.Runtime.InteropServices;

namespace Actors.LoadTests.Wire;

/// <summary>
/// What one socket was sent of public tables: how many frames and trades, and a digest of every byte. Two that listened to the same for as long and
/// missed nothing have the same digest.
/// </summary>
public sealed class Follower(FeedSocket feed)
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    private long _trades;

    public FeedSocket Feed { get; } = feed;

    /// <summary>Ends with the socket; true when it was this program that ended it.</summary>
    public Task<bool> Reading { get; private set; } = Task.FromResult(false);

    /// <summary>Rows of trades, without the partial's.</summary>
    public long Trades => Interlocked.Read(ref _trades);

    public ulong Digest { get; private set; }

    public void Begin(CancellationToken end) => Reading = Feed.ReadAllAsync(Look, end);

    private void Look(ReadOnlySpan<byte> frame)
    {
        // The venue writes no object inside a row: one brace is the frame's own.
        if (frame.StartsWith("""{"table":"trade","action":"insert","""u8)) Interlocked.Add(ref _trades, frame.Count((byte)'{') - 1);
        var words = MemoryMarshal.Cast<byte, ulong>(frame);
        foreach (var word in words) Add(word);
        foreach (var rest in frame[(words.Length * sizeof(ulong))..]) Add(rest);
    }

    private void Add(ulong word)
    {
        unchecked
        {
            Digest = (BitOperations.RotateLeft(Digest, 5) ^ word) * Prime;
        }
    }
}
