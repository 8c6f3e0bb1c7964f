using Actors.Domain.Books;

namespace Actors.Bitmex.Recordings;

/// <summary>
/// Compares one instrument's quote stream with the tops its book went through. Before 2022 level changes carry no time, and quotes arrive in
/// batches up to 1.2 s away from them, so "the same moment" is found by order and not by clock: both streams tell the same tops in the same
/// order. One engine event may arrive as up to three frames (delete, update, insert) of which the quotes only tell the end, so that a quote must
/// equal - both prices and both sizes - one of the next three different tops of the book after the top that the quote before it was. (In the
/// recordings of 2021 the farthest is the second.) A quote that equals none of them is a disagreement.
/// Undecided are only: quotes before the first that the book confirms (at most <see cref="LeadingMax"/>; the book's snapshot came later than they
/// did), and those of the last two seconds that the file ends on.
/// </summary>
internal sealed class QuoteCheck
{
    public const int LeadingMax = 64;

    private const int Reach = 3;
    private const int TopsMax = 65536;
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(2);

    private readonly List<BookTop> _tops = [];
    private readonly List<(BookTop Top, DateTimeOffset Time)> _quotes = [];
    private bool _isSynchronised;
    private int _misses;

    public long Agreed { get; private set; }

    public long Disagreed { get; private set; }

    public long Undecided { get; private set; }

    /// <summary>A new snapshot: nothing is known of the tops in between.</summary>
    public void Restart() => _isSynchronised = false;

    public void Book(BookTop top)
    {
        if (_tops.Count > 0 && _tops[^1] == top) return;
        _tops.Add(top);
        if (_tops.Count > TopsMax)
        {
            // No quotes come: only the last tops can still be spoken of.
            _tops.RemoveRange(0, TopsMax / 2);
            _isSynchronised = false;
        }

        if (_quotes.Count > 0) Compare();
    }

    public void Quote(BookTop quote, DateTimeOffset time)
    {
        _quotes.Add((quote, time));
        Compare();
    }

    /// <summary>The file is over. A book that was right is not two seconds behind its quotes.</summary>
    public void End()
    {
        var last = _quotes.Count > 0 ? _quotes[^1].Time : default;
        foreach (var (_, time) in _quotes)
        {
            if (_tops.Count > 0 && (last - time > Tail || (!_isSynchronised && Agreed == 0))) Disagreed++;
            else Undecided++;
        }

        _quotes.Clear();
    }

    private void Compare()
    {
        while (_quotes.Count > 0 && (_isSynchronised ? Next() : Synchronise()))
        {
            // Each step takes at least one quote away.
        }
    }

    private bool Synchronise()
    {
        for (var i = 0; i < _quotes.Count; i++)
        {
            var index = _tops.IndexOf(_quotes[i].Top);
            if (index < 0) continue;
            Undecided += i;
            _quotes.RemoveRange(0, i);
            _isSynchronised = true;
            return Agree(index);
        }

        if (_quotes.Count <= LeadingMax || _tops.Count == 0) return false;
        Disagreed++;
        _quotes.RemoveAt(0);
        return true;
    }

    private bool Next()
    {
        // Each quote missed may have been right: the book went on by as much as one quote can.
        var reach = Math.Min(Reach * (1 + _misses), TopsMax);
        var index = _tops.IndexOf(_quotes[0].Top, 0, Math.Min(_tops.Count, reach + 1));
        if (index >= 0) return Agree(index);
        if (_tops.Count <= reach) return false;
        Disagreed++;
        _misses++;
        _quotes.RemoveAt(0);
        return true;
    }

    private bool Agree(int index)
    {
        Agreed++;
        _misses = 0;
        _tops.RemoveRange(0, index);
        _quotes.RemoveAt(0);
        return true;
    }
}
