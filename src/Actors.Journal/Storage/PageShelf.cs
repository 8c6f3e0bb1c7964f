namespace Actors.Journal.Storage;

/// <summary>
/// Pages of streams that were read of late, for readings that follow each other closely: what one has fetched, opened and hashed the next need not. Bounded by what its pages
/// have stored, so that memory does not grow with the journal; the page that was used longest ago goes first. Not thread-safe.
/// </summary>
internal sealed class PageShelf
{
    private const int PagesMax = 48;
    private const long BytesMax = 512 * 1024;

    private readonly LinkedList<((string Stream, long After) Key, StoredPage Page)> _pages = [];
    private long _bytes;

    public StoredPage? Find(string stream, long after)
    {
        for (var node = _pages.First; node is not null; node = node.Next)
        {
            if (node.Value.Key.After != after || node.Value.Key.Stream != stream) continue;
            _pages.Remove(node);
            _pages.AddFirst(node);
            return node.Value.Page;
        }

        return null;
    }

    public void Add(string stream, long after, StoredPage page)
    {
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
internal sealed record StoredPage(IReadOnlyList<PageRow> Rows, long Bytes, JournalException? Failure);

/// <summary>One row of a page, with what was made of it already.</summary>
internal sealed class PageRow(StoredRow stored)
{
    public StoredRow Stored => stored;

    /// <summary>The record, once somebody wanted it.</summary>
    public JournalRecord? Opened { get; set; }

    /// <summary>Its hash, once somebody followed the chain through it.</summary>
    public byte[]? Hash { get; set; }
}
