namespace Actors.Journal.Storage;

/// <summary>
/// Pages of streams that were read of late, for readings that follow each other closely: what one has fetched, opened and hashed the next need not. Bounded by what its pages
/// have stored, so that memory does not grow with the journal; the page that was used longest ago goes first, and one that every reading of its stream has had goes at once: what is opened
/// in it is much larger than what is stored, and is best collected young. Not thread-safe.
/// </summary>
internal sealed class PageShelf
{
    private const int PagesMax = 48;
    private const long BytesMax = 512 * 1024;

    private readonly LinkedList<((string Stream, long After) Key, StoredPage Page)> _pages = [];
    private long _bytes;

    /// <param name="stream">Whose page.</param>
    /// <param name="after">The number of the record before its first.</param>
    /// <param name="readings">How many readings of the stream there are.</param>
    public StoredPage? Find(string stream, long after, int readings)
    {
        for (var node = _pages.First; node is not null; node = node.Next)
        {
            if (node.Value.Key.After != after || node.Value.Key.Stream != stream) continue;
            _pages.Remove(node);
            if (++node.Value.Page.Takers < readings) _pages.AddFirst(node);
            else _bytes -= node.Value.Page.Bytes;
            return node.Value.Page;
        }

        return null;
    }

    public void Add(string stream, long after, StoredPage page, int readings)
    {
        page.Takers = 1;
        if (readings == 1) return;
        _pages.AddFirst(((stream, after), page));
        _bytes += page.Bytes;
        while (_pages.Count > PagesMax || (_bytes > BytesMax && _pages.Count > 1))
        {
            _bytes -= _pages.Last!.Value.Page.Bytes;
            _pages.RemoveLast();
        }
    }

    public void Clear()
    {
        _pages.Clear();
        _bytes = 0;
    }
}

/// <summary>Rows that follow each other in a stream, and why there are no more of them where the database itself could not go on.</summary>
internal sealed record StoredPage(IReadOnlyList<PageRow> Rows, long Bytes, JournalException? Failure)
{
    /// <summary>Readings that have had it.</summary>
    public int Takers { get; set; }
}

/// <summary>One row of a page, with what was made of it already.</summary>
internal sealed class PageRow(StoredRow stored)
{
    public StoredRow Stored => stored;

    /// <summary>The record, once somebody wanted it.</summary>
    public JournalRecord? Opened { get; set; }

    /// <summary>Its hash, once somebody followed the chain through it.</summary>
    public byte[]? Hash { get; set; }
}
