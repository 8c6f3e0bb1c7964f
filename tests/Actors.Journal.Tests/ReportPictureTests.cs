using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Actors.Journal.Audit.Report;

namespace Actors.Journal.Tests;

/// <summary>A page's pictures for sessions of any length: labels that do not run into each other, values where the axes say, and a size that has a bound.</summary>
public class ReportPictureTests
{
    /// <summary>What a label's letter takes at most, in the units of the pictures.</summary>
    private const double LetterWidth = 6.5;

    private static readonly DateTimeOffset Begin = new(2026, 3, 31, 23, 59, 57, 250, TimeSpan.Zero);

    [Fact]
    public void Labels_do_not_overlap_wherever_a_story_begins()
    {
        const int Seed = 6;
        var random = new Random(Seed);
        for (var one = 0; one < 2_000; one++)
        {
            var begin = Begin.AddSeconds(random.NextDouble() * 400_000);
            var seconds = Math.Pow(10, random.NextDouble() * 7.5);
            NoOverlap(new TimeAxis(begin, begin.AddSeconds(seconds), []).Labels(100), $"seed {Seed}, {seconds} s from {begin:O}");
        }
    }

    public static TheoryData<double> Seconds => [0, 0.004, 1, 12, 59, 61, 600, 3_599, 7_300, 40_000, 86_401, 260_000, 2_700_000, 40_000_000];

    [Theory, MemberData(nameof(Seconds))]
    public void Labels_are_few_and_begin_with_the_day(double seconds)
    {
        var svg = XElement.Parse($"<svg>{Axis(seconds).Labels(100)}</svg>");
        var labels = svg.Elements().Select(text => (Words: text.Value, Extent: Extent(text))).ToList();
        Assert.InRange(labels.Count, 0, 9);
        if (seconds >= 1) Assert.NotEmpty(labels);
        if (labels.Count > 0) Assert.Matches(@"^\d+ [A-Z][a-z]{2}", labels[0].Words);
    }

    private static void NoOverlap(string drawn, string of)
    {
        var labels = XElement.Parse($"<svg>{drawn}</svg>").Elements().Select(text => (Words: text.Value, Extent: Extent(text))).ToList();
        foreach (var (earlier, later) in labels.Zip(labels.Skip(1))) Assert.True(earlier.Extent.Right < later.Extent.Left, $"{of}: {earlier} runs into {later}");
        Assert.All(labels, label => Assert.True(label.Extent.Left >= 0 && label.Extent.Right <= TimeAxis.Width, $"{of}: {label} leaves the picture"));
    }

    [Theory, MemberData(nameof(Seconds))]
    public void A_picture_of_very_many_values_stays_small_and_well_formed(double seconds)
    {
        var picture = new Picture("price <of> \"X\"", "a unit", Axis(seconds));
        var strip = new TimelinePicture(Axis(seconds), "phase", "beats");
        for (var number = 0; number < 50_000; number++)
        {
            var at = Begin.AddSeconds(seconds * number / 50_000);
            picture.Line("best bid", at, 96_500.5m + (number % 977));
            picture.Mark(number % 2 == 0 ? MarkShape.Bought : MarkShape.SellSent, at, 96_000 + (number % 1_009));
            strip.Stretch("phase", at, number % 3 == 0 ? Mood.Bad : Mood.Good, number % 3 == 0 ? "halted" : "trading");
            strip.Mark("beats", at, Mood.Good, "a beat");
        }

        var drawn = picture.Render() + strip.Render();
        Assert.InRange(drawn.Length, 1, 500_000);
        Assert.Contains("bought: 25,000", drawn, StringComparison.Ordinal);
        XElement.Parse($"<p>{drawn}</p>");
    }

    [Fact]
    public void Values_stand_between_the_levels_that_their_axis_names()
    {
        foreach (var (low, high) in ((decimal, decimal)[])[(0, 0), (5, 5), (0.00000001m, 0.00000003m), (-30_000, 20_000), (96_448.5m, 96_551m), (10_000_000_000, 10_000_000_001)])
        {
            var picture = new Picture("p", "u", Axis(60));
            picture.Line("line", Begin, low);
            picture.Line("line", Begin.AddSeconds(60), high);
            var labels = Regex.Matches(picture.Render(), "text-anchor=\"end\">(-?[0-9.,]+)</text>").Select(match => decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            Assert.InRange(labels.Count, 2, 8);
            Assert.Equal(labels.Distinct().Order(), labels);
            Assert.True(labels[0] <= low && high <= labels[^1], $"{low} to {high} is not within {string.Join(' ', labels)}");
        }
    }

    [Fact]
    public void No_line_and_no_stretch_crosses_the_time_without_a_session()
    {
        var axis = new TimeAxis(Begin, Begin.AddSeconds(100), [(Begin.AddSeconds(40), Begin.AddSeconds(60))]);
        var picture = new Picture("p", "u", axis);
        var strip = new TimelinePicture(axis, "phase");
        foreach (var second in (int[])[10, 45, 70])
        {
            axis.Lived(Begin.AddSeconds(second));
            picture.Line("line", Begin.AddSeconds(second), second);
            strip.Stretch("phase", Begin.AddSeconds(second), Mood.Good, "trading");
        }

        var (ends, begins) = (axis.X(Begin.AddSeconds(45)), axis.X(Begin.AddSeconds(60)));
        var path = Regex.Match(picture.Render(), "stroke-width=\"1.3\" d=\"([^\"]+)\"").Groups[1].Value;
        var parts = path.Split('M', StringSplitOptions.RemoveEmptyEntries).Select(part => Regex.Matches(part, "(?:^|H)([0-9.]+)").Select(match => decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList()).ToList();
        Assert.Equal(2, parts.Count);
        Assert.True(parts[0].Max() <= ends && parts[1].Min() >= begins, path);
        var stretches = Regex.Matches(strip.Render(), "<rect x=\"([0-9.]+)\" y=\"[0-9]+\" width=\"([0-9.]+)\" height=\"[0-9]+\" class=\"ok\"").Select(match => (Left: decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), Width: decimal.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))).ToList();
        // A stretch is drawn at least one unit wide.
        Assert.All(stretches, one => Assert.True(one.Left + one.Width <= ends + 1 || one.Left >= begins, $"{one} crosses {ends} to {begins}"));
    }

    private static TimeAxis Axis(double seconds) => new(Begin, Begin.AddSeconds(seconds), []);

    private static (double Left, double Right) Extent(XElement text)
    {
        var (x, width) = (double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture), text.Value.Length * LetterWidth);
        return text.Attribute("text-anchor")!.Value switch
        {
            "start" => (x, x + width),
            "end" => (x - width, x),
            _ => (x - (width / 2), x + (width / 2)),
        };
    }
}
