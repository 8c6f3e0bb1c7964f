using System.Diagnostics;
using HdrHistogram;

namespace Actors.LoadTests;

/// <summary>
/// Owns two histograms of one run. Latency counts from the moment at which a message should have been sent: while the system under test is held
/// up, the messages that wait are late, and say so. (Measured from when each was really taken up, a stall of a second would be one slow
/// message among thousands of quick ones; that figure is kept beside it, to show the difference.) Holds up to one minute.
/// </summary>
public sealed class LatencyRecord
{
    private static readonly long Highest = Stopwatch.Frequency * 60;
    private static readonly double TicksPerMicrosecond = Stopwatch.Frequency / 1_000_000.0;
    private static readonly double[] Percentiles = [50, 90, 99, 99.9, 99.99, 100];

    private readonly LongHistogram _fromIntended = new(1, Highest, 3);
    private readonly LongHistogram _workAlone = new(1, Highest, 3);

    /// <summary>Stamps are of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public void Add(long intended, long begun, long done)
    {
        _fromIntended.RecordValue(Math.Clamp(done - intended, 1, Highest));
        _workAlone.RecordValue(Math.Clamp(done - begun, 1, Highest));
    }

    public double Microseconds(double percentile) => _fromIntended.GetValueAtPercentile(percentile) / TicksPerMicrosecond;

    public IReadOnlyList<LatencyRow> Rows() =>
    [
        .. Percentiles.Select(percentile =>
            new LatencyRow(percentile, Microseconds(percentile), _workAlone.GetValueAtPercentile(percentile) / TicksPerMicrosecond)),
    ];
}
