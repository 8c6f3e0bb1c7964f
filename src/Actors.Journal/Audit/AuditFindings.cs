using System.Globalization;
using Actors.Domain;

namespace Actors.Journal.Audit;

/// <summary>One place where the journal is not what it must be: a record that was tampered with, or a decision that comes out otherwise.</summary>
/// <param name="Stream">The stream; empty where the finding is of the journal as a whole.</param>
/// <param name="Sequence">The record's number in its stream; zero where it is of the stream as a whole.</param>
/// <param name="At">When the record was decided; null where that cannot be known.</param>
/// <param name="Words">What is wrong, in one line.</param>
/// <param name="Causes">What the decision depended on, from the frame to the limit, a line each.</param>
public sealed record AuditDifference(string Stream, long Sequence, DateTimeOffset? At, string Words, IReadOnlyList<string> Causes)
{
    public override string ToString() => Stream.Length == 0
        ? Words
        : string.Create(CultureInfo.InvariantCulture, $"{Stream}{(Sequence == 0 ? "" : $", record {Sequence}")}{(At is { } at ? $" at {at:yyyy-MM-dd HH:mm:ss.fff}" : "")}: {Words}");
}

/// <summary>Gathers what an audit finds and counts what it did. Keeps the earliest differences in full and counts the others, so that memory is bounded.</summary>
public sealed class AuditFindings
{
    /// <summary>Differences kept in full.</summary>
    public const int KeptMax = 100;

    private readonly PriorityQueue<AuditDifference, (DateTimeOffset, string, long)> _kept = new(Comparer<(DateTimeOffset, string, long)>.Create(static (left, right) =>
        right.CompareTo(left)));

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _remarks = [];

    /// <summary>All differences, also those that are not kept.</summary>
    public long Differences { get; private set; }

    /// <summary>The kept differences, the earliest first.</summary>
    public IReadOnlyList<AuditDifference> Kept => [.. _kept.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element)];

    /// <summary>What was counted, by its words.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>What could not be proved and why, and what a person should know; no difference.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    public void Differ(string stream, long sequence, DateTimeOffset? at, string words, params IReadOnlyList<string> causes)
    {
        Differences++;
        Keep(new AuditDifference(stream, sequence, at, words, causes));
    }

    /// <summary>What another part of the same audit found, behind what is here.</summary>
    internal void Add(AuditFindings others)
    {
        Differences += others.Differences;
        foreach (var difference in others.Kept) Keep(difference);
        foreach (var (what, count) in others._counts) Count(what, count);
        foreach (var words in others._remarks) Remark(words);
    }

    public void Count(string what, long by = 1) => _counts[what] = _counts.GetValueOrDefault(what) + by;

    public void Remark(string words)
    {
        if (_remarks.Count < KeptMax) _remarks.Add(words);
    }

    private void Keep(AuditDifference difference)
    {
        _kept.Enqueue(difference, (difference.At ?? DateTimeOffset.MaxValue, difference.Stream, difference.Sequence));
        if (_kept.Count > KeptMax) _kept.Dequeue();
    }

    internal static string Words(Cursor cursor) => cursor == default ? "no frame yet" : $"frame {cursor}";
}
