using Spectre.Console;

namespace Actors.Host.View;

/// <summary>A run of text in one style.</summary>
internal readonly record struct Span(string Text, Style Style)
{
    public static implicit operator Span(string text) => new(text, Style.Plain);
}

/// <summary>
/// One line of the live view. It is cut and never wrapped, so that a screen's lines can be counted before they are drawn. Text from
/// elsewhere cannot steer the terminal: control characters are blanked.
/// </summary>
internal sealed class StyledLine(params IEnumerable<Span> spans)
{
    private readonly List<Span> _spans = spans.Select(span => span with { Text = Words.Printable(span.Text) }).ToList();

    public int Length => _spans.Sum(span => span.Text.Length);

    /// <summary>At most <paramref name="width"/> characters; an ellipsis stands for what was cut.</summary>
    public StyledLine Cut(int width)
    {
        if (Length <= width) return this;
        var kept = new List<Span>();
        var left = Math.Max(0, width - 1);
        foreach (var span in _spans.TakeWhile(_ => left > 0))
        {
            var text = span.Text[..Math.Min(left, span.Text.Length)];
            kept.Add(span with { Text = text });
            left -= text.Length;
        }

        if (width > 0) kept.Add("…");
        return new StyledLine(kept);
    }

    /// <summary>This line in exactly <paramref name="width"/> characters, followed by another.</summary>
    public StyledLine Beside(int width, StyledLine right)
    {
        var left = Cut(width);
        return new StyledLine([.. left._spans, new string(' ', width - left.Length), .. right._spans]);
    }

    public override string ToString() => string.Concat(_spans.Select(span => span.Text));

    public Paragraph ToParagraph()
    {
        var paragraph = new Paragraph { Overflow = Overflow.Crop };
        foreach (var span in _spans) paragraph.Append(span.Text, span.Style);
        return paragraph;
    }
}
