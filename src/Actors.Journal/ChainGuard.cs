using Actors.Domain;

namespace Actors.Journal;

/// <summary>
/// Owns the head of one stream's hash chain. On recovery every replayed record is given to <see cref="Accept(JournalRecord)"/>; from then on
/// <see cref="Seal"/> makes the next link and moves the head at once, so that several events can be sealed before the first is durable. A sealed
/// record must be persisted, in the order of sealing, or the guard thrown away (its actor stopped). Not thread-safe; owned by one actor.
/// </summary>
public sealed class ChainGuard
{
    private byte[] _head = [];

    /// <param name="stream">The persistence id; named in errors.</param>
    public ChainGuard(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        Stream = stream;
    }

    /// <summary>A chain whose first <paramref name="sequence"/> records are vouched for elsewhere (a snapshot, a pruned prefix's digest).</summary>
    public ChainGuard(string stream, long sequence, ReadOnlySpan<byte> head)
        : this(stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        if (head.Length != (sequence == 0 ? 0 : JournalRecord.HashLength))
            throw new ArgumentException($"a hash of {head.Length} bytes cannot head {sequence} records", nameof(head));
        Sequence = sequence;
        _head = head.ToArray();
    }

    public string Stream { get; }

    /// <summary>Number of the newest record, from 1; zero before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Hash of the newest record; empty before the first.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Takes the next record of the stream. Throws <see cref="JournalFormatException"/> naming stream and record when it does not follow the last.</summary>
    public void Accept(JournalRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Follow(record.Previous.Span);
        Advance(record.Hash);
    }

    /// <summary>The same with a stored record that is not read any further than a link of the chain; its hash, which is computed where it is not known from an earlier reading.</summary>
    internal byte[] Accept(string manifest, ReadOnlyMemory<byte> bytes, byte[]? hash)
    {
        try
        {
            Follow(RecordCodec.ReadPrevious(manifest, bytes).Span);
        }
        catch (JournalFormatException unreadable) when (unreadable.Stream is null)
        {
            throw new JournalFormatException(Stream, Sequence + 1, unreadable.Message, unreadable);
        }

        hash ??= JournalRecord.HashOf(manifest, bytes.Span);
        Advance(hash);
        return hash;
    }

    /// <summary>Makes the next link and moves the head. Throws as <see cref="RecordCodec.Seal"/>.</summary>
    public JournalRecord Seal(object happened, DateTimeOffset at, Cursor cursor)
    {
        var record = RecordCodec.Seal(happened, at, cursor, _head);
        Advance(record.Hash);
        return record;
    }

    /// <summary>The same with inputs that were encoded when they were taken; they are sealed together, and taken anew from now on. At least one.</summary>
    public JournalRecord SealTaken(TakenInputs taken, DateTimeOffset at, Cursor cursor)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var record = RecordCodec.SealTaken(taken, at, cursor, _head);
        Advance(record.Hash);
        return record;
    }

    private void Follow(ReadOnlySpan<byte> previous)
    {
        var expected = _head.Length == 0 ? JournalRecord.NoPredecessor.Span : _head;
        if (!previous.SequenceEqual(expected))
            throw new JournalFormatException(Stream, Sequence + 1, "the hash chain is broken here: it does not follow the record before it");
    }

    private void Advance(byte[] hash)
    {
        _head = hash;
        Sequence++;
    }
}
