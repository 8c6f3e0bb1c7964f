using System.Globalization;
using System.Text;

namespace Actors.Journal.Audit.Report;

/// <summary>
/// The time of a story from left to right, the same for every picture of a page: where a moment stands, which moments are labelled, and in which stretches no
/// session ran. Lengths are units of the pictures' view boxes.
/// </summary>
internal sealed class TimeAxis(DateTimeOffset from, DateTimeOffset to, (DateTimeOffset From, DateTimeOffset To)[] gaps)
{
    /// <summary>Moments that are told apart: what falls into the same one is drawn once.</summary>
    public const int Moments = 1_000;

    public const int Width = 1_000;

    /// <summary>Where the axis begins: what stands left of it is labels.</summary>
    public const int Left = 90;

    /// <summary>Where the axis ends.</summary>
    public const int Right = Width - 12;

    /// <summary>Room that <see cref="Labels"/> takes below a picture.</summary>
    public const int LabelHeight = 20;

    /// <summary>So few that the first one, which has the date, ends before the second begins.</summary>
    private const int LabelsMax = 6;

    private static readonly TimeSpan[] Steps =
    [
        .. new[] { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 7, 14, 30, 90, 365 }.Select(days => TimeSpan.FromDays(days)),
    ];

    /// <summary>A session still wrote then: the chronicle's last record before a crash is older than what other streams have.</summary>
    public void Lived(DateTimeOffset at)
    {
        for (var index = 0; index < gaps.Length; index++)
        {
            if (gaps[index].From < at && at < gaps[index].To) gaps[index].From = at;
        }
    }

    public decimal X(DateTimeOffset at) => XOf(Share(at));

    /// <summary>The moment's number, from zero to <see cref="Moments"/> less one.</summary>
    public int Moment(DateTimeOffset at) => (int)(Share(at) * (Moments - 1));

    public static decimal XOf(int moment) => XOf((decimal)moment / (Moments - 1));

    /// <summary>Whether some time without a session lies between two moments: what held before it need not hold behind it.</summary>
    public bool IsBroken(int earlier, int later) => gaps.Any(gap => earlier < Moment(gap.To) && later >= Moment(gap.To));

    /// <summary>Where a line that has its last value at this moment ends: at the next gap, or at the end of the axis.</summary>
    public decimal EndOf(int moment) =>
        gaps.Where(gap => Moment(gap.To) > moment).Select(gap => Math.Max(X(gap.From), XOf(moment))).DefaultIfEmpty(Right).Min();

    /// <summary>The ground of a picture: stretches without a session, and a line for every labelled moment.</summary>
    public string Ground(int top, int bottom)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{top}\" width=\"{Right - Left}\" height=\"{bottom - top}\" class=\"ground\"/>");
        foreach (var gap in gaps)
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{X(gap.From)}\" y=\"{top}\" width=\"{Math.Max(X(gap.To) - X(gap.From), 1.5m)}\" height=\"{bottom - top}\" class=\"gap\"><title>no session ran</title></rect>");
        foreach (var at in Labelled()) svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{X(at)} {top}V{bottom}\"/>");
        return svg.ToString();
    }

    /// <summary>The labels below a picture whose ground ends at <paramref name="bottom"/>: UTC, the date where days change.</summary>
    public string Labels(int bottom)
    {
        var svg = new StringBuilder();
        DateTime day = default;
        var format = Step() < TimeSpan.FromMinutes(1) ? "HH:mm:ss" : "HH:mm";
        foreach (var at in Labelled())
        {
            var words = at.UtcDateTime.Date == day ? at.ToString(format, CultureInfo.InvariantCulture) : at.ToString($"d MMM {(Step() < TimeSpan.FromDays(1) ? format : "")}".Trim(), CultureInfo.InvariantCulture);
            // The date makes the first one long: it begins at its line where it would leave the picture.
            var anchor = X(at) < Left + 40 ? "start" : X(at) > Right - 50 ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(at)}\" y=\"{bottom + 15}\" text-anchor=\"{anchor}\">{words}</text>");
            day = at.UtcDateTime.Date;
        }

        return svg.ToString();
    }

    private static decimal XOf(decimal share) => decimal.Round(Left + (share * (Right - Left)), 1);

    private decimal Share(DateTimeOffset at) => to <= from ? 0 : Math.Clamp((decimal)(at - from).Ticks / (to - from).Ticks, 0, 1);

    private TimeSpan Step() => Steps.FirstOrDefault(step => (to - from) / step <= LabelsMax, Steps[^1]);

    private IEnumerable<DateTimeOffset> Labelled()
    {
        var step = Step();
        for (var ticks = (from.UtcTicks + step.Ticks - 1) / step.Ticks * step.Ticks; ticks <= to.UtcTicks; ticks += step.Ticks) yield return new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
