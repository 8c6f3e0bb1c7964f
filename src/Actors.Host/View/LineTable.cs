namespace Actors.Host.View;

/// <summary>A column: its title, its side, and its rank: where width is short, the column of the highest rank goes first; rank 0 stays.</summary>
internal readonly record struct Column(string Title, bool Right = false, int Rank = 0);

/// <summary>Lays rows out in columns as wide as their widest cell, leaving columns out until a row fits.</summary>
internal sealed class LineTable(params IReadOnlyList<Column> columns)
{
    private const int Gap = 2;

    private readonly List<IReadOnlyList<Span>> _rows = [];

    public void Add(params IReadOnlyList<Span> cells) => _rows.Add(cells);

    /// <summary>The titles and every row; titles only when there is no row.</summary>
    public List<StyledLine> Lines(int width)
    {
        var widths = columns.Select((column, index) => _rows.Select(row => row[index].Text.Length).Append(column.Title.Length).Max()).ToList();
        var kept = Enumerable.Range(0, columns.Count).ToList();
        while (kept.Sum(index => widths[index] + Gap) - Gap > width && kept.Any(index => columns[index].Rank > 0)) kept.Remove(kept.MaxBy(index => columns[index].Rank));
        var titles = columns.Select(column => new Span(column.Title, Palette.Dim)).ToList();
        return _rows.Prepend(titles).Select(row => Line(row, kept, widths).Cut(width)).ToList();
    }

    private StyledLine Line(IReadOnlyList<Span> row, List<int> kept, List<int> widths)
    {
        var spans = new List<Span>();
        foreach (var index in kept)
        {
            var padding = new string(' ', widths[index] - row[index].Text.Length);
            if (spans.Count > 0) spans.Add(new string(' ', Gap));
            spans.AddRange(columns[index].Right ? [padding, row[index]] : [row[index], padding]);
        }

        return new StyledLine(spans);
    }
}
