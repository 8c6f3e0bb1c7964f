using System.Globalization;
using System.Text;

namespace Actors.Journal.Audit.Report;

/// <summary>The colour of a stretch or mark: how it is with trading then.</summary>
internal enum Mood
{
    Good = 1,
    Waiting = 2,
    Bad = 3,
    Quiet = 4,
}

/// <summary>
/// Lanes over the time of a story: in each, stretches that last until the next one (a phase, the switch's state) or marks (a beat, a reconciliation). Of each
/// moment of the axis a lane keeps the worst mark, so that none is hidden by what came just after, and the last stretch, for that one goes on.
/// </summary>
internal sealed class TimelinePicture(TimeAxis axis, params string[] lanes)
{
    private const int LaneHeight = 26;
    private const int Top = 4;
    private static readonly Mood[] FromWorst = [Mood.Bad, Mood.Waiting, Mood.Good, Mood.Quiet];
    private readonly Dictionary<string, SortedDictionary<int, (Mood Mood, string Words, bool Lasts)>> _lanes = lanes.ToDictionary(lane => lane, _ => new SortedDictionary<int, (Mood, string, bool)>(), StringComparer.Ordinal);

    private int Bottom => Top + (lanes.Length * LaneHeight);

    /// <summary>Something that goes on until the lane's next stretch, or the end of its session.</summary>
    public void Stretch(string lane, DateTimeOffset at, Mood mood, string words) => Put(lane, at, mood, words, lasts: true);

    public void Mark(string lane, DateTimeOffset at, Mood mood, string words) => Put(lane, at, mood, words, lasts: false);

    public string Render()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {TimeAxis.Width} {Bottom + TimeAxis.LabelHeight}\" role=\"img\" aria-label=\"Timeline\">{axis.Ground(Top, Bottom)}{axis.Labels(Bottom)}");
        for (var index = 0; index < lanes.Length; index++) Lane(svg, lanes[index], Top + (index * LaneHeight));
        return svg.Append("</svg>").ToString();
    }

    private void Put(string lane, DateTimeOffset at, Mood mood, string words, bool lasts)
    {
        var kept = _lanes[lane];
        var moment = axis.Moment(at);
        if (!lasts && kept.TryGetValue(moment, out var there) && Array.IndexOf(FromWorst, there.Mood) < Array.IndexOf(FromWorst, mood)) return;
        kept[moment] = (mood, words, lasts);
    }

    private void Lane(StringBuilder svg, string lane, int y)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{TimeAxis.Left - 6}\" y=\"{y + 17}\" text-anchor=\"end\">{Picture.Html(lane)}</text>");
        var kept = _lanes[lane].ToList();
        for (var index = 0; index < kept.Count; index++)
        {
            var (moment, (mood, words, lasts)) = kept[index];
            var x = TimeAxis.XOf(moment);
            var title = $"<title>{Picture.Html(words)}</title>";
            if (!lasts)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x - 1}\" y=\"{y + 4}\" width=\"2\" height=\"{LaneHeight - 8}\" class=\"{ClassOf(mood)}\">{title}</rect>");
                continue;
            }

            var end = index + 1 < kept.Count && !axis.IsBroken(moment, kept[index + 1].Key) ? TimeAxis.XOf(kept[index + 1].Key) : axis.EndOf(moment);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y + 3}\" width=\"{Math.Max(end - x, 1)}\" height=\"{LaneHeight - 6}\" class=\"{ClassOf(mood)}\">{title}</rect>");
            // About seven units a letter: words that do not fit stay in the title, which shows where one points.
            if ((words.Length * 7) + 8 <= end - x) svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 5}\" y=\"{y + 17}\" class=\"on\">{Picture.Html(words)}</text>");
        }
    }

    private static string ClassOf(Mood mood) => mood switch { Mood.Good => "ok", Mood.Waiting => "wait", Mood.Bad => "alarm", _ => "calm" };
}
