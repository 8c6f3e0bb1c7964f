using System.Globalization;
using System.Text;

namespace Actors.LoadTests.Reporting;

/// <summary>Draws lines as inline SVG: a picture with its axes named, one colour a series.</summary>
internal static class SvgChart
{
    private const double Width = 440;
    private const double Height = 190;
    private const double Left = 58;
    private const double Right = 12;
    private const double Top = 12;
    private const double Bottom = 34;

    private const int PointsMost = 180;
    private const int TimesMost = 6;

    private static readonly double[] TimeSteps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800];

    private static readonly string[] Colours = ["#1f6feb", "#d9730d", "#2a9d6f", "#8250df"];

    public static string OverTime(IReadOnlyList<SeriesRow> series)
    {
        var last = Math.Max(1, series.SelectMany(row => row.Points).Select(point => point.Seconds).DefaultIfEmpty(1).Max());
        var most = Nice(series.SelectMany(row => row.Points).Select(point => point.Value).DefaultIfEmpty(1).Max());
        var lines = series.Select(row => (row.Name, Thinned(row.Points).Select(point => (point.Seconds / last, point.Value / most))));
        var step = TimeSteps.FirstOrDefault(step => last / step <= TimesMost, TimeSteps[^1]);
        var below = Enumerable.Range(0, (int)(last / step) + 1).Select(i => (i * step / last, Time(i * step, step)));
        var beside = Enumerable.Range(0, 5).Select(i => (i / 4.0, Measures.Text($"{most * i / 4:#,0.###}")));
        return Draw(series[0].Unit == series[0].Picture ? series[0].Unit : $"{series[0].Picture}, {series[0].Unit}", lines, below, beside);
    }

    private static string Time(double seconds, double step) => step switch
    {
        < 60 => Measures.Text($"{seconds:0} s"),
        < 3_600 => Measures.Text($"{seconds / 60:0} min"),
        _ => Measures.Text($"{seconds / 3_600:0} h"),
    };

    /// <summary>No more points than can be told apart: the middle of each so many, so that a picture of an hour is no band of ink.</summary>
    private static IEnumerable<SeriesPoint> Thinned(IReadOnlyList<SeriesPoint> points) => points.Count <= PointsMost
        ? points
        : points.Chunk((points.Count + PointsMost - 1) / PointsMost).Select(some => new SeriesPoint(some.Average(point => point.Seconds), some.Average(point => point.Value)));

    /// <summary>Percentiles to the right on a scale of nines, milliseconds upward on a logarithmic one.</summary>
    public static string Latency(IReadOnlyList<LatencyRow> rows)
    {
        LatencyRow[] shown = [.. rows.Where(row => row.Percentile < 100)];
        var most = Math.Ceiling(Math.Log10(Math.Max(10, shown.Max(row => row.FromIntended))));
        var nines = Nines(shown[^1].Percentile);
        var lines = new[]
        {
            ("from the intended send", shown.Select(row => (Nines(row.Percentile) / nines, Level(row.FromIntended)))),
            ("from the real send", shown.Select(row => (Nines(row.Percentile) / nines, Level(row.WorkAlone)))),
        };
        var beside = Enumerable.Range(0, (int)most + 1).Select(power => (power / most, Measures.Text($"{Math.Pow(10, power - 3):#,0.###}")));
        return Draw("latency by percentile, ms (logarithmic)", lines, shown.Select(row => (Nines(row.Percentile) / nines, Measures.Text($"{row.Percentile:0.##} %"))), beside);

        double Level(double microseconds) => Math.Log10(Math.Max(1, microseconds)) / most;
        static double Nines(double percentile) => -Math.Log10(1 - (percentile / 100));
    }

    /// <summary>Everything as parts of the plane from 0 to 1.</summary>
    private static string Draw(
        string caption, IEnumerable<(string Name, IEnumerable<(double X, double Y)> Points)> lines, IEnumerable<(double At, string Text)> below, IEnumerable<(double At, string Text)> beside)
    {
        var svg = new StringBuilder("<figure>");
        svg.Append(CultureInfo.InvariantCulture, $"<svg width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        foreach (var (at, text) in beside)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(at):0.#}\" y2=\"{Y(at):0.#}\" stroke=\"#e4e8ec\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(at) + 4:0.#}\" text-anchor=\"end\">{text}</text>");
        }

        foreach (var (at, text) in below) svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(at):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"{(at > 0.97 ? "end" : "middle")}\">{text}</text>");
        var legend = new StringBuilder();
        foreach (var (index, line) in lines.Index())
        {
            var colour = Colours[index % Colours.Length];
            var points = string.Join(' ', line.Points.Select(point => Measures.Text($"{X(point.X):0.#},{Y(point.Y):0.#}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"{points}\"/>");
            legend.Append(CultureInfo.InvariantCulture, $" <span style=\"color:{colour}\">&#9632;</span> {HtmlReport.Encode(line.Name)}");
        }

        return svg.Append("</svg>").Insert("<figure>".Length, $"<figcaption>{HtmlReport.Encode(caption)}{legend}</figcaption>").Append("</figure>").ToString();
    }

    private static double X(double part) => Left + (part * (Width - Left - Right));

    private static double Y(double part) => Height - Bottom - (part * (Height - Top - Bottom));

    /// <summary>The next of 1, 2, 2.5, 4, 5, 8, 10 times a power of ten, so that the lines beside have short names.</summary>
    private static double Nice(double most)
    {
        if (most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return new[] { 1, 2, 2.5, 4, 5, 8, 10 }.Select(step => step * power).First(step => step >= most * 0.999);
    }
}
