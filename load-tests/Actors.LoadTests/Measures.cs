using System.Globalization;
using Actors.LoadTests.Processes;

namespace Actors.LoadTests;

/// <summary>Turns samples of a process into figures, pictures and slopes.</summary>
public static class Measures
{
    public const double MiB = 1024 * 1024;

    /// <summary>Cores used between the first and the last sample, one being a whole core.</summary>
    public static double Cores(IReadOnlyList<ProcessSample> samples) => samples.Count < 2
        ? 0
        : (samples[^1].CpuSeconds - samples[0].CpuSeconds) / (samples[^1].Seconds - samples[0].Seconds);

    public static double PeakMiB(IReadOnlyList<ProcessSample> samples) => samples.Max(sample => sample.Resident) / MiB;

    /// <summary>By how much a value rose over the samples' time, by the straight line that lies nearest to all of them (least squares).</summary>
    public static double Rise(IReadOnlyList<ProcessSample> samples, Func<ProcessSample, double> value)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(value);
        if (samples.Count < 2) return 0;
        var (time, level) = (samples.Average(sample => sample.Seconds), samples.Average(value));
        var slope = samples.Sum(sample => (sample.Seconds - time) * (value(sample) - level)) / samples.Sum(sample => (sample.Seconds - time) * (sample.Seconds - time));
        return slope * (samples[^1].Seconds - samples[0].Seconds);
    }

    public static IReadOnlyList<FigureRow> Figures(string process, IReadOnlyList<ProcessSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0) return [new FigureRow(process, "was gone before the first sample")];
        var last = samples[^1];
        return
        [
            new FigureRow($"{process}: CPU", Text($"{Cores(samples) * 100:0.0} % of a core")),
            new FigureRow($"{process}: memory", Text($"{last.Resident / MiB:0.0} MiB resident at the end, {PeakMiB(samples):0.0} at most, {last.Private / MiB:0.0} of it not backed by files")),
            new FigureRow($"{process}: handles, threads", Text($"{last.Handles}, {last.Threads} at the end; {samples.Max(sample => sample.Handles)}, {samples.Max(sample => sample.Threads)} at most")),
        ];
    }

    public static IReadOnlyList<SeriesRow> Series(string process, IReadOnlyList<ProcessSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return
        [
            new SeriesRow("CPU", "cores", process, [.. samples.Zip(samples.Skip(1), (before, now) => new SeriesPoint(now.Seconds, (now.CpuSeconds - before.CpuSeconds) / (now.Seconds - before.Seconds)))]),
            new SeriesRow("memory", "MiB resident", process, [.. samples.Select(sample => new SeriesPoint(sample.Seconds, sample.Resident / MiB))]),
            new SeriesRow("handles", "handles", process, [.. samples.Select(sample => new SeriesPoint(sample.Seconds, sample.Handles))]),
        ];
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
