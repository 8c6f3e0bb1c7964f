using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Verifies that the journal is whole: every link of every stream, every checkpoint of the chronicles against the streams it ties together, the signatures,
/// and what the database itself knows of its rows. Reads each stream once, in step with the checkpoints; memory does not grow with either.
/// </summary>
/// <remarks>
/// What no check can find, because nothing is left of it: the loss of what was written after the last checkpoint, by whoever also mends the database's own
/// count of its rows; a change of the moment, or of an unchecked signature, in the very last record of a chronicle, which nothing after it vouches for; and, where checkpoints are not signed, a journal that was forged as a whole, every hash computed anew.
/// </remarks>
internal sealed class ChainCheck(JournalArchive archive, CheckpointVerifier? verifier, AuditFindings findings)
{
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lastPruned = new(StringComparer.Ordinal);

    /// <summary>Streams that are shorter than a checkpoint says: the first one that says so, and what it says.</summary>
    private readonly SortedDictionary<string, (long Sequence, DateTimeOffset At, long Named)> _missing = new(StringComparer.Ordinal);

    /// <summary>Chronicles whose last session ended in order: nothing of theirs may be without a checkpoint's word.</summary>
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);

    /// <summary>Sessions that did not end in order: their frames may have no checkpoint's word.</summary>
    private readonly HashSet<string> _unended = new(StringComparer.Ordinal);
    private long _prunedRows;
    private long _records;
    private long _afterLast;

    /// <summary>Whether every stream can be read to its end.</summary>
    public bool Run()
    {
        var chronicles = archive.Streams.Select(stream => stream.Stream).Where(IsChronicle).ToArray();
        if (chronicles.Length == 0) findings.Differ("", 0, null, "the journal has no chronicle: no session began in it, or it was removed");
        foreach (var chronicle in chronicles) CheckChronicle(chronicle);
        foreach (var stream in archive.Streams.Where(stream => !IsChronicle(stream.Stream))) CheckStream(stream.Stream, chronicles);
        foreach (var problem in archive.CheckTables(_prunedRows)) findings.Differ("", 0, null, problem);
        findings.Count("records verified", _records);
        findings.Remark(_afterLast == 0
            ? "every record is tied in by a checkpoint: the loss of none would go unseen (of the last checkpoint itself, its heads and its signature are all that vouches)"
            : $"{_afterLast} records were written after the last checkpoint of their account: they are chained, but their loss as a tail could not be seen from the chain");
        return _broken.Count == 0;
    }

    private static bool IsChronicle(string stream) => stream.StartsWith(SessionIndex.ChroniclePrefix, StringComparison.Ordinal);

    private static string AccountOf(string chronicle) => chronicle[SessionIndex.ChroniclePrefix.Length..];

    /// <summary>The chronicle itself: its links, its checkpoints' own heads and signatures, ends that lack their checkpoint, prunings.</summary>
    private void CheckChronicle(string chronicle)
    {
        var signed = new SignatureTally(verifier, findings, chronicle);
        var previous = new byte[JournalRecord.HashLength];
        SessionEnded? ended = null;
        var closed = false;
        long last = 0, atCheckpoint = 0;
        try
        {
            foreach (var (sequence, record) in archive.Read(chronicle))
            {
                last = sequence;
                if (sequence == 1 && record.Event is not SessionStarted) findings.Differ(chronicle, 1, record.At, "the first record is not a session's manifest");
                if (ended is not null && record.Event is not Checkpoint) findings.Differ(chronicle, sequence, record.At, $"session {ended.SessionId} ended without its checkpoint");
                if (record.Event is SessionStarted began) _unended.Add($"frames-{began.Account}-{began.SessionId}");
                else if (record.Event is SessionEnded over) _unended.Remove($"frames-{AccountOf(chronicle)}-{over.SessionId}");
                if (record.Event is not FramesPruned) closed = ended is not null && record.Event is Checkpoint;
                ended = record.Event as SessionEnded;
                if (record.Event is Checkpoint checkpoint)
                {
                    atCheckpoint = sequence;
                    signed.Check(sequence, record.At, checkpoint);
                    var own = checkpoint.Heads.FirstOrDefault(head => head.Stream == chronicle);
                    if (own is null || own.Sequence != sequence - 1 || own.Hash != Convert.ToHexStringLower(previous))
                        findings.Differ(chronicle, sequence, record.At, "the checkpoint does not name the record before it");
                    NoteMissing(chronicle, sequence, record.At, checkpoint);
                }
                else if (record.Event is FramesPruned pruned)
                {
                    archive.Vouch(pruned.Stream, pruned.Sequence, Convert.FromHexString(pruned.Hash));
                    findings.Remark($"{pruned.Frames} frames of session {pruned.SessionId}, {pruned.From:yyyy-MM-dd HH:mm:ss} to {pruned.To:yyyy-MM-dd HH:mm:ss}, were removed by their retention and are vouched for by their digest");
                    _lastPruned[pruned.Stream] = pruned.Sequence;
                }

                previous = record.Hash;
            }

            if (ended is not null) findings.Differ(chronicle, last, null, $"session {ended.SessionId} ended without its checkpoint");
        }
        catch (Exception broken) when (Break(chronicle, broken))
        {
            return;
        }

        TellMissing(chronicle);
        _prunedRows += _lastPruned.Values.Sum();
        _lastPruned.Clear();
        if (closed) _closed.Add(chronicle);
        _records += last;
        _afterLast += last - atCheckpoint;
        signed.Tell();
    }

    /// <summary>Takes note of streams that are shorter than a checkpoint says; whether their beginning was pruned is known at the end of the chronicle.</summary>
    private void NoteMissing(string chronicle, long sequence, DateTimeOffset at, Checkpoint checkpoint)
    {
        foreach (var head in checkpoint.Heads)
        {
            if (head.Stream != chronicle && (archive.Find(head.Stream)?.Last ?? 0) < head.Sequence) _missing.TryAdd(head.Stream, (sequence, at, head.Sequence));
        }
    }

    private void TellMissing(string chronicle)
    {
        foreach (var (stream, (sequence, at, named)) in _missing)
        {
            var last = Math.Max(archive.Find(stream)?.Last ?? 0, _lastPruned.GetValueOrDefault(stream));
            if (last < named) findings.Differ(stream, last + 1, at, $"it is missing: the checkpoint in record {sequence} of {chronicle} names {named} records");
        }

        _missing.Clear();
    }

    /// <summary>Another stream, in step with the checkpoints of the chronicle of its account.</summary>
    private void CheckStream(string stream, string[] chronicles)
    {
        var chronicle = chronicles.Where(one => BelongsTo(stream, AccountOf(one))).MaxBy(one => one.Length);
        if (chronicle is null)
        {
            findings.Differ(stream, 0, null, "no session of this journal has such a stream");
            return;
        }

        long last = 0, vouched = 0;
        try
        {
            using var heads = HeadsOf(chronicle, stream).GetEnumerator();
            var more = heads.MoveNext();
            foreach (var (sequence, record) in archive.Read(stream))
            {
                last = sequence;
                _records++;
                while (more && heads.Current.Sequence < sequence) more = heads.MoveNext();
                while (more && heads.Current.Sequence == sequence)
                {
                    vouched = sequence;
                    if (heads.Current.Hash != Convert.ToHexStringLower(record.Hash))
                        findings.Differ(stream, sequence, record.At, $"it is not the record that a checkpoint of {chronicle} names");
                    more = heads.MoveNext();
                }
            }
        }
        catch (Exception broken) when (Break(stream, broken))
        {
            return;
        }

        if (vouched == 0 && last > 0 && !_unended.Contains(stream) && _closed.Contains(chronicle)) findings.Differ(stream, 1, null, $"no checkpoint of {chronicle} names this stream");
        _afterLast += last - vouched;
    }

    private IEnumerable<StreamHead> HeadsOf(string chronicle, string stream)
    {
        if (_broken.Contains(chronicle)) yield break;
        foreach (var (_, record) in archive.Read(chronicle))
        {
            if (record.Event is Checkpoint checkpoint && checkpoint.Heads.FirstOrDefault(head => head.Stream == stream) is { } head) yield return head;
        }
    }

    private static bool BelongsTo(string stream, string account) => stream.Contains($"-{account}", StringComparison.Ordinal);

    /// <summary>Names the first bad record; everything else goes on.</summary>
    private bool Break(string stream, Exception broken)
    {
        if (broken is not (JournalFormatException or JournalException)) return false;
        var bad = broken as JournalFormatException;
        var words = bad is null ? broken.Message : broken.Message[(broken.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        findings.Differ(stream, bad?.Sequence ?? 0, null, words);
        _broken.Add(stream);
        return true;
    }
}
