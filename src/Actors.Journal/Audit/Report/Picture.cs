using System.Globalization;
using System.Net;
using System.Text;

namespace Actors.Journal.Audit.Report;

/// <summary>
/// One picture of a report: lines and marks over the time of the story, drawn as SVG. A line keeps the last value of each of a fixed number of moments and so
/// never grows; marks beyond their bound are left out and counted.
/// </summary>
internal sealed class Picture(string title, string unit, DateTimeOffset from, DateTimeOffset to)
{
    /// <summary>Moments a line can have, and marks a picture can have.</summary>
    public const int PointsMax = 1_000;

    private const int Width = 1_000;
    private const int Height = 220;
    private const int Edge = 6;
    private static readonly string[] Colours = ["#0b6e4f", "#b23a48", "#2d5da1", "#c77d0a", "#6b4c9a", "#3a7d7c"];

    private readonly SortedDictionary<string, decimal?[]> _lines = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<(decimal Where, decimal Value)>> _marks = new(StringComparer.Ordinal);
    private int _marksLeft = PointsMax;
    private long _leftOut;

    public void Line(string name, DateTimeOffset at, decimal value)
    {
        if (!_lines.TryGetValue(name, out var points)) _lines.Add(name, points = new decimal?[PointsMax]);
        points[(int)(Where(at) * (PointsMax - 1))] = value;
    }

    public void Mark(string name, DateTimeOffset at, decimal value)
    {
        if (_marksLeft-- <= 0)
        {
            _leftOut++;
            return;
        }

        if (!_marks.TryGetValue(name, out var marks)) _marks.Add(name, marks = []);
        marks.Add((Where(at), value));
    }

    /// <summary>The picture with its title and legend, complete in itself.</summary>
    public string Render()
    {
        var values = _lines.Values.SelectMany(points => points.OfType<decimal>()).Concat(_marks.Values.SelectMany(marks => marks.Select(mark => mark.Value))).ToList();
        if (values.Count == 0) return "";
        var (low, high) = (values.Min(), values.Max());
        var span = high == low ? 1 : high - low;
        decimal Up(decimal value) => decimal.Round(Height - Edge - ((value - low) / span * (Height - (2 * Edge))), 1);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<h3>{Html(title)} <small>{Html(unit)}, {low} to {high}</small></h3><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html(title)}\"><rect width=\"{Width}\" height=\"{Height}\" class=\"ground\"/>");
        var legend = new StringBuilder();
        var colour = 0;
        foreach (var (name, points) in _lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{Colours[colour % Colours.Length]}\" d=\"{Path(points, Up)}\"/>");
            legend.Append(CultureInfo.InvariantCulture, $"<span style=\"color:{Colours[colour++ % Colours.Length]}\">{Html(name)}</span> ");
        }

        foreach (var (name, marks) in _marks)
        {
            foreach (var (where, value) in marks)
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{decimal.Round(where * Width, 1)}\" cy=\"{Up(value)}\" r=\"2.5\" fill=\"{Colours[colour % Colours.Length]}\"/>");
            legend.Append(CultureInfo.InvariantCulture, $"<span style=\"color:{Colours[colour++ % Colours.Length]}\">&#9679; {Html(name)} ({marks.Count})</span> ");
        }

        if (_leftOut > 0) legend.Append(CultureInfo.InvariantCulture, $"{_leftOut} marks are left out; the tables have all");
        return svg.Append("</svg><p class=\"legend\">").Append(legend).Append("</p>").ToString();
    }

    internal static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A value holds until the next one: steps, not slopes.</summary>
    private static string Path(decimal?[] points, Func<decimal, decimal> up)
    {
        var path = new StringBuilder();
        for (var index = 0; index < points.Length; index++)
        {
            if (points[index] is not { } value) continue;
            var across = decimal.Round((decimal)index / (PointsMax - 1) * Width, 1);
            if (path.Length == 0) path.Append(CultureInfo.InvariantCulture, $"M{across} {up(value)}");
            else path.Append(CultureInfo.InvariantCulture, $"H{across}V{up(value)}");
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Width}").ToString();
    }

    private decimal Where(DateTimeOffset at) => to <= from ? 0 : Math.Clamp((decimal)(at - from).Ticks / (to - from).Ticks, 0, 1);
}
