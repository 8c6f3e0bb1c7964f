using System.Collections.Concurrent;
using Actors.Domain.Sessions;

namespace Actors.Engine.Journaling;

/// <summary>
/// Where every stream of one session stands: what is durable, and what has been sealed and is on its way. Each stream is written by its own actor alone; the
/// chronicle reads all of them for its checkpoints. Thread-safe.
/// </summary>
internal sealed class StreamHeads
{
    private readonly ConcurrentDictionary<string, (long Sequence, byte[] Hash)> _durable = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _sealed = new(StringComparer.Ordinal);

    /// <summary>The session is ending: inputs that led to nothing need not be journaled any more, so that the last checkpoint can be the last.</summary>
    public bool IsClosing { get; set; }

    /// <summary>What was decided is recorded with the frames it was decided on: what arrives from now on is not, so that nothing comes after the last checkpoint.</summary>
    public bool AreFramesOver { get; set; }

    /// <param name="stream">The persistence id.</param>
    /// <param name="sequence">Number of its newest durable record.</param>
    /// <param name="hash">That record's; not to be written to.</param>
    public void Durable(string stream, long sequence, byte[] hash) => _durable[stream] = (sequence, hash);

    public void Sealed(string stream, long sequence) => _sealed[stream] = sequence;

    /// <summary>Whether nothing is on its way, but for <paramref name="except"/>.</summary>
    public bool IsSettled(string except) => _sealed.All(entry => entry.Key == except || _durable.GetValueOrDefault(entry.Key).Sequence >= entry.Value);

    /// <summary>How many records all streams but two have; it rises with whatever is decided.</summary>
    public long Decided(string except, string exceptToo) => _sealed.Where(entry => entry.Key != except && entry.Key != exceptToo).Sum(entry => entry.Value);

    /// <summary>The durable heads of all streams but one, by name.</summary>
    public IReadOnlyList<StreamHead> AllBut(string stream) =>
        [.. _durable.Where(head => head.Key != stream && head.Value.Sequence > 0).OrderBy(head => head.Key, StringComparer.Ordinal)
            .Select(head => new StreamHead(head.Key, head.Value.Sequence, Convert.ToHexStringLower(head.Value.Hash)))];
}
