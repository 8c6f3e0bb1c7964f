using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Verifies that the journal is whole: every link of every stream, every checkpoint of the chronicles against the streams it ties together, the signatures,
/// and what the database itself knows of its rows. Reads each stream once, in step with the checkpoints, and a chronicle twice; memory does not grow with either.
/// </summary>
/// <remarks>
/// What no check can find, because nothing is left of it: the loss of what was written after the last checkpoint, by whoever also mends the database's own
/// count of its rows; a change of the moment, or of an unchecked signature, in the very last record of a chronicle, which nothing after it vouches for; and, where checkpoints are not signed, a journal that was forged as a whole, every hash computed anew.
/// </remarks>
internal sealed class ChainCheck(JournalArchive archive, CheckpointVerifier? verifier, AuditFindings findings)
{
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StreamPruned> _lastPruned = new(StringComparer.Ordinal);

    /// <summary>Streams that are shorter than a checkpoint says: the first one that says so, and what it says.</summary>
    private readonly SortedDictionary<string, (long Sequence, DateTimeOffset At, long Named)> _missing = new(StringComparer.Ordinal);

    /// <summary>Chronicles whose last session ended in order: nothing of theirs may be without a checkpoint's word.</summary>
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);

    /// <summary>Sessions that did not end in order: their frames may have no checkpoint's word.</summary>
    private readonly HashSet<string> _unended = new(StringComparer.Ordinal);
    private long _prunedDecisions;
    private long _prunedFrames;
    private long _records;
    private long _afterLast;

    /// <summary>Whether every stream can be read to its end.</summary>
    public bool Run()
    {
        var chronicles = archive.Streams.Select(stream => stream.Stream).Where(SessionIndex.IsChronicle).ToArray();
        if (chronicles.Length == 0) findings.Differ("", 0, null, "the journal has no chronicle: no session began in it, or it was removed");
        foreach (var chronicle in chronicles) CheckChronicle(chronicle);
        foreach (var streams in archive.Streams.Where(stream => !SessionIndex.IsChronicle(stream.Stream)).GroupBy(stream => SessionIndex.ChronicleOf(stream.Stream, chronicles))) CheckStreams(streams.Key, streams);
        foreach (var problem in archive.CheckTables(_prunedDecisions, _prunedFrames)) findings.Differ("", 0, null, problem);
        findings.Count("records verified", _records);
        findings.Remark(_afterLast == 0
            ? "every record is tied in by a checkpoint: the loss of none would go unseen (of the last checkpoint itself, its heads and its signature are all that vouches)"
            : $"{_afterLast} records were written after the last checkpoint of their account: they are chained, but their loss as a tail could not be seen from the chain");
        return _broken.Count == 0;
    }

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
                else if (record.Event is SessionEnded over) _unended.Remove($"frames-{SessionIndex.AccountOf(chronicle)}-{over.SessionId}");
                if (record.Event is not StreamPruned) closed = ended is not null && record.Event is Checkpoint;
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
                else if (record.Event is StreamPruned pruned)
                {
                    NotePruned(sequence, record.At, pruned);
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
        TellPruned(chronicle);
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

    private void NotePruned(long sequence, DateTimeOffset at, StreamPruned pruned)
    {
        if (pruned.Sequence < 1 || pruned.Hash.Length != 2 * JournalRecord.HashLength || !pruned.Hash.All(char.IsAsciiHexDigitLower) || pruned.Sequence < (_lastPruned.GetValueOrDefault(pruned.Stream)?.Sequence ?? 0))
        {
            findings.Differ(pruned.Stream, sequence, at, "what is said to have been removed of it cannot be");
            return;
        }

        archive.Vouch(pruned);
        _lastPruned[pruned.Stream] = pruned;
        if (pruned is FramesPruned frames)
            findings.Remark($"{frames.Frames} frames of session {frames.SessionId}, {frames.From:yyyy-MM-dd HH:mm:ss} to {frames.To:yyyy-MM-dd HH:mm:ss}, were removed by their retention and are vouched for by their digest");
    }

    private void TellPruned(string chronicle)
    {
        var decisions = _lastPruned.Values.OfType<DecisionsPruned>().ToList();
        var sessions = string.Join(", ", decisions.Select(one => one.SessionId).Distinct(StringComparer.Ordinal));
        if (decisions.Count > 0)
            findings.Remark($"{decisions.Sum(one => one.Sequence)} records of decisions in {decisions.Count} streams of {SessionIndex.AccountOf(chronicle)}, until {decisions.Max(one => one.To):yyyy-MM-dd HH:mm:ss}, were removed by their retention and are vouched for by their digests: up to session {sessions} nothing can be decided again");
        _prunedDecisions += decisions.Sum(one => one.Sequence);
        _prunedFrames += _lastPruned.Values.OfType<FramesPruned>().Sum(one => one.Sequence);
        _lastPruned.Clear();
    }

    private void TellMissing(string chronicle)
    {
        foreach (var (stream, (sequence, at, named)) in _missing)
        {
            var last = Math.Max(archive.Find(stream)?.Last ?? 0, _lastPruned.GetValueOrDefault(stream)?.Sequence ?? 0);
            if (last < named) findings.Differ(stream, last + 1, at, $"it is missing: the checkpoint in record {sequence} of {chronicle} names {named} records");
        }

        _missing.Clear();
    }

    /// <summary>The other streams of an account, in step with the checkpoints of its chronicle.</summary>
    private void CheckStreams(string? chronicle, IEnumerable<StreamSummary> streams)
    {
        var walks = streams.ToDictionary(stream => stream.Stream, stream => new StreamWalk(this, stream.Stream, chronicle ?? ""), StringComparer.Ordinal);
        if (chronicle is null)
        {
            foreach (var stream in walks.Keys) findings.Differ(stream, 0, null, "no session of this journal has such a stream");
            return;
        }

        if (!_broken.Contains(chronicle))
        {
            foreach (var (_, record) in archive.Read(chronicle, static type => type == typeof(Checkpoint)))
            {
                foreach (var head in ((Checkpoint)record.Event).Heads) walks.GetValueOrDefault(head.Stream)?.Expect(head);
            }
        }

        foreach (var walk in walks.Values) walk.Finish();
    }

    /// <summary>
    /// One stream on its way from checkpoint to checkpoint. Heads are gathered and the stream read up to them when there are enough, so that not every checkpoint makes it go
    /// to the database.
    /// </summary>
    private sealed class StreamWalk(ChainCheck check, string stream, string chronicle)
    {
        private const int HeadsMax = 512;

        private readonly Queue<StreamHead> _heads = [];
        private IEnumerator<ChainLink>? _links;
        private long _last, _vouched;
        private bool _isOver;

        public void Expect(StreamHead head)
        {
            _heads.Enqueue(head);
            if (_heads.Count >= HeadsMax) Advance();
        }

        public void Finish()
        {
            Advance();
            while (Next())
            {
                // To the end: what comes after the last checkpoint is chained all the same.
            }

            _links?.Dispose();
            if (check._broken.Contains(stream)) return;
            if (_vouched == 0 && _last > 0 && !check._unended.Contains(stream) && check._closed.Contains(chronicle)) check.Tell(stream, 1, null, $"no checkpoint of {chronicle} names this stream");
            check._afterLast += _last - _vouched;
        }

        private void Advance()
        {
            while (_heads.TryDequeue(out var head))
            {
                while (_last < head.Sequence && Next())
                {
                    // Up to the record that the checkpoint names.
                }

                if (_last != head.Sequence || _links is null) continue;
                _vouched = _last;
                var link = _links.Current;
                if (head.Hash != Convert.ToHexStringLower(link.Hash)) check.Tell(stream, _last, AtOf(link), $"it is not the record that a checkpoint of {chronicle} names");
            }
        }

        private bool Next()
        {
            if (_isOver) return false;
            try
            {
                _links ??= check.Read(stream).GetEnumerator();
                if (_links.MoveNext())
                {
                    if (_last == 0) Begin(_links.Current);
                    _last = _links.Current.Sequence;
                    check._records++;
                    return true;
                }
            }
            catch (Exception broken) when (check.Break(stream, broken))
            {
                // Told; the others go on.
            }

            _isOver = true;
            return false;
        }

        private static DateTimeOffset? AtOf(in ChainLink link)
        {
            try
            {
                return RecordCodec.Open(link.Manifest, link.Bytes).At;
            }
            catch (JournalFormatException)
            {
                return null; // a forger's: that it is not the right one is told all the same
            }
        }

        private void Begin(in ChainLink first)
        {
            if (check.Pruned(stream) is DecisionsPruned && RecordCodec.TypeOf(first.Manifest)?.IsSubclassOf(typeof(StateKept)) != true)
                check.Tell(stream, first.Sequence, null, "what its retention left does not begin with a state");
        }
    }

    private StreamPruned? Pruned(string stream) => archive.PrunedOf(stream);

    /// <summary>Inputs, by far the most of the bytes, are read when they are fed again: here it is enough that not one of them was changed.</summary>
    private IEnumerable<ChainLink> Read(string stream) => archive.ReadLinks(stream, static type => type != typeof(Consumed));

    private void Tell(string stream, long sequence, DateTimeOffset? at, string words) => findings.Differ(stream, sequence, at, words);

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
