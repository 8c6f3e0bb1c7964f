using System.Globalization;
using System.Net;
using System.Text;

namespace Actors.Journal.Audit.Report;

/// <summary>What a mark looks like: a fill is full and large, an order that was only sent a small ring.</summary>
internal enum MarkShape
{
    BuySent = 1,
    SellSent = 2,
    Bought = 3,
    Sold = 4,
}

/// <summary>
/// One picture of a report: lines and marks over the time of the story, drawn as SVG. Of each moment of the axis (<see cref="TimeAxis.Moments"/>) a line keeps
/// its last value and each shape of marks its last one, so that a picture is as large for a month as for a minute.
/// </summary>
internal sealed class Picture(string title, string unit, TimeAxis axis)
{
    private const int Height = 230;
    private const int Top = 8;
    private const int Bottom = Height - TimeAxis.LabelHeight;
    private const int StepsMax = 5;
    private static readonly string[] Colours = ["#2d5da1", "#8a5a00", "#6b4c9a", "#3a7d7c"];

    private readonly SortedDictionary<string, decimal?[]> _lines = new(StringComparer.Ordinal);
    private readonly SortedDictionary<MarkShape, (decimal?[] Values, long Count)> _marks = [];

    public void Line(string name, DateTimeOffset at, decimal value)
    {
        if (!_lines.TryGetValue(name, out var points)) _lines.Add(name, points = new decimal?[TimeAxis.Moments]);
        points[axis.Moment(at)] = value;
    }

    public void Mark(MarkShape shape, DateTimeOffset at, decimal value)
    {
        var (values, count) = _marks.TryGetValue(shape, out var known) ? known : (new decimal?[TimeAxis.Moments], 0);
        values[axis.Moment(at)] = value;
        _marks[shape] = (values, count + 1);
    }

    /// <summary>The picture with its title and legend, complete in itself.</summary>
    public string Render()
    {
        var values = _lines.Values.Concat(_marks.Values.Select(one => one.Values)).SelectMany(points => points.OfType<decimal>()).ToList();
        if (values.Count == 0) return "";
        var step = StepOf(values.Max() - values.Min(), values.Max());
        var (low, high) = (decimal.Floor(values.Min() / step) * step, decimal.Ceiling(values.Max() / step) * step);
        if (low == high) (low, high) = (low - step, high + step);
        decimal Y(decimal value) => decimal.Round(Bottom - ((value - low) / (high - low) * (Bottom - Top)), 1);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<h3>{Html(title)} <small>{Html(unit)}</small></h3><svg viewBox=\"0 0 {TimeAxis.Width} {Height}\" role=\"img\" aria-label=\"{Html(title)}, {Html(unit)}\">{axis.Ground(Top, Bottom)}");
        for (var level = low; level <= high; level += step)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{TimeAxis.Left} {Y(level)}H{TimeAxis.Right}\"/><text x=\"{TimeAxis.Left - 6}\" y=\"{Y(level) + 4}\" text-anchor=\"end\">{Number(level)}</text>");
        svg.Append(axis.Labels(Bottom));
        var legend = new StringBuilder();
        var colour = 0;
        foreach (var (name, points) in _lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{Colours[colour % Colours.Length]}\" stroke-width=\"1.3\" d=\"{Path(points, Y)}\"/>");
            legend.Append(CultureInfo.InvariantCulture, $"<span><b style=\"color:{Colours[colour++ % Colours.Length]}\">&#9473;</b> {Html(name)}, last {Number(points.OfType<decimal>().Last())}</span>");
        }

        foreach (var (shape, (points, count)) in _marks)
        {
            for (var moment = 0; moment < points.Length; moment++)
            {
                if (points[moment] is { } value) svg.Append(Drawn(shape, TimeAxis.XOf(moment), Y(value)));
            }

            legend.Append(CultureInfo.InvariantCulture, $"<span><svg viewBox=\"0 0 12 12\" class=\"key\">{Drawn(shape, 6, 6)}</svg> {WordsOf(shape)}: {count:N0}</span>");
        }

        return svg.Append("</svg><p class=\"legend\">").Append(legend).Append("</p>").ToString();
    }

    internal static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string WordsOf(MarkShape shape) => shape switch
    {
        MarkShape.BuySent => "buy orders sent",
        MarkShape.SellSent => "sell orders sent",
        MarkShape.Bought => "bought",
        _ => "sold",
    };

    private static string Drawn(MarkShape shape, decimal x, decimal y) => shape switch
    {
        MarkShape.BuySent => string.Create(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{y}\" r=\"2.4\" class=\"buy ring\"/>"),
        MarkShape.SellSent => string.Create(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{y}\" r=\"2.4\" class=\"sell ring\"/>"),
        MarkShape.Bought => string.Create(CultureInfo.InvariantCulture, $"<path class=\"buy\" d=\"M{x} {y - 4}l4 7h-8z\"/>"),
        _ => string.Create(CultureInfo.InvariantCulture, $"<path class=\"sell\" d=\"M{x} {y + 4}l4 -7h-8z\"/>"),
    };

    /// <summary>1, 2 or 5 times a power of ten, so that a few of them span the values.</summary>
    private static decimal StepOf(decimal span, decimal highest)
    {
        if (span == 0) span = Math.Abs(highest) > 100 ? Math.Abs(highest) / 1_000 : 1;
        decimal power = 1;
        while (power * StepsMax > span && power > 0.000_000_01m) power /= 10;
        while (power * StepsMax * 10 <= span) power *= 10;
        return new[] { power, power * 2, power * 5, power * 10 }.First(step => step * StepsMax >= span);
    }

    private static string Number(decimal value) => value.ToString("#,0.########", CultureInfo.InvariantCulture);

    /// <summary>A value holds until the next one: steps, not slopes; and it ends with the session that knew it.</summary>
    private string Path(decimal?[] points, Func<decimal, decimal> y)
    {
        var path = new StringBuilder();
        var last = -1;
        for (var moment = 0; moment < points.Length; moment++)
        {
            if (points[moment] is not { } value) continue;
            var x = TimeAxis.XOf(moment);
            if (last >= 0 && !axis.IsBroken(last, moment))
            {
                path.Append(CultureInfo.InvariantCulture, $"H{x}V{y(value)}");
            }
            else
            {
                if (last >= 0) path.Append(CultureInfo.InvariantCulture, $"H{axis.EndOf(last)}");
                path.Append(CultureInfo.InvariantCulture, $"M{x} {y(value)}");
            }

            last = moment;
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{(last < 0 ? TimeAxis.Right : axis.EndOf(last))}").ToString();
    }
}
